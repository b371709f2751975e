"""W1 as a hand-written, vectorised C loop: what the same arithmetic costs when a person tunes it.

Variants: none (gates by expm1, as gpusyn steps them) or "exp" (gates by exp, which is cheaper and less exact in
float32).
"""

import ctypes
from pathlib import Path

import numpy as np

from benchmarks.c_compiler import compile_c, compiler_version, pointer
from benchmarks.measurement import Repetition, measure, timed
from benchmarks.w1_point_neurons import STATES, STEPS, checks, drive, initial_state


def build(options):
    """Compile the loop and repeat it on `options.size` neurons."""
    library = compile_c(Path(__file__).with_name("point_neurons.c"), options.precision,
                        ["GATES_BY_EXP"] if options.variant == "exp" else [])
    run = library.run
    run.restype = ctypes.c_longlong
    n, dtype = int(options.size), np.dtype(options.precision)
    current = drive(n, dtype)

    def repeat():
        state, spiked = initial_state(n, dtype), np.zeros(n, np.uint8)
        arrays = [pointer(state[name]) for name in STATES] + [pointer(current), pointer(spiked)]
        sizes = (ctypes.c_longlong(n), ctypes.c_longlong(options.steps), ctypes.c_int(options.threads))
        seconds, n_spike = timed(run, *sizes, *arrays)
        return Repetition(seconds, lambda: checks(n_spike, state["v"], options.steps))

    return compiler_version(), repeat


if __name__ == "__main__":
    measure("W1", "C loop", build, STEPS)
