"""W6: explicit diffusion with first-order decay on a regular grid, two or three dimensions.

    c <- c + DT (D lap c - k c)

`lap` is the nearest-neighbour Laplacian (5 or 7 points). Outside the grid c is zero: the cells beyond the edge absorb
what reaches them. Per step and cell, DT D / h^2 is 0.2 in two dimensions and 0.1 in three, DT k is 0.001.

The grid starts as 1 + product over the axes of cos(2 pi j / 32): never negative, and away from the edges the sum of two
modes of the discrete operator, each of which a step multiplies by a known factor. The check value is the largest error
of the last step, relative to the exact maximum, over the cells that the edges cannot have reached. Float32 errs by some
1e-6, float64 by some 1e-15.
"""

import math

import numpy as np

STEPS = {"4096x4096": 40, "256x256x256": 40}
DECAY = 0.001
WAVE_LENGTH = 32  # cells


def diffusion_number(shape):
    """DT D / h^2 of a grid."""
    return 0.2 if len(shape) == 2 else 0.1


def wave(shape, dtype=np.float64):
    """The mode that varies, of the given shape, between -1 and 1."""
    mode = np.ones(shape, dtype)
    for axis, n in enumerate(shape):
        values = np.cos(2 * np.pi * np.arange(n) / WAVE_LENGTH).astype(dtype)
        mode *= values.reshape([n if each == axis else 1 for each in range(len(shape))])
    return mode


def initial_grid(shape, dtype=np.float64):
    """What the grid starts with, of the given shape."""
    grid = wave(shape, dtype)
    grid += 1
    return grid


def factors_per_step(shape):
    """What one step multiplies the constant mode and the wave by."""
    damping = 4 * len(shape) * math.sin(math.pi / WAVE_LENGTH) ** 2
    return 1 - DECAY, 1 - DECAY - diffusion_number(shape) * damping


def checks(c, steps):
    """Largest relative error among cells further than `steps` from the edges; what is left of the wave."""
    constant, varying = (factor**steps for factor in factors_per_step(c.shape))
    inner = slice(steps + 1, -steps - 1)
    planes = zip(c[inner], wave(c.shape, c.dtype)[inner], strict=True)  # plane by plane, as float64 takes memory
    error = max(_error(plane[(inner,) * (c.ndim - 1)], mode[(inner,) * (c.ndim - 1)], constant, varying)
                for plane, mode in planes)
    return {"relative_error": float(f"{error / (constant + varying):.2g}"), "kept": round(varying, 6)}


def _error(plane, mode, constant, varying):
    return float(np.max(np.abs(plane.astype(np.float64) - constant - varying * mode)))
