"""W3 in Brian2, `cpp_standalone` with OpenMP: event-driven equations, as its manual has short-term plasticity."""

import brian2

from benchmarks.brian2_standalone import choose_standalone, compile_program, run_program
from benchmarks.measurement import Repetition, measure, shape_of
from benchmarks.w3_short_term import RATE, STEPS, TAU_FACIL, TAU_REC, U, checks, connection_lists

SYNAPSE = """
w : 1
dx/dt = (1 - x) / tau_rec : 1 (event-driven)
du/dt = (U - u) / tau_facil : 1 (event-driven)
"""
ON_PRE = "received_post += w * u * x; x -= u * x; u += U * (1 - u)"


def build(options):
    """Compile the program for a network of `options.size`."""
    folder = choose_standalone(options)
    size = shape_of(options.size)
    sources = brian2.PoissonGroup(size[0], RATE * brian2.Hz)
    cells = brian2.NeuronGroup(size[0], "received : 1")
    synapses = brian2.Synapses(sources, cells, SYNAPSE, on_pre=ON_PRE)
    source, target = connection_lists(size)
    synapses.connect(i=source, j=target)
    synapses.w, synapses.x, synapses.u = 1.0, 1.0, U
    constants = {"U": U, "tau_rec": TAU_REC * brian2.ms, "tau_facil": TAU_FACIL * brian2.ms}
    compile_program(brian2.Network(sources, cells, synapses), options, constants, folder)

    def repeat():
        seconds, memory = run_program(folder)
        return Repetition(seconds, lambda: checks(cells.received[:], size, options.steps), memory)

    return brian2.__version__, repeat


if __name__ == "__main__":
    measure("W3", "Brian2", build, STEPS)
