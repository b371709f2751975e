"""Spike-timing-dependent plasticity that waits for dopamine: pairs leave an eligibility, which reward makes weight."""
from typing import ClassVar

from gpusyn.errors import ModelError
from gpusyn.lang import clip, maximum, minimum, where
from gpusyn.mechanism import given, output, parameter, state
from gpusyn.plasticity.pair_stdp import STDPRule
from gpusyn.quantities import State

TUTORIAL = "the neurotransmitter tutorial"
LONGEST = 9.0  # of eligibility_trace_tau: `fading` is then 1e-4, and dividing by it keeps four digits in float32
FAINTEST = 1e-4


class DopamineModulatedSTDP(STDPRule):
    """Pair rule whose pairs change an eligibility c instead of the weight.

        presynaptic spike   c = c - a_minus y,     postsynaptic spike   c = c + a_plus x
        dc/dt      = -c / eligibility_trace_tau
        dweight/dt = dopamine_sensitivity dopamine c

    x and y are the traces of `STDPRule`. Only pairs less than `modulation_window` apart count: a trace is read as 0
    once its neuron's latest spike is that old. A reward of dopamine of time integral D (uM ms), that comes a time d
    after a pair of window value w, changes the weight by dopamine_sensitivity D w exp(-d / eligibility_trace_tau):
    with the defaults and D = 1, a pair of +10 ms and a reward 50 ms later, by 0.0073576. Without dopamine nothing
    changes.

    It is solved from spike to spike, nothing is computed per synapse between. All synapses of a neuron see the same
    dopamine, and each is visited at the neuron's spikes: with `fading`, what is left of an eligibility of the latest of
    these, c = c_then fading, and the weight has changed since by dopamine_sensitivity c_then `reach`,

        dfading/dt = -fading / eligibility_trace_tau,  dreach/dt = dopamine fading;  1 and 0 at a postsynaptic spike

    A presynaptic spike counts as c_then -= a_minus y / fading from the outset, and what reach already promises of that
    is taken from `owed`. There also waits what float32 rounds away as weights grow: small changes add up. Wherever a
    weight is used, read or recorded it is the weight of now.

    The weight stays between weight_min and weight_max; it is brought there where it is used, at presynaptic spikes.
    Where dopamine changes sign between two, what it first carried beyond a limit can so be taken back. Besides
    `modulation_window`, presynaptic spikes more than 9 eligibility_trace_tau after the neuron's make no pair.

    `dopamine` is read at the postsynaptic site, from a field or a state or output of the population that is called so;
    bind it to another by its dotted name. Where it is a `RewardSignal`'s, the decay of eligibility is taken from there,
    unless it is set here. `eligibility_trace_tau` is one, or one for each postsynaptic neuron.

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

    c_then = state("1", "eligibility, in terms of the latest postsynaptic spike")
    owed = state("1", "change that the weight has not taken up, without that of c_then's reach")
    fading = State("1", "what is left of an eligibility of the latest postsynaptic spike", initial=1.0, at="post")
    reach = State("uM ms", "integral of dopamine times fading since the latest postsynaptic spike", at="post")
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
    def d_fading(fading, eligibility_trace_tau):
        """First-order decay."""
        return -fading / eligibility_trace_tau

    @staticmethod
    def d_reach(dopamine, fading):
        """Dopamine finds what is left."""
        return dopamine * fading

    @output("1", "eligibility for a change of weight")
    @staticmethod
    def c(c_then, fading):
        """The present value."""
        return c_then * fading

    @output("1", "change that the weight has not taken up")
    @staticmethod
    def pending(owed, c_then, reach, dopamine_sensitivity):
        """Eligibility becomes weight where there was dopamine."""
        return owed + dopamine_sensitivity * c_then * reach

    @staticmethod
    def catch_up(weight, pending, c_then, reach, dopamine_sensitivity, weight_min, weight_max):
        """The weight takes up what it can hold; what rounding leaves stays owed, what is beyond a limit does not."""
        wanted = weight + pending
        now = clip(wanted, weight_min, weight_max)
        left = where(now == wanted, pending - (now - weight), 0.0)
        return {"weight": now, "owed": left - dopamine_sensitivity * c_then * reach}

    @staticmethod
    def on_pre(x, y, c_then, owed, fading, reach, post_recent, a_minus, dopamine_sensitivity, modulation_window):
        """Eligibility for depression by the postsynaptic spikes that came before."""
        paired = where(post_recent > 0.0, y, 0.0)
        change = -a_minus * paired / maximum(fading, FAINTEST)
        return {
            "x": x + 1.0, "pre_recent": modulation_window,
            "c_then": c_then + change, "owed": owed - dopamine_sensitivity * change * reach,
        }

    @staticmethod
    def on_post(x, y, c, pending, pre_recent, a_plus, modulation_window, eligibility_trace_tau):
        """Eligibility for potentiation by the presynaptic spikes that came before."""
        paired = where(pre_recent > 0.0, x, 0.0)
        return {
            "y": y + 1.0, "post_recent": minimum(modulation_window, LONGEST * eligibility_trace_tau),
            "c_then": c + a_plus * paired, "owed": pending, "fading": 1.0, "reach": 0.0,
        }


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
