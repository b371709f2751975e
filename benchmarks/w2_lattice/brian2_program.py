"""W2 in Brian2, `cpp_standalone` with OpenMP: synapses from lists, one weight each, delay one step.

The step of the neurons is handed over as a state updater, see W1. A synapse without a declared delay acts at the end of
the step in which its source spikes, so that the target feels it in the next: the workload's delay.
"""

import math

import brian2
import numpy as np

from benchmarks.brian2_standalone import choose_standalone, compile_program, run_program
from benchmarks.measurement import Repetition, measure, shape_of
from benchmarks.w2_lattice import DT, NEURON, STEPS, TAU, checks, drive_and_start
from benchmarks.w2_lattice.connections import connection_lists

# Brian2 asks for differential equations before it calls a state updater; ours needs only the names.
VARIABLES = """
dv/dt = 0 / ms : 1
du/dt = 0 / ms : 1
di_syn/dt = 0 / ms : 1
drive : 1 (constant)
n_spike : 1
"""
STEP = """
i_syn = i_syn * kept
new_v = v + step * (0.04 * v * v + 5 * v + 140 - u + drive + i_syn)
u = u + step * a_u * (b_u * v - u)
v = new_v
"""
RESET = "v = v_reset; u += u_jump; n_spike += 1"


def step_code(*_equations_variables_options):
    """The abstract code of one step of the neurons."""
    return STEP


def build(options):
    """Compile the program for a lattice of `options.size`."""
    folder = choose_standalone(options)
    shape = shape_of(options.size)
    neurons = brian2.NeuronGroup(math.prod(shape), VARIABLES, threshold="v >= v_th", reset=RESET, method=step_code)
    drive, start = drive_and_start(shape)
    neurons.drive, neurons.v, neurons.u = drive.ravel(), start.ravel(), -13.0
    source, target, weight = connection_lists(shape)
    synapses = brian2.Synapses(neurons, neurons, "w : 1 (constant)", on_pre="i_syn_post += w")
    synapses.connect(i=source, j=target)
    synapses.w = weight
    constants = {"step": DT, "kept": math.exp(-DT / TAU), **NEURON}
    compile_program(brian2.Network(neurons, synapses), options, constants, folder)

    def repeat():
        seconds, memory = run_program(folder)
        return Repetition(seconds, lambda: checks(np.sum(neurons.n_spike[:]), neurons.v[:], options.steps), memory)

    return brian2.__version__, repeat


if __name__ == "__main__":
    measure("W2", "Brian2", build, STEPS)
