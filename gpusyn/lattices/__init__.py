"""Lattices of neurons as the neurotransmitter tutorial writes them: a front on `Model` and `Simulation`."""
from gpusyn.lattices.kinds import (
    AdaptiveExponentialIntegrateAndFireLattice,
    AdaptiveLeakyIntegrateAndFireLattice,
    HodgkinHuxleyLattice,
    IzhikevichLattice,
    LeakyIntegrateAndFireLattice,
    LeakyIzhikevichLattice,
    MorrisLecarLattice,
    QuadraticIntegrateAndFireLattice,
    SimpleLeakyIntegrateAndFireLattice,
)
from gpusyn.lattices.lattice import NeuronLattice
from gpusyn.lattices.network import IzhikevichNetwork, LatticeNetwork
from gpusyn.lattices.spike_trains import PoissonNeuron, PresetSpikeTrain, RateSpikeTrain
from gpusyn.lattices.systems import MultiNeurotransmitterSynapse, NeurotransmitterSystem
from gpusyn.lattices.train_lattice import (
    PoissonLattice,
    PresetSpikeTrainLattice,
    RateSpikeTrainLattice,
    SpikeTrainLattice,
)
from gpusyn.lattices.volume import VolumeTransmitter

__all__ = [
    "AdaptiveExponentialIntegrateAndFireLattice",
    "AdaptiveLeakyIntegrateAndFireLattice",
    "HodgkinHuxleyLattice",
    "IzhikevichLattice",
    "IzhikevichNetwork",
    "LatticeNetwork",
    "LeakyIntegrateAndFireLattice",
    "LeakyIzhikevichLattice",
    "MorrisLecarLattice",
    "MultiNeurotransmitterSynapse",
    "NeuronLattice",
    "NeurotransmitterSystem",
    "PoissonLattice",
    "PoissonNeuron",
    "PresetSpikeTrain",
    "PresetSpikeTrainLattice",
    "QuadraticIntegrateAndFireLattice",
    "RateSpikeTrain",
    "RateSpikeTrainLattice",
    "SimpleLeakyIntegrateAndFireLattice",
    "SpikeTrainLattice",
    "VolumeTransmitter",
]
