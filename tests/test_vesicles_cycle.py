"""The vesicle cycle: pools over time, conservation in every sequence of rates, whole vesicles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from single_item import Synapse

import gpusyn as gs
from gpusyn.vesicles import StochasticVesicleCycle, VesicleCycle
from gpusyn.vesicles.evaluating import evaluate

POOLS = ("docked", "recycling", "reserve", "fused")
TOTAL = 198.0
# Hz: pools at 1, 10 and 60 s of a mean rate at p = 0.2, and what is released per s; cases three_pool_1Hz, ...
THREE_POOLS = {
    1.0: ([6.6811324, 3.9787467, 3.8840205], [39.909492, 37.431405, 37.866058], [149.99902, 149.61845, 144.85209],
          [1.4103586, 6.9713971, 11.397833], [1.3362265, 0.79574934, 0.77680411]),
    10.0: ([1.529308, 0.64411927, 0.66818868], [39.449319, 34.909229, 36.481582], [149.99328, 149.07074, 141.45558],
           [7.0280909, 13.375915, 19.394653], [3.058616, 1.2882385, 1.3363774]),
    40.0: ([0.19371751, 0.16916293, 0.17736826], [39.139767, 34.535061, 36.285353], [149.98773, 148.95795, 140.9813],
           [8.6787859, 14.337823, 20.555979], [1.5497401, 1.3533035, 1.4189461]),
}
DOCKED = {20.0: (0.491, 0.333, 0.348)}  # further numbers of the same model


def pools(synapse):
    """The four pools of every synapse, (4, n)."""
    state, rule = synapse.state, synapse.rule
    return np.array([state[n] if n in state else evaluate(rule, n, state) for n in POOLS])


def test_pools_follow_the_published_structure_with_the_reference_numbers():
    rates = np.array([*THREE_POOLS, *DOCKED])
    synapses = Synapse(VesicleCycle(rate=1e-3 * rates), n=4, dt=5.0)
    for row, seconds in enumerate((1.0, 10.0, 60.0)):
        while synapses.step_number * 5.0 < 1e3 * seconds:
            synapses.step()
        found = pools(synapses)
        for k, hertz in enumerate(THREE_POOLS):
            *expected, rate = (values[row] for values in THREE_POOLS[hertz])
            assert found[:, k] == pytest.approx(expected, rel=1e-4)
            fusing = 1e3 * evaluate(synapses.rule, "fusing", synapses.state)[k]
            assert fusing == pytest.approx(rate, rel=1e-4)
        assert found[0, 3] == pytest.approx(DOCKED[20.0][row], abs=1e-3)
        assert found.sum(axis=0) == pytest.approx(np.full(4, TOTAL), abs=1e-6)


@pytest.mark.parametrize("kind", [VesicleCycle, StochasticVesicleCycle])
def test_a_terminal_at_rest_stays_at_rest(kind):
    synapse = Synapse(kind(), dt=1.0)
    synapse.run(500.0)
    np.testing.assert_array_equal(pools(synapse)[:, 0], [8.0, 40.0, 150.0, 0.0])


def test_a_spike_releases_a_fraction_of_the_docked_vesicles():
    synapse = Synapse(VesicleCycle(), inputs={"release_gain": 2.0})
    assert evaluate(synapse.rule, "release", synapse.state | synapse.inputs)[0] == pytest.approx(0.4 * 8)
    synapse.step(pre=True)
    assert pools(synapse)[:, 0] == pytest.approx([4.8, 40.0, 150.0, 3.2], rel=1e-4)


def test_pools_return_to_rest_after_release():
    synapse = Synapse(VesicleCycle(rate=0.02), dt=50.0)
    synapse.run(20e3)
    used = pools(synapse)[:, 0]
    synapse.rule.rate = 0.0
    synapse.run(400e3)
    docked, recycling, reserve, fused = pools(synapse)[:, 0]
    assert (used[0], used[3]) == pytest.approx((0.3, 16.7), abs=0.1)
    assert (docked, fused) == pytest.approx((8.0, 0.0), abs=1e-6)
    assert used[1] < 40 < recycling  # what the reserve gave is surplus now, and returns within tens of minutes
    synapse.run(2400e3)
    assert pools(synapse)[:, 0] == pytest.approx([8.0, 40.0, 150.0, 0.0], abs=0.06)
    assert reserve < 150


@pytest.mark.parametrize(("kind", "dt"), [(VesicleCycle, 1.0), (StochasticVesicleCycle, 1.0),
                                          (StochasticVesicleCycle, 3e4)])
def test_vesicles_are_conserved_in_every_sequence_of_rates(kind, dt):
    random, n = np.random.default_rng(5), 50
    synapses = Synapse(kind(tau_refill=50.0, tau_endo=200.0, tau_mobilise=400.0, tau_store=300.0), n=n, dt=dt, seed=6)
    for step in range(1500):
        if step % 50 == 0:
            synapses.rule.rate = random.choice([0.0, 1e-3, 0.02, 0.3, 1.0], n)
            synapses.rule.release_probability = random.uniform(0, 1, n)
        synapses.step(pre=bool(random.integers(0, 5) == 0))
        found = pools(synapses)
        if kind is StochasticVesicleCycle:
            assert (found.sum(axis=0) == TOTAL).all()
            assert (found == np.floor(found)).all()
            assert found.min() >= 0
        else:
            assert found.sum(axis=0) == pytest.approx(np.full(n, TOTAL), rel=1e-13)
            assert found.min() > -1e-12


STRETCH = st.tuples(st.floats(0, 1), st.floats(0, 1), st.booleans())


@settings(max_examples=30, deadline=None)
@given(stretches=st.lists(STRETCH, min_size=1, max_size=12), dt=st.sampled_from([0.5, 20.0, 1e4]))
def test_no_sequence_of_rates_probabilities_and_spikes_loses_or_makes_a_vesicle(stretches, dt):
    fast = {"tau_refill": 50.0, "tau_endo": 200.0, "tau_mobilise": 400.0, "tau_store": 300.0}
    synapses = Synapse(StochasticVesicleCycle(**fast), n=5, dt=dt, seed=9)
    for rate, probability, spike in stretches:
        synapses.rule.rate, synapses.rule.release_probability = rate, probability
        for _ in range(4):
            synapses.step(pre=spike)
            found = pools(synapses)
            assert (found.sum(axis=0) == TOTAL).all()
            assert (found == np.floor(found)).all()
            assert found.min() >= 0


def test_whole_vesicles_follow_the_mean_where_there_are_many():
    many, n = 1000, 40
    sizes = {"sites": 8.0 * many, "recycling_size": 40.0 * many, "reserve_size": 150.0 * many, "rate": 0.01}
    whole = Synapse(StochasticVesicleCycle(**sizes), n=n, dt=20.0, seed=7)
    mean = Synapse(VesicleCycle(rate=0.01), dt=20.0)
    for synapse in (whole, mean):
        synapse.run(10e3)
    expected = pools(mean)[:, 0]
    # tau leaping with 20 ms: 2 % of the fastest rate, 2 /s; noise 1 / sqrt(many n)
    assert pools(whole).mean(axis=1) / many == pytest.approx(expected, rel=0.02, abs=0.02)


# in models -----------------------------------------------------------------------------------------------------


def test_synapses_release_from_vesicles_on_every_backend_in_single_precision(backend):
    lattice, period = gs.Lattice((4, 4)), 12.0
    model = gs.Model(lattice, dt=1.0, name="vesicles")
    model.add_source("spikes", gs.Regular(period=period))
    model.add_population("neurons", gs.IzhikevichNeuron(preset="RS"), synapse=gs.ExponentialCurrentSynapse())
    fast = {"tau_refill": 20.0, "tau_endo": 100.0, "tau_mobilise": 300.0, "tau_store": 200.0, "weight": 0.0}
    wiring = gs.Neighbourhood(lattice, radius=1.5)
    rules = [gs.VesicleCycle(**fast), gs.StochasticVesicleCycle(**fast),
             gs.TsodyksMarkram(preset="Markram2015-E2", weight=0.0)]
    for rule in rules:
        name = type(rule).__name__
        model.connect("spikes", "neurons.synapse.inward_current", wiring, synapse=rule, name=name)
    simulation = gs.Simulation(model, backend=backend.name, precision="float32", seed=3)
    simulation.run("1500 ms")
    check_amounts({n: simulation.state[f"VesicleCycle.{n}"] for n in ("empty", "fused", "mobilised")}, rules[0])
    check_numbers({n: simulation.state[f"StochasticVesicleCycle.{n}"] for n in POOLS})
    check_steady({n: simulation.state[f"TsodyksMarkram.{n}"] for n in "xu"}, rules[2], period)


def check_amounts(state, rule):
    """Amounts of vesicles have changed, and their sum has not."""
    assert state["empty"].max() > 1
    assert state["mobilised"].max() > 0.1
    parts = np.array([state[n] if n in state else evaluate(rule, n, state) for n in POOLS])
    assert parts.dtype == np.float32
    assert parts.sum(axis=0) == pytest.approx(np.full(parts.shape[1:], TOTAL), rel=1e-6)
    assert parts.min() > -1e-4


def check_numbers(state):
    """Whole vesicles have moved, and none is lost or made."""
    np.testing.assert_array_equal(sum(state.values()), TOTAL)
    assert min(v.min() for v in state.values()) >= 0
    assert state["fused"].max() > 1
    assert state["docked"].std() > 0


def check_steady(state, rule, period):
    """x and u just after a spike of a long regular train, by the closed form of its steady state."""
    recovery, decay = np.exp(-period / rule.tau_rec), np.exp(-period / rule.tau_facil)
    u = rule.U / (1 - (1 - rule.U) * decay)
    x = (1 - recovery) / (1 - (1 - u) * recovery)
    assert state["x"] == pytest.approx(np.full(state["x"].shape, x * (1 - u)), rel=1e-5)
    assert state["u"] == pytest.approx(np.full(state["u"].shape, u + rule.U * (1 - u)), rel=1e-6)
