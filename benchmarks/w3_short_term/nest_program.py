"""W3 in NEST: `tsodyks2_synapse` between parrots of a Poisson generator and neurons that only add up.

NEST computes in float64 only. The network is built anew for each repetition, so that all synapses start at rest.
"""

import nest
import numpy as np

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w3_short_term import DT, RATE, STEPS, TAU_FACIL, TAU_REC, U, checks, connection_lists

FOREVER = 1e12  # ms: no leak, and no spike, within any run
CELL = {"E_L": 0.0, "V_m": 0.0, "V_reset": 0.0, "V_th": FOREVER, "tau_m": FOREVER, "C_m": 1.0}


def build_network(size, threads):
    """Sources, targets and the synapses between them; the targets."""
    nest.ResetKernel()
    nest.SetKernelStatus({"resolution": DT, "local_num_threads": threads})
    sources, cells = nest.Create("parrot_neuron", size[0]), nest.Create("iaf_psc_delta", size[0], CELL)
    generator = nest.Create("poisson_generator", 1, {"rate": RATE})
    nest.Connect(generator, sources, "all_to_all", {"delay": DT})
    source, target = connection_lists(size)
    constants = {"synapse_model": "tsodyks2_synapse", "delay": DT, "weight": 1.0, "U": U, "u": U, "x": 1.0,
                 "tau_rec": TAU_REC, "tau_fac": TAU_FACIL}
    nest.Connect(source.astype(np.int64) + sources[0].global_id, target.astype(np.int64) + cells[0].global_id,
                 "one_to_one", {name: value if isinstance(value, str) else np.full(source.size, value)
                                for name, value in constants.items()})
    nest.Simulate(DT)  # calibrates and sorts the connections
    return cells


def build(options):
    """A network of `options.size` for each repetition; compute in float64 whatever was asked."""
    nest.verbosity = nest.VerbosityLevel.ERROR
    size = shape_of(options.size)
    options.precision = "float64"

    def repeat():
        cells = build_network(size, options.threads)
        seconds, _ = timed(nest.Simulate, options.steps * DT)
        return Repetition(seconds, lambda: checks(np.array(cells.get("V_m")), size, options.steps))

    return nest.__version__, repeat


if __name__ == "__main__":
    measure("W3", "NEST", build, STEPS)
