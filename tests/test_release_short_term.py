"""Short-term plasticity: published trains, exactness at any step, three states, presynaptic receptors, spread."""

import numpy as np
import pytest
from release_trains import FACILITATING, TABLE, TRAINS
from scipy import stats
from single_item import Synapse

from gpusyn.errors import ModelError
from gpusyn.vesicles import CalciumTsodyksMarkram, ThreeStateTsodyksMarkram, TsodyksMarkram
from gpusyn.vesicles.evaluating import evaluate
from gpusyn.vesicles.presets import CERTAINTY, PRESETS
from gpusyn.vesicles.spread import spread


def made(which, kind=TsodyksMarkram):
    return kind(preset=which) if isinstance(which, str) else kind(**which)


def releases(mechanism, times, dt, inputs=None, output="release"):
    """What each of the spikes at `times` (ms) releases, on a grid of `dt` (ms)."""
    synapse, found = Synapse(mechanism, dt=dt, inputs=inputs), []
    steps = {round(time / dt) for time in times}
    for step in range(max(steps) + 1):
        if step in steps:
            found.append(evaluate(mechanism, output, synapse.state | synapse.inputs)[0])
        synapse.step(step in steps)
    return np.array(found)


def train(rate, n=10, recovery=500.0):
    times = np.arange(n) * 1e3 / rate
    return [*times, times[-1] + recovery] if recovery else [*times]


# published trains ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRAINS)
def test_ten_pulses_and_a_recovery_pulse_are_as_computed_apart(name):
    which, rate, recovery, steady_u, steady_x, ratios = TRAINS[name]
    mechanism = made(which)
    released = releases(mechanism, train(rate), dt=10.0)
    assert released[0] == pytest.approx(mechanism.U, rel=1e-12)
    assert released[1:] / released[0] == pytest.approx([*ratios, recovery], rel=1e-6)
    late = Synapse(mechanism, dt=1e3 / rate)
    late.run(400e3 / rate, pre=train(rate, 400, 0))
    assert evaluate(mechanism, "utilisation", late.state)[0] == pytest.approx(steady_u, rel=1e-6)
    assert evaluate(mechanism, "available", late.state)[0] == pytest.approx(steady_x, rel=1e-6)


@pytest.mark.parametrize("preset", TABLE)
def test_every_preset_is_that_of_the_table(preset):
    second, fifth, tenth, *steady = TABLE[preset]
    found = releases(TsodyksMarkram(preset=preset), train(20, recovery=0), dt=50.0)
    assert (found / found[0])[[1, 4, 9]] == pytest.approx([second, fifth, tenth], abs=6e-4)
    for rate, expected in zip((20, 50), steady, strict=True):
        long = releases(TsodyksMarkram(preset=preset), train(rate, 300, 0), dt=1e3 / rate)
        assert long[-1] / long[0] == pytest.approx(expected, abs=6e-4)
    assert set(TABLE) == set(PRESETS)
    assert CERTAINTY[preset] in "VSR"


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_facilitate_or_depress_at_20_hz_as_their_names_say(preset):
    found = releases(TsodyksMarkram(preset=preset), train(20, recovery=0), dt=50.0)
    assert (found[9] > found[0]) == (preset in FACILITATING)
    assert ("depressing" not in preset or preset not in FACILITATING)
    assert ("facilitating" not in preset or preset in FACILITATING)


def test_both_common_forms_of_the_equations_release_the_same():
    # Markram 1998: u decays to 0 and grows before it is used; here it is used first and decays to U
    U, tau_rec, tau_facil, T = 0.05, 125.0, 1200.0, 50.0
    x, u, other = 1.0, 0.0, []
    for _ in range(10):
        u = u * np.exp(-T / tau_facil)
        u = u + U * (1 - u)
        other.append(u * x)
        x = 1 - (1 - x * (1 - u)) * np.exp(-T / tau_rec)
    found = releases(TsodyksMarkram(preset="Maass2002-EI"), train(20, recovery=0), dt=50.0)
    assert found == pytest.approx(other, rel=1e-12)
    assert found[[0, 1, 9]] == pytest.approx([0.05, 0.09235865979, 0.2136136966], rel=1e-9)


