"""GABA-A receptor as a Markov scheme with two open states."""
from typing import ClassVar

from gpusyn.mechanism import given, markov, output, parameter
from gpusyn.receptors.receptor import DESTEXHE, LigandGatedReceptor


class FiveStateGABA_A_Receptor(LigandGatedReceptor):  # noqa: N801, as `GABA_A_Receptor`
    """GABA-A receptor that opens with one GABA or with two; it has no closed cycle and does not desensitize.

        C0 <-> C1 <-> C2      binding_1 gaba / unbinding_1, binding_2 gaba / unbinding_2
               C1 <-> O1      opening_1 / closing_1
               C2 <-> O2      opening_2 / closing_2

    Source: Busch & Sakmann (1990) Cold Spring Harb. Symp. Quant. Biol. 55:69 for the scheme, rates of Destexhe, Mainen
    & Sejnowski (1998) in Methods in Neuronal Modeling, 2nd ed., ch. 1 (verified; the conductance is the upper end of
    their range, from one source).
    """

    member = "gaba_a"
    transmitter = "gaba"
    presets: ClassVar = {"BuschSakmann1990": {}}

    scheme = markov("C0 C1 C2 O1 O2", "fractions of the receptors in each state")
    gaba = given("uM", "GABA that the receptor sees")

    binding_1 = parameter(20e-3, "1/(uM ms)", "binding to C0", source=DESTEXHE, low=0.0)
    unbinding_1 = parameter(4.6, "1/ms", "unbinding from C1", source=DESTEXHE, low=0.0)
    binding_2 = parameter(10e-3, "1/(uM ms)", "binding to C1", source=DESTEXHE, low=0.0)
    unbinding_2 = parameter(9.2, "1/ms", "unbinding from C2", source=DESTEXHE, low=0.0)
    opening_1 = parameter(3.3, "1/ms", "opening of C1", source=DESTEXHE, low=0.0)
    closing_1 = parameter(9.8, "1/ms", "closing of O1", source=DESTEXHE, low=0.0)
    opening_2 = parameter(10.6, "1/ms", "opening of C2", source=DESTEXHE, low=0.0)
    closing_2 = parameter(0.41, "1/ms", "closing of O2", source=DESTEXHE, low=0.0)
    conductance = parameter(1.2, "nS", "conductance with every receptor open; its magnitude counts", source=DESTEXHE)
    reversal_potential = parameter(-80.0, "mV", "reversal potential", source=DESTEXHE, low=-200.0, high=200.0)

    @staticmethod
    def transitions(
        gaba, binding_1, unbinding_1, binding_2, unbinding_2, opening_1, closing_1, opening_2, closing_2
    ):
        """Rates between the states, 1/ms."""
        return {
            ("C0", "C1"): binding_1 * gaba, ("C1", "C0"): unbinding_1,
            ("C1", "C2"): binding_2 * gaba, ("C2", "C1"): unbinding_2,
            ("C1", "O1"): opening_1, ("O1", "C1"): closing_1,
            ("C2", "O2"): opening_2, ("O2", "C2"): closing_2,
        }

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(C1, C2, O1, O2):
        """One GABA or two."""
        return C1 + C2 + O1 + O2

    @output("1", "fraction of receptors whose channel conducts")
    @staticmethod
    def open_fraction(O1, O2):
        """Both open states conduct alike."""
        return O1 + O2
