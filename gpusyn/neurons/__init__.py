"""Neurons: cells with a membrane potential `v`, and when they fire.

Every neuron sums the outward `current` of the mechanisms on it (receptors, channels) and the inward `injection`.
"""
from gpusyn.neurons.hodgkin_huxley import HodgkinHuxley
from gpusyn.neurons.integrate_and_fire import LeakyIntegrateAndFire, QuadraticIntegrateAndFire
from gpusyn.neurons.izhikevich import IzhikevichNeuron
from gpusyn.neurons.leaky_adaptive import AdaptiveExponentialIntegrateAndFire, AdaptiveLeakyIntegrateAndFire
from gpusyn.neurons.leaky_izhikevich import LeakyIzhikevichNeuron
from gpusyn.neurons.morris_lecar import MorrisLecar
from gpusyn.neurons.simple_leaky import SimpleLeakyIntegrateAndFire

__all__ = [
    "AdaptiveExponentialIntegrateAndFire",
    "AdaptiveLeakyIntegrateAndFire",
    "HodgkinHuxley",
    "IzhikevichNeuron",
    "LeakyIntegrateAndFire",
    "LeakyIzhikevichNeuron",
    "MorrisLecar",
    "QuadraticIntegrateAndFire",
    "SimpleLeakyIntegrateAndFire",
]
