"""The neuromodulators that a cell sees, without a field: four levels, and what they do to learning."""
from typing import ClassVar

from gpusyn.lang import clip
from gpusyn.mechanism import given, output, parameter, state
from gpusyn.modulation import Modulator

CRATE = "synapse-models 0.1 (verified there, no source)"


class NeuromodulatorState(Modulator):
    """Levels of dopamine, serotonin, acetylcholine and noradrenaline at a cell, each cleared at its own rate.

        d level/dt = release - level / tau,     one for each of the four
        gain       = product of (1 + effect min(level, 1))

    A level is relative: 1 is what the full effect needs, and more has no more. `gain` scales what `target` names, and
    is meant for plasticity (``target="..."`` of a rule's speed, or a given bound to ``<member>.gain``).

    synapse-models 0.1 scales the synaptic current by it and lets all four decay with 1000 ms; here they decay with the
    clearance times that the same crate gives its transmitters. For real concentrations take a transmitter with a field
    and its receptors (`DopamineNeurotransmitter`, `D1_Receptor`).

    Source of effects and times: synapse-models 0.1, which gives none.
    """

    member: ClassVar[str] = "modulators"

    dopamine = state("1", "level of dopamine", not_negative=True)
    serotonin = state("1", "level of serotonin", not_negative=True)
    acetylcholine = state("1", "level of acetylcholine", not_negative=True)
    noradrenaline = state("1", "level of noradrenaline", not_negative=True)

    dopamine_release = given("1/ms", "dopamine that arrives", default=0.0)
    serotonin_release = given("1/ms", "serotonin that arrives", default=0.0)
    acetylcholine_release = given("1/ms", "acetylcholine that arrives", default=0.0)
    noradrenaline_release = given("1/ms", "noradrenaline that arrives", default=0.0)

    tau_dopamine = parameter(100.0, "ms", "clearance of dopamine", source=CRATE, low=1e-3)
    tau_serotonin = parameter(80.0, "ms", "clearance of serotonin", source=CRATE, low=1e-3)
    tau_acetylcholine = parameter(0.5, "ms", "clearance of acetylcholine", source=CRATE, low=1e-3)
    tau_noradrenaline = parameter(120.0, "ms", "clearance of noradrenaline", source=CRATE, low=1e-3)
    dopamine_effect = parameter(0.5, "1", "change at a full level of dopamine", source=CRATE, low=-1.0)
    serotonin_effect = parameter(-0.2, "1", "change at a full level of serotonin", source=CRATE, low=-1.0)
    acetylcholine_effect = parameter(0.3, "1", "change at a full level of acetylcholine", source=CRATE, low=-1.0)
    noradrenaline_effect = parameter(0.4, "1", "change at a full level of noradrenaline", source=CRATE, low=-1.0)

    @staticmethod
    def d_dopamine(dopamine, dopamine_release, tau_dopamine):
        """First-order clearance, 1/ms."""
        return dopamine_release - dopamine / tau_dopamine

    @staticmethod
    def d_serotonin(serotonin, serotonin_release, tau_serotonin):
        """First-order clearance, 1/ms."""
        return serotonin_release - serotonin / tau_serotonin

    @staticmethod
    def d_acetylcholine(acetylcholine, acetylcholine_release, tau_acetylcholine):
        """First-order clearance, 1/ms."""
        return acetylcholine_release - acetylcholine / tau_acetylcholine

    @staticmethod
    def d_noradrenaline(noradrenaline, noradrenaline_release, tau_noradrenaline):
        """First-order clearance, 1/ms."""
        return noradrenaline_release - noradrenaline / tau_noradrenaline

    @output("1", "factor on the target")
    @staticmethod
    def gain(
        dopamine, serotonin, acetylcholine, noradrenaline, dopamine_effect, serotonin_effect, acetylcholine_effect,
        noradrenaline_effect,
    ):
        """1 without any of them."""
        catecholamines = (1.0 + dopamine_effect * clip(dopamine, 0.0, 1.0)) * (
            1.0 + noradrenaline_effect * clip(noradrenaline, 0.0, 1.0)
        )
        others = (1.0 + serotonin_effect * clip(serotonin, 0.0, 1.0)) * (
            1.0 + acetylcholine_effect * clip(acetylcholine, 0.0, 1.0)
        )
        return catecholamines * others
