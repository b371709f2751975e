"""Plasticity rules in networks, against numbers: windows of pairs, upstream's example, reward, rates."""
import numpy as np
import pytest
from relays import all_pairs, learnt, one_to_one, relayed

import gpusyn as gs

# Spikes of lixirnet's STDP example: trains every 501 and 601 steps of 0.1 ms onto an Izhikevich neuron (c_m 50 pF, gap
# conductance 1, weights 1.5 at first), computed from its equations; 12 spikes in 10,000 steps.
UPSTREAM_TRAINS = [np.arange(n - 1, 10000, n) for n in (501, 601)]
UPSTREAM_SPIKES = [1910, 2649, 3497, 4195, 4927, 5677, 6505, 7160, 7862, 8466, 8955, 9464]
STEP = 0.1


def weight_changes(rule, pre, post, duration=300.0, **named):
    """Changes of all weights, from sources that spike at `pre` to cells that spike at `post`."""
    return learnt(relayed(rule, pre, post, **named), duration).state["c.weight"] - 1


# pairs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [gs.STDPRule, gs.NearestSTDPRule])
def test_pairs_change_weights_by_the_window(backend, kind):
    model = relayed(kind(), [[100.0]], [[101.0], [110.0], [90.0], [100.0]])
    change = learnt(model, 150.0, backend=backend).state["c.weight"] - 1
    assert change == pytest.approx([0.009512, 0.006065, -0.006369, 0.0], abs=5e-7)
    assert change[3] == 0.0


def test_lixirnets_window_in_a_network():
    change = weight_changes(gs.STDPRule(preset="lixirnet"), [[100.0]], [[101.0], [110.0]])
    assert change == pytest.approx([1.601475, 0.216736], abs=5e-7)


def upstream_example(**rule):
    """Final weights of the example, with the nearest spikes paired as there."""
    times = [STEP * steps for steps in UPSTREAM_TRAINS]
    wiring = all_pairs(2, 1, 1.5)
    model = relayed(gs.NearestSTDPRule(preset="lixirnet", **rule), times, [STEP * np.array(UPSTREAM_SPIKES)], dt=STEP,
                    wiring=wiring)
    return learnt(model, 1000.0, recorder=["c.weight"])


def test_the_upstream_example_ends_at_its_weights_where_only_the_neurons_spikes_count():
    assert upstream_example(a_minus=0.0).state["c.weight"] == pytest.approx([1.737225, 3.108417], abs=5e-7)


def test_a_train_that_fires_after_the_neuron_depresses():
    # Upstream's trains never trigger an update, so that their synapses cannot depress.
    history = upstream_example().recorder["c.weight"]
    steps = np.diff(history, axis=0)
    for synapse, train in enumerate(UPSTREAM_TRAINS):
        after = train[train > UPSTREAM_SPIKES[0]]
        latest = np.array([max(s for s in UPSTREAM_SPIKES if s < t) for t in after])
        fell = -2.0 * np.exp(-STEP * (after - latest) / 4.5)
        free = history[after, synapse] + fell > 0  # where the lower limit does not cut it
        assert steps[after, synapse][free] == pytest.approx(fell[free], rel=1e-9)
        assert free.sum() > 5


# reward --------------------------------------------------------------------------------------------------------


def rewarded(rewards, rule=None, pairs=((100.0, 110.0),), duration=700.0, dopamine=1.0):
    """Changes of weights by pairs, with `dopamine` uM ms put into a field at the times `rewards`."""
    pre, post = ([[pair[k]] for pair in pairs] for k in (0, 1))
    model = relayed(rule or gs.DopamineModulatedSTDP(), pre, post, wiring=one_to_one(len(pairs)))
    model.add_transmitter("dopamine", gs.DopamineNeurotransmitter(diffusion_coefficient=0.0, reuptake_rate=0.0))
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    for time in rewards:
        simulation.run(time - simulation.time)
        simulation.state["dopamine.concentration"] = dopamine / model.dt
        simulation.step()
        simulation.state["dopamine.concentration"] = 0.0
    simulation.run(duration - simulation.time)
    return simulation.state["c.weight"] - 1


def test_reward_turns_eligibility_into_weight():
    window = 0.01 * np.exp(-10 / 20)
    assert window == pytest.approx(0.006065, abs=5e-7)
    for delay in (50.0, 500.0):
        assert rewarded([110.0 + delay])[0] == pytest.approx(2 * window * np.exp(-delay / 100), rel=1e-9)
    assert rewarded([160.0])[0] == pytest.approx(0.0073576, abs=5e-8)
    assert rewarded([])[0] == 0.0
    assert rewarded([90.0])[0] == 0.0


def test_only_pairs_within_the_modulation_window_are_eligible():
    pairs = [(100.0, 149.0), (100.0, 150.0), (149.0, 100.0), (150.0, 100.0)]
    change = rewarded([200.0], pairs=pairs)
    assert change[[1, 3]].tolist() == [0.0, 0.0]
    expected = 2 * np.exp(-49 / 20) * np.exp(-51 / 100) * np.array([0.01, -0.0105])
    assert change[[0, 2]] == pytest.approx(expected, rel=1e-9)
    wide = rewarded([200.0], gs.DopamineModulatedSTDP(modulation_window=60.0), pairs=pairs)
    assert np.all(wide != 0)


def test_weights_stay_within_their_limits_under_reward():
    base = gs.STDPRule(a_plus=0.5, a_minus=0.5, weight_max=1.2, weight_min=0.7)
    rule = gs.DopamineModulatedSTDP(base_stdp=base, dopamine_sensitivity=5.0)
    change = rewarded([130.0], rule, pairs=[(100.0, 105.0), (105.0, 100.0)])
    assert change == pytest.approx([0.2, -0.3], abs=1e-15)


