"""Dopamine-modulated STDP, solved from spike to spike, against sums over its pairs and its dopamine."""
import numpy as np
import pytest
from relays import all_pairs, learnt, one_to_one, relayed

import gpusyn as gs

STEPS, SENSITIVITY, WINDOW, TAU = 600, 0.3, 50.0, 100.0


def trains(seed=4, n=5):
    """Spike times of n pairs of neurons, ms; some fall into one step, and some neurons never spike."""
    random = np.random.default_rng(seed)
    some = [np.sort(random.choice(np.arange(1, STEPS), size, replace=False)) for size in random.integers(8, 30, 2 * n)]
    return [*some[:n], [], [100]], [*some[n:], [50, 200], []]


def course(seed=5):
    """Dopamine step by step, uM: pulses of either sign on a background."""
    random = np.random.default_rng(seed)
    return 0.02 + np.where(random.random(STEPS) < 0.05, random.normal(0.3, 0.5, STEPS), 0.0)


def told(rule, pre, post, dopamine, **named):
    """A model whose cells see the dopamine step by step; each presynaptic neuron has one postsynaptic one."""
    model = relayed(rule, pre, post, wiring=one_to_one(len(pre)), **named)
    model.play("dopamine", "cells", np.arange(dopamine.size) * model.dt, dopamine)
    return model


def eligibility_changes(pre, post):
    """(step, change of eligibility) of one synapse with the defaults, spike by spike."""
    def trace(times, now):
        before = [now - t for t in times if t < now]
        return sum(np.exp(-d / 20.0) for d in before) if before and min(before) < WINDOW else 0.0

    return [(t, 0.01 * trace(pre, t)) for t in post] + [(t, -0.0105 * trace(post, t)) for t in pre]


def summed(pre, post, dopamine):
    """Change of one weight by the end: every change of eligibility times the dopamine that came after it."""
    steps = np.arange(dopamine.size)
    return sum(SENSITIVITY * change * np.sum((dopamine * np.exp(-(steps - t) / TAU))[steps >= t])
               for t, change in eligibility_changes(pre, post))


def free(**named):
    """The rule without limits of the weight."""
    return gs.DopamineModulatedSTDP(dopamine_sensitivity=SENSITIVITY, weight_min=-np.inf, **named)


def test_weights_change_by_every_pair_times_the_dopamine_that_follows_it():
    (pre, post), dopamine = trains(), course()
    simulation = learnt(told(free(), pre, post, dopamine), STEPS)
    expected = np.array([summed(a, b, dopamine) for a, b in zip(pre, post, strict=True)])
    assert np.abs(expected[:5]).min() > 1e-3
    assert simulation.state["c.weight"] - 1 == pytest.approx(expected, rel=1e-10, abs=1e-13)


def test_nothing_is_computed_for_a_synapse_between_spikes():
    simulation = learnt(told(free(), *trains(), course()), 1)
    assert [name for name in simulation.assembly.programs if name.startswith("c.")] == [
        "c.on_pre", "c.on_post", "c.pre", "c.post"]


def test_a_weight_is_read_and_recorded_as_it_is_now(backend):
    (pre, post), dopamine = trains(), course()
    model = told(free(), pre, post, dopamine)
    recorded = learnt(model, STEPS, backend=backend, recorder=["c.weight", "c.c"])
    plain = learnt(told(free(), pre, post, dopamine), STEPS, backend=backend)
    assert np.array_equal(recorded.state["c.weight"], plain.state["c.weight"])
    rows, eligible = recorded.recorder["c.weight"], recorded.recorder["c.c"]
    # the weight is recorded at the start of a step, the eligibility too: what dopamine makes of it is what follows
    quiet = [n for n in range(STEPS - 1) if not any(n in t for t in (*pre, *post))]
    steps = np.diff(rows, axis=0)[quiet]
    assert steps == pytest.approx(SENSITIVITY * dopamine[quiet, None] * eligible[quiet], abs=1e-13)
    assert np.abs(steps).max() > 1e-4


