"""Nicotinic acetylcholine receptor: fast excitation by acetylcholine, which soon desensitizes."""
from typing import ClassVar

from gpusyn.mechanism import given, markov, output, parameter
from gpusyn.receptors.receptor import LigandGatedReceptor

MIKE = "Mike, Castro & Albuquerque 2000"
PROPOSED = "proposed, see the class"


class NicotinicReceptor(LigandGatedReceptor):
    """Nicotinic acetylcholine receptor with two equal binding sites and two depths of desensitization.

        C0 <-> C1 <-> C2     2 binding_rate acetylcholine / unbinding_rate, binding_rate .. / 2 unbinding_rate
               C2 <-> O      opening / closing
               C2 <-> D1     desensitization / resensitization
               D1 <-> D2     deepening / return_rate
        current = |conductance| O (v - reversal_potential)

    It has no closed cycle. Little acetylcholine, held for long, desensitizes it without opening many channels.

    The rates are not measured ones: they are chosen to reproduce what was measured, and each is uncertain.

        preset                                   alpha4beta2 (the default)            alpha7
        acetylcholine for half the peak          3 uM (a)                             130 uM (b)
        mean open time 1 / closing               5 ms (proposed)                      0.1 ms (c)
        desensitization in 1 mM                  in 70 and 700 ms (d)                 in 11 ms (proposed)
        recovery                                 slower after longer exposure (d)     in 2 s (proposed)

    Sources: (a) Buisson, Gopalakrishnan, Arneric, Sullivan & Bertrand (1996) J. Neurosci. 16:7880, human receptors of
    high affinity (verified in a table that quotes them; receptors of low affinity need 70 to 90 uM); (b) Castro &
    Albuquerque (1995) Biophys. J. 68:516, rat hippocampus (recalled); (c) Mike, Castro & Albuquerque (2000) Brain Res.
    882:155 (verified: close to 0.1 ms); (d) Yu, Liu, Kuryatov, Lindstrom, Lukas et al. (2009), human receptors in
    SH-EP1 cells (time constants verified in the abstract, authors recalled).
    """

    member = "nicotinic"
    transmitter = "acetylcholine"
    presets: ClassVar = {
        "alpha4beta2": {},
        "alpha7": {
            "binding_rate": 0.1, "unbinding_rate": 9.5, "opening": 10.0, "closing": 10.0, "desensitization": 0.2,
            "resensitization": 5e-4, "deepening": 0.0, "return_rate": 1e-3,
        },
    }

    scheme = markov("C0 C1 C2 O D1 D2", "fractions of the receptors in each state")
    acetylcholine = given("uM", "acetylcholine that the receptor sees")

    binding_rate = parameter(0.01, "1/(uM ms)", "binding to one site", source=PROPOSED, low=0.0)
    unbinding_rate = parameter(0.016, "1/ms", "unbinding from one site", source=PROPOSED, low=0.0)
    opening = parameter(0.2, "1/ms", "from C2 to O", source=PROPOSED, low=0.0)
    closing = parameter(0.2, "1/ms", "from O to C2", source=f"{PROPOSED}; of alpha7: {MIKE}", low=0.0)
    desensitization = parameter(0.013, "1/ms", "from C2 to D1", source=PROPOSED, low=0.0)
    resensitization = parameter(6.5e-3, "1/ms", "from D1 to C2", source=PROPOSED, low=0.0)
    deepening = parameter(3e-3, "1/ms", "from D1 to D2", source=PROPOSED, low=0.0)
    return_rate = parameter(1e-4, "1/ms", "from D2 to D1", source=PROPOSED, low=0.0)

    @staticmethod
    def transitions(
        acetylcholine, binding_rate, unbinding_rate, opening, closing, desensitization, resensitization, deepening,
        return_rate,
    ):
        """Rates between the states, 1/ms."""
        return {
            ("C0", "C1"): 2.0 * binding_rate * acetylcholine, ("C1", "C0"): unbinding_rate,
            ("C1", "C2"): binding_rate * acetylcholine, ("C2", "C1"): 2.0 * unbinding_rate,
            ("C2", "O"): opening, ("O", "C2"): closing,
            ("C2", "D1"): desensitization, ("D1", "C2"): resensitization,
            ("D1", "D2"): deepening, ("D2", "D1"): return_rate,
        }

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(C1, C2, O, D1, D2):  # noqa: E741, the scheme's own letter
        """One acetylcholine or two."""
        return C1 + C2 + O + D1 + D2

    @output("1", "fraction of receptors whose channel conducts")
    @staticmethod
    def open_fraction(O):  # noqa: E741
        """The one open state."""
        return O

    @output("1", "fraction of receptors that are desensitized")
    @staticmethod
    def desensitized_fraction(D1, D2):
        """Both depths."""
        return D1 + D2
