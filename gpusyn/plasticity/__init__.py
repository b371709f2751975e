"""Plasticity: how synapses change with the spikes of the neurons that they connect, or with their calcium."""
from gpusyn.plasticity.calcium_control import CalciumControlRule
from gpusyn.plasticity.dopamine_stdp import DopamineModulatedSTDP
from gpusyn.plasticity.graupner_brunel import GraupnerBrunel
from gpusyn.plasticity.pair_stdp import NearestSTDPRule, STDPRule
from gpusyn.plasticity.rates import BCMRule, HebbianRule, OjaRule
from gpusyn.plasticity.reward import RewardSignal

__all__ = [
    "BCMRule",
    "CalciumControlRule",
    "DopamineModulatedSTDP",
    "GraupnerBrunel",
    "HebbianRule",
    "NearestSTDPRule",
    "OjaRule",
    "RewardSignal",
    "STDPRule",
]
