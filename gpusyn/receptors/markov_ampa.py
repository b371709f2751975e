"""AMPA receptors as Markov schemes with desensitized states."""
from typing import ClassVar

from gpusyn.mechanism import given, markov, output, parameter
from gpusyn.receptors.receptor import DESTEXHE, LigandGatedReceptor

JONAS = "Jonas, Major & Sakmann 1993 (recalled)"


class SixStateAMPAReceptor(LigandGatedReceptor):
    """AMPA receptor with two binding steps, one open and two desensitized states; it has no closed cycle.

        C0 <-> C1 <-> C2 <-> O      binding_rate glutamate / unbinding_1, .. / unbinding_2, opening / closing
               C1 <-> D1, C2 <-> D2      desensitization / resensitization

    Good for single pulses. Receptors in D1 stay for seconds (slowest recovery 2.57 s), since unbinding_1 is so
    small, so that trains fade more than they do in slices: take `SevenStateAMPAReceptor` for those.

    Source: Patneau & Mayer (1991) Neuron 6:785 for the scheme, rates of Destexhe, Mainen & Sejnowski (1998) in Methods
    in Neuronal Modeling, 2nd ed., ch. 1 (verified; the conductance is the upper end of their range, from one source).
    """

    member = "ampa"
    transmitter = "glutamate"
    presets: ClassVar = {"PatneauMayer1991": {}}

    scheme = markov("C0 C1 C2 D1 D2 O", "fractions of the receptors in each state")
    glutamate = given("uM", "glutamate that the receptor sees")

    binding_rate = parameter(13e-3, "1/(uM ms)", "either binding", source=DESTEXHE, low=0.0)
    unbinding_1 = parameter(5.9e-3, "1/ms", "unbinding from C1", source=DESTEXHE, low=0.0)
    unbinding_2 = parameter(86.0, "1/ms", "unbinding from C2", source=DESTEXHE, low=0.0)
    desensitization = parameter(0.9, "1/ms", "desensitization of C1 and C2", source=DESTEXHE, low=0.0)
    resensitization = parameter(0.064, "1/ms", "return from D1 and D2", source=DESTEXHE, low=0.0)
    opening = parameter(2.7, "1/ms", "opening", source=DESTEXHE, low=0.0)
    closing = parameter(0.2, "1/ms", "closing", source=DESTEXHE, low=0.0)

    @staticmethod
    def transitions(
        glutamate, binding_rate, unbinding_1, unbinding_2, desensitization, resensitization, opening, closing
    ):
        """Rates between the states, 1/ms."""
        binding = binding_rate * glutamate
        return {
            ("C0", "C1"): binding, ("C1", "C0"): unbinding_1,
            ("C1", "C2"): binding, ("C2", "C1"): unbinding_2,
            ("C1", "D1"): desensitization, ("D1", "C1"): resensitization,
            ("C2", "D2"): desensitization, ("D2", "C2"): resensitization,
            ("C2", "O"): opening, ("O", "C2"): closing,
        }

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(C1, C2, D1, D2, O):  # noqa: E741, the scheme's own letter
        """One glutamate or two."""
        return C1 + C2 + D1 + D2 + O

    @output("1", "fraction of receptors whose channel conducts")
    @staticmethod
    def open_fraction(O):  # noqa: E741
        """The one open state."""
        return O

    @output("1", "fraction of receptors that are desensitized")
    @staticmethod
    def desensitized_fraction(D1, D2):
        """Two states."""
        return D1 + D2


