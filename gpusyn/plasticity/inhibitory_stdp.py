"""Plasticity of inhibition that keeps the rate of the neurons it acts on."""
from gpusyn.lang import clip
from gpusyn.mechanism import parameter
from gpusyn.plasticity.pair_stdp import PairRule

PAPER = "Vogels et al. 2011, recalled, uncertain"


class InhibitorySTDP(PairRule):
    """Inhibitory synapses grow with every near-coincidence, in either order, and shrink with every lone spike.

        presynaptic spike:  weight = weight + eta (y - alpha),     alpha = 2 target_rate tau_minus
        postsynaptic spike: weight = weight + eta x

    Inhibition then settles where its target fires at about target_rate. x and y are the traces of pair rules;
    both decay alike unless set otherwise. The weight is the strength of inhibition, not below 0.

    Source: Vogels, Sprekeler, Zenke, Clopath & Gerstner (2011) Science 334:1569, constants as recalled (uncertain).
    """

    eta = parameter(5e-3, "1", "change per coincidence", source=PAPER, low=0.0)
    target_rate = parameter(5e-3, "1/ms", "rate at which targets settle", source=PAPER, low=0.0)

    @staticmethod
    def on_pre(x, y, weight, eta, target_rate, tau_minus, weight_min, weight_max):
        """Growth by the postsynaptic spikes before, less what keeps the rate."""
        new = weight + eta * (y - 2.0 * target_rate * tau_minus)
        return {"x": x + 1.0, "weight": clip(new, weight_min, weight_max)}

    @staticmethod
    def on_post(x, y, weight, eta, weight_min, weight_max):
        """Growth by the presynaptic spikes before."""
        return {"y": y + 1.0, "weight": clip(weight + eta * x, weight_min, weight_max)}