# what a spike gives --------------------------------------------------------------------------------------------

PAIR, PULSE = ([[100, 300]], [[110]]), np.zeros(400)
PULSE[200] = 1.0
GAINED = 2.0 * 0.01 * np.exp(-10 / 20) * np.exp(-90 / 100)


def received(rule):
    """What the second spike of a pair that has been rewarded delivers."""
    model = told(rule, *PAIR, PULSE)
    return learnt(model, 310).state["cells.received"][0] - learnt(model, 290).state["cells.received"][0]


def test_a_spike_gives_the_weight_of_now_though_nothing_happened_since_the_reward():
    assert received(gs.DopamineModulatedSTDP()) == pytest.approx(1 + GAINED, rel=1e-12)


@pytest.mark.parametrize("first", [True, False])
def test_together_with_pairs_that_act_at_once_a_spike_gives_what_it_finds(first):
    rules = [gs.STDPRule(), gs.DopamineModulatedSTDP()]
    found = 1 + GAINED + 0.01 * np.exp(-10 / 20)
    assert received(rules if first else rules[::-1]) == pytest.approx(found, rel=1e-12)


def test_what_is_released_is_a_fraction_of_the_weight_of_now():
    rules = [gs.TsodyksMarkram(U=0.25, tau_rec=1.0), gs.DopamineModulatedSTDP()]
    assert received(rules) == pytest.approx(0.25 * (1 + GAINED), rel=1e-12)


def test_gap_junctions_follow_weights_that_dopamine_moves(backend):
    model = told(gs.DopamineModulatedSTDP(), [[100]], [[110]], PULSE, delivers=False)
    model.add_population("others", gs.IzhikevichNeuron(v_init=-60.0))
    model.couple("others", one_to_one(1), source="others", drives=True, weights="c", name="junction")

    def conductance(step):
        """Of the junction in a step, nS."""
        simulation = learnt(model, step, backend=backend)
        potential = simulation.state["others.v"][0]
        simulation.step()
        return simulation.assembly.inputs["junction.injection"][0, 0] / potential

    assert conductance(202) / conductance(200) == pytest.approx(1 + GAINED, rel=1e-12)


# rounding, limits, values by hand ------------------------------------------------------------------------------


def test_changes_below_the_resolution_of_float32_add_up():
    # at each spike about 2e-9, where float32 resolves 6e-8 of the weight
    pre, post = [np.arange(1, 20000, 20)], [np.arange(9, 20000, 20)]
    runs = [learnt(told(gs.DopamineModulatedSTDP(dopamine_sensitivity=1e-6), pre, post, np.full(20000, 0.01)), 20000,
                   backend, precision) for backend, precision in (("numba", "float32"), ("numpy", "float64"))]
    rounded, exact = (run.state["c.weight"][0] for run in runs)
    assert 1e-6 < exact - 1 < 4e-6
    assert float(rounded) - 1 == pytest.approx(exact - 1, abs=6e-8)


def test_limits_hold_where_a_presynaptic_spike_brings_the_weight_there():
    dopamine = np.zeros(500)
    dopamine[[150, 200, 350]] = 100.0, -150.0, -50.0
    rule = gs.DopamineModulatedSTDP(weight_max=1.3)
    seen = [learnt(told(rule, [[100, 300]], [[110]], dopamine), t).state["c.weight"][0] for t in (190, 290, 310, 400)]
    c = 0.01 * np.exp(-10 / 20)
    up, down, later = 2 * c * dopamine[[150, 200, 350]] * np.exp(-np.array([40, 90, 240]) / 100)
    assert 1 + up > 1.3 > 1 + up + down
    assert seen == pytest.approx([1.3, 1 + up + down, 1 + up + down, 1 + up + down + later], rel=1e-12)
    late = learnt(told(rule, [[100, 180]], [[110]], dopamine), 290).state["c.weight"][0]
    assert late == pytest.approx(1.3 + down, rel=1e-12)


