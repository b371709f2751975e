"""A reward as the dopamine that it lets go: the third factor of plasticity."""
from typing import ClassVar

from gpusyn.mechanism import Mechanism, output, parameter, state

TUTORIAL = "the neurotransmitter tutorial"


class RewardSignal(Mechanism):
    """Rewards arrive as spikes at `level`; each is a pulse of dopamine that decays within the precision of its timing.

        dlevel/dt = -level / timing_precision,     level = level + 1 at a reward (weight 1 of the connection)
        dopamine  = gain reward_value level

    A member of the population whose synapses learn: ``connect(source, "neurons.reward.level", ...)`` rewards it. With
    the defaults one reward is 1 uM ms of dopamine: 0.1 uM that decays within 10 ms. Preset lixirnet: 20 after a unit
    reward, 7.3576 after 20 ms, 0.13476 after 100 ms. `eligibility_trace_tau` is for the rules that read this signal's
    dopamine (`DopamineModulatedSTDP`); nothing here depends on it.

    Sources: names and defaults of the tutorial, except `gain` (proposed); spiking-neural-networks 0.24 (lixirnet,
    verified); Izhikevich (2007) Cereb. Cortex 17:2443, as in the author's code daspnet.m (verified).
    """

    presets: ClassVar = {
        "lixirnet": {"timing_precision": 20.0, "gain": 20.0},
        "Izhikevich2007": {"timing_precision": 200.0, "gain": 0.5, "eligibility_trace_tau": 1000.0},
    }

    level = state("1", "rewards that still act")
    reward_value = parameter(1.0, "1", "value of one reward; below 0 it punishes", source=TUTORIAL)
    timing_precision = parameter(10.0, "ms", "decay of a reward's dopamine", source=TUTORIAL, low=1e-3)
    eligibility_trace_tau = parameter(100.0, "ms", "decay of eligibility at rewarded synapses", source=TUTORIAL,
                                      low=1e-3)
    gain = parameter(0.1, "uM", "dopamine of a reward of value 1, at first", source="proposed: area 1 uM ms")

    @staticmethod
    def d_level(level, timing_precision):
        """First-order decay."""
        return -level / timing_precision

    @output("uM", "dopamine that rewards let go")
    @staticmethod
    def dopamine(level, reward_value, gain):
        """Proportional to the rewards that still act."""
        return gain * reward_value * level
