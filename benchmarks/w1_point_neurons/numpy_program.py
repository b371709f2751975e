"""W1 in NumPy, as the model's own docstring gives it: the reference for the check values, not a competitor."""

import numpy as np

from benchmarks.measurement import Repetition, measure, timed
from benchmarks.w1_point_neurons import STEPS, advance, checks, drive, initial_state


def build(options):
    """Repeat the NumPy reference on `options.size` neurons."""
    n, dtype = int(options.size), np.dtype(options.precision)

    def run(state, current):
        return sum(int(advance(state, current).sum()) for _ in range(options.steps))

    def repeat():
        state = initial_state(n, dtype)
        seconds, n_spike = timed(run, state, drive(n, dtype))
        return Repetition(seconds, lambda: checks(n_spike, state["v"], options.steps))

    return np.__version__, repeat


if __name__ == "__main__":
    measure("W1", "numpy", build, STEPS)
