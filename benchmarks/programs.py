"""Which programs measure which workload, and which Python runs each of them."""

from dataclasses import dataclass
from math import prod

from benchmarks.measurement import shape_of

OWN, BRIAN2, NEURON, PEERS = "gpusyn's", "Brian2's", "NEURON's", "the peers'"


@dataclass(frozen=True)
class Program:
    """One simulator on one workload.

    Attributes:
        name: as the table shows it; programs are chosen by it on the command line.
        module: what `python -m` starts.
        environment: whose Python it needs: OWN, BRIAN2, NEURON or PEERS.
        variant: the program's own choice, see its docstring.
        double_only: it computes in float64 whatever is asked; where both are asked for it runs once.
        sizes: the only sizes that it runs on; all if none is named.
    """

    name: str
    module: str
    environment: str
    variant: str = ""
    double_only: bool = False
    sizes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workload:
    """What is measured: its unit of work, its sizes, and the programs; the others stand against the first."""

    unit: str
    sizes: tuple[str, ...]
    programs: tuple[Program, ...]


WORKLOADS = {
    "W1": Workload("neuron-updates", ("10000", "100000", "1000000"), (
        Program("gpusyn", "benchmarks.w1_point_neurons.gpusyn_program", OWN),
        Program("C loop", "benchmarks.w1_point_neurons.c_program", OWN),
        Program("Brian2", "benchmarks.w1_point_neurons.brian2_program", BRIAN2),
        Program("JAX", "benchmarks.w1_point_neurons.jax_program", PEERS),
    )),
    "W2": Workload("neuron-updates", ("100x100", "316x316", "1000x1000"), (
        Program("gpusyn", "benchmarks.w2_lattice.gpusyn_program", OWN),
        Program("C loop", "benchmarks.w2_lattice.c_program", OWN),
        Program("Brian2", "benchmarks.w2_lattice.brian2_program", BRIAN2),
        Program("JAX", "benchmarks.w2_lattice.jax_program", PEERS),
        Program("NEST", "benchmarks.w2_lattice.nest_program", PEERS, double_only=True),
    )),
    "W3": Workload("synapse-steps", ("10000x100", "100000x1"), (
        Program("gpusyn", "benchmarks.w3_short_term.gpusyn_program", OWN),
        Program("Brian2", "benchmarks.w3_short_term.brian2_program", BRIAN2),
        Program("NEST", "benchmarks.w3_short_term.nest_program", PEERS, double_only=True),
    )),
    "W4": Workload("synapse-steps", ("10000x1000", "10000x100"), (
        Program("gpusyn", "benchmarks.w4_plasticity.gpusyn_program", OWN),
        Program("Brian2", "benchmarks.w4_plasticity.brian2_program", BRIAN2),
        Program("NEST", "benchmarks.w4_plasticity.nest_program", PEERS, double_only=True),
    )),
    "W5": Workload("node-updates", ("1x1000", "64x1000", "1x100000"), (
        Program("gpusyn", "benchmarks.w5_dendrite.gpusyn_program", OWN),
        Program("gpusyn midpoint", "benchmarks.w5_dendrite.gpusyn_program", OWN, "numba:midpoint",
                sizes=("1x1000", "64x1000")),
        Program("gpusyn euler", "benchmarks.w5_dendrite.gpusyn_program", OWN, "numba:euler",
                sizes=("1x1000", "64x1000")),
        Program("C loop", "benchmarks.w5_dendrite.c_program", OWN, sizes=("1x1000", "64x1000")),
        Program("NEURON NMODL", "benchmarks.w5_dendrite.nmodl_program", NEURON, double_only=True,
                sizes=("1x1000", "64x1000")),
        Program("NEURON rxd", "benchmarks.w5_dendrite.rxd_program", NEURON, double_only=True, sizes=("1x1000",)),
    )),
    "W5V": Workload("node-updates", ("1x401", "64x401"), (
        Program("gpusyn", "benchmarks.w5_dendrite.cable_gpusyn_program", OWN),
        Program("NEURON", "benchmarks.w5_dendrite.cable_neuron_program", NEURON, double_only=True),
    )),
    "W6": Workload("cell-updates", ("4096x4096", "256x256x256"), (
        Program("gpusyn", "benchmarks.w6_diffusion.gpusyn_program", OWN),
        Program("C loop", "benchmarks.w6_diffusion.c_program", OWN),
        Program("Devito", "benchmarks.w6_diffusion.devito_program", PEERS),
        Program("JAX", "benchmarks.w6_diffusion.jax_program", PEERS),
    )),
}


def elements(size):
    """Neurons, cells, synapses or nodes of a size such as "10000", "316x316" or "10000x1000"."""
    return prod(shape_of(size))
