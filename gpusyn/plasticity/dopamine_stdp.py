"""Spike-timing-dependent plasticity that waits for dopamine: pairs leave an eligibility, which reward makes weight."""
from typing import ClassVar

from gpusyn.errors import ModelError
from gpusyn.lang import where
from gpusyn.mechanism import given, parameter, state
from gpusyn.plasticity.pair_stdp import STDPRule
from gpusyn.quantities import State

TUTORIAL = "the neurotransmitter tutorial"


class DopamineModulatedSTDP(STDPRule):
    """Pair rule whose pairs change an eligibility c instead of the weight.

        presynaptic spike   c = c - a_minus y,     postsynaptic spike   c = c + a_plus x
        dc/dt      = -c / eligibility_trace_tau
        dweight/dt = dopamine_sensitivity dopamine c

    x and y are the traces of `STDPRule`. Only pairs less than `modulation_window` apart count: a trace is read as 0
    once its neuron's latest spike is that old. A reward of dopamine of time integral D (uM ms), that comes a time d
    after a pair of window value w, changes the weight by dopamine_sensitivity D w exp(-d / eligibility_trace_tau):
    with the defaults and D = 1, a pair of +10 ms and a reward 50 ms later, by 0.0073576. Without dopamine nothing
    changes. The weight stays between weight_min and weight_max.

    `dopamine` is read at the postsynaptic site, from a field or a state or output of the population that is called so;
    bind it to another by its dotted name. Where it is a `RewardSignal`'s, the decay of eligibility is taken from there,
    unless it is set here.

    Args:
        base_stdp: an `STDPRule` whose parameters are taken.

    Source: Izhikevich (2007) Cereb. Cortex 17:2443, its linkage of eligibility and dopamine; defaults of the tutorial.
    Preset Izhikevich2007: times, amplitudes and limits as in the author's code daspnet.m (verified); there weights move
    every 10 ms by dopamine c, hence the sensitivity of 0.1.
    """

    presets: ClassVar = STDPRule.presets | {
        "Izhikevich2007": {
            "a_plus": 0.1, "a_minus": 0.15, "tau_plus": 20.0, "tau_minus": 20.0, "eligibility_trace_tau": 1000.0,
            "modulation_window": 1000.0, "dopamine_sensitivity": 0.1, "weight_max": 4.0,
        },
    }
    taken_from: ClassVar = {"eligibility_trace_tau": "dopamine"}

    c = state("1", "eligibility for a change of weight")
    pre_recent = State("ms", "time for which the latest presynaptic spike still makes pairs", kind="countdown",
                       at="pre", not_negative=True)
    post_recent = State("ms", "time for which the latest postsynaptic spike still makes pairs", kind="countdown",
                        at="post", not_negative=True)
    dopamine = given("uM", "dopamine at the postsynaptic site", at="post")

    dopamine_sensitivity = parameter(2.0, "1/(uM ms)", "how fast dopamine turns eligibility into weight",
                                     source=TUTORIAL)
    modulation_window = parameter(50.0, "ms", "longest delay between the spikes of a pair", source=TUTORIAL, low=0.0)
    eligibility_trace_tau = parameter(100.0, "ms", "decay of eligibility", source=TUTORIAL, low=1e-3)

    def __init__(self, *, base_stdp=None, **named):
        if base_stdp is not None:
            named = base_values(base_stdp) | named
        super().__init__(**named)

    @staticmethod
    def d_c(c, eligibility_trace_tau):
        """First-order decay."""
        return -c / eligibility_trace_tau

    @staticmethod
    def d_weight(c, dopamine, dopamine_sensitivity):
        """Eligibility becomes weight where there is dopamine, 1/ms."""
        return dopamine_sensitivity * dopamine * c

    @staticmethod
    def on_pre(x, y, c, post_recent, a_minus, modulation_window):
        """Eligibility for depression by the postsynaptic spikes that came before."""
        paired = where(post_recent > 0.0, y, 0.0)
        return {"x": x + 1.0, "pre_recent": modulation_window, "c": c - a_minus * paired}

    @staticmethod
    def on_post(x, y, c, pre_recent, a_plus, modulation_window):
        """Eligibility for potentiation by the presynaptic spikes that came before."""
        paired = where(pre_recent > 0.0, x, 0.0)
        return {"y": y + 1.0, "post_recent": modulation_window, "c": c + a_plus * paired}


def base_values(base: STDPRule) -> dict:
    """What was set on a rule of pairs: parameters that differ from the defaults, and where its weights start.

    Raises:
        ModelError: another kind of rule.
    """
    if not isinstance(base, STDPRule) or type(base).functions["on_pre"] is not STDPRule.functions["on_pre"]:
        kind = base.__name__ if isinstance(base, type) else type(base).__name__
        raise ModelError(f"DopamineModulatedSTDP.base_stdp: {kind} is not STDPRule; pass e.g. STDPRule(a_plus=0.02)")
    changed = {name: value for name, value in base.values.items() if value is not base.quantities[name].default}
    return changed | base.initial
