"""Plasticity: how synapses change with the spikes of the neurons that they connect."""
from gpusyn.plasticity.graupner_brunel import GraupnerBrunel
from gpusyn.plasticity.pair_stdp import NearestSTDPRule, STDPRule

__all__ = ["GraupnerBrunel", "NearestSTDPRule", "STDPRule"]
