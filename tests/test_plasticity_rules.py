"""Plasticity rules of single synapses: windows of spike pairs, and what calcium above its thresholds does."""

import numpy as np
import pytest
from single_item import Synapse

from gpusyn.plasticity import GraupnerBrunel, NearestSTDPRule, STDPRule


def change_of_pair(rule, delay, dt=1.0, pre_at=100.0):
    """Change of weight by one presynaptic spike and a postsynaptic one `delay` ms later."""
    synapse = Synapse(rule, dt=dt)
    before = synapse["weight"]
    synapse.run(300.0, pre=[pre_at], post=[pre_at + delay])
    return synapse["weight"] - before


# pairs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [STDPRule, NearestSTDPRule])
@pytest.mark.parametrize(("delay", "change"), [(1, 0.009512), (10, 0.006065), (-10, -0.006369), (0, 0.0)])
def test_pairs_change_the_weight_by_the_window(kind, delay, change):
    assert change_of_pair(kind(), delay) == pytest.approx(change, abs=5e-7)


@pytest.mark.parametrize(("delay", "change"), [(1, 1.601475), (10, 0.216736)])
def test_lixirnets_window(delay, change):
    assert change_of_pair(STDPRule(preset="lixirnet"), delay) == pytest.approx(change, abs=5e-7)


@pytest.mark.parametrize(("delay", "change"), [(-5, -0.235), (5, 0.577), (20, 0.236), (-20, -0.151)])
def test_bi_and_poos_window(delay, change):
    assert change_of_pair(STDPRule(preset="BiPoo2001"), delay) == pytest.approx(change, abs=5e-4)


@pytest.mark.parametrize("delay", [-10.0, 10.0])
def test_the_window_does_not_depend_on_the_step(delay):
    coarse = change_of_pair(STDPRule(), delay, dt=1.0)
    assert change_of_pair(STDPRule(), delay, dt=0.1) == pytest.approx(coarse, abs=1e-14)


def test_presynaptic_spikes_after_the_neuron_depress():
    synapse = Synapse(STDPRule(), dt=1.0)
    synapse.run(1000.0, pre=np.arange(20.0, 1000.0, 100.0), post=np.arange(10.0, 1000.0, 100.0))
    assert synapse["weight"] == pytest.approx(1 - 10 * 0.0105 * np.exp(-0.5), rel=0.02)


def test_all_pairs_count_or_only_the_nearest():
    changes = {}
    for kind in (STDPRule, NearestSTDPRule):
        synapse = Synapse(kind(), dt=1.0)
        synapse.run(50.0, pre=[10.0, 20.0], post=[30.0])
        changes[kind] = synapse["weight"] - 1
    assert changes[STDPRule] == pytest.approx(0.01 * (np.exp(-0.5) + np.exp(-1.0)), rel=1e-12)
    assert changes[NearestSTDPRule] == pytest.approx(0.01 * np.exp(-0.5), rel=1e-12)


def test_weights_stay_within_their_limits():
    strong = Synapse(STDPRule(a_plus=1.0, weight_max=1.2), dt=1.0)
    strong.run(50.0, pre=[10.0], post=[12.0])
    weak = Synapse(STDPRule(a_minus=3.0), dt=1.0)
    weak.run(50.0, pre=[12.0], post=[10.0])
    assert (strong["weight"], weak["weight"]) == (1.2, 0.0)


# calcium thresholds --------------------------------------------------------------------------------------------


def quiet(preset, **values):
    """A parameter set without noise."""
    return GraupnerBrunel(preset=preset, **{"sigma": 0.0} | values)


def test_without_calcium_nothing_changes_at_the_stable_states():
    for rho in (0.0, 1.0):
        synapse = Synapse(GraupnerBrunel(rho_init=rho), dt=1.0)
        synapse.run(500.0)
        assert synapse["rho"] == rho


@pytest.mark.parametrize(("start", "after"), [
    (0.45, [0.43600597, 0.33449165, 0.0011198746]), (0.55, [0.56399403, 0.66550835, 0.99888013]),
])
def test_without_calcium_the_efficacy_falls_into_the_nearer_well(start, after):
    # 150, 750 and 3000 s, in steps of half a second
    synapse = Synapse(quiet("DP", rho_init=start), dt=500.0)
    found = []
    for seconds in (150, 600, 2250):
        synapse.run(1000.0 * seconds)
        found.append(synapse["rho"])
    assert found == pytest.approx(after, abs=1e-5)


@pytest.mark.parametrize(("preset", "delay", "above_d", "above_p"), [
    ("DP", 10.0, 0.02328312, 0.01803584), ("DP", -20.0, 0.02017213, 0.00967756),
    ("DPD", -5.0, 0.007526287, 0.002279002), ("D", 0.0, 0.003646431, 0.0),
    ("D'", 20.0, 0.0172399, 0.0), ("cortical-slices", 10.0, 0.01180877, 0.005854783),
])
def test_calcium_of_a_pair_stays_above_its_thresholds_as_long_as_published(preset, delay, above_d, above_p):
    # fractions of the one second between pairs: the authors' closed form
    rule, dt = quiet(preset), 0.02
    synapse = Synapse(rule, dt=dt)
    c = synapse.run(250.0, pre=[50.0 + rule.pre_delay], post=[50.0 + delay], record="c")
    assert dt * (c > rule.theta_d).sum() == pytest.approx(1e3 * above_d, abs=2 * dt)
    assert dt * (c > rule.theta_p).sum() == pytest.approx(1e3 * above_p, abs=2 * dt)


@pytest.mark.parametrize(("preset", "sign"), [("DP", 1), ("P", 1), ("D'", -1)])
def test_a_pair_at_plus_10_ms_moves_the_efficacy_as_its_equation_says(preset, sign):
    rule = quiet(preset, rho_init=0.5)
    synapse = Synapse(rule, dt=0.02)
    after = synapse.run(250.0, pre=[50.0 + rule.pre_delay], post=[60.0], record="c")
    c = after / np.exp(-0.02 / rule.tau_ca)  # what the efficacy saw: the calcium before it decayed in the same step
    rho = 0.5
    for up, down in zip(c > rule.theta_p, c > rule.theta_d, strict=True):
        well = -rho * (1 - rho) * (0.5 - rho)
        rate = rule.gamma_p * up + rule.gamma_d * down
        steady = rule.gamma_p * up / rate if rate else 0.0
        rho = steady + (rho - steady) * np.exp(-rate * 0.02 / rule.tau) + well * 0.02 / rule.tau
    assert synapse["rho"] == pytest.approx(rho, abs=1e-8)
    assert np.sign(synapse["rho"] - 0.5) == sign


def test_noise_above_the_thresholds_has_its_strength():
    # c held above both thresholds: a random walk of variance 2 sigma^2 t / tau about the deterministic path
    n, duration = 4000, 20.0
    rule = GraupnerBrunel(rho_init=0.5, gamma_d=0.0, gamma_p=0.0, tau_ca=1e9)
    synapse = Synapse(rule, dt=0.5, n=n)
    synapse.state["c"][:] = 5.0
    synapse.run(duration)
    spread = np.sqrt(2 * rule.sigma**2 * duration / rule.tau)
    assert synapse.state["rho"].std() == pytest.approx(spread, rel=5 / np.sqrt(2 * n))


def test_the_weight_runs_between_its_two_values():
    rule = GraupnerBrunel(preset="cortical-slices")
    assert GraupnerBrunel.weight(0.0, rule.weight_down, rule.weight_up) == 1.0
    assert GraupnerBrunel.weight(1.0, rule.weight_down, rule.weight_up) == 5.40988
