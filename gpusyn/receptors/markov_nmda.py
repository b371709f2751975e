"""NMDA receptor as a Markov scheme with a desensitized state."""
from typing import ClassVar

from gpusyn.mechanism import markov, output, parameter
from gpusyn.receptors.magnesium import JAHR_STEVENS, MagnesiumBlockedReceptor
from gpusyn.receptors.receptor import DESTEXHE

LESTER_JAHR = {
    "desensitization": 0.0152, "resensitization": 9.4e-3, "opening": 0.0838, "closing": 0.0838, "binding_2": 5e-3,
    "unbinding_1": 6.7e-3,
}


class FiveStateNMDA_Receptor(MagnesiumBlockedReceptor):  # noqa: N801, as `NMDA_Receptor`
    """NMDA receptor with two binding steps, a desensitized and an open state; it has no closed cycle.

        C0 <-> C1 <-> C2      binding_1 glutamate / unbinding_1, binding_2 glutamate / unbinding_2
               C2 <-> D       desensitization / resensitization
               C2 <-> O       opening / closing
        open_fraction = O coagonist B(v)

    Lester & Jahr's constants are in use with equal rates at both sites (LesterJahr1992Equal: k, k; koff, koff) and
    with the statistical factors of two independent sites (LesterJahr1992Statistical: 2k, k; koff, 2koff). A response
    to 1 mM for 1 ms falls to a half in 132 ms with the one and in 80 ms with the other: say which one you use.

    Sources: Destexhe1998FiveState (the default), Destexhe, Mainen & Sejnowski (1998) in Methods in Neuronal Modeling,
    2nd ed., ch. 1; Lester & Jahr (1992) J. Neurosci. 12:635 (rates verified, which convention is theirs uncertain).
    Block as of Jahr & Stevens; the conductance is the upper end of the range of Destexhe et al., from one source.
    """

    presets: ClassVar = {
        "Destexhe1998FiveState": {},
        "LesterJahr1992Equal": LESTER_JAHR | {"binding_1": 5e-3, "unbinding_2": 6.7e-3},
        "LesterJahr1992Statistical": LESTER_JAHR | {"binding_1": 10e-3, "unbinding_2": 13.4e-3},
    }

    scheme = markov("C0 C1 C2 D O", "fractions of the receptors in each state")

    binding_1 = parameter(5e-3, "1/(uM ms)", "binding to C0", source=DESTEXHE, low=0.0)
    unbinding_1 = parameter(0.0129, "1/ms", "unbinding from C1", source=DESTEXHE, low=0.0)
    binding_2 = parameter(5e-3, "1/(uM ms)", "binding to C1", source=DESTEXHE, low=0.0)
    unbinding_2 = parameter(0.0129, "1/ms", "unbinding from C2", source=DESTEXHE, low=0.0)
    desensitization = parameter(8.4e-3, "1/ms", "from C2 to D", source=DESTEXHE, low=0.0)
    resensitization = parameter(6.8e-3, "1/ms", "from D to C2", source=DESTEXHE, low=0.0)
    opening = parameter(0.0465, "1/ms", "from C2 to O", source=DESTEXHE, low=0.0)
    closing = parameter(0.0738, "1/ms", "from O to C2", source=DESTEXHE, low=0.0)
    conductance = parameter(0.6, "nS", "conductance with every receptor open; its magnitude counts", source=DESTEXHE)
    mg_block_voltage = parameter(
        JAHR_STEVENS["mg_block_voltage"], "mV", "potential at which 1 mM magnesium blocks a half", low=-200.0,
        high=200.0, source="Jahr & Stevens 1990",
    )

    @staticmethod
    def transitions(
        glutamate, binding_1, unbinding_1, binding_2, unbinding_2, desensitization, resensitization, opening, closing
    ):
        """Rates between the states, 1/ms."""
        return {
            ("C0", "C1"): binding_1 * glutamate, ("C1", "C0"): unbinding_1,
            ("C1", "C2"): binding_2 * glutamate, ("C2", "C1"): unbinding_2,
            ("C2", "D"): desensitization, ("D", "C2"): resensitization,
            ("C2", "O"): opening, ("O", "C2"): closing,
        }

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(C1, C2, D, O):  # noqa: E741, the scheme's own letter
        """One glutamate or two."""
        return C1 + C2 + D + O

    @output("1", "fraction of receptors that glutamate has activated")
    @staticmethod
    def activated_fraction(O):  # noqa: E741
        """The one open state."""
        return O

    @output("1", "fraction of receptors that are desensitized")
    @staticmethod
    def desensitized_fraction(D):
        """The one desensitized state."""
        return D
