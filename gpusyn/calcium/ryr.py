"""Ryanodine receptor: calcium opens a channel of the endoplasmic reticulum, and then adapts it."""
from typing import ClassVar

from gpusyn.mechanism import Mechanism, given, markov, output, parameter

BREIT_QUEISSER = "Keizer & Levine 1996, as in Breit & Queisser 2018"


class RyanodineReceptor(Mechanism):
    """Four-state ryanodine receptor; O1 is the hub of the scheme.

        C1 <-> O1    4 calcium bind:   k_a_plus ca^4    k_a_minus
        O1 <-> O2    3 more bind:      k_b_plus ca^3    k_b_minus
        O1 <-> C2    adaptation:       k_c_plus        k_c_minus
        flux_from_er = density unitary_flux (O1 + O2) (ca_er - ca) / ca_er_reference

    C1 is closed at rest, C2 is the slow adapted state. The flux is per area of ER membrane, > 0 into the cytosol.

    Sources: scheme and rates, Keizer & Levine (1996) Biophys. J. 71:3477; density, unitary flux and the reference,
    Breit & Queisser (2018) J. Math. Neurosci. 8:9. All values verified: read in NeuroBox and in SPINE.
    """

    member: ClassVar[str] = "ryr"
    presets: ClassVar = {"Breit2018": {}}

    scheme = markov("O1 C1 O2 C2", "fractions of the receptors in each state")
    ca = given("uM", "free calcium in the cytosol")
    ca_er = given("uM", "free calcium in the endoplasmic reticulum")

    k_a_plus = parameter(1.5, "1/(uM^4 ms)", "opening", source=BREIT_QUEISSER, low=0.0)
    k_a_minus = parameter(0.0288, "1/ms", "closing", source=BREIT_QUEISSER, low=0.0)
    k_b_plus = parameter(1.5, "1/(uM^3 ms)", "second opening", source=BREIT_QUEISSER, low=0.0)
    k_b_minus = parameter(0.3859, "1/ms", "second closing", source=BREIT_QUEISSER, low=0.0)
    k_c_plus = parameter(1.75e-3, "1/ms", "adaptation", source=BREIT_QUEISSER, low=0.0)
    k_c_minus = parameter(1e-4, "1/ms", "recovery from adaptation", source=BREIT_QUEISSER, low=0.0)
    density = parameter(3.0, "1/um^2", "channels per area of ER membrane", source=BREIT_QUEISSER, low=0.0)
    unitary_flux = parameter(
        3.5, "uM um^3/ms", "flux of an open channel (3.5e-12 umol/s)", source=BREIT_QUEISSER, low=0.0
    )
    ca_er_reference = parameter(
        250.0, "uM", "calcium in the ER, above the cytosol's, at which unitary_flux holds", source=BREIT_QUEISSER,
        low=1e-9
    )

    @staticmethod
    def transitions(ca, k_a_plus, k_a_minus, k_b_plus, k_b_minus, k_c_plus, k_c_minus):
        """Rates between the states, 1/ms."""
        return {
            ("C1", "O1"): k_a_plus * ca**4, ("O1", "C1"): k_a_minus,
            ("O1", "O2"): k_b_plus * ca**3, ("O2", "O1"): k_b_minus,
            ("O1", "C2"): k_c_plus, ("C2", "O1"): k_c_minus,
        }

    @output("1", "fraction of receptors that are open")
    @staticmethod
    def open_fraction(O1, O2):
        """Both open states conduct alike."""
        return O1 + O2

    @output("uM um/ms", "calcium flux from the ER into the cytosol per area of ER membrane")
    @staticmethod
    def flux_from_er(open_fraction, ca, ca_er, density, unitary_flux, ca_er_reference):
        """Proportional to the difference of the concentrations."""
        return density * unitary_flux * open_fraction * (ca_er - ca) / ca_er_reference