# exactness -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [TsodyksMarkram, ThreeStateTsodyksMarkram])
@pytest.mark.parametrize("preset", ["Tsodyks1998-facilitating", "Tsodyks1998-depressing"])
def test_the_step_does_not_matter(kind, preset):
    mechanism, times = kind(preset=preset), [0.0, 50.0, 75.0, 600.0, 605.0, 2000.0]
    fine = releases(mechanism, times, dt=0.25)
    for dt in (1.0, 2.5, 5.0):
        assert releases(mechanism, times, dt=dt) == pytest.approx(fine, rel=1e-12)


def test_spikes_off_any_grid_are_exact():
    # tm_offgrid_spikes_exact: intervals of 37.3 and 54.4 ms, without stepping
    mechanism, state, found = TsodyksMarkram(U=0.5, tau_rec=800.0, tau_facil=0.0), {"x": 1.0, "u": 0.5}, []
    for interval in (0.0, 37.3, 91.7 - 37.3):
        state = state | {"since": interval}
        found.append([evaluate(mechanism, name, state) for name in ("available", "released_fraction")])
        state = evaluate(mechanism, "on_pre", state)
    available, released = np.array(found).T
    assert available == pytest.approx([1.0, 0.5227773763, 0.309944646], rel=1e-9)
    assert released == pytest.approx([0.5, 0.2613886881, 0.154972323], rel=1e-9)


def test_without_facilitation_u_is_exactly_U():
    synapse = Synapse(TsodyksMarkram(U=0.37, tau_facil=0.0), dt=1.0)
    u = synapse.run(200.0, pre=[3.0, 10.0, 50.0, 51.0], record="u")
    assert set(u) == {0.37}
    assert evaluate(synapse.rule, "utilisation", synapse.state)[0] == 0.37


def test_the_state_is_what_differential_equations_give():
    # one spike, then Heun steps of dx/dt and du/dt
    mechanism = TsodyksMarkram(preset="Maass2002-EI")
    synapse = Synapse(mechanism, dt=1.0)
    synapse.run(300.0, pre=[0.0])
    x, u = 1 - 0.05, 0.05 + 0.05 * 0.95
    dt = 0.01
    for _ in range(30_000):
        x += dt * (1 - x) / 125 * (1 - dt / 250)
        u += dt * (0.05 - u) / 1200 * (1 - dt / 2400)
    assert evaluate(mechanism, "available", synapse.state)[0] == pytest.approx(x, rel=1e-7)
    assert evaluate(mechanism, "utilisation", synapse.state)[0] == pytest.approx(u, rel=1e-7)


# three states --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tau_in", "tau_rec"), [(3.0, 800.0), (1.5, 130.0), (50.0, 50.0), (120.0, 60.0), (1e3, 1.0)])
def test_inactive_and_recovering_resources_follow_their_equations(tau_in, tau_rec):
    mechanism, t = ThreeStateTsodyksMarkram(tau_in=tau_in, tau_rec=tau_rec), np.array([0.0, 0.5, 7.0, 90.0, 400.0])
    y, z = (evaluate(mechanism, name, {"y": 0.4, "z": 0.1, "since": t}) for name in ("inactive", "recovering"))
    matrix = np.array([[-1 / tau_in, 0.0], [1 / tau_in, -1 / tau_rec]])
    from scipy.linalg import expm
    exact = np.array([expm(matrix * s) @ [0.4, 0.1] for s in t]).T
    assert y == pytest.approx(exact[0], rel=1e-12)
    assert z == pytest.approx(exact[1], rel=1e-9)


def test_three_states_become_two_without_inactivation():
    short = ThreeStateTsodyksMarkram(preset="Tsodyks1998-facilitating", tau_in=1e-3)
    two = releases(TsodyksMarkram(preset="Tsodyks1998-facilitating"), train(20), dt=50.0)
    assert releases(short, train(20), dt=50.0) == pytest.approx(two, rel=2e-4)


def test_three_states_depress_more_and_facilitating_ones_still_facilitate():
    for preset in ThreeStateTsodyksMarkram.presets:
        three = releases(ThreeStateTsodyksMarkram(preset=preset), train(20, recovery=0), dt=50.0)
        two = releases(TsodyksMarkram(preset=preset), train(20, recovery=0), dt=50.0)
        assert (three[1:] < two[1:]).all()
        assert (three[9] > three[0]) == (preset in FACILITATING)
        assert ThreeStateTsodyksMarkram(preset=preset).U == TsodyksMarkram(preset=preset).U


