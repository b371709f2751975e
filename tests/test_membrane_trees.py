"""Potentials along trees: the passive cable, conduction, charge at branches, spikes, calcium that they let in."""
from itertools import pairwise

import numpy as np
import pytest
from test_trees import crooked_tree

import gpusyn as gs
from gpusyn.morphology import gen_beam
from gpusyn.wiring import SparseConnections

CHANNELS = {"sodium": gs.SodiumChannel, "potassium": gs.PotassiumChannel, "leak": gs.MembraneLeak}


def at(n_node, chosen, value):
    """A value at some nodes, 0 elsewhere."""
    values = np.zeros(n_node)
    values[chosen] = value
    return values


def tree(cells, dt, cell=None, scheme="sbdf2", sweep=None, **members):
    model = gs.Model(dt=dt, sweep=gs.Sweep(sweep or {}))
    model.add_trees("dendrite", cells, cell or gs.Cable(preset="SPINE"), scheme=scheme, **members)
    return model


@pytest.mark.parametrize("scheme", ["sbdf2", "spine"])
def test_a_passive_cable_is_that_of_the_textbook(scheme, precision):
    """2000 um, R 0.5 um, 0.1/ms, 20 mV/ms into the middle: of an infinite cable, 2.7386 mV and lambda 182.574 um."""
    model = tree(gen_beam(2000.0, 0.5, 401), 0.05, scheme=scheme, leak=gs.MembraneLeak(conductance_density=1e-3),
                 clamp=gs.CurrentClamp(density=at(401, 200, 0.2)))
    sim = gs.Simulation(model, backend="numpy", precision=precision)
    sim.run(60.0)
    moved = sim.state["dendrite.v"].astype(float) + 72.0
    assert moved[200] == pytest.approx(2.7386128, rel=0.003)
    assert moved[300] / moved[200] == pytest.approx(0.064659982, rel=0.01)
    assert moved[200] == pytest.approx(2.7369504, rel=1e-4 if precision == "float32" else 2e-6)  # SPINE, dt 5 us


