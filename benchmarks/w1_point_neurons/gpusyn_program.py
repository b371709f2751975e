"""W1 in gpusyn: built-in neuron, receptors and cleft transmitters, fused by gpusyn into one function.

Variant: name of a backend, "numba" if none is given.
"""

import numpy as np

import gpusyn as gs
from benchmarks.gpusyn_runs import installed_version, repeater
from benchmarks.measurement import Repetition, measure
from benchmarks.w1_point_neurons import DT, RECEPTORS, STEPS, TRANSMITTERS, checks, drive
from gpusyn.currents import ConstantCurrent
from gpusyn.neurons import IzhikevichNeuron
from gpusyn.receptors import AMPAReceptor, GABA_A_Receptor, NMDA_Receptor
from gpusyn.transmitters import CleftTransmitter


def receptor(mechanism, kind, transmitter):
    """A receptor with the workload's parameters; gpusyn counts in uM what the workload counts in mM."""
    alpha, beta, conductance, reversal = RECEPTORS[kind]
    sees = {transmitter: f"{transmitter}.concentration"}
    return mechanism(preset="Destexhe1998", binding_rate=alpha / 1000, unbinding_rate=beta, conductance=conductance,
                     reversal_potential=reversal, **sees)


def make_model(shape):
    """Neurons on a row, each with its own receptors and transmitters."""
    model = gs.Model(lattice=shape, dt=DT)
    clefts = {name: CleftTransmitter(t_max=1000 * amount, clearance=1 / tau)
              for name, (amount, tau) in TRANSMITTERS.items()}
    model.add_population(
        "neurons", IzhikevichNeuron(preset="RS"), **clefts,
        ampa=receptor(AMPAReceptor, "ampa", "glutamate"), nmda=receptor(NMDA_Receptor, "nmda", "glutamate"),
        gaba_a=receptor(GABA_A_Receptor, "gaba", "gaba"), drive=ConstantCurrent(amplitude=drive(shape[1], np.float32)),
    )
    return model


def build(options):
    """Compile, and repeat on `options.size` neurons."""
    run = repeater(make_model, (1, 64), (1, int(options.size)), options)

    def repeat():
        seconds, simulation = run()
        n_spike = int(simulation.spike_counts("neurons").sum())
        return Repetition(seconds, lambda: checks(n_spike, simulation.state["neurons.v"], options.steps))

    return installed_version(), repeat


if __name__ == "__main__":
    measure("W1", "gpusyn", build, STEPS)
