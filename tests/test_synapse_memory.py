"""Bytes of synapses on a lattice: in the arrays of a simulation on the device, and as they are reckoned beforehand.

What one synapse takes is how much more there is with a wider neighbourhood on the same sites; what neurons take for
having synapses at all (traces, where their rows begin, lists of spikes) is apart.
"""
import pytest

import gpusyn as gs
from gpusyn import backends
from gpusyn.assembly import Assembly
from gpusyn.build import build
from gpusyn.memory_estimate import count_arrays, estimate

SIDE = 40
RADII = {24: 2.9, 80: 5.0}  # neighbours within a radius


def lattice(n_neighbour, rule=None, listed=False, side=SIDE):
    """Neurons on a square lattice without edges; `listed`: the same connections as a list."""
    model = gs.Model(lattice=(side, side))
    model.add_population("neurons", gs.IzhikevichNeuron())
    wiring = gs.Neighbourhood(model.lattice, RADII[n_neighbour], weight=gs.Gaussian(1.5, 1.5), edges="periodic")
    model.connect("neurons", "neurons.v", wiring.listed() if listed else wiring, name="synapses", synapse=rule)
    return model


def held(model):
    """Bytes of all arrays that a simulation has on its device."""
    assembly = Assembly(model, backends.get("numba"), "float32", 0)
    return count_arrays(assembly, build(assembly), []).total


@pytest.mark.parametrize(("rule", "listed", "most"), [(None, False, 0), (None, True, 8), (gs.STDPRule, False, 16)])
def test_bytes_of_a_synapse(rule, listed, most):
    few, many = (held(lattice(n, rule, listed)) for n in RADII)
    assert (many - few) / (SIDE**2 * (80 - 24)) <= most + 0.02  # a table of offsets


def test_what_neurons_take_for_having_plastic_synapses():
    without = gs.Model(lattice=(SIDE, SIDE))
    without.add_population("neurons", gs.IzhikevichNeuron())
    taken = held(lattice(24, gs.STDPRule)) - held(without)
    assert taken / SIDE**2 <= 24 * 16 + 40


def test_a_million_neurons_with_24_plastic_synapses_each_fit_in_a_gigabyte():
    backend = backends.get("numba")
    needed = estimate(lattice(24, gs.STDPRule, side=1000), "float32", backend)
    assert needed.total < 1e9
    assert needed.parts["synapses"] == 4 * (24 + 2) * 10**6 + 3 * 4096  # weights, two traces; a page each
    per_site = held(lattice(24, gs.STDPRule)) / SIDE**2
    assert needed.total / 1e6 == pytest.approx(per_site, rel=0.01)
