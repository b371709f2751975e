"""How many threads a run uses: what was fastest of late, tried on few steps."""
import pytest

from gpusyn.backends.crews import Pace


def planned(pace, n_step, seconds_per_step):
    """What a run of `n_step` does on a machine where a step with so many threads takes so long."""
    parts = []
    for size, part in pace.plan(n_step):
        parts.append((size, part))
        pace.took(size, part, part * seconds_per_step[size])
    assert sum(part for _, part in parts) == n_step
    return parts


@pytest.mark.parametrize(("seconds", "best"), [({1: 4e-4, 2: 2e-4}, 2), ({1: 1e-4, 2: 3e-4}, 1)])
def test_a_long_run_tries_all_numbers_of_threads_for_five_milliseconds(seconds, best):
    *trials, (size, _) = planned(Pace([1, 2]), 100_000, seconds)
    assert size == best
    for tried in (1, 2):
        assert 5e-3 <= sum(part for s, part in trials if s == tried) * seconds[tried] < 6e-3


def test_a_short_run_spends_a_tenth_of_its_steps_on_each_and_a_shorter_one_none():
    pace = Pace([1, 4])
    *trials, (size, _) = planned(pace, 200, {1: 1e-4, 4: 3e-5})
    assert [sum(part for s, part in trials if s == tried) for tried in (1, 4)] == [20, 20]
    assert size == 4
    assert planned(Pace([1, 4]), 79, {1: 1e-3, 4: 3e-4}) == [(4, 79)]


def test_what_is_known_is_used_at_once_and_doubted_now_and_then():
    pace, seconds = Pace([1, 2]), {1: 4e-4, 2: 2e-4}
    planned(pace, 1000, seconds)
    runs = [planned(pace, 1000, seconds) for _ in range(15)]
    assert [len(run) for run in runs[:14]] == [1] * 14
    assert runs[14][0][0] == 1
    for _ in range(40):  # the machine changes: another program needs the other core
        parts = planned(pace, 1000, {1: 4e-4, 2: 9e-4})
    assert parts[-1][0] == 1
    assert planned(Pace([1]), 1000, {1: 1.0}) == [(1, 1000)]


def test_one_disturbed_trial_does_no_harm():
    """Another program is busy during one of two trials of two threads, whichever."""
    for disturbed in (1, 2):
        pace, trials, times = Pace([1, 2]), 0, {1: 4e-4, 2: 2e-4}
        last = None
        for size, part in pace.plan(100_000):
            trials += size == 2 and last != 2
            slow = 5 if size == 2 and trials == disturbed else 1
            pace.took(size, part, part * times[size] * slow)
            last = size
        assert last == 2
