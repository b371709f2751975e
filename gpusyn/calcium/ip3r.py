"""IP3 receptor: IP3 and calcium together open a channel of the endoplasmic reticulum; much calcium closes it."""
from typing import ClassVar

from gpusyn.mechanism import Mechanism, gate, given, output, parameter

DE_YOUNG_KEIZER = "De Young & Keizer 1992, as in Breit & Queisser 2018"


class IP3ReceptorChannel(Mechanism):
    """Base of the IP3 receptors: what they bind, and what flows through them.

        flux_from_er = density unitary_flux open_fraction (ca_er - ca) / ca_er_reference
    """

    member: ClassVar[str] = "ip3r"

    ca = given("uM", "free calcium in the cytosol")
    ca_er = given("uM", "free calcium in the endoplasmic reticulum")
    ip3 = given("uM", "IP3 in the cytosol", default=0.04)
    open_fraction = given("1", "fraction of receptors that are open")

    d1 = parameter(0.13, "uM", "dissociation of IP3", source=DE_YOUNG_KEIZER, low=1e-9)
    d2 = parameter(1.05, "uM", "dissociation of inhibiting calcium", source=DE_YOUNG_KEIZER, low=1e-9)
    d3 = parameter(0.94, "uM", "dissociation of IP3 from an inhibited receptor", source=DE_YOUNG_KEIZER, low=1e-9)
    d5 = parameter(0.0823, "uM", "dissociation of activating calcium", source=DE_YOUNG_KEIZER, low=1e-9)
    density = parameter(17.3, "1/um^2", "channels per area of ER membrane", source=DE_YOUNG_KEIZER, low=0.0)
    unitary_flux = parameter(
        0.11, "uM um^3/ms", "flux of an open channel (1.1e-13 umol/s)", source=DE_YOUNG_KEIZER, low=0.0
    )
    ca_er_reference = parameter(
        250.0, "uM", "calcium in the ER, above the cytosol's, at which unitary_flux holds", source=DE_YOUNG_KEIZER,
        low=1e-9
    )

    @output("uM um/ms", "calcium flux from the ER into the cytosol per area of ER membrane")
    @staticmethod
    def flux_from_er(open_fraction, ca, ca_er, density, unitary_flux, ca_er_reference):
        """Proportional to the difference of the concentrations."""
        return density * unitary_flux * open_fraction * (ca_er - ca) / ca_er_reference


class LiRinzelIP3Receptor(IP3ReceptorChannel):
    """IP3 receptor whose inhibition by calcium takes its time.

        open_fraction = (m n h)^3,   m = ip3 / (ip3 + d1),   n = ca / (ca + d5)
        dh/dt         = a2 (d2 (ip3 + d1) / (ip3 + d3) (1 - h) - ca h)

    Its steady state is `IP3Receptor`. Binding of IP3 and of activating calcium is fast and taken as settled.

    Source: Li & Rinzel (1994) J. Theor. Biol. 166:461, after De Young & Keizer (1992) PNAS 89:9895; a2 = 0.2/(uM s) is
    recalled, the other values are verified as in `IP3Receptor`.
    """

    presets: ClassVar = {"LiRinzel1994": {}}

    h = gate("fraction of a receptor's subunits that calcium does not inhibit")

    a2 = parameter(
        2e-4, "1/(uM ms)", "binding of inhibiting calcium", source="De Young & Keizer 1992, recalled", low=0.0
    )

    @staticmethod
    def h_rates(ca, ip3, a2, d1, d2, d3):
        """Release and binding of the inhibiting calcium, 1/ms."""
        return a2 * d2 * (ip3 + d1) / (ip3 + d3), a2 * ca

    @output("1", "fraction of receptors that are open")
    @staticmethod
    def open_fraction(ca, ip3, h, d1, d5):
        """Three subunits must be active."""
        active = ip3 * ca * h / ((ip3 + d1) * (ca + d5))
        return active * active * active


class IP3Receptor(IP3ReceptorChannel):
    """IP3 receptor that is settled at every moment; a bell in calcium, with its top between 0.1 and 0.3 uM.

        open_fraction = (d2 ca ip3 / ((ca ip3 + d2 ip3 + d3 ca + d1 d2) (ca + d5)))^3

    The preset LiRinzel1994 is the receptor with the slow gate, `LiRinzelIP3Receptor`.

    Source: steady state of De Young & Keizer (1992) PNAS 89:9895; density and unitary flux, Breit & Queisser (2018) J.
    Math. Neurosci. 8:9. All values verified: read in NeuroBox and in SPINE.
    """

    presets: ClassVar = {"Breit2018": {}}
    forms: ClassVar = {"LiRinzel1994": LiRinzelIP3Receptor}

    @output("1", "fraction of receptors that are open")
    @staticmethod
    def open_fraction(ca, ip3, d1, d2, d3, d5):
        """Three subunits must be active."""
        active = d2 * ca * ip3 / ((ca * ip3 + d2 * ip3 + d3 * ca + d1 * d2) * (ca + d5))
        return active * active * active
