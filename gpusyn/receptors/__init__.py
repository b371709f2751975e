"""Receptors and synapses on a cell: what transmitter binds to, and the outward `current` that follows."""
from gpusyn.receptors.ampa import AMPAReceptor
from gpusyn.receptors.autoreceptors import Alpha2_Autoreceptor, D2_Autoreceptor, GABA_B_Autoreceptor, HT1A_Autoreceptor
from gpusyn.receptors.dopamine import D1_Receptor, D2_Receptor
from gpusyn.receptors.exponential import ExponentialConductanceSynapse, ExponentialCurrentSynapse
from gpusyn.receptors.gaba_a import GABA_A_Receptor
from gpusyn.receptors.gaba_b import DesensitizingGABA_B_Receptor, GABA_B_Receptor
from gpusyn.receptors.glycine import GlycineChannel, GlycineReceptor
from gpusyn.receptors.graded import (
    CalciumCoupling,
    CalciumModulatedAMPA,
    GradedAMPA,
    GradedGABA,
    GradedNMDA,
    GradedTransmission,
)
from gpusyn.receptors.markov_ampa import SevenStateAMPAReceptor, SixStateAMPAReceptor
from gpusyn.receptors.markov_gaba_a import FiveStateGABA_A_Receptor
from gpusyn.receptors.markov_glycine import SixStateGlycineChannel
from gpusyn.receptors.markov_nmda import FiveStateNMDA_Receptor
from gpusyn.receptors.mglur import mGluR_Receptor
from gpusyn.receptors.muscarinic import MuscarinicReceptor
from gpusyn.receptors.neurokinin import NK1_Receptor
from gpusyn.receptors.nicotinic import NicotinicReceptor
from gpusyn.receptors.nmda import NMDA_Receptor
from gpusyn.receptors.serotonin import HT1A_Receptor, HT2A_Receptor

__all__ = [
    "AMPAReceptor",
    "Alpha2_Autoreceptor",
    "CalciumCoupling",
    "CalciumModulatedAMPA",
    "D1_Receptor",
    "D2_Autoreceptor",
    "D2_Receptor",
    "DesensitizingGABA_B_Receptor",
    "ExponentialConductanceSynapse",
    "ExponentialCurrentSynapse",
    "FiveStateGABA_A_Receptor",
    "FiveStateNMDA_Receptor",
    "GABA_A_Receptor",
    "GABA_B_Autoreceptor",
    "GABA_B_Receptor",
    "GlycineChannel",
    "GlycineReceptor",
    "GradedAMPA",
    "GradedGABA",
    "GradedNMDA",
    "GradedTransmission",
    "HT1A_Autoreceptor",
    "HT1A_Receptor",
    "HT2A_Receptor",
    "MuscarinicReceptor",
    "NK1_Receptor",
    "NMDA_Receptor",
    "NicotinicReceptor",
    "SevenStateAMPAReceptor",
    "SixStateAMPAReceptor",
    "SixStateGlycineChannel",
    "mGluR_Receptor",
]