class SevenStateAMPAReceptor(LigandGatedReceptor):
    """AMPA receptor of hippocampal mossy-fibre synapses, with three desensitized states, C3, C4 and C5.

        C0 <-> C1 <-> C2 <-> O       binding_1 glutamate / unbinding_1, binding_2 .. / unbinding_2, opening / closing
               |      |      |       desensitization_1 / resensitization_1, .._2, .._3
               C3 <-> C4 <-> C5      binding_3 glutamate / unbinding_3,  into_c5 / out_of_c5

    Desensitizes in 12 ms and recovers in 43 ms, as trains need it.

    Source: Jonas, Major & Sakmann (1993) J. Physiol. 472:615 (all rates recalled, uncertain; that each cycle is
    microscopically reversible to 1 % speaks for them). The conductance is that of the preset Destexhe1998.
    """

    member = "ampa"
    transmitter = "glutamate"
    presets: ClassVar = {"Jonas1993": {}}

    scheme = markov("C0 C1 C2 C3 C4 C5 O", "fractions of the receptors in each state")
    glutamate = given("uM", "glutamate that the receptor sees")

    binding_1 = parameter(4.59e-3, "1/(uM ms)", "binding to C0", source=JONAS, low=0.0)
    unbinding_1 = parameter(4.26, "1/ms", "unbinding from C1", source=JONAS, low=0.0)
    binding_2 = parameter(28.4e-3, "1/(uM ms)", "binding to C1", source=JONAS, low=0.0)
    unbinding_2 = parameter(3.26, "1/ms", "unbinding from C2", source=JONAS, low=0.0)
    binding_3 = parameter(1.27e-3, "1/(uM ms)", "binding to C3", source=JONAS, low=0.0)
    unbinding_3 = parameter(0.0457, "1/ms", "unbinding from C4", source=JONAS, low=0.0)
    opening = parameter(4.24, "1/ms", "opening of C2", source=JONAS, low=0.0)
    closing = parameter(0.9, "1/ms", "closing of O", source=JONAS, low=0.0)
    desensitization_1 = parameter(2.89, "1/ms", "from C1 to C3", source=JONAS, low=0.0)
    resensitization_1 = parameter(0.0392, "1/ms", "from C3 to C1", source=JONAS, low=0.0)
    desensitization_2 = parameter(0.172, "1/ms", "from C2 to C4", source=JONAS, low=0.0)
    resensitization_2 = parameter(7.27e-4, "1/ms", "from C4 to C2", source=JONAS, low=0.0)
    desensitization_3 = parameter(0.0177, "1/ms", "from O to C5", source=JONAS, low=0.0)
    resensitization_3 = parameter(4e-3, "1/ms", "from C5 to O", source=JONAS, low=0.0)
    into_c5 = parameter(0.0168, "1/ms", "from C4 to C5", source=JONAS, low=0.0)
    out_of_c5 = parameter(0.1904, "1/ms", "from C5 to C4", source=JONAS, low=0.0)

    @staticmethod
    def transitions(
        glutamate, binding_1, unbinding_1, binding_2, unbinding_2, binding_3, unbinding_3, opening, closing,
        desensitization_1, resensitization_1, desensitization_2, resensitization_2, desensitization_3,
        resensitization_3, into_c5, out_of_c5,
    ):
        """Rates between the states, 1/ms."""
        return {
            ("C0", "C1"): binding_1 * glutamate, ("C1", "C0"): unbinding_1,
            ("C1", "C2"): binding_2 * glutamate, ("C2", "C1"): unbinding_2,
            ("C3", "C4"): binding_3 * glutamate, ("C4", "C3"): unbinding_3,
            ("C2", "O"): opening, ("O", "C2"): closing,
            ("C1", "C3"): desensitization_1, ("C3", "C1"): resensitization_1,
            ("C2", "C4"): desensitization_2, ("C4", "C2"): resensitization_2,
            ("O", "C5"): desensitization_3, ("C5", "O"): resensitization_3,
            ("C4", "C5"): into_c5, ("C5", "C4"): out_of_c5,
        }

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(C1, C2, C3, C4, C5, O):  # noqa: E741, the scheme's own letter
        """One glutamate or two."""
        return C1 + C2 + C3 + C4 + C5 + O

    @output("1", "fraction of receptors whose channel conducts")
    @staticmethod
    def open_fraction(O):  # noqa: E741
        """The one open state."""
        return O

    @output("1", "fraction of receptors that are desensitized")
    @staticmethod
    def desensitized_fraction(C3, C4, C5):
        """Three states."""
        return C3 + C4 + C5
