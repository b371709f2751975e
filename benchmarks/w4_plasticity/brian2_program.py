"""W4 in Brian2, `cpp_standalone` with OpenMP: traces per synapse, decaying from event to event, as its manual has it.

The step of the neurons is handed over as a state updater, see W1 and W2.
"""

import brian2
import numpy as np

from benchmarks.brian2_standalone import choose_standalone, compile_program, run_program
from benchmarks.measurement import Repetition, measure, shape_of
from benchmarks.w2_lattice import DT, NEURON
from benchmarks.w4_plasticity import A_MINUS, A_PLUS, DELAY, STEPS, TAU, W_MAX, checks, connection_lists, drives

# Brian2 asks for differential equations before it calls a state updater; ours needs only the names.
VARIABLES = """
dv/dt = 0 / ms : 1
du/dt = 0 / ms : 1
drive : 1 (constant)
n_spike : 1
"""
STEP = """
new_v = v + step * (0.04 * v * v + 5 * v + 140 - u + drive)
u = u + step * a_u * (b_u * v - u)
v = new_v
"""
RESET = "v = v_reset; u += u_jump; n_spike += 1"
SYNAPSE = """
w : 1
dx/dt = -x / tau : 1 (event-driven)
dy/dt = -y / tau : 1 (event-driven)
"""
ON_PRE = "v_post += w; x += 1; w = clip(w - a_minus * y, 0, w_max)"
ON_POST = "y += 1; w = clip(w + a_plus * x, 0, w_max)"


def step_code(*_equations_variables_options):
    """The abstract code of one step of the neurons."""
    return STEP


def build(options):
    """Compile the program for a network of `options.size`."""
    folder = choose_standalone(options)
    size = shape_of(options.size)
    neurons = brian2.NeuronGroup(size[0], VARIABLES, threshold="v >= v_th", reset=RESET, method=step_code)
    drive, start = drives(size[0])
    neurons.drive, neurons.v, neurons.u = drive, start, -13.0
    synapses = brian2.Synapses(neurons, neurons, SYNAPSE, on_pre=ON_PRE, on_post=ON_POST, delay=DELAY * brian2.ms)
    source, target, weight = connection_lists(size)
    synapses.connect(i=source, j=target)
    synapses.w = weight
    constants = {"step": DT, "tau": TAU * brian2.ms, "a_plus": A_PLUS, "a_minus": A_MINUS, "w_max": W_MAX, **NEURON}
    compile_program(brian2.Network(neurons, synapses), options, constants, folder)

    def repeat():
        seconds, memory = run_program(folder)
        return Repetition(
            seconds, lambda: checks(np.sum(neurons.n_spike[:]), synapses.w[:], size[0], options.steps), memory)

    return brian2.__version__, repeat


if __name__ == "__main__":
    measure("W4", "Brian2", build, STEPS)
