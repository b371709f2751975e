"""W1 in Brian2, `cpp_standalone` with OpenMP.

Brian2's own integrators do not step the gates exactly while the neuron takes forward Euler, so the step is handed over
as a state updater: Brian2 fuses it into one loop over the neurons, the fastest form that it has.
"""

import brian2
import numpy as np

from benchmarks.brian2_standalone import choose_standalone, compile_program, run_program
from benchmarks.measurement import Repetition, measure
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

# Brian2 asks for differential equations before it calls a state updater; ours needs only the names.
VARIABLES = "\n".join(f"d{name}/dt = 0 / ms : 1" for name in STATES) + "\ncurrent : 1 (constant)\nn_spike : 1"
GATE = """
rate_{gate} = alpha_{kind} * {transmitter} + beta_{kind}
settled_{gate} = alpha_{kind} * {transmitter} / rate_{gate}
{gate} = settled_{gate} + ({gate} - settled_{gate}) * exp(-step * rate_{gate})
"""
NEURON_STEP = """
unblocked = 1 / (1 + exp(-mg_slope * v) * mg_factor)
received = g_ampa * a * (v - e_ampa) + g_nmda * m * unblocked * (v - e_nmda) + g_gaba * g * (v - e_gaba)
new_v = v + step * (0.04 * v * v + 5 * v + 140 - u + current - received)
u = u + step * a_u * (b_u * v - u)
v = new_v
glutamate = glutamate * glutamate_kept
gaba = gaba * gaba_kept
"""
RESET = "v = v_reset; u += u_jump; glutamate += glutamate_amount; gaba += gaba_amount; n_spike += 1"


def step_code(*_equations_variables_options):
    """The abstract code of one step, in the order of the workload's definition."""
    gates = (("a", "glutamate", "ampa"), ("m", "glutamate", "nmda"), ("g", "gaba", "gaba"))
    return "".join(GATE.format(gate=g, transmitter=t, kind=k) for g, t, k in gates) + NEURON_STEP


def constants():
    """Every number that the code names."""
    names = {"step": DT, "mg_slope": MG_SLOPE, "mg_factor": MG / MG_HALF, **NEURON}
    for kind, values in RECEPTORS.items():
        names |= {f"{symbol}_{kind}": value for symbol, value in zip(("alpha", "beta", "g", "e"), values, strict=True)}
    for name, (amount, tau) in TRANSMITTERS.items():
        names |= {f"{name}_amount": amount, f"{name}_kept": float(np.exp(-DT / tau))}
    return names


def build(options):
    """Compile the program for `options.size` neurons."""
    folder = choose_standalone(options)
    n = int(options.size)
    neurons = brian2.NeuronGroup(n, VARIABLES, threshold="v >= v_th", reset=RESET, method=step_code)
    neurons.v, neurons.u = initial_state(1)["v"][0], initial_state(1)["u"][0]
    neurons.current = drive(n)
    compile_program(brian2.Network(neurons), options, constants(), folder)

    def repeat():
        seconds, memory = run_program(folder)
        return Repetition(seconds, lambda: checks(np.sum(neurons.n_spike[:]), neurons.v[:], options.steps), memory)

    return brian2.__version__, repeat


if __name__ == "__main__":
    measure("W1", "Brian2", build, STEPS)
