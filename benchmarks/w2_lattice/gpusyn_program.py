"""W2 in gpusyn: a neighbourhood by offsets, its weights a function of the distance, one factor per source.

Variant: name of a backend, "numba" if none is given.
"""

import math

import numpy as np

import gpusyn as gs
from benchmarks.gpusyn_runs import installed_version, repeater
from benchmarks.measurement import Repetition, measure, shape_of
from benchmarks.w2_lattice import DT, PEAK, RADIUS, STEPS, TAU, WIDTH, checks, drive_and_start, signs
from gpusyn.currents import ConstantCurrent
from gpusyn.neurons import IzhikevichNeuron
from gpusyn.receptors import ExponentialCurrentSynapse
from gpusyn.wiring import Gaussian, Neighbourhood


def make_model(shape):
    """A lattice of neurons, each wired to the square of 24 around it."""
    drive, potential = (each.astype(np.float32).ravel() for each in drive_and_start(shape))
    model = gs.Model(lattice=gs.Lattice(shape), dt=DT)
    model.add_population(
        "neurons", IzhikevichNeuron(preset="RS", v_init=potential),
        synapse=ExponentialCurrentSynapse(tau=TAU), drive=ConstantCurrent(amplitude=drive),
    )
    corner = 1.001 * RADIUS * math.sqrt(2)  # the circle through the corners of the square holds no site beyond it
    wiring = Neighbourhood(model.lattice, radius=corner, weight=Gaussian(WIDTH, PEAK), edges="open",
                           from_sites=signs(shape))
    model.connect("neurons", "neurons.synapse.inward_current", wiring)
    return model


def build(options):
    """Compile, and repeat on a lattice of `options.size`."""
    run = repeater(make_model, (8, 8), shape_of(options.size), options)

    def repeat():
        seconds, simulation = run()
        n_spike = int(simulation.spike_counts("neurons").sum())
        return Repetition(seconds, lambda: checks(n_spike, simulation.state["neurons.v"], options.steps))

    return installed_version(), repeat


if __name__ == "__main__":
    measure("W2", "gpusyn", build, STEPS)
