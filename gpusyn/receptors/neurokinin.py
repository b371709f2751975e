"""Neurokinin receptor: a peptide that binds tightly, works for minutes, and desensitizes."""
from typing import ClassVar

from gpusyn.mechanism import given, markov, output, parameter
from gpusyn.receptors.effects import IP3Production, Modulation
from gpusyn.receptors.metabotropic import MetabotropicReceptor

PER_MINUTE = 1 / 60e3  # 1/ms
BINDING = 1e3 * PER_MINUTE  # 1/(nM min) in 1/(uM ms)
PROPOSED = "proposed"


class NK1_Receptor(MetabotropicReceptor, Modulation, IP3Production):  # noqa: N801, the tutorial's name
    """NK1 receptor of substance P (Gq): it makes IP3 until it desensitizes.

        free <-> bound           binding_rate substance_p      unbinding_rate
        bound -> desensitized    desensitization_rate          arrestin, and uptake into the cell
        desensitized -> free     resensitization_rate          return to the membrane, without the peptide
        ip3_production = max_ip3_production bound
        gain           = 1 + (modulation_factor - 1) bound     on `target`, none unless told

    Desensitized receptors count as bound: bound_fraction = bound + desensitized.

    Binding at 0.15 nM, the middle of 0.13 to 0.17 nM (from one source); presets high_affinity and low_affinity are the
    two kinds of site that others tell apart, 0.04 nM and 5.9 nM (from one source). No rates are known to us: 1/(nM min)
    for binding, desensitization in a minute and recovery in ten are proposed. A step changes the fractions so little
    that float32 is 1 % off after a minute in steps of 0.1 ms; float64 is not.
    """

    member: ClassVar[str] = "nk1"
    transmitter: ClassVar[str] = "substance_p"
    presets: ClassVar = {
        "high_affinity": {"unbinding_rate": 0.04e-3 * BINDING},
        "low_affinity": {"unbinding_rate": 5.9e-3 * BINDING},
    }

    scheme = markov("free bound desensitized", "fractions of the receptors in each state", initial="free")
    substance_p = given("uM", "substance P that the receptor sees")

    binding_rate = parameter(BINDING, "1/(uM ms)", "binding rate", source=PROPOSED, low=0.0)
    unbinding_rate = parameter(0.15e-3 * BINDING, "1/ms", "unbinding rate", source=PROPOSED, low=0.0)
    desensitization_rate = parameter(PER_MINUTE, "1/ms", "desensitization when bound", source=PROPOSED, low=0.0)
    resensitization_rate = parameter(0.1 * PER_MINUTE, "1/ms", "return to the free state", source=PROPOSED, low=0.0)

    @output("1/ms", "rate at which a free receptor binds substance P")
    @staticmethod
    def association(substance_p, binding_rate):
        """Mass action."""
        return binding_rate * substance_p

    @staticmethod
    def transitions(association, unbinding_rate, desensitization_rate, resensitization_rate):
        """Rates between the states, 1/ms."""
        return {
            ("free", "bound"): association, ("bound", "free"): unbinding_rate,
            ("bound", "desensitized"): desensitization_rate, ("desensitized", "free"): resensitization_rate,
        }

    @output("1", "fraction of receptors that have bound substance P, the desensitized ones included")
    @staticmethod
    def bound_fraction(bound, desensitized):
        """All that are not free."""
        return bound + desensitized

    @output("1", "fraction of receptors that are desensitized")
    @staticmethod
    def desensitized_fraction(desensitized):
        """The desensitized state."""
        return desensitized

    @output("1", "strength of the receptor's effects, 1 with all receptors bound")
    @staticmethod
    def active_fraction(bound):
        """Bound and not desensitized."""
        return bound
