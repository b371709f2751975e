"""Synapses as the documents have them."""
from gpusyn.spine.synapse.base import ReceptorModel, Synapse, TemporalPattern
from gpusyn.spine.synapse.communicator import SynapseCommunicator
from gpusyn.spine.synapse.factory import SynapseFactory
from gpusyn.spine.synapse.legacy import synapse
from gpusyn.spine.synapse.patterns import (
    Constant,
    ConstantPattern,
    Custom,
    CustomPattern,
    ExponentialDecay,
    ExponentialDecayPattern,
    LinearDecay,
    LinearDecayPattern,
    PulseTrain,
    PulseTrainPattern,
    TrainPattern,
)
from gpusyn.spine.synapse.receptors import (
    AMPAReceptor,
    CalciumModulatedAMPA,
    CalciumModulatedAMPAReceptor,
    GABAReceptor,
    NMDAReceptor,
)
from gpusyn.spine.synapse.synapses import (
    CalciumCoupledSynapse,
    CalciumInfluxSynapse,
    ChemicalSynapse,
    CustomCoupledSynapse,
    DirectCalciumRelease,
    DirectIP3Release,
    IP3InfluxSynapse,
)

__all__ = [
    "AMPAReceptor", "CalciumCoupledSynapse", "CalciumInfluxSynapse", "CalciumModulatedAMPA",
    "CalciumModulatedAMPAReceptor", "ChemicalSynapse", "Constant", "ConstantPattern", "Custom", "CustomCoupledSynapse",
    "CustomPattern", "DirectCalciumRelease", "DirectIP3Release", "ExponentialDecay", "ExponentialDecayPattern",
    "GABAReceptor", "IP3InfluxSynapse", "LinearDecay", "LinearDecayPattern", "NMDAReceptor", "PulseTrain",
    "PulseTrainPattern", "ReceptorModel", "Synapse", "SynapseCommunicator", "SynapseFactory", "TemporalPattern",
    "TrainPattern",
    "synapse",
]
