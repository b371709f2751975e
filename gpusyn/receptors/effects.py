"""What active metabotropic receptors do: scale a conductance, open potassium channels, make second messengers.

Each effect is a base that a receptor's class takes beside the one that binds; all are proportional to the receptor's
`active_fraction`. Second messengers add up what all receptors of a population give them (`gpusyn.messengers`).
"""
from gpusyn.mechanism import Mechanism, given, output, parameter
from gpusyn.modulation import Modulator
from gpusyn.receptors.receptor import LigandGatedReceptor


def partial_effect(active_fraction, full):
    """A factor that goes from 1 with nothing active to `full` with everything active."""
    return 1.0 + (full - 1.0) * active_fraction


class Modulation(Modulator):
    """The receptor scales what its `target` names.

        gain = 1 + (modulation_factor - 1) active_fraction

    The gains of several receptors multiply.
    """

    active_fraction = given("1", "strength of the receptor's effects")

    modulation_factor = parameter(1.0, "1", "factor on the target with every receptor active", low=0.0)

    @output("1", "factor on the target")
    @staticmethod
    def gain(active_fraction, modulation_factor):
        """1 with no receptor active."""
        return partial_effect(active_fraction, modulation_factor)


class IP3Production(Mechanism):
    """The receptor activates phospholipase C through Gq: ip3_production = max_ip3_production active_fraction.

    The default, 0.5 uM/s, is the rate of phospholipase C-beta of De Pitta, Goldberg, Volman, Berry & Ben-Jacob (2009)
    J. Biol. Phys. 35:383 (recalled, uncertain; an astrocyte's).
    """

    active_fraction = given("1", "strength of the receptor's effects")

    max_ip3_production = parameter(
        5e-4, "uM/ms", "production with every receptor active", source="De Pitta et al. 2009, recalled", low=0.0
    )

    @output("uM/ms", "production of IP3")
    @staticmethod
    def ip3_production(active_fraction, max_ip3_production):
        """Proportional to what is active."""
        return max_ip3_production * active_fraction


class CyclaseRegulation(Mechanism):
    """The receptor drives adenylyl cyclase through Gs, or holds it back through Gi (a negative rate).

        camp_production = max_camp_production active_fraction
    """

    active_fraction = given("1", "strength of the receptor's effects")

    max_camp_production = parameter(
        -5e-4, "uM/ms", "change of production with every receptor active; negative holds it back", source="proposed"
    )

    @output("uM/ms", "change of the production of cAMP; negative holds it back")
    @staticmethod
    def camp_production(active_fraction, max_camp_production):
        """Proportional to what is active."""
        return max_camp_production * active_fraction


class CalciumRelease(Mechanism):
    """The receptor lets calcium into the cytosol: calcium_influx = max_calcium_influx active_fraction."""

    active_fraction = given("1", "strength of the receptor's effects")

    max_calcium_influx = parameter(0.01, "uM/ms", "influx with every receptor active", source="proposed", low=0.0)

    @output("uM/ms", "calcium that enters the cytosol")
    @staticmethod
    def calcium_influx(active_fraction, max_calcium_influx):
        """Proportional to what is active."""
        return max_calcium_influx * active_fraction


class PotassiumCurrent(LigandGatedReceptor):
    """The receptor's G proteins open inwardly rectifying potassium channels (GIRK).

        current = |conductance| active_fraction (v - reversal_potential)     outward > 0, hyperpolarises

    Proportional to the active G proteins, without the cooperativity of `GABA_B_Receptor`'s cascade and without
    rectification. Reversal potential: Destexhe & Sejnowski (1995) PNAS 92:9515 (verified); conductance proposed.
    """

    active_fraction = given("1", "strength of the receptor's effects")

    conductance = parameter(
        1.0, "nS", "conductance with every receptor active; its magnitude counts", source="proposed"
    )
    reversal_potential = parameter(
        -95.0, "mV", "reversal potential of potassium", source="Destexhe & Sejnowski 1995", low=-200.0, high=200.0
    )

    @output("1", "fraction of potassium channels that conduct")
    @staticmethod
    def open_fraction(active_fraction):
        """Proportional to what is active."""
        return active_fraction
