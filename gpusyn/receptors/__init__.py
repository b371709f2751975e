"""Receptors and synapses on a cell: what transmitter binds to, and the outward `current` that follows."""
from gpusyn.receptors.ampa import AMPAReceptor
from gpusyn.receptors.exponential import ExponentialConductanceSynapse, ExponentialCurrentSynapse
from gpusyn.receptors.gaba_a import GABA_A_Receptor
from gpusyn.receptors.nmda import NMDA_Receptor

__all__ = [
    "AMPAReceptor",
    "ExponentialConductanceSynapse",
    "ExponentialCurrentSynapse",
    "GABA_A_Receptor",
    "NMDA_Receptor",
]
