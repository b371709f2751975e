"""Rules whose steps depend on the weight, on the potential or on activity, and what all rules have in common."""
import numpy as np
import pytest
from relays import all_pairs, learnt, one_to_one, relayed
from single_item import Synapse

import gpusyn as gs

# the dependence on the weight -----------------------------------------------------------------------------------


def change(rule, delay, weight):
    """Change of a weight by one pair."""
    synapse = Synapse(rule, dt=1.0)
    synapse.state["weight"][:] = weight
    synapse.run(60.0, pre=[30.0], post=[30.0 + delay])
    return synapse["weight"] - weight


@pytest.mark.parametrize("weight", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(("mu_plus", "mu_minus"), [(0.0, 0.0), (0.5, 0.25), (1.0, 1.0)])
def test_steps_shrink_towards_the_limits_by_powers_of_the_distance(weight, mu_plus, mu_minus):
    rule = gs.SoftBoundSTDP(mu_plus=mu_plus, mu_minus=mu_minus, weight_max=2.0)
    up, down = 0.01 * np.exp(-0.5), -0.0105 * np.exp(-0.5)
    assert change(rule, 10.0, weight) == pytest.approx(up * 2 * (1 - weight / 2) ** mu_plus, rel=1e-12)
    assert change(rule, -10.0, weight) == pytest.approx(down * 2 * (weight / 2) ** mu_minus, rel=1e-12)


def test_exponents_of_0_are_the_additive_rule():
    hard, soft = gs.STDPRule(weight_max=1.0), gs.SoftBoundSTDP(mu_plus=0.0, mu_minus=0.0)
    for delay in (-7.0, 7.0):
        assert change(soft, delay, 0.5) == pytest.approx(change(hard, delay, 0.5), rel=1e-12)


def test_potentiation_by_a_power_of_the_weight():
    rule = gs.PowerLawSTDP()
    assert change(rule, 10.0, 32.0) == pytest.approx(0.1 * 4.0 * np.exp(-0.5), rel=1e-12)  # 32^0.4 = 4
    assert change(rule, -10.0, 32.0) == pytest.approx(-0.011 * 32.0 * np.exp(-0.5), rel=1e-12)


def test_the_plasticity_guides_window():
    rule = gs.STDPRule(a_minus=0.01)
    found = [change(rule, delay, 0.5) for delay in (10.0, -10.0)]
    assert found == pytest.approx([0.006065306597, -0.006065306597], rel=1e-9)


# the potential --------------------------------------------------------------------------------------------------


def clamped(v_slow, v, spikes, duration):
    """The change of weight at a cell whose potential was v_slow for long, and is v from the start on."""
    rule = gs.ClopathRule()
    synapse = Synapse(rule, dt=0.1, inputs={"v": v})
    synapse.state["v_slow"][:] = synapse.state["v_fast"][:] = v_slow
    synapse.run(duration, pre=spikes)
    return synapse["weight"] - 1.0


def test_presynaptic_spikes_depress_by_the_depolarisation():
    assert clamped(-60.6, -60.6, [5.0, 25.0], 30.0) == pytest.approx(-2 * 14e-5 * 10.0, rel=1e-9)
    assert clamped(-75.0, -75.0, [5.0, 25.0], 30.0) == 0.0


def test_depolarisation_after_a_presynaptic_spike_potentiates():
    # v at -35.3 mV: (v - theta_plus) = 10, (v_fast - theta_minus) = 35.3, and the trace's integral is 1
    depressed = 14e-5 * 35.3
    assert clamped(-35.3, -35.3, [0.0], 300.0) == pytest.approx(8e-5 * 10.0 * 35.3 - depressed, rel=0.01)


def test_low_passes_follow_the_potential():
    synapse = Synapse(gs.ClopathRule(), dt=0.1, inputs={"v": -40.0})
    synapse.run(7.0)
    assert synapse["v_fast"] == pytest.approx(-40.0 - 30.6 * np.exp(-1.0), rel=1e-9)
    assert synapse["v_slow"] == pytest.approx(-40.0 - 30.6 * np.exp(-0.7), rel=1e-9)


def test_the_voltage_rule_reads_the_cell_it_ends_at(backend):
    model = gs.Model(lattice=gs.Lattice((1, 3)), dt=0.1)
    model.add_population("cells", gs.IzhikevichNeuron(preset="RS"),
                         drive=gs.ConstantCurrent(amplitude=np.array([0.0, 150.0, 300.0])))
    model.add_source("axons", gs.Regular(period=20.0), lattice=gs.Lattice((1,)))
    model.connect("axons", "cells.v", all_pairs(1, 3, 1.0), synapse=gs.ClopathRule(), name="c", weight=0.0)
    found = learnt(model, 100.0, backend=backend, precision="float64").state
    assert found["c.weight"][0] <= found["c.weight"][1] <= found["c.weight"][2]
    assert found["c.weight"][2] > 0.0


# inhibition -----------------------------------------------------------------------------------------------------


def test_inhibition_grows_with_coincidence_in_either_order_and_shrinks_with_lone_spikes():
    rule = gs.InhibitorySTDP()
    alone = -5e-3 * 2 * 5e-3 * 20.0
    assert change(rule, 10.0, 0.5) == pytest.approx(alone + 5e-3 * np.exp(-0.5), rel=1e-9)
    assert change(rule, -10.0, 0.5) == pytest.approx(alone + 5e-3 * np.exp(-0.5), rel=1e-9)


def test_inhibition_rests_where_its_target_has_the_target_rate():
    # independent trains: growth 2 eta tau r_pre r_post against eta alpha r_pre
    random, change_at = np.random.default_rng(1), {}
    for rate in (2.5e-3, 5e-3, 1e-2):
        synapse = Synapse(gs.InhibitorySTDP(weight_min=-np.inf), n=1, dt=1.0)
        pre, post = (np.flatnonzero(random.random(10_000) < r) for r in (0.02, rate))
        synapse.run(10_000.0, pre=pre, post=post)
        change_at[rate] = synapse["weight"] - 1.0
    unit = 5e-3 * 0.02 * 10_000 * 2 * 20.0
    for rate, found in change_at.items():
        assert found == pytest.approx(unit * (rate - 5e-3), abs=0.12)


# homeostasis ----------------------------------------------------------------------------------------------------

# weight after 100 and 1000 s of a constant error, in Hz
SCALED = {10.0: [1.04602786, 2.459603111], -10.0: [0.9559974818, 0.4065696597], 1.0: [1.00451014, 1.094174284]}


@pytest.mark.parametrize("error", list(SCALED))
def test_scaling_by_a_constant_error(error):
    rule = gs.HomeostaticScaling(goal=0.02, tau_sensor=1e15)
    synapse = Synapse(rule, dt=1000.0)
    synapse.state["activity"][:] = 0.02 - 1e-3 * error
    found = []
    for seconds in (100, 900):
        synapse.run(1000.0 * seconds)
        state = {k: v[0] for k, v in synapse.state.items()}
        names = ("activity", "error", "log_gain_then", "since")
        found.append(np.exp(gs.HomeostaticScaling.log_gain(
            *[state[n] for n in names], rule.goal, rule.beta, rule.gamma, rule.tau_sensor)))
    assert found == pytest.approx(SCALED[error], rel=1e-3)


def test_scaling_keeps_ratios_and_follows_the_equations_from_spike_to_spike(backend):
    spikes, weights = np.arange(50.0, 900.0, 50.0), np.array([0.2, 0.5, 1.0, 2.0])
    rule = gs.HomeostaticScaling(beta=1e-2, gamma=1e-6, tau_sensor=2000.0)
    model = relayed(rule, [[4.0]] * 4, [spikes], wiring=all_pairs(4, 1, weights))
    simulation = learnt(model, 900.0, backend=backend)
    activity = error = log_gain = 0.0
    for step in range(851):
        error += 0.5 * (0.01 - activity)
        log_gain += 1e-2 * (0.01 - activity) + 1e-6 * error
        error += 0.5 * (0.01 - activity)
        activity *= np.exp(-1.0 / 2000.0)
        activity += 5e-4 if step + 1 in spikes else 0.0
    found = simulation.state["c.weight"] / weights
    assert np.ptp(found) < 1e-12
    assert np.log(found[0]) == pytest.approx(log_gain, abs=2e-3)
    assert abs(np.log(found[0])) > 0.02


# what all rules have in common ----------------------------------------------------------------------------------

PAIR_RULES = [gs.STDPRule(), gs.NearestSTDPRule(), gs.SoftBoundSTDP(weight_max=4.0), gs.PowerLawSTDP(),
              gs.TripletSTDP(preset="hippocampus-full"), gs.NearestTripletSTDP(preset="hippocampus-full")]


@pytest.mark.parametrize("rule", PAIR_RULES, ids=lambda rule: type(rule).__name__)
def test_two_spikes_of_one_step_are_no_pair(rule):
    assert change(rule, 0.0, 1.0) == 0.0


@pytest.mark.parametrize("rule", [gs.STDPRule(), gs.TripletSTDP(), gs.ExactGraupnerBrunel(sigma=0.0),
                                  gs.HomeostaticScaling(beta=0.1)], ids=lambda rule: type(rule).__name__)
def test_weights_do_not_depend_on_the_order_of_the_synapses(rule):
    random = np.random.default_rng(3)
    times = [np.sort(random.choice(np.arange(2, 90), 12, replace=False)).astype(float) for _ in range(6)]
    order = random.permutation(9)
    pre, post = np.divmod(np.arange(9), 3)
    found = []
    for chosen in (np.arange(9), order):
        wiring = gs.SparseConnections(pre[chosen], post[chosen], n_source=3, n_target=3)
        model = relayed(rule, times[:3], times[3:], wiring=wiring)
        simulation = learnt(model, 100.0)
        sources, targets = model.connections["c"].ends()
        found.append(dict(zip(zip(sources, targets, strict=True), simulation.state["c.weight"], strict=True)))
    assert found[0] == found[1]
    assert len(set(found[0].values())) > 1


def test_every_rule_has_its_name_in_configs(tmp_path):
    rules = ["SoftBoundSTDP", "PowerLawSTDP", "TripletSTDP", "NearestTripletSTDP", "InhibitorySTDP", "ClopathRule",
             "ExactGraupnerBrunel", "HomeostaticScaling"]
    connections = "".join(
        f'[connections.c{k}]\nfrom = "axons"\nto = "cells.v"\nwiring = {{ kind = "one_to_one" }}\nweight = 0.5\n'
        f'synapse = {{ kind = "{rule}" }}\n' for k, rule in enumerate(rules))
    text = ('[run]\nduration = "20 ms"\ndt = "0.1 ms"\n[lattice]\nshape = [1, 4]\n'
            '[populations.cells]\nkind = "IzhikevichNeuron"\npreset = "RS"\n'
            '[sources.axons]\nkind = "Regular"\nperiod = 5\n' + connections)
    (tmp_path / "rules.toml").write_text(text)
    simulation = gs.Simulation(tmp_path / "rules.toml", backend="numpy")
    simulation.run("20 ms")
    assert all(np.isfinite(simulation.state[f"c{k}.weight"]).all() for k in range(len(rules)))


def test_homeostasis_acts_together_with_pairs():
    model = relayed([gs.STDPRule(), gs.HomeostaticScaling(beta=0.01, gamma=0.0)], [[100.0]], [[110.0]],
                    wiring=one_to_one(1))
    grown = learnt(model, 150.0).state["c.weight"][0]
    assert grown == pytest.approx(np.exp(0.01 * 0.01 * 110) + 0.01 * np.exp(-0.5), abs=1e-4)
