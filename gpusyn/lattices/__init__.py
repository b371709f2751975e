"""Lattices of neurons as the neurotransmitter tutorial writes them: a front on `Model` and `Simulation`."""
from gpusyn.lattices.lattice import IzhikevichLattice, NeuronLattice
from gpusyn.lattices.systems import MultiNeurotransmitterSynapse, NeurotransmitterSystem
from gpusyn.lattices.volume import VolumeTransmitter

__all__ = [
    "IzhikevichLattice",
    "MultiNeurotransmitterSynapse",
    "NeuronLattice",
    "NeurotransmitterSystem",
    "VolumeTransmitter",
]
