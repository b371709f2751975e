"""Metabotropic glutamate receptor: G proteins, a second messenger, and a weaker AMPA response."""
from typing import ClassVar

from gpusyn.mechanism import given, option, output, parameter
from gpusyn.receptors.effects import CalciumRelease, CyclaseRegulation, IP3Production, Modulation
from gpusyn.receptors.metabotropic import GProteinReceptor
from gpusyn.receptors.receptor import TUTORIAL

# The parameter that says how much of each second messenger is made.
PRODUCED = {"ip3": "max_ip3_production", "camp": "max_camp_production", "calcium": "max_calcium_influx"}


class mGluR_Receptor(  # noqa: N801, the tutorial's name
    GProteinReceptor, Modulation, IP3Production, CyclaseRegulation, CalciumRelease
):
    """Metabotropic glutamate receptor.

        dr/dt          = binding_rate glutamate (1 - r) - unbinding_rate r
        dG/dt          = g_protein_activation r (1 - G) - g_protein_deactivation G
        gain           = 1 + (modulation_factor - 1) G          on `modulation_target`
        ip3_production = max_ip3_production G                   or camp_production, or calcium_influx

    `second_messenger` says which messenger it acts on: "ip3" as mGluR1 and 5 (Gq), "camp" as the receptors of groups
    II and III, which hold adenylyl cyclase back (Gi), or "calcium". It gives that messenger its default rate and the
    others none; a rate that is given holds all the same.

    Presets: Emri2003, mGluR1a in thalamus, Emri, Antal & Crunelli (2003) Neuroscience 117:229 (verified in public code;
    there the G protein is not bounded and closes a potassium leak by its fourth power); AshhadNarayanan2013, binding
    alone, after Bhalla & Iyengar, Ashhad & Narayanan (2013) J. Physiol. 591:1645 (verified in public code; uncertain,
    as it is half bound at 0.06 uM). The defaults are those of the neurotransmitter tutorial of lixirnet (proposed
    there, no source).
    """

    rates_given: set[str]  # those of PRODUCED, which second_messenger leaves as they are

    member: ClassVar[str] = "mglur"
    transmitter: ClassVar[str] = "glutamate"
    presets: ClassVar = {
        "Emri2003": {
            "binding_rate": 9e-6, "unbinding_rate": 1.2e-3, "g_protein_activation": 0.18,
            "g_protein_deactivation": 0.034,
        },
        "AshhadNarayanan2013": {"binding_rate": 0.28, "unbinding_rate": 0.016},
    }

    glutamate = given("uM", "glutamate that the receptor sees")

    second_messenger = option("ip3", "the second messenger that the receptor acts on", tuple(PRODUCED))
    modulation_target = option("ampa_conductance", "what is modulated: <member>_<name>, or a name of the cell")

    binding_rate = parameter(0.001, "1/(uM ms)", "binding rate", source=TUTORIAL, low=0.0)
    unbinding_rate = parameter(0.0001, "1/ms", "unbinding rate", source=TUTORIAL, low=0.0)
    modulation_factor = parameter(
        0.8, "1", "factor on the target with every G protein active", source=TUTORIAL, low=0.0
    )

    def __init__(self, *, second_messenger: str = "ip3", **values):
        object.__setattr__(self, "rates_given", set())
        super().__init__(second_messenger=second_messenger, **values)

    def set(self, name, value):
        """Set a parameter, an option, an initial value or a binding; `target` is `modulation_target`."""
        super().set("modulation_target" if name == "target" else name, value)
        if name in PRODUCED.values():
            self.rates_given.add(name)
        if name == "second_messenger":
            for messenger, rate in PRODUCED.items():
                if rate not in self.rates_given:
                    self.values[rate] = self.quantities[rate].default if messenger == value else 0.0

    def get(self, name):
        """The value of a parameter or option, the initial value of a state, or what a given is bound to."""
        return super().get("modulation_target" if name == "target" else name)

    @output("1/ms", "rate at which a free receptor binds glutamate")
    @staticmethod
    def association(glutamate, binding_rate):
        """Mass action."""
        return binding_rate * glutamate
