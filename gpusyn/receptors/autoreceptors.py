"""Autoreceptors: a releasing cell senses its own transmitter and releases less."""
from typing import ClassVar

from gpusyn.errors import ModelError
from gpusyn.mechanism import given, option, output, parameter
from gpusyn.modulation import Modulator
from gpusyn.receptors.dopamine import FAST_D2, DopamineReceptor
from gpusyn.receptors.effects import partial_effect
from gpusyn.receptors.metabotropic import OneSiteReceptor
from gpusyn.receptors.receptor import TUTORIAL
from gpusyn.receptors.serotonin import SerotoninReceptor


class Autoreceptor(OneSiteReceptor, Modulator):
    """Base of the autoreceptors.

        dr/dt               = binding_rate ligand (1 - r) - unbinding_rate r
        gain                = 1 - (1 - inhibition_factor) r
        release_probability = base_release_probability gain

    inhibition_factor is the fraction of releases that is left with every receptor bound: 0.7 takes three in ten. The
    receptor is a member of the population that releases, and sees the transmitter at that cell's site. A connection
    takes the result as its probability:

        model.connect("neurons", "gaba", wiring, probability="neurons.gaba_b_autoreceptor.release_probability")

    `target` may name another quantity of the cell, such as one of a vesicle pool, for `gain`.
    """

    receiving_side: ClassVar[str] = ""  # what belongs where presynaptic_location would be False

    presynaptic_location = option(True, "whether the receptor sits where its cell releases; it must")

    base_release_probability = parameter(
        0.3, "1", "probability that a spike releases with no receptor bound", source=TUTORIAL, low=0.0, high=1.0
    )
    inhibition_factor = parameter(
        0.7, "1", "fraction of releases that is left with every receptor bound", source=TUTORIAL, low=0.0, high=1.0
    )

    def set(self, name, value):
        """Set a parameter, an option, an initial value or a binding.

        Raises:
            ModelError: also for presynaptic_location=False: on the receiving side it is another receptor.
        """
        if name == "presynaptic_location" and value is False:
            raise ModelError(f"{type(self).__name__}.presynaptic_location: an autoreceptor acts on release, so it must "
                             f"be True; {self.receiving_side}")
        super().set(name, value)

    @output("1", "factor on what is released, and on the target")
    @staticmethod
    def gain(active_fraction, inhibition_factor):
        """1 with no receptor bound."""
        return partial_effect(active_fraction, inhibition_factor)

    @output("1", "probability that a spike releases")
    @staticmethod
    def release_probability(base_release_probability, gain):
        """Lowered as far as receptors are bound."""
        return base_release_probability * gain


class GABA_B_Autoreceptor(Autoreceptor):  # noqa: N801, the tutorial's name
    """GABA-B receptor on terminals that release GABA; equations as of `Autoreceptor`.

    The defaults are those of the neurotransmitter tutorial of lixirnet (proposed there, no source).
    """

    member: ClassVar[str] = "gaba_b_autoreceptor"
    transmitter: ClassVar[str] = "gaba"
    receiving_side: ClassVar[str] = "on the receiving side use GABA_B_Receptor, which opens potassium channels"

    gaba = given("uM", "GABA that the receptor sees")

    @output("1/ms", "rate at which a free receptor binds GABA")
    @staticmethod
    def association(gaba, binding_rate):
        """Mass action."""
        return binding_rate * gaba


class D2_Autoreceptor(Autoreceptor, DopamineReceptor):  # noqa: N801, named as the tutorial names receptors
    """D2 receptor on terminals that release dopamine; equations as of `Autoreceptor`.

    Half bound at 100 nM, from the public Dopamine-Simulation-Tools (verified in code); the base probability is that of
    the tutorial's dopamine, and the fraction that is left, as GABA-B's, is proposed.
    """

    member: ClassVar[str] = "d2_autoreceptor"
    receiving_side: ClassVar[str] = "on the receiving side use D2_Receptor"

    binding_rate = parameter(
        FAST_D2["binding_rate"], "1/(uM ms)", "binding rate", source="Dopamine-Simulation-Tools", low=0.0
    )
    unbinding_rate = parameter(
        FAST_D2["unbinding_rate"], "1/ms", "unbinding rate", source="Dopamine-Simulation-Tools", low=0.0
    )
    base_release_probability = parameter(
        0.1, "1", "probability that a spike releases with no receptor bound", source=TUTORIAL, low=0.0, high=1.0
    )


class HT1A_Autoreceptor(Autoreceptor, SerotoninReceptor):  # noqa: N801, named as the tutorial names receptors
    """5-HT1A receptor of cells that release serotonin; equations as of `Autoreceptor`.

    Half bound at 50 nM, as `HT1A_Receptor` (recalled, uncertain); the rest is proposed.
    """

    member: ClassVar[str] = "ht1a_autoreceptor"
    receiving_side: ClassVar[str] = "on the receiving side use HT1A_Receptor, which opens potassium channels"

    unbinding_rate = parameter(5e-4, "1/ms", "unbinding rate", source="proposed, for half bound at 50 nM", low=0.0)
    base_release_probability = parameter(
        0.1, "1", "probability that a spike releases with no receptor bound", source="proposed", low=0.0, high=1.0
    )


class Alpha2_Autoreceptor(Autoreceptor):  # noqa: N801, named as the tutorial names receptors
    """alpha-2 adrenergic receptor of cells that release noradrenaline; equations as of `Autoreceptor`.

    Half bound at 100 nM (recalled, uncertain; reports go from 10 nM to 1 uM); the rest is proposed.
    """

    member: ClassVar[str] = "alpha2_autoreceptor"
    transmitter: ClassVar[str] = "noradrenaline"
    receiving_side: ClassVar[str] = "receptors of noradrenaline on the receiving side are not in gpusyn"

    noradrenaline = given("uM", "noradrenaline that the receptor sees")

    base_release_probability = parameter(
        0.1, "1", "probability that a spike releases with no receptor bound", source="proposed", low=0.0, high=1.0
    )

    @output("1/ms", "rate at which a free receptor binds noradrenaline")
    @staticmethod
    def association(noradrenaline, binding_rate):
        """Mass action."""
        return binding_rate * noradrenaline
