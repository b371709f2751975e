"""Spike-timing-dependent plasticity of pairs of spikes, through one trace per neuron."""
from typing import ClassVar

from gpusyn.lang import clip
from gpusyn.mechanism import Mechanism, parameter, state

TUTORIAL = "the plasticity guide of the neurotransmitter tutorial"


class STDPRule(Mechanism):
    """Pair rule, all spikes with all spikes.

        presynaptic trace   dx/dt = -x / tau_plus,     x = x + 1 at a presynaptic spike
        postsynaptic trace  dy/dt = -y / tau_minus,    y = y + 1 at a postsynaptic spike
        presynaptic spike:  weight = weight - a_minus y
        postsynaptic spike: weight = weight + a_plus x

    A pair with the postsynaptic spike later by dt > 0 adds a_plus exp(-dt / tau_plus), one with dt < 0 takes away
    a_minus exp(dt / tau_minus), and two spikes in one step change nothing, because a synapse sees the traces without
    the spikes of its own step. The weight stays between weight_min and weight_max.

    Sources: Song, Miller & Abbott (2000) Nat. Neurosci. 3:919; traces, Morrison, Diesmann & Gerstner (2008) Biol.
    Cybern. 98:459. Defaults as in the tutorial (one source). Presets: lixirnet, spiking-neural-networks 0.24
    (verified); BiPoo2001, per 60 pairings, Bi & Poo (2001) Annu. Rev. Neurosci. 24:139 (times verified, amplitudes
    recalled, uncertain).
    """

    presets: ClassVar = {
        "lixirnet": {"a_plus": 2.0, "a_minus": 2.0, "tau_plus": 4.5, "tau_minus": 4.5},
        "BiPoo2001": {"a_plus": 0.777, "a_minus": 0.273, "tau_plus": 16.8, "tau_minus": 33.7},
    }

    weight = state("1", "synaptic weight", initial=1.0)
    x = state("1", "trace of the presynaptic spikes", at="pre")
    y = state("1", "trace of the postsynaptic spikes", at="post")

    a_plus = parameter(0.01, "1", "potentiation of a pair at no delay", source=TUTORIAL)
    a_minus = parameter(0.0105, "1", "depression of a pair at no delay", source=TUTORIAL)
    tau_plus = parameter(20.0, "ms", "decay of potentiation with delay", source=TUTORIAL, low=1e-3)
    tau_minus = parameter(20.0, "ms", "decay of depression with delay", source=TUTORIAL, low=1e-3)
    weight_min = parameter(0.0, "1", "smallest weight", source="proposed")
    weight_max = parameter(float("inf"), "1", "largest weight", source="proposed: none")

    @staticmethod
    def d_x(x, tau_plus):
        """First-order decay."""
        return -x / tau_plus

    @staticmethod
    def d_y(y, tau_minus):
        """First-order decay."""
        return -y / tau_minus

    @staticmethod
    def on_pre(x, y, weight, a_minus, weight_min, weight_max):
        """Depression by the postsynaptic spikes that came before."""
        return {"x": x + 1.0, "weight": clip(weight - a_minus * y, weight_min, weight_max)}

    @staticmethod
    def on_post(x, y, weight, a_plus, weight_min, weight_max):
        """Potentiation by the presynaptic spikes that came before."""
        return {"y": y + 1.0, "weight": clip(weight + a_plus * x, weight_min, weight_max)}


class NearestSTDPRule(STDPRule):
    """Pair rule in which each spike pairs with the latest of the other neuron only: its trace is set to 1, not raised.

    Source: Morrison, Diesmann & Gerstner (2008) Biol. Cybern. 98:459, the symmetric scheme.
    """

    @staticmethod
    def on_pre(y, weight, a_minus, weight_min, weight_max):
        """Depression by the latest postsynaptic spike."""
        return {"x": 1.0, "weight": clip(weight - a_minus * y, weight_min, weight_max)}

    @staticmethod
    def on_post(x, weight, a_plus, weight_min, weight_max):
        """Potentiation by the latest presynaptic spike."""
        return {"y": 1.0, "weight": clip(weight + a_plus * x, weight_min, weight_max)}
