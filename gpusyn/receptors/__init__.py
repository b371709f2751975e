"""Receptors and synapses on a cell: what transmitter binds to, and the outward `current` that follows."""
from gpusyn.receptors.ampa import AMPAReceptor
from gpusyn.receptors.exponential import ExponentialConductanceSynapse, ExponentialCurrentSynapse
from gpusyn.receptors.gaba_a import GABA_A_Receptor
from gpusyn.receptors.gaba_b import DesensitizingGABA_B_Receptor, GABA_B_Receptor
from gpusyn.receptors.glycine import GlycineChannel, GlycineReceptor
from gpusyn.receptors.markov_ampa import SevenStateAMPAReceptor, SixStateAMPAReceptor
from gpusyn.receptors.markov_gaba_a import FiveStateGABA_A_Receptor
from gpusyn.receptors.markov_glycine import SixStateGlycineChannel
from gpusyn.receptors.markov_nmda import FiveStateNMDA_Receptor
from gpusyn.receptors.nicotinic import NicotinicReceptor
from gpusyn.receptors.nmda import NMDA_Receptor

__all__ = [
    "AMPAReceptor",
    "DesensitizingGABA_B_Receptor",
    "ExponentialConductanceSynapse",
    "ExponentialCurrentSynapse",
    "FiveStateGABA_A_Receptor",
    "FiveStateNMDA_Receptor",
    "GABA_A_Receptor",
    "GABA_B_Receptor",
    "GlycineChannel",
    "GlycineReceptor",
    "NMDA_Receptor",
    "NicotinicReceptor",
    "SevenStateAMPAReceptor",
    "SixStateAMPAReceptor",
    "SixStateGlycineChannel",
]
