"""W2 as a hand-written C loop: vectorised neurons, arrivals by event, weights by offset."""

import ctypes
from pathlib import Path

import numpy as np

from benchmarks.c_compiler import compile_c, compiler_version, pointer
from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w2_lattice import RADIUS, STEPS, checks, drive_and_start, initial_state, offsets, signs, weight


def weight_table(dtype):
    """Weights by offset, (5, 5), zero in the middle."""
    table = np.zeros((2 * RADIUS + 1, 2 * RADIUS + 1), dtype)
    for dy, dx in offsets():
        table[dy + RADIUS, dx + RADIUS] = weight(dy, dx)
    return table


def build(options):
    """Compile the loop and repeat it on a lattice of `options.size`."""
    run = compile_c(Path(__file__).with_name("lattice.c"), options.precision).run
    run.restype = ctypes.c_longlong
    shape, dtype = shape_of(options.size), np.dtype(options.precision)
    fixed = drive_and_start(shape)[0].astype(dtype), signs(shape).astype(dtype), weight_table(dtype)
    sizes = (*map(ctypes.c_longlong, (*shape, options.steps)), ctypes.c_int(options.threads))

    def repeat():
        state, spiked = initial_state(shape, dtype), np.zeros((2, *shape), np.uint8)
        seconds, n_spike = timed(run, *sizes, *map(pointer, (*state.values(), *fixed, spiked)))
        return Repetition(seconds, lambda: checks(n_spike, state["v"], options.steps))

    return compiler_version(), repeat


if __name__ == "__main__":
    measure("W2", "C loop", build, STEPS)
