"""Serotonin receptors: 5-HT1A hyperpolarises through Gi, 5-HT2A makes IP3 through Gq."""
from typing import ClassVar

from gpusyn.mechanism import given, output, parameter
from gpusyn.receptors.effects import CyclaseRegulation, IP3Production, Modulation, PotassiumCurrent
from gpusyn.receptors.metabotropic import GProteinReceptor, MetabotropicReceptor

PROPOSED = "proposed for the affinity that is named above"


class SerotoninReceptor(MetabotropicReceptor):
    """A receptor that binds one molecule of serotonin."""

    transmitter: ClassVar[str] = "serotonin"

    serotonin = given("uM", "serotonin that the receptor sees")

    @output("1/ms", "rate at which a free receptor binds serotonin")
    @staticmethod
    def association(serotonin, binding_rate):
        """Mass action."""
        return binding_rate * serotonin


class HT1A_Receptor(  # noqa: N801, named as the tutorial names receptors
    SerotoninReceptor, GProteinReceptor, Modulation, CyclaseRegulation, PotassiumCurrent
):
    """5-HT1A serotonin receptor (Gi): it opens potassium channels and lowers cAMP.

        dr/dt           = binding_rate serotonin (1 - r) - unbinding_rate r
        dG/dt           = g_protein_activation r (1 - G) - g_protein_deactivation G
        current         = |conductance| G (v - reversal_potential)       outward > 0
        camp_production = max_camp_production G
        gain            = 1 + (modulation_factor - 1) G                  on `target`, none unless told

    Half bound at 50 nM, a functional affinity in the middle of the 10 to 100 nM that are reported (recalled, uncertain;
    binding at the high-affinity state is at 1 to 3 nM). A name in Python cannot begin with 5.
    """

    member: ClassVar[str] = "ht1a"

    binding_rate = parameter(0.01, "1/(uM ms)", "binding rate", source=PROPOSED, low=0.0)
    unbinding_rate = parameter(5e-4, "1/ms", "unbinding rate", source=PROPOSED, low=0.0)


class HT2A_Receptor(  # noqa: N801, named as the tutorial names receptors
    SerotoninReceptor, GProteinReceptor, Modulation, IP3Production
):
    """5-HT2A serotonin receptor (Gq): it makes IP3.

        dr/dt          = binding_rate serotonin (1 - r) - unbinding_rate r
        dG/dt          = g_protein_activation r (1 - G) - g_protein_deactivation G
        ip3_production = max_ip3_production G
        gain           = 1 + (modulation_factor - 1) G                   on `target`, none unless told

    Half bound at 200 nM, a functional affinity (recalled, uncertain; reports go from 50 nM to 1 uM). A name in Python
    cannot begin with 5.
    """

    member: ClassVar[str] = "ht2a"

    binding_rate = parameter(0.01, "1/(uM ms)", "binding rate", source=PROPOSED, low=0.0)
    unbinding_rate = parameter(2e-3, "1/ms", "unbinding rate", source=PROPOSED, low=0.0)
