"""One cell by itself, driven by hand or by a constant current."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gpusyn.currents import ConstantCurrent
from gpusyn.lattices.grid import require_steps
from gpusyn.lattices.lattice import NeuronLattice
from gpusyn.lattices.systems import require_mechanism
from gpusyn.mechanism import Mechanism, output, state


class HeldCurrent(Mechanism):
    """An injected current that stays as it is set."""

    amplitude = state("pA", "injected current, inward > 0")

    @output("pA", "injected current, inward > 0")
    @staticmethod
    def injection(amplitude):
        """The current as it is held."""
        return amplitude


class SingleCell:
    """A neuron with receptors, stepped one step at a time: ``cell.iterate_and_spike(40.0)``; ``cell["v"]``.

    Args:
        neuron: such as ``IzhikevichNeuron()``; it is copied.
        receptors: on the cell.
        dt: time step, ms; by default what the neuron asks for, else 0.1, and 0.01 for Hodgkin-Huxley and Morris-Lecar.
        backend, precision, seed: as for `Simulation`.
    """

    def __init__(self, neuron: Mechanism, *receptors: Mechanism, dt=None, backend="numpy", precision="float64", seed=0):
        self.lattice = lattice_of(neuron, dt, backend=backend, precision=precision, seed=seed)
        for receptor in receptors:
            self.lattice.add_receptor(receptor)
        self.lattice.add_mechanism("held_current", HeldCurrent())

    def iterate_and_spike(self, input_current: float = 0.0) -> bool:
        """One step with an injected current, pA; says whether the cell spikes."""
        return self.iterate_with_neurotransmitter_and_spike(input_current, {})

    def iterate_with_neurotransmitter_and_spike(
        self, input_current: float, concentrations: Mapping[str, float]
    ) -> bool:
        """One step with an injected current, pA, and concentrations by transmitter, uM, which the receptors see.

        Raises:
            ModelError: no receptor on the cell reads such a transmitter.
        """
        simulation = self.lattice.simulation
        simulation.state["neurons.held_current.amplitude"] = input_current
        for name, concentration in concentrations.items():
            simulation.model.owner(f"{name}.concentration")
            simulation.state[f"{name}.concentration"] = concentration
        before = int(simulation.spike_counts("neurons")[0])
        simulation.step(1)
        return int(simulation.spike_counts("neurons")[0]) > before

    def __getitem__(self, name: str) -> float:
        """A state as it is now: of the neuron ("v"), or of a receptor ("ampa.r")."""
        return float(self.lattice.simulation.state[f"neurons.{name}"][0])


@dataclass(frozen=True)
class StaticRun:
    """What a cell did: its potential after each step, mV, (step,); and the steps in which it spiked, from 0."""

    voltages: np.ndarray
    spikes: np.ndarray


def run_static_input(
    neuron: Mechanism, input_current: float, iterations: int, *, dt=None, backend="numpy", precision="float64"
) -> StaticRun:
    """Run a neuron with a constant injected current, pA, for a number of steps.

    Args:
        neuron: such as ``IzhikevichNeuron()``; it is copied, and stays as it is.
        dt: time step, ms, as for `SingleCell`.
    """
    n_step = require_steps(iterations, "run_static_input")
    lattice = lattice_of(neuron, dt, backend=backend, precision=precision)
    lattice.add_current(ConstantCurrent(amplitude=input_current))
    lattice.update_grid_history = True
    if n_step == 0:
        return StaticRun(np.empty(0), np.empty(0, np.int64))
    lattice.run_lattice(n_step)
    voltages = np.append(lattice.history[1:, 0, 0], lattice.state_of("neurons", "v"))
    return StaticRun(voltages, np.rint(lattice.spike_times[0] / lattice.dt).astype(np.int64))


def lattice_of(neuron: Mechanism, dt: float | None, **settings) -> NeuronLattice:
    """A lattice of one cell."""
    from gpusyn.lattices import kinds

    require_mechanism(neuron, "neuron", "IzhikevichNeuron()")
    usual = [kind for kind in vars(kinds).values() if getattr(kind, "kind", None) is type(neuron)]
    lattice = (usual or [NeuronLattice])[0](**settings)
    lattice.populate(neuron, 1, 1)
    if dt is not None:
        lattice.set_dt(dt)
    return lattice