def test_a_weight_set_by_hand_is_what_was_set_and_goes_on_from_there():
    dopamine = np.zeros(400)
    dopamine[[150, 250]] = 1.0
    simulation = learnt(told(gs.DopamineModulatedSTDP(), [[100]], [[110]], dopamine), 200)
    simulation.state["c.weight"] = 0.25
    assert simulation.state["c.weight"][0] == pytest.approx(0.25, rel=1e-15)
    simulation.run(100)
    gained = 2 * 0.01 * np.exp(-10 / 20) * np.exp(-140 / 100)
    assert simulation.state["c.weight"][0] == pytest.approx(0.25 + gained, rel=1e-12)


def test_long_silence_and_wide_windows_stay_finite():
    rule = gs.DopamineModulatedSTDP(modulation_window=1e6, eligibility_trace_tau=5.0, tau_minus=1000.0)
    simulation = learnt(told(rule, [[10, 40, 2900]], [[20]], np.full(3000, 0.1)), 3000, "numba", "float32")
    late = -0.0105 * np.exp(-20 / 1000)  # of the spike at 40 ms; the one at 2900 ms comes after 576 time constants
    per_eligibility = 2 * 0.1 / -np.expm1(-1 / 5)
    change = (0.01 * np.exp(-0.5) + late) * per_eligibility
    assert simulation.state["c.weight"][0] - 1 == pytest.approx(change, rel=1e-4)


def test_the_decay_of_eligibility_is_one_or_one_for_each_neuron():
    (pre, post), dopamine = trains(), course()
    taus = np.linspace(60, 140, 7)
    together = learnt(told(free(eligibility_trace_tau=taus), pre, post, dopamine), STEPS).state["c.weight"]
    alone = [learnt(told(free(eligibility_trace_tau=tau), [pre[k]], [post[k]], dopamine), STEPS).state["c.weight"][0]
             for k, tau in enumerate(taus)]
    assert together == pytest.approx(alone, rel=1e-14)
    model = relayed(free(eligibility_trace_tau=np.full(6, 50.0)), [[1], [2]], [[3], [4], [5]], wiring=all_pairs(2, 3))
    model.play("dopamine", "cells", [0.0], [0.0])
    with pytest.raises(gs.ModelError, match=r"eligibility_trace_tau': 6 values for 3 postsynaptic neurons; give one"):
        gs.Simulation(model, backend="numpy")


FORGETTING = """
meaning = "a weight that is forgotten, computed at spikes"
states.weight = { unit = "1", meaning = "weight", initial = 1.0 }
stopwatches.since = { meaning = "time since the latest presynaptic spike", at = "pre" }
parameters.tau = { default = "50 ms", meaning = "decay of the weight" }
catch_up.weight = "weight * exp(-since / tau)"
on_pre.since = "0"
"""


def test_a_rule_given_as_text_may_keep_its_weight_as_of_the_latest_spike():
    rule = gs.mechanism_from_text(FORGETTING, "Forgetting")
    simulation = learnt(relayed(rule(), [[20, 70]], [[]]), 100)
    assert simulation.state["c.weight"][0] == pytest.approx(np.exp(-100 / 50), rel=1e-12)
    assert simulation.state["cells.received"][0] == pytest.approx(np.exp(-20 / 50) + np.exp(-70 / 50), rel=1e-12)


def test_what_is_by_now_depends_on_no_clock_and_no_chance():
    rule = gs.mechanism_from_text(FORGETTING.replace("exp(-since / tau)", "exp(-t / tau)"), "Forgetting")
    with pytest.raises(gs.ModelError, match=r"c\.synapse: Forgetting\.catch_up depends on 't'; .*: use a stopwatch"):
        learnt(relayed(rule(), [[20]], [[]]), 1)
