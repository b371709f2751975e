"""W6 in Devito: OpenMP C code from the symbolic equation, with Devito's own choice of loop blocks (autotuned first).

Zero beyond the edge comes from the halo, which Devito allocates and nobody writes.
"""

import os

import numpy as np

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w6_diffusion import DECAY, STEPS, checks, diffusion_number, initial_grid


def build(options):
    """Compile for a grid of `options.size` and repeat. Variant "untuned" leaves the loop blocks at their default."""
    os.environ |= {"OMP_NUM_THREADS": str(options.threads), "DEVITO_LANGUAGE": "openmp", "DEVITO_LOGGING": "ERROR"}
    import devito  # reads the environment when imported

    shape, dtype = shape_of(options.size), np.dtype(options.precision)
    grid = devito.Grid(shape=shape, extent=tuple(float(n - 1) for n in shape), dtype=dtype.type)  # spacing 1
    c = devito.TimeFunction(name="c", grid=grid, space_order=2, time_order=1)
    step = devito.Eq(c.forward, c + diffusion_number(shape) * c.laplace - DECAY * c)
    operator = devito.Operator([step], subs=grid.spacing_map)
    if options.variant != "untuned":
        operator.apply(time_M=options.steps - 1, autotune="aggressive")

    def repeat():
        c.data[0] = initial_grid(shape, dtype)
        seconds, _ = timed(lambda: operator.apply(time_m=0, time_M=options.steps - 1))
        return Repetition(seconds, lambda: checks(np.asarray(c.data[options.steps % 2]), options.steps))

    repeat()
    return devito.__version__, repeat


if __name__ == "__main__":
    measure("W6", "Devito", build, STEPS)
