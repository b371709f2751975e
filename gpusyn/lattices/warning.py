"""Warnings of a lattice that can be run, but hardly means what it says; each is given once."""
from __future__ import annotations

import warnings

from gpusyn.errors import users_level

SILENT_AFTER = 50.0  # ms


def warn_of_unprovided(lattice) -> None:
    """Warn of receptors that read a transmitter that nothing releases."""
    for name, member in lattice.unprovided().items():
        warn_once(lattice, name, f"receptor '{member}' of lattice {lattice.id} reads {name}, which nothing releases, "
                  f"so that its concentration stays as it starts; connect(..., neurotransmitter=...) or "
                  f"set_volume_transmitter(...) provides it")


def warn_of_silence(lattice) -> None:
    """Warn of cells that release transmitter when they spike, but have not spiked."""
    simulation = lattice.running.simulation
    if "silence" in lattice.warned or simulation.time < SILENT_AFTER:
        return
    if simulation.spike_counts(lattice.cells).any():
        lattice.warned.add("silence")  # they can be heard; there is no need to look again
    elif lattice.chemical_synapse and any(synapses.transmitter is not None for synapses in lattice.synapses):
        warn_once(lattice, "silence", f"lattice {lattice.id}: no cell has spiked in {simulation.time:g} ms, so that "
                  f"nothing was released; these cells rest without input: lattice.add_current(ConstantCurrent("
                  f"amplitude=40.0)), or lattice.apply(...) to start them from other potentials")


def warn_once(lattice, about: str, message: str) -> None:
    """A warning that points to the user's line, once for what it is about."""
    if about not in lattice.warned:
        lattice.warned.add(about)
        warnings.warn(message, UserWarning, stacklevel=users_level())
