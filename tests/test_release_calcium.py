"""How calcium sets release: Hill's function, and the allosteric sensor with five sites."""

import numpy as np
import pytest
from single_item import Items

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, state
from gpusyn.vesicles import AllostericSensor, HillRelease
from gpusyn.vesicles.evaluating import evaluate

# calcium (uM): rate per vesicle (1/s) in equilibrium; case lou_quasi_equilibrium_rate
EQUILIBRIUM = {0.05: 0.0002448371435, 0.1: 0.0003095007973, 0.5: 0.005197167008, 1.0: 0.08356912411, 2.0: 1.81317348,
               5.0: 92.49578086, 10.0: 893.7383102, 20.0: 2782.512439, 50.0: 4615.184761}
# a step from 0.05 uM: dt (ms) until 1.5 times the peak, peak rate (1/s), its time, the end, fused then, half depletion
STEPS = {
    "lou_step_1.0uM": (1.0, 0.02, 0.03588883, 6.9, 1000.0, 0.035219617, None),
    "lou_step_5.0uM": (5.0, 0.01, 15.2384, 3.92, 100.0, 0.79501511, 44.4879),
    "lou_step_20.0uM": (20.0, 0.0025, 412.1341, 1.1235, 5.0, 0.94233892, 1.7991),
}
FURTHER_STEPS = {10.0: (110.6, 6.09), 50.0: (1246.0, 0.66)}  # peak rate, half depletion, to the digits given
STATES = ("V0", "V1", "V2", "V3", "V4", "V5")


def hill(calcium, **values):
    return evaluate(HillRelease(**values), "release_probability", {"calcium": np.asarray(calcium)})


def test_hills_function():
    # hill_release_n4_K1
    p = hill([0.05, 0.1, 0.5, 1.0, 1.05, 2.0, 10.0])
    assert p == pytest.approx([6.249960938e-06, 9.9990001e-05, 0.05882352941, 0.5, 0.548635893, 0.9411764706,
                               0.99990001], rel=1e-9)
    assert hill([0.0, -1.0, 1e9]) == pytest.approx([0.0, 0.0, 1.0])


def test_half_is_the_calcium_of_half_the_probability_in_either_preset():
    assert hill(1.0, preset="residual") == hill(20.0, preset="domain") == 0.5
    assert hill(1.0, preset="domain") < 1e-5  # calcium of the whole terminal is nothing to a sensor of domains
    assert hill(1.0, maximum_probability=0.3) == 0.15
    assert hill(2.0, cooperativity=3.5) == pytest.approx(2**3.5 / (1 + 2**3.5))


def test_a_probability_above_one_is_refused():
    with pytest.raises(ModelError, match=r"HillRelease.maximum_probability: 2.0 is outside 0.0 to 1.0"):
        HillRelease(maximum_probability=2.0)


class HeldCalcium(Mechanism):
    """Calcium of a terminal that stays as it is."""

    level = state("uM", "calcium", initial=1.0)


def test_calcium_of_the_presynaptic_cell_sets_what_its_connections_release():
    model = gs.Model(gs.Lattice((50, 40)), dt=1.0)
    level = np.repeat([0.0, 1.0, 2.0, 1e3], 500)
    spiking = gs.LeakyIntegrateAndFire(v=0.0)  # above threshold at the start: every cell spikes in the first step
    parts = {"terminal": HeldCalcium(level=level), "release": HillRelease(calcium="terminal.level")}
    model.add_population("cells", spiking, **parts)
    model.add_population("targets", gs.IzhikevichNeuron(preset="RS"), synapse=gs.ExponentialCurrentSynapse(tau=1e9))
    one_each = gs.SparseConnections(np.arange(2000), np.arange(2000), 1.0, n_source=2000, n_target=2000)
    model.connect("cells", "targets.synapse.inward_current", one_each, probability="cells.release.release_probability")
    simulation = gs.Simulation(model, backend="numpy", precision="float64", seed=1)
    simulation.step(1)
    released = simulation.state["targets.synapse.inward_current"].reshape(4, 500) > 0
    p = np.array([0.0, 0.5, 16 / 17, 1.0])
    assert simulation.spike_counts("cells") == 2000
    assert released.mean(axis=1) == pytest.approx(p, abs=5 * 0.5 / np.sqrt(500))
    assert released.mean(axis=1)[[0, 3]].tolist() == [0.0, 1.0]


