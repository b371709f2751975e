"""Plasticity: how synapses change with the spikes of the neurons that they connect, or with their calcium."""
from gpusyn.plasticity.calcium_control import CalciumControlRule
from gpusyn.plasticity.clopath import ClopathRule
from gpusyn.plasticity.dopamine_stdp import DopamineModulatedSTDP
from gpusyn.plasticity.exact_graupner_brunel import ExactGraupnerBrunel
from gpusyn.plasticity.graupner_brunel import GraupnerBrunel
from gpusyn.plasticity.homeostatic_scaling import HomeostaticScaling
from gpusyn.plasticity.inhibitory_stdp import InhibitorySTDP
from gpusyn.plasticity.pair_stdp import NearestSTDPRule, PowerLawSTDP, SoftBoundSTDP, STDPRule
from gpusyn.plasticity.rates import BCMRule, HebbianRule, OjaRule
from gpusyn.plasticity.reward import RewardSignal
from gpusyn.plasticity.triplet_stdp import NearestTripletSTDP, TripletSTDP

__all__ = [
    "BCMRule",
    "CalciumControlRule",
    "ClopathRule",
    "DopamineModulatedSTDP",
    "ExactGraupnerBrunel",
    "GraupnerBrunel",
    "HebbianRule",
    "HomeostaticScaling",
    "InhibitorySTDP",
    "NearestSTDPRule",
    "NearestTripletSTDP",
    "OjaRule",
    "PowerLawSTDP",
    "RewardSignal",
    "STDPRule",
    "SoftBoundSTDP",
    "TripletSTDP",
]