@pytest.mark.parametrize(("scheme", "dt"), [("sbdf2", 0.01), ("midpoint", 0.0025)])
def test_an_action_potential_travels_as_fast_as_the_reference_says(scheme, dt):
    """155.5 to 155.8 mm/s for R 0.5 um, peak 41.1 mV; every node spikes once."""
    n = 201
    model = tree(gen_beam(1000.0, 0.5, n), dt, scheme=scheme, **{name: kind() for name, kind in CHANNELS.items()},
                 clamp=gs.CurrentClamp(density=at(n, slice(0, 10), 0.5), start=0.5, duration=1.0))
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    crossing, peak, old = np.full(n, np.nan), np.full(n, -99.0), sim.state["dendrite.v"]
    for step in range(round(9 / dt)):
        sim.step(1)
        new = sim.state["dendrite.v"]
        hit = (old < 0) & (new >= 0)
        crossing[hit] = (step - old[hit] / (new - old)[hit]) * dt
        peak, old = np.maximum(peak, new), new
    middle = slice(3 * n // 8, 5 * n // 8)
    speed = np.polyfit(crossing[middle], np.linspace(0, 1000, n)[middle], 1)[0]  # um/ms is mm/s
    assert speed == pytest.approx(155.65, rel=0.005)
    assert peak[n // 2] == pytest.approx(41.1, abs=0.2)
    assert sim.spike_counts("dendrite").tolist() == [n]


def test_charge_is_conserved_at_branches_and_changes_of_radius():
    """What comes in is there; nothing else moves the sum of capacitance times potential."""
    cell = crooked_tree()
    model = tree(cell, 0.01, gs.Cable(v=np.random.default_rng(2).normal(-60, 20, 60)),
                 clamp=gs.CurrentClamp(amplitude=at(60, 7, 1.5), start=0.5, duration=1.0))
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    held = 0.01 * model.populations["dendrite"].geometry["membrane_area"]
    before = held @ sim.state["dendrite.v"]
    sim.run(2.0)
    assert held @ sim.state["dendrite.v"] - before == pytest.approx(1.5, rel=1e-10)  # pA ms = pF mV
    assert np.ptp(sim.state["dendrite.v"]) < 1.0


def excitable(dt, scheme="sbdf2", **members):
    """A branched tree with channels of all kinds, in calcium's compartment."""
    channels = {name: kind() for name, kind in CHANNELS.items()}
    return tree(crooked_tree(24), dt, gs.CalciumCompartment(calreticulin_total=0.0), scheme, cable=gs.Cable(),
                pump=gs.PMCA(), exchanger=gs.NCX(), pm_leak=gs.PlasmaMembraneLeak(), rest=gs.RestingCurrent(),
                n_type=gs.VoltageGatedCalciumChannel(), ohmic=gs.CalciumChannel(conductance_density=1e-4),
                **channels, **members)


@pytest.mark.parametrize("scheme", ["sbdf2", "spine"])
def test_potential_and_calcium_at_rest_stay_at_rest(scheme):
    sim = gs.Simulation(excitable(0.01, scheme), backend="numpy", precision="float64")
    sim.step(2000)
    assert sim.state["dendrite.cable.v"] == pytest.approx(-72.0, abs=1e-9)
    assert sim.state["dendrite.ca"] == pytest.approx(0.05, abs=1e-9)


def test_an_action_potential_lets_calcium_in_to_second_order_in_time():
    ends = []
    for dt in (0.01, 0.005, 0.0025):
        clamp = gs.CurrentClamp(density=0.1, start=-1.0)  # whose edges no step cuts
        sim = gs.Simulation(excitable(dt, clamp=clamp), backend="numpy", precision="float64")
        sim.run(5.12)
        ends.append(sim.state["dendrite.ca"])
    assert sim.spike_counts("dendrite") >= 24
    assert sim.state["dendrite.ca"].min() > 0.06
    gaps = [np.abs(a - b).max() for a, b in pairwise(ends)]
    assert np.log2(gaps[0] / gaps[1]) == pytest.approx(2.0, abs=0.2)


def presynaptic():
    """A tree whose first node is coupled to another's last, and whose spikes excite a neuron."""
    members = {name: kind() for name, kind in CHANNELS.items()} | {"n_type": gs.VoltageGatedCalciumChannel()}
    model = tree(crooked_tree(24), 0.02, gs.CalciumCompartment(calreticulin_total=0.0), cable=gs.Cable(), **members,
                 clamp=gs.CurrentClamp(density=at(24, slice(0, 12), 0.2), start=0.5))
    model.add_population("neuron", gs.Cable(), leak=gs.MembraneLeak(), synapse=gs.ExponentialCurrentSynapse(),
                         lattice=gs.Lattice((1, 1)))
    axon = SparseConnections([5, 20], [0, 0], n_source=24, n_target=1)
    model.connect("dendrite", "neuron.synapse.inward_current", axon, weight=10.0)
    model.couple("dendrite", SparseConnections([0, 23], [23, 0], n_source=24, n_target=24), conductance=0.5)
    return model


def test_trees_send_spikes_and_share_currents_on_every_backend(backend, tmp_path):
    sim = gs.Simulation(presynaptic(), backend=backend, precision="float64")
    sim.run(4.0)
    expected = gs.Simulation(presynaptic(), backend="numpy", precision="float64")
    expected.run(4.0)
    assert sim.spike_counts("dendrite").tolist() == expected.spike_counts("dendrite").tolist()
    assert sim.state["neuron.v"].item() > -71.9
    for name in ("dendrite.cable.v", "dendrite.ca", "neuron.v"):
        np.testing.assert_allclose(sim.state[name], expected.state[name], rtol=1e-6)
