"""Drugs on transporters."""
from gpusyn.mechanism import output, parameter
from gpusyn.pharmacology.drug import Drug, GradedDrug


class ReuptakeInhibitor(GradedDrug):
    """A drug that stops transporters: what is left is the tutorial's (1 - potency).

        gain = 1 - effect          on a largest uptake ("transporter_v_max") or a rate ("reuptake_rate")

    `half_effect` is the IC50.
    """

    @output("1", "share of the transporters that still work")
    @staticmethod
    def gain(effect):
        """What is not stopped."""
        return 1.0 - effect


class CompetitiveReuptakeInhibitor(Drug):
    """A drug that competes with the transmitter for the transporters, as most antidepressants do.

        gain = 1 + D / k_i          on the concentration of half the uptake: "transporter_k_m"

    Far below k_m it slows uptake as `ReuptakeInhibitor` does with half_effect = k_i; much transmitter overcomes it.
    """

    k_i = parameter(1.0, "uM", "drug that doubles the apparent k_m", source="proposed", low=1e-12)

    @output("1", "factor on the apparent k_m")
    @staticmethod
    def gain(drug_concentration, k_i):
        """1 without the drug."""
        return 1.0 + drug_concentration / k_i
