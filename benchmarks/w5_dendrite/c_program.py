"""W5 as a hand-written C loop: SBDF2 as in gpusyn, receptors of first order, and uniform cables only."""

import ctypes
from pathlib import Path

import numpy as np

from benchmarks.c_compiler import compile_c, compiler_version, pointer
from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w5_dendrite import DT, LENGTH, N_NODE, STEPS, checks, probes


def build(options):
    """Compile the loop and repeat it on cables of `options.size`."""
    run = compile_c(Path(__file__).with_name("wave.c"), options.precision).run
    run.restype = None
    size, dtype = shape_of(options.size), np.dtype(options.precision)
    nodes = probes(size[1])
    course, er = np.zeros((options.steps, len(nodes)), dtype), np.zeros(options.steps, dtype)
    sizes = (*map(ctypes.c_longlong, (*size, options.steps)), ctypes.c_int(options.threads))
    spacing = ctypes.c_double(LENGTH / (N_NODE - 1))

    def repeat():
        seconds, _ = timed(run, *sizes, spacing, ctypes.c_longlong(len(nodes)), *map(pointer, (nodes, course, er)))
        return Repetition(seconds, lambda: checks(np.arange(options.steps) * DT, course, er.min()))

    return compiler_version(), repeat


if __name__ == "__main__":
    measure("W5", "C loop", build, STEPS)
