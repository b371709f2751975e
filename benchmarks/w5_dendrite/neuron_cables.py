"""Cables and clocks in NEURON, for the two programs that use it."""

import numpy as np
from neuron import h

from benchmarks.measurement import shape_of
from benchmarks.w5_dendrite import DT, RADIUS, cable_length, probes


def make_cables(size):
    """size[0] cables whose size[1] segments are as far apart as the nodes of the others are."""
    n_cable, n_node = size
    cables = [h.Section(name=f"dendrite{k}") for k in range(n_cable)]
    for cable in cables:
        cable.L, cable.diam, cable.nseg = cable_length(n_node) * n_node / (n_node - 1), 2 * RADIUS, n_node
    return cables


def place_of(node, n_node):
    """Position along a section, between 0 and 1, of a segment's middle."""
    return (node + 0.5) / n_node


def record(options, references):
    """Vectors that follow free calcium at the probes of one cable, and calcium in the ER at the second.

    Args:
        references: function of a node that gives NEURON's pointers to the two.
    """
    nodes = probes(shape_of(options.size)[1])
    ca = [h.Vector().record(references(node)[0]) for node in nodes]
    return ca, h.Vector().record(references(nodes[1])[1])


def prepare(threads=1):
    """Fixed steps of the workload's length."""
    h.CVode().active(False)
    h.dt = DT
    context = h.ParallelContext()
    context.nthread(threads)
    context.set_maxstep(10)
    return context


def courses(ca):
    """(n_time,) times in ms and (n_time, n_probe) concentrations."""
    values = np.array([each.to_python() for each in ca]).T
    return np.arange(len(values)) * DT, values
