"""W6 in JAX: one jitted `fori_loop` over a padded grid, slices fused by XLA."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w6_diffusion import DECAY, STEPS, checks, diffusion_number, initial_grid


def advance(c):
    """One step of a grid with zeros beyond its edges."""
    alpha, padded, axes = diffusion_number(c.shape), jnp.pad(c, 1), range(c.ndim)
    neighbours = sum(padded[tuple(side if each == axis else slice(1, -1) for each in axes)]
                     for axis in axes for side in (slice(0, -2), slice(2, None)))
    return (1 - DECAY - 2 * c.ndim * alpha) * c + alpha * neighbours


@partial(jax.jit, static_argnums=1)
def run(c, steps):
    """All steps."""
    return jax.lax.fori_loop(0, steps, lambda _, each: advance(each), c)


def build(options):
    """Compile for a grid of `options.size` and repeat."""
    shape, dtype = shape_of(options.size), np.dtype(options.precision)
    jax.config.update("jax_enable_x64", dtype == np.float64)
    initial = jnp.asarray(initial_grid(shape, dtype))
    compiled = run.lower(initial, options.steps).compile()

    def repeat():
        seconds, c = timed(lambda: jax.block_until_ready(compiled(initial)))
        return Repetition(seconds, lambda: checks(np.asarray(c), options.steps))

    return jax.__version__, repeat


if __name__ == "__main__":
    measure("W6", "JAX", build, STEPS)
