"""W2 in NEST: Izhikevich neurons whose potential jumps at each arrival (the cheaper model of the folder's docstring).

NEST computes in float64 only. Repetitions set the potentials back instead of building the network anew; spikes of the
last step of the repetition before arrive in the first step of the next.
"""

import math

import nest
import numpy as np

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w2_lattice import DT, NEURON, STEPS, TAU, checks, drive_and_start
from benchmarks.w2_lattice.connections import connection_lists


def build_network(shape):
    """Neurons of a lattice, wired."""
    drive, start = drive_and_start(shape)
    neurons = nest.Create("izhikevich", math.prod(shape), {"consistent_integration": True, "I_e": drive.ravel()})
    source, target, weight = connection_lists(shape)
    first = neurons[0].global_id
    nest.Connect(source.astype(np.int64) + first, target.astype(np.int64) + first, "one_to_one",
                 {"weight": weight * TAU / NEURON["c_m"], "delay": np.full(len(weight), DT)})
    return neurons, start


def build(options):
    """Build a lattice of `options.size`; compute in float64 whatever was asked."""
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.SetKernelStatus({"resolution": DT, "local_num_threads": options.threads})
    neurons, start = build_network(shape_of(options.size))
    options.precision = "float64"
    nest.Simulate(DT)  # calibrates and sorts the connections

    def repeat():
        neurons.set(V_m=start.ravel(), U_m=-13.0)
        seconds, _ = timed(nest.Simulate, options.steps * DT)
        n_spike = nest.GetKernelStatus("local_spike_counter")  # of the last call of Simulate
        return Repetition(seconds, lambda: checks(n_spike, np.array(neurons.get("V_m")), options.steps))

    return nest.__version__, repeat


if __name__ == "__main__":
    measure("W2", "NEST", build, STEPS)
