"""W6: explicit diffusion with first-order decay on a regular grid, two or three dimensions.

    c <- c + DT (D lap c - k c)

`lap` is the nearest-neighbour Laplacian (5 or 7 points). Outside the grid c is zero: the cells beyond the edge absorb
what reaches them. Per step and cell, DT D / h^2 is 0.2 in two dimensions and 0.1 in three, DT k is 0.001.

The grid starts as one eigenmode of the discrete operator, product over the axes of sin(pi m (j + 1) / (n + 1)) with
m = n // 8 along the first axis and n // 16 along the others, so that each step multiplies every cell by the same
known factor; the check value is the largest error of the last step relative to the exact maximum. Float32 reaches some
1e-6, float64 some 1e-14.
"""

import math

import numpy as np

STEPS = {"4096x4096": 40, "256x256x256": 40}
DECAY = 0.001


def diffusion_number(shape):
    """DT D / h^2 of a grid."""
    return 0.2 if len(shape) == 2 else 0.1


def wave_numbers(shape):
    """Half-waves of the first mode along each axis."""
    return [shape[0] // 8, *(n // 16 for n in shape[1:])]


def initial_mode(shape, dtype=np.float64):
    """The eigenmode that the grid starts with, of the given shape."""
    mode = np.ones(shape, dtype)
    for axis, (n, m) in enumerate(zip(shape, wave_numbers(shape), strict=True)):
        wave = np.sin(np.pi * m * np.arange(1, n + 1) / (n + 1)).astype(dtype)
        mode *= wave.reshape([n if each == axis else 1 for each in range(len(shape))])
    return mode


def factor_per_step(shape):
    """What one step multiplies the mode by."""
    waves = zip(shape, wave_numbers(shape), strict=True)
    damping = sum(4 * math.sin(math.pi * m / (2 * (n + 1))) ** 2 for n, m in waves)
    return 1 - DECAY - diffusion_number(shape) * damping


def checks(c, steps):
    """Largest error relative to the largest exact value, and that value's own share of the start."""
    kept = factor_per_step(c.shape) ** steps
    planes = zip(c, initial_mode(c.shape), strict=True)  # one at a time: a float64 copy of the grid would be large
    error = max(float(np.max(np.abs(plane - kept * exact))) for plane, exact in planes)
    return {"relative_error": float(f"{error / kept:.2g}"), "kept": round(kept, 6)}
