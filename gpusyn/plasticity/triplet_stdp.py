"""Plasticity of triplets of spikes: a second, slower trace of each neuron makes pairs depend on the rate."""
from typing import ClassVar

from gpusyn.lang import clip
from gpusyn.mechanism import parameter, state
from gpusyn.plasticity.pair_stdp import PairRule

PAPER = "Pfister & Gerstner 2006, visual cortex, minimal"


def _set(a_plus, a3_plus, a_minus, a3_minus, tau_x, tau_y):
    """A parameter set in the order of the paper's tables; the fast traces are those of Bi & Poo in all."""
    return {
        "a_plus": a_plus, "a3_plus": a3_plus, "a_minus": a_minus, "a3_minus": a3_minus, "tau_x": tau_x, "tau_y": tau_y,
    }


class TripletSTDP(PairRule):
    """Triplet rule, all spikes with all spikes.

        presynaptic traces  x (tau_plus), x_slow (tau_x);  postsynaptic y (tau_minus), y_slow (tau_y);  + 1 at a spike
        presynaptic spike:  weight = weight - y (a_minus + a3_minus x_slow)
        postsynaptic spike: weight = weight + x (a_plus + a3_plus y_slow)

    The slow traces are read before the spike's own increment. Presets, Pfister & Gerstner (2006) J. Neurosci. 26:9673:
    fits to visual cortex and hippocampal culture, full and minimal (verified). Where a3_minus is 0, tau_x has no
    effect. The set hippocampus-full was fitted at 1 Hz only; as its x_slow accumulates, it depresses strongly at 50 Hz:
    do not use it at high rates.
    """

    presets: ClassVar = {
        "visual-cortex-full": _set(5e-10, 6.2e-3, 7e-3, 2.3e-4, 101.0, 125.0),
        "visual-cortex-minimal": _set(0.0, 6.5e-3, 7.1e-3, 0.0, 101.0, 114.0),
        "hippocampus-full": _set(6.1e-3, 6.7e-3, 1.6e-3, 1.4e-3, 946.0, 27.0),
        "hippocampus-minimal": _set(5.3e-3, 8e-3, 3.5e-3, 0.0, 946.0, 40.0),
    }

    x_slow = state("1", "slow trace of the presynaptic spikes", at="pre")
    y_slow = state("1", "slow trace of the postsynaptic spikes", at="post")

    a_plus = parameter(0.0, "1", "potentiation of a pair", source=PAPER)
    a3_plus = parameter(6.5e-3, "1", "potentiation of a post-pre-post triplet", source=PAPER)
    a_minus = parameter(7.1e-3, "1", "depression of a pair", source=PAPER)
    a3_minus = parameter(0.0, "1", "depression of a pre-post-pre triplet", source=PAPER)
    tau_plus = parameter(16.8, "ms", "decay of potentiation with delay", source=PAPER, low=1e-3)
    tau_minus = parameter(33.7, "ms", "decay of depression with delay", source=PAPER, low=1e-3)
    tau_x = parameter(101.0, "ms", "decay of the slow presynaptic trace", source=PAPER, low=1e-3)
    tau_y = parameter(114.0, "ms", "decay of the slow postsynaptic trace", source=PAPER, low=1e-3)

    @staticmethod
    def d_x_slow(x_slow, tau_x):
        """First-order decay."""
        return -x_slow / tau_x

    @staticmethod
    def d_y_slow(y_slow, tau_y):
        """First-order decay."""
        return -y_slow / tau_y

    @staticmethod
    def on_pre(x, x_slow, y, weight, a_minus, a3_minus, weight_min, weight_max):
        """Depression by the postsynaptic spikes before, the more the more presynaptic ones there were."""
        lower = clip(weight - y * (a_minus + a3_minus * x_slow), weight_min, weight_max)
        return {"x": x + 1.0, "x_slow": x_slow + 1.0, "weight": lower}

    @staticmethod
    def on_post(y, y_slow, x, weight, a_plus, a3_plus, weight_min, weight_max):
        """Potentiation by the presynaptic spikes before, the more the more postsynaptic ones there were."""
        higher = clip(weight + x * (a_plus + a3_plus * y_slow), weight_min, weight_max)
        return {"y": y + 1.0, "y_slow": y_slow + 1.0, "weight": higher}


class NearestTripletSTDP(TripletSTDP):
    """Triplet rule of the nearest spikes: every trace is set to 1 at a spike, not raised.

    Presets as in `TripletSTDP`, from the paper's fits with nearest spikes; the amplitudes of visual-cortex-full and the
    whole of hippocampus-minimal are recalled (uncertain).
    """

    presets: ClassVar = {
        "visual-cortex-full": _set(8.8e-11, 5.3e-2, 6.6e-3, 3.1e-3, 714.0, 40.0),
        "visual-cortex-minimal": _set(0.0, 5e-2, 8e-3, 0.0, 714.0, 40.0),
        "hippocampus-full": _set(4.6e-3, 9.1e-3, 3e-3, 7.5e-9, 575.0, 47.0),
        "hippocampus-minimal": _set(4.6e-3, 9.1e-3, 3e-3, 0.0, 575.0, 48.0),
    }

    a3_plus = parameter(5e-2, "1", "potentiation of a post-pre-post triplet", source=PAPER)
    a_minus = parameter(8e-3, "1", "depression of a pair", source=PAPER)
    tau_x = parameter(714.0, "ms", "decay of the slow presynaptic trace", source=PAPER, low=1e-3)
    tau_y = parameter(40.0, "ms", "decay of the slow postsynaptic trace", source=PAPER, low=1e-3)

    @staticmethod
    def on_pre(x_slow, y, weight, a_minus, a3_minus, weight_min, weight_max):
        """Depression by the latest postsynaptic spike, and by the presynaptic one before."""
        lower = clip(weight - y * (a_minus + a3_minus * x_slow), weight_min, weight_max)
        return {"x": 1.0, "x_slow": 1.0, "weight": lower}

    @staticmethod
    def on_post(y_slow, x, weight, a_plus, a3_plus, weight_min, weight_max):
        """Potentiation by the latest presynaptic spike, and by the postsynaptic one before."""
        higher = clip(weight + x * (a_plus + a3_plus * y_slow), weight_min, weight_max)
        return {"y": 1.0, "y_slow": 1.0, "weight": higher}
