"""Lattices of neurons as the neurotransmitter tutorial writes them: a front on `Model` and `Simulation`."""
from gpusyn.lattices.kinds import (
    AdaptiveExponentialIntegrateAndFireLattice,
    AdaptiveLeakyIntegrateAndFireLattice,
    HodgkinHuxleyLattice,
    IzhikevichLattice,
    LeakyIntegrateAndFireLattice,
    MorrisLecarLattice,
    QuadraticIntegrateAndFireLattice,
    SimpleLeakyIntegrateAndFireLattice,
)
from gpusyn.lattices.lattice import NeuronLattice
from gpusyn.lattices.systems import MultiNeurotransmitterSynapse, NeurotransmitterSystem
from gpusyn.lattices.volume import VolumeTransmitter

__all__ = [
    "AdaptiveExponentialIntegrateAndFireLattice",
    "AdaptiveLeakyIntegrateAndFireLattice",
    "HodgkinHuxleyLattice",
    "IzhikevichLattice",
    "LeakyIntegrateAndFireLattice",
    "MorrisLecarLattice",
    "MultiNeurotransmitterSynapse",
    "NeuronLattice",
    "NeurotransmitterSystem",
    "QuadraticIntegrateAndFireLattice",
    "SimpleLeakyIntegrateAndFireLattice",
    "VolumeTransmitter",
]
