"""W2 in NumPy, as the model's own docstring gives it: the reference for the check values, not a competitor."""

import numpy as np

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w2_lattice import STEPS, advance, checks, drive_and_start, initial_state, signs


def build(options):
    """Repeat the NumPy reference on a lattice of `options.size`."""
    shape, dtype = shape_of(options.size), np.dtype(options.precision)
    drive, sign = drive_and_start(shape)[0].astype(dtype), signs(shape).astype(dtype)

    def run(state):
        return sum(int(advance(state, drive, sign).sum()) for _ in range(options.steps))

    def repeat():
        state = initial_state(shape, dtype)
        seconds, n_spike = timed(run, state)
        return Repetition(seconds, lambda: checks(n_spike, state["v"], options.steps))

    return np.__version__, repeat


if __name__ == "__main__":
    measure("W2", "numpy", build, STEPS)