def test_three_fractions_add_up_to_one_through_any_train():
    mechanism = ThreeStateTsodyksMarkram(preset="Tsodyks1998-depressing", tau_in=20.0)
    synapse = Synapse(mechanism, dt=1.0)
    for step in range(500):
        synapse.step(step % 7 == 0 or step % 11 == 3)
        parts = [evaluate(mechanism, n, synapse.state)[0] for n in ("available", "inactive", "recovering")]
        assert min(parts) >= 0
        assert sum(parts) == pytest.approx(1.0, abs=1e-14)
        assert evaluate(mechanism, "x", synapse.state)[0] <= parts[0] + 1e-14


# presynaptic receptors and calcium -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [TsodyksMarkram, ThreeStateTsodyksMarkram])
def test_presynaptic_receptors_scale_release_and_what_it_takes_away(kind):
    mechanism, times = kind(preset="Tsodyks1998-depressing"), [0.0, 10.0, 20.0]
    free, held = releases(mechanism, times, 1.0), releases(mechanism, times, 1.0, inputs={"release_gain": 0.4})
    assert held[0] == pytest.approx(0.4 * free[0])
    assert held[1] / held[0] > free[1] / free[0]  # less is taken away
    assert releases(mechanism, times, 1.0, inputs={"release_gain": 9.0})[0] == 1.0  # all there is


def test_the_weight_scales_what_is_released():
    assert releases(TsodyksMarkram(weight=1540.0, U=0.03), [0.0], 1.0) == pytest.approx([46.2])


def test_little_calcium_spares_the_resources_and_much_is_as_none():
    # the crate empties the pool by u alone, whatever was released: defect 3
    mechanism, times = CalciumTsodyksMarkram(preset="Tsodyks1998-depressing"), train(50, recovery=0)
    plain = releases(TsodyksMarkram(preset="Tsodyks1998-depressing"), times, 20.0)
    assert releases(mechanism, times, 20.0, inputs={"calcium": 1e4}) == pytest.approx(plain, rel=1e-10)
    low = releases(mechanism, times, 20.0, inputs={"calcium": 0.1})
    assert low[0] == pytest.approx(0.5 * 9.9990001e-05)
    assert low[-1] / low[0] > 0.999


# spread --------------------------------------------------------------------------------------------------------


def test_a_spread_is_of_truncated_normals():
    values = spread("Maass2002-EI", 200_000, seed=3)
    for name, low, high in (("U", 0, 1), ("tau_rec", 0, np.inf), ("tau_facil", 0, np.inf)):
        mean = PRESETS["Maass2002-EI"][name]
        a, b = (low - mean) / (0.5 * mean), (high - mean) / (0.5 * mean)
        assert values[name].min() > 0
        assert values[name].max() < high
        assert stats.kstest(values[name], stats.truncnorm(a, b, mean, 0.5 * mean).cdf).pvalue > 1e-3
    assert abs(np.corrcoef(values["U"], values["tau_rec"])[0, 1]) < 0.02


def test_a_spread_depends_on_its_seed_alone_and_keeps_zeros():
    many, few = spread("Tsodyks1998-depressing", 1000, seed=3, cv=0.3), spread("Tsodyks1998-depressing", 10, 3, cv=0.3)
    for name, values in few.items():
        np.testing.assert_array_equal(many[name][:10], values)
    assert not many["tau_facil"].any()
    assert many["U"].std() == pytest.approx(0.15, rel=0.1)
    assert (spread("Maass2002-EE", 5, 1)["U"] != spread("Maass2002-EE", 5, 2)["U"]).all()
    assert (spread("Maass2002-EE", 5, 1, cv=0.0)["U"] == 0.5).all()
    synapses = Synapse(TsodyksMarkram(**spread("Maass2002-EE", 50, seed=1)), n=50, dt=1.0)
    assert evaluate(synapses.rule, "release", synapses.state).std() > 0.1


@pytest.mark.parametrize(("arguments", "message"), [
    (("Maas2002-EE", 5, 1), "spread: no preset 'Maas2002-EE'; did you mean 'Maass2002-EE'"),
    (("Maass2002-EE", 5, 1, -0.1), "spread: cv -0.1 must be a number from 0 on"),
])
def test_a_spread_that_cannot_be_is_an_error(arguments, message):
    with pytest.raises(ModelError, match=message):
        spread(*arguments)
