"""W4 in gpusyn: lists of connections with `STDPRule`, whose traces are kept per neuron.

Variant: name of a backend, "numba" if none is given.
"""

import numpy as np

import gpusyn as gs
from benchmarks.gpusyn_runs import installed_version, repeater
from benchmarks.measurement import Repetition, measure, shape_of
from benchmarks.w2_lattice import DT
from benchmarks.w4_plasticity import A_MINUS, A_PLUS, DELAY, STEPS, TAU, W_MAX, checks, connection_lists, drives
from gpusyn.currents import ConstantCurrent
from gpusyn.neurons import IzhikevichNeuron
from gpusyn.plasticity import STDPRule
from gpusyn.wiring import SparseConnections


def make_model(size):
    """A network of size[0] neurons with size[1] plastic synapses each."""
    n_neuron, fan_out = size
    drive, start = (each.astype(np.float32) for each in drives(n_neuron))
    model = gs.Model(lattice=gs.Lattice((n_neuron, 1)), dt=DT)
    model.add_population("neurons", IzhikevichNeuron(preset="RS", v_init=start), drive=ConstantCurrent(amplitude=drive))
    _, target, weight = connection_lists(size)
    wiring = SparseConnections.of_rows(np.full(n_neuron, fan_out), target, weight, n_neuron)
    rule = STDPRule(a_plus=A_PLUS, a_minus=A_MINUS, tau_plus=TAU, tau_minus=TAU, weight_max=W_MAX)
    model.connect("neurons", "neurons.v", wiring, synapse=rule, delay=DELAY, name="synapses")
    return model


def build(options):
    """Compile, and repeat on a network of `options.size`."""
    size = shape_of(options.size)
    run = repeater(make_model, (50, 10), size, options)

    def repeat():
        seconds, simulation = run()
        n_spike = int(simulation.spike_counts("neurons").sum())
        return Repetition(seconds, lambda: checks(n_spike, simulation.state["synapses.weight"], size[0], options.steps))

    return installed_version(), repeat


if __name__ == "__main__":
    measure("W4", "gpusyn", build, STEPS)
