"""Glycine-gated chloride channel as a Markov scheme with a reluctant mode."""
from typing import ClassVar

from gpusyn.mechanism import given, markov, output, parameter
from gpusyn.receptors.receptor import LigandGatedReceptor

CNMODEL = "cnmodel, Gly5PL.mod, set glyfast (uncertain)"


class SixStateGlycineChannel(LigandGatedReceptor):
    """Glycine receptor with two equal binding sites and two open states, one reached through a reluctant state C3.

        C0 <-> C1 <-> C2     2 binding_rate glycine / unbinding_rate, binding_rate glycine / 2 unbinding_rate
               C2 <-> O1     opening_1 / closing_1
               C2 <-> C3     into_reluctant / out_of_reluctant
               C3 <-> O2     opening_2 / closing_2

    C3 is a slow mode of gating, not desensitization: the scheme has none, and no closed cycle. With these rates few
    channels are open at a time, 6 % at the peak after 1 mM for 1 ms.

    Sources: scheme, Legendre (1998) J. Neurosci. 18:2856; rates, a fit to neurons of the ventral cochlear nucleus in
    cnmodel (one code base, whose comments call it five-state; uncertain: Legendre found 0.9 of the channels open in
    3 mM). The conductance is proposed.
    """

    member = "glycine_channel"
    transmitter = "glycine"
    presets: ClassVar = {"LegendreType": {}}

    scheme = markov("C0 C1 C2 C3 O1 O2", "fractions of the receptors in each state")
    glycine = given("uM", "glycine that the receptor sees")

    binding_rate = parameter(0.038634, "1/(uM ms)", "binding to one site", source=CNMODEL, low=0.0)
    unbinding_rate = parameter(13.143132, "1/ms", "unbinding from one site", source=CNMODEL, low=0.0)
    opening_1 = parameter(1.000476, "1/ms", "from C2 to O1", source=CNMODEL, low=0.0)
    closing_1 = parameter(1.700306, "1/ms", "from O1 to C2", source=CNMODEL, low=0.0)
    into_reluctant = parameter(12.82182, "1/ms", "from C2 to C3", source=CNMODEL, low=0.0)
    out_of_reluctant = parameter(0.842504, "1/ms", "from C3 to C2", source=CNMODEL, low=0.0)
    opening_2 = parameter(0.137903, "1/ms", "from C3 to O2", source=CNMODEL, low=0.0)
    closing_2 = parameter(8.051435, "1/ms", "from O2 to C3", source=CNMODEL, low=0.0)
    reversal_potential = parameter(-70.0, "mV", "reversal potential", source=CNMODEL, low=-200.0, high=200.0)

    @staticmethod
    def transitions(
        glycine, binding_rate, unbinding_rate, opening_1, closing_1, into_reluctant, out_of_reluctant, opening_2,
        closing_2,
    ):
        """Rates between the states, 1/ms."""
        return {
            ("C0", "C1"): 2.0 * binding_rate * glycine, ("C1", "C0"): unbinding_rate,
            ("C1", "C2"): binding_rate * glycine, ("C2", "C1"): 2.0 * unbinding_rate,
            ("C2", "O1"): opening_1, ("O1", "C2"): closing_1,
            ("C2", "C3"): into_reluctant, ("C3", "C2"): out_of_reluctant,
            ("C3", "O2"): opening_2, ("O2", "C3"): closing_2,
        }

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(C1, C2, C3, O1, O2):
        """One glycine or two."""
        return C1 + C2 + C3 + O1 + O2

    @output("1", "fraction of receptors whose channel conducts")
    @staticmethod
    def open_fraction(O1, O2):
        """Both open states conduct alike."""
        return O1 + O2
