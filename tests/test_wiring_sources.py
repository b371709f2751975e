"""Spike sources: their clocks, rates and lists, alike on every backend."""
import numpy as np
import pytest
from operations import BACKENDS
from wiring_runs import run_calls

from gpusyn.errors import ModelError
from gpusyn.wiring import CyclicSpikes, PoissonSpikes, RegularSpikes, ScheduledSpikes


def fired(backend, calls, spikes, steps, **options):
    """Flags after each of the steps: (n_step, n_point, n_site)."""
    rows = []
    for step in steps:
        spikes[:] = 7
        run_calls(backend, calls, step, "float32", **options)
        rows.append(spikes.copy())
    return np.array(rows)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_period_of_100_steps_fires_at_99_199_and_so_on(backend):
    spikes = np.zeros((1, 3), np.uint8)
    source = RegularSpikes.of_period([[100.0, 0.0, 50.0]], dt=1.0, phase=[[0.0, 0.0, 25.0]])
    rows = fired(backend, source.calls(spikes), spikes, range(300))
    assert np.flatnonzero(rows[:, 0, 0]).tolist() == [99, 199, 299]
    assert not rows[:, 0, 1].any()
    assert np.flatnonzero(rows[:, 0, 2]).tolist() == [74, 124, 174, 224, 274]


def test_a_clock_of_a_tenth_millisecond_does_not_drift_in_a_million_steps():
    from gpusyn.backends.numba_ops.wiring import regular_spikes

    spikes = np.zeros((1, 1), np.uint8)
    (call,) = RegularSpikes.of_period(100.0, dt=0.1).calls(spikes)
    count = 0
    for step in range(0, 1_000_000, 7):                 # every step that a multiple of 7 hits
        regular_spikes(0, 1, step, *call.args)
        assert spikes[0, 0] == ((step + 1) % 1000 == 0)
        count += spikes[0, 0]
    assert count == len([step for step in range(0, 1_000_000, 7) if step % 1000 == 999])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("per_site", [False, True])
def test_random_spikes_have_their_rate_and_are_the_same_everywhere(backend, per_site):
    n_site = 100_003
    seeds = np.array([[1, 2], [3, 4]], np.uint32)
    spikes = np.zeros((2, n_site), np.uint8)
    rate = np.full((1, n_site), 100.0) if per_site else 100.0
    calls = PoissonSpikes.of_rate(rate, dt=0.1).calls(spikes, seeds, stream=11)
    rows = fired(backend, calls, spikes, range(2**35, 2**35 + 5))
    assert abs(int(rows.sum()) - 10_000) < 500          # 10^6 draws at 0.01
    assert not np.array_equal(rows[0, 0], rows[0, 1])   # another seed
    assert np.array_equal(rows, fired("numpy", calls, spikes, range(2**35, 2**35 + 5)))
    if backend == "numba":
        for n_worker in (1, 3):
            assert np.array_equal(rows, fired(backend, calls, spikes, range(2**35, 2**35 + 5), n_worker=n_worker))


@pytest.mark.parametrize("backend", BACKENDS)
def test_certain_and_impossible_spikes(backend):
    spikes = np.zeros((1, 9), np.uint8)
    calls = PoissonSpikes([[1, 0, 1, 0, 1, 0, 1, 0, 1]]).calls(spikes, np.array([[5, 6]], np.uint32))
    assert fired(backend, calls, spikes, range(3))[:, 0].tolist() == [[1, 0, 1, 0, 1, 0, 1, 0, 1]] * 3


@pytest.mark.parametrize("backend", BACKENDS)
def test_intervals_begin_again_after_the_last(backend):
    spikes = np.zeros((2, 3), np.uint8)
    rows = fired(backend, CyclicSpikes([[3, 1, 2], [], [4]]).calls(spikes), spikes, range(2**40 * 6, 2**40 * 6 + 12))
    assert np.array_equal(rows[:, 0], rows[:, 1])
    assert np.flatnonzero(rows[:, 0, 0]).tolist() == [2, 3, 5, 8, 9, 11]
    assert not rows[:, 0, 1].any()
    assert np.flatnonzero(rows[:, 0, 2]).tolist() == [3, 7, 11]   # 6 * 2^40 is a multiple of 4 too
    shared = fired(backend, CyclicSpikes([[3, 1, 2]]).calls(spikes), spikes, range(12))
    assert (shared == rows[:, :, :1]).all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_listed_spikes_come_when_and_where_the_list_says(backend):
    spikes = np.zeros((2, 6), np.uint8)
    source = ScheduledSpikes.at_times([0.3, 0.1, 0.3, 0.3, 5.0], [5, 2, 0, 5, 1], n_site=6, dt=0.1)
    calls = source.calls(spikes)
    rows = fired(backend, calls, spikes, [0, 1, 2, 3, 4, 50, 51])
    assert np.array_equal(rows[:, 0], rows[:, 1])
    assert [(row, site) for row, site in np.argwhere(rows[:, 0])] == [(1, 2), (3, 0), (3, 5), (5, 1)]
    if backend == "numba":
        assert np.array_equal(rows, fired(backend, calls, spikes, [0, 1, 2, 3, 4, 50, 51], n_worker=3))


@pytest.mark.parametrize(("make", "words"), [
    (lambda: PoissonSpikes(1.5), ["source.probability", "1.5", "0 to 1"]),
    (lambda: PoissonSpikes(float("nan")), ["source.probability", "nan"]),
    (lambda: PoissonSpikes.of_rate(20_000.0, 0.1), ["20000 Hz", "10000 Hz at most"]),
    (lambda: RegularSpikes(-5), ["source.period", "-5", "0 for silence"]),
    (lambda: RegularSpikes(2.5), ["source.period", "2.5", "whole"]),
    (lambda: RegularSpikes.of_period(0.01, 0.1), ["0.01 ms", "0.1 ms"]),
    (lambda: CyclicSpikes([[2, 0]]), ["source.intervals", "0 steps", "at least 1"]),
    (lambda: CyclicSpikes([[2], [3]]).calls(np.zeros((1, 3), np.uint8)), ["source.intervals", "2 lists", "3 sites"]),
    (lambda: ScheduledSpikes([1], [6], 6), ["source.sites[0]", "6", "0 to 5"]),
    (lambda: ScheduledSpikes([1, -2], [1, 1], 6), ["source.steps[1]", "-2"]),
    (lambda: ScheduledSpikes([1], [1, 2], 6), ["1 steps", "2 sites"]),
])
def test_a_source_that_cannot_be_is_refused(make, words):
    with pytest.raises(ModelError) as refused:
        make()
    assert all(word in str(refused.value) for word in words), refused.value
