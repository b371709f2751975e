"""Whole numbers that change state at random: rates, conservation, what a declaration may say; and stopwatches."""

import numpy as np
import pytest
from scipy import stats
from single_item import Items, Synapse
from test_draws import chi_square_p

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, count, parameter, state, stopwatch

N = 100_000


class Decay(Mechanism):
    """Things in A go to B, C and D; those in D come back."""

    A = count("channels", "in A", initial=20.0)
    B = count("channels", "in B")
    C = count("channels", "in C")
    D = count("channels", "in D")
    rate = parameter(0.05, "1/ms", "rate from A to B")

    @staticmethod
    def transitions(rate):
        """Half as fast to C, twice as fast to D."""
        return {("A", "B"): rate, ("A", "C"): 0.5 * rate, ("A", "D"): 2.0 * rate, ("D", "A"): 0.0 * rate}


def test_a_step_draws_how_many_go_each_way():
    items = Items({"": Decay()}, n=N, dt=2.0, seed=1)
    items.step()
    leave = -np.expm1(-2.0 * 0.175)
    for name, share in (("B", 1 / 3.5), ("C", 0.5 / 3.5), ("D", 2 / 3.5)):
        k = items[name].astype(int)
        assert chi_square_p(k, lambda k, p=leave * share: stats.binom.pmf(k, 20, p)) > 1e-4
    correlation = np.corrcoef(items["B"], items["C"])[0, 1]
    p, q = leave / 3.5, 0.5 * leave / 3.5
    assert correlation == pytest.approx(-np.sqrt(p * q / ((1 - p) * (1 - q))), abs=5 / np.sqrt(N))


@pytest.mark.parametrize("dt", [0.1, 5.0, 1000.0])
def test_nothing_is_lost_or_made_or_negative_at_any_step_and_rate(dt):
    rates = np.random.default_rng(2).choice([0.0, 1e-6, 0.01, 3.0, 1e4], 300)
    items = Items({"": Decay(rate=rates)}, n=300, dt=dt, seed=3)
    for _ in range(20):
        items.step()
        parts = np.array([items[name] for name in "ABCD"])
        assert (parts.sum(axis=0) == 20).all()
        assert (parts >= 0).all()
        assert (parts == np.floor(parts)).all()


def test_the_mean_decays_as_the_rates_say():
    items = Items({"": Decay(rate=0.01)}, n=N, dt=8.0, seed=4)
    items.run(40.0)
    remaining = np.exp(-0.035 * 40.0)
    assert items["A"].mean() == pytest.approx(20 * remaining, abs=5 * np.sqrt(20 * remaining * (1 - remaining) / N))


def test_counts_start_where_they_are_told_to():
    items = Items({"": Decay(B=np.arange(4.0), rate=0.0)}, n=4)
    items.step()
    np.testing.assert_array_equal(items["B"], np.arange(4.0))
    np.testing.assert_array_equal(items["A"], 20.0)


def test_transitions_between_what_is_no_count_are_refused():
    with pytest.raises(ModelError, match=r"Wrong.transitions: 'b' is not a state .*; did you mean 'a'|valid: a, c"):
        class Wrong(Mechanism):
            a = count("1", "a")
            c = count("1", "c")
            b = state("1", "no count")

            @staticmethod
            def transitions(a):
                return {("a", "b"): 1.0}


def test_transitions_need_counts_or_a_scheme():
    with pytest.raises(ModelError, match=r"Wrong.transitions is not the name of an equation"):
        class Wrong(Mechanism):
            b = state("1", "no count")

            @staticmethod
            def transitions(b):
                return {("b", "b"): 1.0}


def test_a_stopwatch_counts_whole_steps_from_the_last_event():
    class Interval(Mechanism):
        since = stopwatch("time since the last presynaptic spike", at="pre")
        found = state("ms", "interval that the last spike ended")

        @staticmethod
        def on_pre(since):
            return {"since": 0.0, "found": since}

    synapse = Synapse(Interval(), dt=0.1)
    for at, since in ((7, 7), (8, 1), (20, 12), (50_020, 50_000)):
        while synapse.step_number < at:
            synapse.step()
        synapse.step(pre=True)
        assert synapse["found"] == pytest.approx(0.1 * since, rel=1e-12)


def test_a_stopwatch_does_not_drift_in_single_precision():
    from gpusyn.numerics.gates import tock

    dt, passed = np.float32(0.1), np.float32(0.0)
    for _ in range(100_000):
        passed = tock(passed, dt)
    assert passed == pytest.approx(1e4, rel=2e-7)  # adding 0.1 each time would end 0.01 % off
