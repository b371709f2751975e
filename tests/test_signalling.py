"""Enzymes that read calcium, neuromodulators at a cell, ephaptic coupling."""
import numpy as np
import pytest
from single_item import Items

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, output, parameter
from gpusyn.vesicles.evaluating import evaluate


class Speed(Mechanism):
    """Something whose speed can be modulated."""

    eta = parameter(2.0, "1/ms", "speed")

    @output("1/ms", "the speed as it is now")
    @staticmethod
    def now(eta):
        """The modulated parameter."""
        return eta


@pytest.mark.parametrize(("kind", "half", "hill"), [(gs.CaMKII, 0.7, 3), (gs.Calcineurin, 0.3, 2)])
def test_calcium_activates_an_enzyme_by_hills_function(kind, half, hill):
    calcium = np.array([0.0, 0.05, half, 1.0, 10.0])
    found = evaluate(kind(), "activation", {"calcium": calcium})
    assert found == pytest.approx(calcium**hill / (calcium**hill + half**hill), abs=1e-12)
    assert (np.diff(found) > 0).all()


def test_calcineurin_answers_to_less_calcium_than_camkii():
    at = {"calcium": np.array([0.2, 0.4])}
    assert (evaluate(gs.Calcineurin(), "activation", at) > 4 * evaluate(gs.CaMKII(), "activation", at)).all()


def test_the_activity_follows_exactly_and_is_a_gain():
    items = Items({"": gs.CaMKII(active=0.0, tau=200.0, modulation_factor=3.0)}, inputs={"calcium": 0.7}, dt=5.0)
    items.run(100.0)
    assert items["active"] == pytest.approx([0.5 * (1 - np.exp(-0.5))], rel=1e-12)
    gain = evaluate(items.members[""], "gain", {"active_fraction": items["active"]})
    assert gain == pytest.approx(1 + 2 * items["active"])


def test_neuromodulators_decay_each_at_its_own_rate_and_multiply():
    start = dict.fromkeys(("dopamine", "serotonin", "acetylcholine", "noradrenaline"), 1.0)
    state = gs.NeuromodulatorState(**start)
    assert evaluate(state, "gain", start) == pytest.approx(1.5 * 0.8 * 1.3 * 1.4)
    assert evaluate(state, "gain", dict.fromkeys(start, 5.0)) == pytest.approx(1.5 * 0.8 * 1.3 * 1.4)
    assert evaluate(state, "gain", dict.fromkeys(start, 0.0)) == 1.0
    items = Items({"": state}, dt=0.01)
    items.run(5.0)
    for name, tau in (("dopamine", 100), ("serotonin", 80), ("acetylcholine", 0.5), ("noradrenaline", 120)):
        assert items[name] == pytest.approx([np.exp(-5.0 / tau)], rel=1e-3)


def test_read_outs_of_a_model_scale_what_they_name(backend):
    model = gs.Model(gs.Lattice((1, 3)), dt=1.0)
    model.add_population("cells", gs.LeakyIntegrateAndFire(v_th=100.0), learning=Speed(),
                         kinase=gs.CaMKII(target="learning_eta", calcium="calcium.calcium", modulation_factor=2.0,
                                          active=np.array([0.0, 0.5, 1.0])),
                         calcium=gs.CalciumDynamics(calcium=0.7, resting_concentration=0.7),
                         modulators=gs.NeuromodulatorState(target="learning_eta", dopamine=1.0, tau_dopamine=1e9))
    simulation = gs.Simulation(model, backend=backend.name, precision="float64", recorder=["cells.learning.now"])
    simulation.step(1)
    assert simulation.recorder["cells.learning.now"][0] == pytest.approx([3.0, 4.5, 6.0], rel=1e-6)


def test_ephaptic_shift_falls_with_distance():
    assert gs.ephaptic_shift([0.0, 100.0, 300.0]) == pytest.approx([0.01, 0.005, 0.0025])
    with pytest.raises(ModelError, match=r"ephaptic_shift: distance -1.0 um is below 0; give 0 or more"):
        gs.ephaptic_shift(-1.0)


def test_a_cell_that_fires_drives_its_neighbours_the_more_the_nearer(backend):
    lattice = gs.Lattice((1, 3), spacing=50.0)
    model = gs.Model(lattice, dt=0.1)
    model.add_population("cells", gs.LeakyIntegrateAndFire(v=np.array([0.0, -65.0, -65.0])),
                         ephaptic=gs.EphapticCoupling(shift="shift", conductance=5.0))
    wiring = gs.Neighbourhood(lattice, 100.0, weight=gs.ephaptic_shift)
    model.link("shift", "cells.ephaptic.rate", "cells", wiring)
    simulation = gs.Simulation(model, backend=backend.name, precision="float64", recorder=["cells.ephaptic.current"])
    simulation.step(2)
    rate = simulation.state["cells.ephaptic.rate"]
    assert rate[0] == pytest.approx(100 * np.exp(-0.01), rel=1e-2)     # one spike within 10 ms
    current = simulation.recorder["cells.ephaptic.current"][1]
    assert current == pytest.approx([0.0, -5 * 100 * 0.01 / 1.5, -5 * 100 * 0.01 / 2.0], rel=2e-2)
