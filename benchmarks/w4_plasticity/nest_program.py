"""W4 in NEST: `stdp_synapse_hom`, whose parameters all synapses share; it is faster and smaller than `stdp_synapse`.

NEST computes in float64 only. Each repetition builds its network anew, because NEST cannot set traces back.
"""

import nest

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w2_lattice import DT
from benchmarks.w4_plasticity import A_MINUS, A_PLUS, DELAY, STEPS, TAU, W_MAX, checks, drives

SYNAPSE = {
    "tau_plus": TAU, "lambda": A_PLUS / W_MAX, "alpha": A_MINUS / A_PLUS, "mu_plus": 0.0, "mu_minus": 0.0,
    "Wmax": W_MAX,
}
SAMPLE = 100  # neurons whose synapses are looked at; handing over all takes NEST longer than the run


def build_network(size, threads):
    """Neurons, wired at random."""
    nest.ResetKernel()
    nest.SetKernelStatus({"resolution": DT, "local_num_threads": threads})
    drive, start = drives(size[0])
    neurons = nest.Create("izhikevich", size[0], {
        "consistent_integration": True, "I_e": drive, "V_m": start, "U_m": -13.0, "tau_minus": TAU})
    nest.CopyModel("stdp_synapse_hom", "learning", SYNAPSE)
    rule = {"rule": "fixed_outdegree", "outdegree": size[1], "allow_autapses": False, "allow_multapses": False}
    start_weight = nest.random.uniform(0.0, W_MAX)
    nest.Connect(neurons, neurons, rule, {"synapse_model": "learning", "weight": start_weight, "delay": DELAY})
    nest.Simulate(DT)  # calibrates and sorts the connections
    return neurons


def build(options):
    """Repeat on a network of `options.size`; compute in float64 whatever was asked."""
    nest.verbosity = nest.VerbosityLevel.ERROR
    options.precision = "float64"
    size = shape_of(options.size)

    def repeat():
        neurons = build_network(size, options.threads)
        seconds, _ = timed(nest.Simulate, options.steps * DT)
        n_spike = nest.GetKernelStatus("local_spike_counter")  # of the last call of Simulate
        return Repetition(seconds, lambda: checks(n_spike, sampled_weights(neurons), size[0], options.steps))

    return nest.__version__, repeat


def sampled_weights(neurons):
    """Weights of the synapses of a few neurons."""
    return nest.GetConnections(neurons[:SAMPLE]).get("weight")


if __name__ == "__main__":
    measure("W4", "NEST", build, STEPS)
