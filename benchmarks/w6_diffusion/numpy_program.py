"""W6 in NumPy slices: the reference for the check value, and the way most people would write it."""

import numpy as np

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w6_diffusion import DECAY, STEPS, checks, diffusion_number, initial_grid


def advance(c, new):
    """One step from c into new; both padded by one cell of zeros on every side."""
    axes, inner = range(c.ndim), (slice(1, -1),) * c.ndim
    alpha = diffusion_number(c.shape)
    new[inner] = (1 - DECAY - 2 * c.ndim * alpha) * c[inner]
    for axis in axes:
        for side in (slice(0, -2), slice(2, None)):
            new[inner] += alpha * c[tuple(side if each == axis else slice(1, -1) for each in axes)]


def run(c, steps):
    """All steps; returns the padded array that holds the result."""
    new = np.zeros_like(c)
    for _ in range(steps):
        advance(c, new)
        c, new = new, c
    return c


def build(options):
    """Repeat on a grid of `options.size`."""
    shape, dtype = shape_of(options.size), np.dtype(options.precision)

    def repeat():
        seconds, c = timed(run, np.pad(initial_grid(shape, dtype), 1), options.steps)
        return Repetition(seconds, lambda: checks(c[(slice(1, -1),) * len(shape)], options.steps))

    return np.__version__, repeat


if __name__ == "__main__":
    measure("W6", "numpy", build, STEPS)
