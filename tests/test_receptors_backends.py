"""A cell with several kinds of receptors on every backend: fractions stay fractions, and schemes add up to one."""

import numpy as np
import pytest

import gpusyn as gs
from gpusyn.quantities import Scheme

TRANSMITTERS = ("glutamate", "gaba", "glycine")


def receptors():
    """Receptors by name; each reads its transmitter in a cleft of the cell itself."""
    found = {
        "ampa": gs.AMPAReceptor(preset="Jonas1993", conductance=0.5),
        "nmda": gs.NMDA_Receptor(preset="LesterJahr1992Statistical"),
        "coagonist_site": gs.GlycineReceptor(),
        "gaba_b": gs.GABA_B_Receptor(preset="DestexheSejnowski1995"),
    }
    for receptor in found.values():
        receptor.set(receptor.transmitter, f"{receptor.transmitter}_cleft.concentration")
    return found


def test_fractions_are_fractions_and_add_up_to_one_in_single_precision(backend):
    members, lattice = receptors(), gs.Lattice((7,))
    model = gs.Model(lattice, dt=0.1)
    clefts = {f"{name}_cleft": gs.CleftTransmitter(preset="Clements1992") for name in TRANSMITTERS}
    drive = gs.ConstantCurrent(amplitude=np.linspace(10.0, 40.0, 7))
    model.add_population("cells", gs.IzhikevichNeuron(preset="RS"), **members, **clefts, drive=drive)
    outputs = [f"cells.{name}.{output}" for name in members for output in ("bound_fraction", "desensitized_fraction")]
    simulation = gs.Simulation(model, backend=backend, recorder=[gs.Record(name, every="0.5 ms") for name in outputs])
    simulation.run("40 ms")
    assert simulation.spike_counts("cells").min() > 0
    for name in outputs:
        values = simulation.recorder[name]
        assert ((values >= 0) & (values <= 1 + 1e-6)).all(), name
    assert all(simulation.recorder[f"cells.{name}.bound_fraction"].max() > 1e-3 for name in members)
    for name, receptor in members.items():
        for scheme in [q for q in receptor.quantities.values() if isinstance(q, Scheme)]:
            total = sum(simulation.state[f"cells.{name}.{state}"] for state in scheme.states)
            assert total == pytest.approx(1.0, abs=1e-6)
