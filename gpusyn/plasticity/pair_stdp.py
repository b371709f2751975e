"""Spike-timing-dependent plasticity of pairs of spikes, through one trace per neuron."""
from typing import ClassVar

from gpusyn.lang import clip, maximum
from gpusyn.mechanism import Mechanism, parameter, state

TUTORIAL = "the plasticity guide of the neurotransmitter tutorial"


class PairRule(Mechanism):
    """Base of the rules of pairs of spikes: a trace of each neuron, and the limits of the weight.

        presynaptic trace   dx/dt = -x / tau_plus,     x = x + 1 at a presynaptic spike
        postsynaptic trace  dy/dt = -y / tau_minus,    y = y + 1 at a postsynaptic spike

    A synapse sees the traces without the spikes of its own step: two spikes in one step are no pair, in any rule.
    """

    weight = state("1", "synaptic weight", initial=1.0)
    x = state("1", "trace of the presynaptic spikes", at="pre")
    y = state("1", "trace of the postsynaptic spikes", at="post")

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


class STDPRule(PairRule):
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

    a_plus = parameter(0.01, "1", "potentiation of a pair at no delay", source=TUTORIAL)
    a_minus = parameter(0.0105, "1", "depression of a pair at no delay", source=TUTORIAL)

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


class SoftBoundSTDP(STDPRule):
    """Pair rule whose steps shrink towards the limits of the weight, by powers of the distance to them.

        presynaptic spike:  weight = weight - a_minus y R ((weight - weight_min) / R)^mu_minus
        postsynaptic spike: weight = weight + a_plus  x R ((weight_max - weight) / R)^mu_plus
        R = weight_max - weight_min

    Exponents of 0 are the additive rule with hard limits, of 1 the multiplicative one; between them how far weights
    spread changes gradually. Preset vanRossum2000: potentiation does not depend on the weight, depression is
    proportional to it; Rubin2001: both are proportional to the distance.

    Sources: Guetig, Aharonov, Rotter & Sompolinsky (2003) J. Neurosci. 23:3697; Rubin, Lee & Sompolinsky (2001) Phys.
    Rev. Lett. 86:364; van Rossum, Bi & Turrigiano (2000) J. Neurosci. 20:8812. Exponents recalled (uncertain).
    """

    presets: ClassVar = {
        "Rubin2001": {"mu_plus": 1.0, "mu_minus": 1.0}, "vanRossum2000": {"mu_plus": 0.0, "mu_minus": 1.0},
    }

    weight = state("1", "synaptic weight", initial=0.5)
    weight_max = parameter(1.0, "1", "largest weight", source="proposed")
    mu_plus = parameter(1.0, "1", "exponent of the distance to weight_max", source="Rubin 2001", low=0.0)
    mu_minus = parameter(1.0, "1", "exponent of the distance to weight_min", source="Rubin 2001", low=0.0)

    @staticmethod
    def on_pre(x, y, weight, a_minus, mu_minus, weight_min, weight_max):
        """Depression, the less the nearer the weight is to its lower limit."""
        span = weight_max - weight_min
        step = a_minus * y * span * maximum((weight - weight_min) / span, 0.0) ** mu_minus
        return {"x": x + 1.0, "weight": clip(weight - step, weight_min, weight_max)}

    @staticmethod
    def on_post(x, y, weight, a_plus, mu_plus, weight_min, weight_max):
        """Potentiation, the less the nearer the weight is to its upper limit."""
        span = weight_max - weight_min
        step = a_plus * x * span * maximum((weight_max - weight) / span, 0.0) ** mu_plus
        return {"y": y + 1.0, "weight": clip(weight + step, weight_min, weight_max)}


class PowerLawSTDP(STDPRule):
    """Pair rule whose potentiation grows with a power of the weight, and whose depression is proportional to it.

        presynaptic spike:  weight = weight - a_minus y weight
        postsynaptic spike: weight = weight + a_plus  x weight_unit^(1 - mu) weight^mu

    Weights need no upper limit: they settle where both balance.

    Source: Morrison, Aertsen & Diesmann (2007) Neural Comput. 19:1437, fitted to Bi & Poo (1998): mu 0.4, lambda 0.1,
    alpha lambda 0.011, weight_unit 1 pA, 20 ms (recalled, uncertain).
    """

    presets: ClassVar = {}

    a_plus = parameter(0.1, "1", "potentiation of a pair at no delay, of weight_unit", source="Morrison 2007, recalled")
    a_minus = parameter(0.011, "1", "depression of a pair at no delay, of the weight", source="Morrison 2007, recalled")
    mu = parameter(0.4, "1", "exponent of the weight", source="Morrison 2007, recalled", low=0.0)
    weight_unit = parameter(1.0, "1", "weight at which a_plus is the step", source="Morrison 2007, recalled", low=1e-9)

    @staticmethod
    def on_pre(x, y, weight, a_minus, weight_min, weight_max):
        """Depression in proportion to the weight."""
        return {"x": x + 1.0, "weight": clip(weight * (1.0 - a_minus * y), weight_min, weight_max)}

    @staticmethod
    def on_post(x, y, weight, a_plus, mu, weight_unit, weight_min, weight_max):
        """Potentiation by a power of the weight."""
        step = a_plus * x * weight_unit * maximum(weight / weight_unit, 0.0) ** mu
        return {"y": y + 1.0, "weight": clip(weight + step, weight_min, weight_max)}
