"""W1 in JAX: one jitted `fori_loop` over the steps, fused by XLA."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.measurement import Repetition, measure, timed
from benchmarks.w1_point_neurons import (
    DT,
    MG,
    MG_HALF,
    MG_SLOPE,
    NEURON,
    RECEPTORS,
    STATES,
    STEPS,
    TRANSMITTERS,
    checks,
    drive,
    initial_state,
)


def stepped_gate(x, concentration, kind):
    """Two-state gate after one step, exact while the concentration is constant."""
    alpha, beta, _, _ = RECEPTORS[kind]
    rate = alpha * concentration + beta
    x_inf = alpha * concentration / rate
    return x_inf + (x - x_inf) * jnp.exp(-DT * rate)


def advance(state, current):
    """The states after one step, and which neurons spiked."""
    v, u, glutamate, gaba = state["v"], state["u"], state["glutamate"], state["gaba"]
    gates = {"ampa": stepped_gate(state["a"], glutamate, "ampa"), "nmda": stepped_gate(state["m"], glutamate, "nmda"),
             "gaba": stepped_gate(state["g"], gaba, "gaba")}
    unblocked = {"ampa": 1.0, "nmda": 1 / (1 + jnp.exp(-MG_SLOPE * v) * (MG / MG_HALF)), "gaba": 1.0}
    received = sum(g * gates[kind] * unblocked[kind] * (v - e) for kind, (_, _, g, e) in RECEPTORS.items())
    new_v = v + DT / NEURON["c_m"] * (0.04 * v * v + 5 * v + 140 - u + current - received)
    new_u = u + DT * NEURON["a_u"] * (NEURON["b_u"] * v - u)
    spiked = new_v >= NEURON["v_th"]
    concentrations = {name: state[name] * float(np.exp(-DT / tau)) + jnp.where(spiked, amount, 0)
                      for name, (amount, tau) in TRANSMITTERS.items()}
    return {"v": jnp.where(spiked, NEURON["v_reset"], new_v), "u": jnp.where(spiked, new_u + NEURON["u_jump"], new_u),
            **concentrations, "a": gates["ampa"], "m": gates["nmda"], "g": gates["gaba"]}, spiked


@partial(jax.jit, static_argnums=2)
def run(state, current, steps):
    """All steps; returns the last state and the number of spikes."""
    def one(_, carried):
        state, n_spike = carried
        state, spiked = advance(state, current)
        return state, n_spike + spiked.sum(dtype=jnp.int32)

    return jax.lax.fori_loop(0, steps, one, (state, jnp.int32(0)))


def build(options):
    """Compile for `options.size` neurons and repeat."""
    n, dtype = int(options.size), np.dtype(options.precision)
    jax.config.update("jax_enable_x64", dtype == np.float64)
    initial = {name: jnp.asarray(initial_state(n, dtype)[name]) for name in STATES}
    current = jnp.asarray(drive(n, dtype))
    compiled = run.lower(initial, current, options.steps).compile()

    def repeat():
        seconds, (state, n_spike) = timed(lambda: jax.block_until_ready(compiled(initial, current)))
        return Repetition(seconds, lambda: checks(int(n_spike), np.asarray(state["v"]), options.steps))

    return jax.__version__, repeat


if __name__ == "__main__":
    measure("W1", "JAX", build, STEPS)