def test_the_sensors_rate_in_equilibrium():
    calcium = np.array(list(EQUILIBRIUM))
    rate = 1e3 * evaluate(AllostericSensor(), "equilibrium_rate", {"calcium": calcium})
    assert rate == pytest.approx(list(EQUILIBRIUM.values()), rel=1e-6)
    most = 1e3 * evaluate(AllostericSensor(), "equilibrium_rate", {"calcium": 1e12})
    assert most == pytest.approx(6008.301026, rel=1e-6)
    slope = np.diff(np.log(rate)) / np.diff(np.log(calcium))
    assert slope[[0, 5 - 1]] == pytest.approx([0.3381206839, 4.291306548], rel=1e-6)


def sensors(calcium, dt, **values):
    """Terminals at constant calcium on a neuron-less population, at rest at first."""
    return Items({"": AllostericSensor(**values)}, inputs={"calcium": calcium}, n=np.size(calcium), dt=dt)


def course(items, until, dt):
    """Times, release rates (1/s) and fused fractions of the first terminal, from now on."""
    items.dt, rows = dt, []
    for _ in range(round(until / dt)):
        items.step()
        rate = 1e3 * evaluate(items.members[""], "release_rate", {s: items[s] for s in STATES})[0]
        rows.append((rate, items["fused"][0]))
    return dt * np.arange(1, len(rows) + 1), *np.array(rows).T


@pytest.mark.parametrize("name", STEPS)
def test_a_step_of_calcium_releases_and_depletes(name):
    calcium, dt, peak, peak_at, end, fused, half = STEPS[name]
    items, fine = sensors(calcium, dt), 1.5 * peak_at
    t, rate, _ = course(items, fine, dt)
    assert rate.max() == pytest.approx(peak, rel=1e-3)
    assert t[rate.argmax()] == pytest.approx(peak_at, rel=1e-3)
    later, _, released = course(items, end - t[-1], (end - t[-1]) / 1000)
    assert released[-1] == pytest.approx(fused, rel=1e-3)
    if half:
        assert t[-1] + np.interp(0.5, released, later) == pytest.approx(half, rel=1e-3)


@pytest.mark.parametrize("calcium", FURTHER_STEPS)
def test_more_calcium_releases_faster(calcium):
    peak, half = FURTHER_STEPS[calcium]
    t, rate, fused = course(sensors(calcium, 0.005), 1.2 * half, 0.005)
    assert rate.max() == pytest.approx(peak, rel=1e-3)
    assert np.interp(0.5, fused, t) == pytest.approx(half, abs=0.006)


def test_local_transients_of_calcium_release_with_the_published_probability():
    # lou_ap_gaussian_release_prob: 0.4 ms wide, over 0.05 uM
    height, dt = np.array([5.0, 10.0, 15.0, 20.0, 25.0, 40.0]), 0.005
    items = sensors(np.full(6, 0.05), dt)
    for k in range(round(8.0 / dt)):
        t = (k + 0.5) * dt - 2.0
        items.inputs["calcium"] = 0.05 + height * np.exp(-4 * np.log(2) * t**2 / 0.4**2)
        items.step()
    assert items["fused"] == pytest.approx([0.0003476864, 0.003982881, 0.01577721, 0.03938624, 0.07593783, 0.245069],
                                           rel=1e-3)


def test_fractions_add_up_to_one_and_sites_refill():
    items = sensors(np.array([0.1, 10.0, 100.0]), 0.5, refilling=0.05)
    items.run(400.0)
    parts = [items[s] for s in (*STATES, "fused")]
    assert sum(parts) == pytest.approx(np.ones(3), abs=1e-12)
    assert np.min(parts) >= 0
    out = evaluate(AllostericSensor(), "release_rate", {s: items[s] for s in STATES})
    assert out == pytest.approx(0.05 * items["fused"], rel=1e-6)  # steady: as many refill as release


def test_residual_calcium_facilitates_of_itself():
    # the same local transient over 0.05 and over 0.5 uM
    items, dt = sensors(np.array([0.05, 0.5]), 0.005), 0.005
    for k in range(round(4.0 / dt)):
        t = (k + 0.5) * dt - 2.0
        items.inputs["calcium"] = np.array([0.05, 0.5]) + 15.0 * np.exp(-4 * np.log(2) * t**2 / 0.4**2)
        items.step()
    first, second = items["fused"]
    assert 1.1 < second / first < 3
