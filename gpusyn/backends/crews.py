"""How many threads a run uses: what is worth trying, and what was fastest of late."""
from __future__ import annotations

import math
import os

import numpy as np

from gpusyn.backends.paired import front_of
from gpusyn.backends.plan import Call

VALUES_PER_THREAD = 16000  # that a step reads or writes; below this a second thread costs more than it brings
RUNS_BETWEEN_TRIALS = 16
TRIALS = 2            # of each number of threads, in turn: another program may have been busy during one
STEPS_PER_TRIAL = 20  # a trial takes at most one step of so many,
LEAST_STEPS = 4       # and at least so many,
TRIAL_SECONDS = 2.5e-3  # until it lasts so long;
LEAST_SECONDS = 1e-3    # less tells nothing: to wake a thread costs a tenth of a millisecond


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def crews_for(calls: list[Call]) -> list[int]:
    """Numbers of threads worth trying: one, and as many as there is work for.

    Rings, (row, point, site), are many rows of which a step writes one, and do not count as work.
    """
    args = [front_of(arg) for call in calls for arg in call.args]
    arrays = {id(arg): arg.size for arg in args if isinstance(arg, np.ndarray) and arg.ndim <= 2}
    most = min(usable_cores(), sum(arrays.values()) // VALUES_PER_THREAD)
    return [1, most] if most > 1 else [1]


class Pace:
    """How many threads to use: as many as were fastest of late, and now and then a few steps with others to see.

    A crew waits for its slowest thread in every step. Beside another busy program one thread is often the fastest.
    """

    def __init__(self, sizes):
        self.sizes = list(sizes)
        self.seconds: dict[int, float] = {}  # per step
        self.tried: dict[int, float] | None = None  # the least of the trials that are going on
        self.runs, self.lasted = 0, 0.0             # seconds, the last steps

    def plan(self, n_step):
        """Yield numbers of threads with the steps that each is to run; what they took is learnt between."""
        self.runs += 1
        most = n_step // STEPS_PER_TRIAL
        if most >= LEAST_STEPS:
            self.tried = tried = {}
            for size in self.doubtful() * TRIALS:
                n_step -= yield from self.trial(size, most)
            for size, least in tried.items():
                self.learn(size, least)
        self.tried = None
        yield self.best(), n_step

    def trial(self, size, most):
        """Yield a number of threads with a few steps, then with as many as are missing; how many they were."""
        taken, seconds, part = 0, 0.0, LEAST_STEPS
        while part > 0 and seconds < TRIAL_SECONDS:
            yield size, part
            taken, seconds = taken + part, seconds + self.lasted
            missing = (TRIAL_SECONDS - seconds) * taken / max(seconds, 1e-9)
            part = min(int(missing) + 1, most - taken)
        return taken

    def doubtful(self) -> list[int]:
        """Numbers of threads worth a trial now."""
        if len(self.sizes) == 1:
            return []
        unknown = [size for size in self.sizes if size not in self.seconds]
        due = self.runs % RUNS_BETWEEN_TRIALS == 0
        return unknown or [size for size in self.sizes if due and size != self.best()]

    def best(self) -> int:
        """The fastest number of threads; the largest, while not all are known."""
        known = len(self.seconds) == len(self.sizes)
        return min(self.seconds, key=self.seconds.__getitem__) if known else self.sizes[-1]

    def took(self, size, n_step, seconds):
        """Note what the steps took. A short time tells too little."""
        self.lasted = seconds
        if seconds < LEAST_SECONDS:
            return
        now = seconds / n_step
        if self.tried is None:
            self.learn(size, now)
        else:
            self.tried[size] = min(now, self.tried.get(size, math.inf))

    def learn(self, size, now):
        """Learn what a step takes; old experience fades."""
        self.seconds[size] = 0.5 * (self.seconds.get(size, now) + now)
