"""Muscarinic acetylcholine receptors: M1 makes IP3 through Gq, M2 hyperpolarises through Gi."""
from typing import ClassVar

from gpusyn.mechanism import given, output, parameter
from gpusyn.receptors.effects import CyclaseRegulation, IP3Production, Modulation, PotassiumCurrent
from gpusyn.receptors.metabotropic import GProteinReceptor

FALKENBURGER = "Falkenburger, Jensen & Hille 2010, recalled"


class MuscarinicReceptor(GProteinReceptor, Modulation, IP3Production, CyclaseRegulation, PotassiumCurrent):
    """Muscarinic acetylcholine receptor.

        dr/dt           = binding_rate acetylcholine (1 - r) - unbinding_rate r
        dG/dt           = g_protein_activation r (1 - G) - g_protein_deactivation G
        ip3_production  = max_ip3_production G                           M1
        camp_production = max_camp_production G                          M2
        current         = |conductance| G (v - reversal_potential)       M2, outward > 0
        gain            = 1 + (modulation_factor - 1) G                  on `target`, none unless told

    Presets: M1, which is the default (Gq; M3 and M5 are alike), and M2 (Gi; M4 is alike). That M1 closes the potassium
    M-current is not in it; a model with such a current may name its conductance as `target`.

    Binding: half bound at 2 uM, M1 with oxotremorine-M, Falkenburger, Jensen & Hille (2010) J. Gen. Physiol. 135:81
    (recalled, uncertain). M2 binds acetylcholine about ten times as tightly (recalled, uncertain).
    """

    member: ClassVar[str] = "muscarinic"
    transmitter: ClassVar[str] = "acetylcholine"
    presets: ClassVar = {
        "M1": {"max_ip3_production": 5e-4, "max_camp_production": 0.0, "conductance": 0.0},
        "M2": {
            "unbinding_rate": 5.6e-4, "max_ip3_production": 0.0, "max_camp_production": -5e-4, "conductance": 1.0,
        },
    }

    acetylcholine = given("uM", "acetylcholine that the receptor sees")

    binding_rate = parameter(2.8e-3, "1/(uM ms)", "binding rate", source=FALKENBURGER, low=0.0)
    unbinding_rate = parameter(5.6e-3, "1/ms", "unbinding rate", source=FALKENBURGER, low=0.0)
    max_camp_production = parameter(
        0.0, "uM/ms", "change of production with every receptor active; negative holds it back", source="proposed"
    )
    conductance = parameter(
        0.0, "nS", "conductance of potassium with every receptor active; its magnitude counts", source="proposed"
    )

    @output("1/ms", "rate at which a free receptor binds acetylcholine")
    @staticmethod
    def association(acetylcholine, binding_rate):
        """Mass action."""
        return binding_rate * acetylcholine
