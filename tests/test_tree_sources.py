"""Sources on trees: a pulse brings amplitude times duration, whenever it begins."""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.morphology import gen_beam

DT = 0.01  # ms
N_NODE = 5


def charge(scheme, start, duration, after=1.0, **options):
    """What a pulse of 1 pA into every node has left on the membrane when it has been over for a while, in pA ms."""
    model = gs.Model(dt=DT)
    pulse = gs.PulseCurrent(amplitude=1.0, start=start, stop=start + duration)
    trees = model.add_trees("d", gen_beam(1000.0, 0.5, N_NODE), gs.Cable(), scheme=scheme, pulse=pulse)
    simulation = gs.Simulation(model, backend="numpy", **{"precision": "float64"} | options)
    rest = simulation.state["d.v"].astype(np.float64)
    simulation.run(start + duration + after)
    capacity = model.values("d.capacitance") * trees.geometry["membrane_area"]
    return float((capacity * (simulation.state["d.v"] - rest)).sum()) / N_NODE


def calcium(scheme, **options):
    """What a train of pulses of calcium leaves in the cytosol, over what it brings."""
    model = gs.Model(dt=DT)
    source = gs.CalciumPulseTrain(amplitude=1e-3, frequency=500.0, pulse_duration=0.5, n_pulses=3, **options)
    cell = gs.CalciumCompartment(calbindin_total=0.0, calreticulin_total=0.0)
    trees = model.add_trees("d", gen_beam(1000.0, 0.5, N_NODE), cell, scheme=scheme, source=source)
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    rest = simulation.state["d.ca"]
    simulation.run(8.0)
    came = (trees.geometry["cytosol_volume"] * (simulation.state["d.ca"] - rest)).sum()
    return came / (trees.geometry["membrane_area"].sum() * 1e-3 * 3 * 0.5)


@pytest.mark.parametrize("scheme", ["sbdf2", "adaptive"])
@pytest.mark.parametrize("start", [0.0, DT, 0.5, 0.503])
def test_a_pulse_of_whole_steps_brings_all_of_its_charge(scheme, start):
    assert charge(scheme, start, 1.0) == pytest.approx(1.0, abs=1e-11)


@pytest.mark.parametrize("start", [0.0, 0.5])
def test_while_it_lasts_it_is_neither_early_nor_late(start):
    assert charge("sbdf2", start, 1.0, after=-0.4) == pytest.approx(0.6, abs=1e-11)


@pytest.mark.parametrize("start", [0.0, 0.5])
def test_in_single_precision_it_brings_what_rounding_leaves(start):
    assert charge("sbdf2", start, 1.0, precision="float32") == pytest.approx(1.0, abs=2e-4)


@pytest.mark.parametrize("duration", [0.104, 0.497, 1.006])
@pytest.mark.parametrize("start", [0.0, 0.502, 0.507])
def test_of_other_pulses_at_most_half_a_step_is_missing_at_each_end(start, duration):
    assert charge("sbdf2", start, duration) == pytest.approx(duration, abs=DT + 1e-9)


@pytest.mark.parametrize("scheme", ["sbdf2", "midpoint", "euler"])
@pytest.mark.parametrize("start", [0.0, 0.3])
def test_so_does_every_pulse_of_a_train(scheme, start):
    assert calcium(scheme, start=start) == pytest.approx(1.0, abs=1e-11)
