"""W2 in JAX: one jitted `fori_loop`, arrivals as 24 shifted reads that XLA fuses into the neuron's update."""

import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w2_lattice import (
    DT,
    NEURON,
    RADIUS,
    STEPS,
    TAU,
    checks,
    drive_and_start,
    initial_state,
    offsets,
    shifted,
    signs,
    weight,
)


def advance(state, drive, sign):
    """The states after one step, and which sites spiked."""
    v, u, i = state
    i = i * math.exp(-DT / TAU)
    new_v = v + DT / NEURON["c_m"] * (0.04 * v * v + 5 * v + 140 - u + drive + i)
    new_u = u + DT * NEURON["a_u"] * (NEURON["b_u"] * v - u)
    spiked = new_v >= NEURON["v_th"]
    sent = jnp.pad(jnp.where(spiked, sign, 0), RADIUS)
    arrived = sum(weight(dy, dx) * shifted(sent, dy, dx, v.shape) for dy, dx in offsets())
    new_v = jnp.where(spiked, NEURON["v_reset"], new_v)
    return (new_v, jnp.where(spiked, new_u + NEURON["u_jump"], new_u), i + arrived), spiked


@partial(jax.jit, static_argnums=3)
def run(state, drive, sign, steps):
    """All steps; returns the last state and the number of spikes."""
    def one(_, carried):
        state, n_spike = carried
        state, spiked = advance(state, drive, sign)
        return state, n_spike + spiked.sum(dtype=jnp.int32)

    return jax.lax.fori_loop(0, steps, one, (state, jnp.int32(0)))


def build(options):
    """Compile for a lattice of `options.size` and repeat."""
    shape, dtype = shape_of(options.size), np.dtype(options.precision)
    jax.config.update("jax_enable_x64", dtype == np.float64)
    initial = tuple(jnp.asarray(each) for each in initial_state(shape, dtype).values())
    drive, sign = jnp.asarray(drive_and_start(shape)[0].astype(dtype)), jnp.asarray(signs(shape).astype(dtype))
    compiled = run.lower(initial, drive, sign, options.steps).compile()

    def repeat():
        seconds, (state, n_spike) = timed(lambda: jax.block_until_ready(compiled(initial, drive, sign)))
        return Repetition(seconds, lambda: checks(int(n_spike), np.asarray(state[0]), options.steps))

    return jax.__version__, repeat


if __name__ == "__main__":
    measure("W2", "JAX", build, STEPS)