def test_the_base_rule_gives_its_values():
    rule = gs.DopamineModulatedSTDP(base_stdp=gs.STDPRule(a_plus=0.02, tau_minus=10.0), a_plus=0.03)
    assert (rule.a_plus, rule.tau_minus, rule.a_minus, rule.modulation_window) == (0.03, 10.0, 0.0105, 50.0)
    for other in (gs.NearestSTDPRule(), gs.STDPRule, gs.GraupnerBrunel()):
        with pytest.raises(gs.ModelError, match=r"base_stdp: \w+ is not STDPRule; pass e\.g\. STDPRule\(a_plus"):
            gs.DopamineModulatedSTDP(base_stdp=other)


def test_a_unit_reward_lets_go_dopamine_that_decays():
    model = relayed(gs.STDPRule(), [[]], [[]], members={"reward": gs.RewardSignal(preset="lixirnet")})
    model.add_source("rewards", gs.SpikeTrain([5.0]))
    model.connect("rewards", "cells.reward.level", all_pairs(1, 1))
    simulation = learnt(model, 120.0, recorder=["cells.reward.dopamine"])
    dopamine = simulation.recorder["cells.reward.dopamine"][:, 0]
    assert dopamine[:6].tolist() == [0.0] * 6
    assert dopamine[[6, 26, 106]] == pytest.approx([20.0, 7.3576, 0.13476], abs=5e-5)


def rewarded_by_signal(rule=None, **signal):
    """A pair at 100 and 110 ms, and a reward at 160 ms that members of the population hear of."""
    model = relayed(rule or gs.DopamineModulatedSTDP(), [[100.0]], [[110.0]],
                    members={"reward": gs.RewardSignal(**signal)}, dt=0.1)
    model.add_source("rewards", gs.SpikeTrain([160.0]))
    model.connect("rewards", "cells.reward.level", all_pairs(1, 1))
    return learnt(model, 400.0).state["c.weight"][0] - 1


def test_a_reward_signal_teaches_through_its_dopamine():
    window = 0.01 * np.exp(-0.5)
    # 0.1 uM that decays within 10 ms, times an eligibility that decays within 100 ms: 100 / 110 of a sudden 1 uM ms
    assert rewarded_by_signal() == pytest.approx(2 * window * np.exp(-0.5) * 100 / 110, rel=0.01)
    assert rewarded_by_signal(reward_value=-1.0) == pytest.approx(-rewarded_by_signal(), rel=1e-9)


def test_eligibility_lasts_as_long_as_the_reward_signal_says_unless_the_rule_says_otherwise():
    usual, long = rewarded_by_signal(), rewarded_by_signal(eligibility_trace_tau=1000.0)
    assert long / usual == pytest.approx(np.exp(0.5 - 0.05) * (1000 / 1010) / (100 / 110), rel=1e-3)
    own = rewarded_by_signal(gs.DopamineModulatedSTDP(eligibility_trace_tau=200.0), eligibility_trace_tau=1000.0)
    assert own == pytest.approx(rewarded_by_signal(eligibility_trace_tau=200.0), rel=1e-12)


# rates ---------------------------------------------------------------------------------------------------------


def settled(rule, **states):
    """The weight after one step of 0.1 ms from given traces."""
    simulation = gs.Simulation(relayed(rule, [[]], [[]], dt=0.1), backend="numpy", precision="float64")
    for name, value in states.items():
        simulation.state[f"c.{name}"] = value
    simulation.step()
    return simulation.state["c.weight"][0]


@pytest.mark.parametrize(("average", "pre", "after"), [(0.02, 1.0, 1.005), (0.1, 1.0, 0.965), (0.02, 0.0, 0.990)])
def test_bcm_moves_the_weight_by_its_sliding_threshold(average, pre, after):
    traces = {"pre": pre, "post": 0.5, "average": average}
    assert settled(gs.BCMRule(integrator="euler"), **traces) == pytest.approx(after, abs=1e-12)
    assert settled(gs.BCMRule(), **traces) == pytest.approx(after, abs=2e-4)


def test_activities_count_spikes_and_the_average_follows():
    period, rule = 10.0, gs.BCMRule(eta=0.0)
    simulation = learnt(relayed(rule, [np.arange(1, 9000, period)], [np.arange(2, 9000, 2 * period)]), 9000.0)
    # just before the next spike, of a steady train: 1 / (exp(period / tau) - 1)
    steady = [1 / np.expm1(p / 500) for p in (period, 2 * period)]
    assert simulation.state["c.pre"][0] * np.exp(-1 / 500) == pytest.approx(steady[0], rel=1e-3)
    assert simulation.state["c.average"][0] == pytest.approx(500 / (2 * period), rel=0.02)
    assert simulation.state["c.weight"][0] == 1.0


def test_hebb_potentiates_above_its_threshold_only():
    rule = gs.HebbianRule(eta=0.1, threshold=0.5)
    assert settled(rule, pre=2.0, post=0.75) == pytest.approx(1 + 0.1 * 0.1 * 2.0 * 0.25)
    assert settled(rule, pre=2.0, post=0.25) == pytest.approx(1 - 0.1 * 0.1 * 2.0 * 0.25)


def test_ojas_weight_settles_where_its_equation_says():
    rule = gs.OjaRule(eta=1e-3, beta=2.0, tau_activity=1e9)
    simulation = gs.Simulation(relayed(rule, [[]], [[]]), backend="numpy", precision="float64")
    simulation.state["c.pre"], simulation.state["c.post"] = 3.0, 2.0
    simulation.run(2000.0)
    assert simulation.state["c.weight"][0] == pytest.approx(3.0 / (2.0 * 2.0), rel=1e-4)
