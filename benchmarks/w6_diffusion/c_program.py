"""W6 as a hand-written C loop, one pass over memory per step."""

import ctypes
from pathlib import Path

import numpy as np

from benchmarks.c_compiler import compile_c, compiler_version, pointer
from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w6_diffusion import DECAY, STEPS, checks, diffusion_number, initial_grid


def build(options):
    """Compile the loop and repeat it on a grid of `options.size`."""
    run = compile_c(Path(__file__).with_name("diffusion.c"), options.precision).run
    run.restype = None
    shape, dtype = shape_of(options.size), np.dtype(options.precision)
    extents = (1,) * (3 - len(shape)) + shape
    sizes = (*map(ctypes.c_longlong, (*extents, options.steps)), ctypes.c_int(options.threads))
    alpha = diffusion_number(shape)
    factors = ctypes.c_double(1 - DECAY - 2 * len(shape) * alpha), ctypes.c_double(alpha)

    def repeat():
        c = np.pad(initial_grid(shape, dtype), 1)
        grids = (c, c.copy())
        seconds, _ = timed(run, *sizes, *map(pointer, grids), *factors)
        inside = grids[options.steps % 2][(slice(1, -1),) * len(shape)]
        return Repetition(seconds, lambda: checks(inside, options.steps))

    return compiler_version(), repeat


if __name__ == "__main__":
    measure("W6", "C loop", build, STEPS)
