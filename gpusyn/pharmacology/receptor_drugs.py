"""Drugs on receptors: agonists, antagonists, positive modulators."""
from gpusyn.mechanism import output, parameter
from gpusyn.pharmacology.drug import Drug, GradedDrug


class Agonist(Drug):
    """A drug that a receptor takes for its ligand.

        addition = relative_affinity D          on the ligand that the receptor sees: "ampa_glutamate"

    A receptor that is half bound at EC50 of its ligand is half bound at EC50 / relative_affinity of the drug. It
    activates as the ligand does, and antagonists compete with both.
    """

    relative_affinity = parameter(
        1.0, "1", "ligand that does the same as one unit of the drug", source="proposed", low=0.0
    )

    @output("uM", "what the receptor takes for more ligand")
    @staticmethod
    def addition(drug_concentration, relative_affinity):
        """In units of the ligand."""
        return relative_affinity * drug_concentration


class CompetitiveAntagonist(Drug):
    """A drug that holds the receptor's binding sites and leaves fewer for the ligand.

        gain = 1 / (1 + D / k_b)          on the ligand ("ampa_glutamate") or a binding rate ("ampa_binding_rate")

    It exchanges fast beside the ligand. The ligand's dose-response curve moves to the right by 1 + D / k_b and keeps
    its height, of a scheme with several binding sites too.

    Source: Gaddum (1937) J. Physiol. 89:7P; Arunlakshana & Schild (1959) Br. J. Pharmacol. 14:48 (recalled).
    """

    k_b = parameter(1.0, "uM", "drug that holds half the sites where there is no ligand", source="proposed", low=1e-12)

    @output("1", "share of the sites that the drug leaves free")
    @staticmethod
    def gain(drug_concentration, k_b):
        """Gaddum's factor."""
        return 1.0 / (1.0 + drug_concentration / k_b)


class NoncompetitiveAntagonist(GradedDrug):
    """A drug that stops receptors however much ligand there is: a channel blocker.

        gain = 1 - effect          on a conductance: "nmda_conductance"

    The ligand's dose-response curve becomes lower and keeps its place. `half_effect` is the IC50.
    """

    @output("1", "share of the receptors that still act")
    @staticmethod
    def gain(effect):
        """What is not blocked."""
        return 1.0 - effect


class PositiveModulator(GradedDrug):
    """A drug that lets less ligand do the same, as benzodiazepines do at GABA-A receptors.

        gain = 1 + (largest_gain - 1) effect          on the ligand ("gaba_a_gaba") or a binding rate

    The ligand's dose-response curve moves to the left by `gain` and keeps its height. Benzodiazepines move that of
    GABA by a factor of two to three (recalled).
    """

    largest_gain = parameter(3.0, "1", "largest shift of the ligand's curve", source="recalled, uncertain", low=1.0)

    @output("1", "factor by which the ligand's curve moves to the left")
    @staticmethod
    def gain(effect, largest_gain):
        """1 without the drug."""
        return 1.0 + (largest_gain - 1.0) * effect
