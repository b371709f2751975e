"""Pumps and exchangers that take calcium out of the cytosol."""
from typing import ClassVar

from gpusyn.lang import maximum
from gpusyn.mechanism import Mechanism, given, output, parameter

GRAUPNER = "Graupner 2003, as in Breit & Queisser 2018"
SNEYD = "Sneyd et al. 2003, as in Breit & Queisser 2018"


def per_area(default, of, source):
    """The parameter `density`."""
    return parameter(default, "1/um^2", f"{of} per area of membrane", source=source, low=0.0)


class PMCA(Mechanism):
    """Calcium ATPase of the plasma membrane: high affinity, little power.

        flux_from_outside = -density unitary_flux ca^2 / (k_m^2 + ca^2)

    Sources: form and unitary flux, Graupner's model of 2003 with calmodulin saturated; density, Breit & Queisser (2018)
    J. Math. Neurosci. 8:9; k_m = 0.06 uM is the affinity that Elwess et al. measured. All values verified: read in
    NeuroBox and in SPINE. The preset Graupner2003 has that model's own affinity (one source: a comment in NeuroBox).
    """

    member: ClassVar[str] = "pmca"
    presets: ClassVar = {"Breit2018": {}, "Graupner2003": {"k_m": 0.34}}

    ca = given("uM", "free calcium in the cytosol")

    density = per_area(500.0, "pumps", GRAUPNER)
    unitary_flux = parameter(
        1.7e-5, "uM um^3/ms", "flux of a pump at full speed (1.7e-17 umol/s)", source=GRAUPNER, low=0.0
    )
    k_m = parameter(0.06, "uM", "calcium that drives a pump at half its speed", source="Elwess et al.", low=1e-9)

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(ca, density, unitary_flux, k_m):
        """Two calcium ions bind."""
        return -density * unitary_flux * ca * ca / (k_m * k_m + ca * ca)


class NCX(Mechanism):
    """Sodium-calcium exchanger: low affinity, much power.

        flux_from_outside = -density unitary_flux ca / (k_m + ca)

    It depends neither on the potential nor on sodium, and its current is left out of the voltage equation.

    Sources: form and unitary flux (a current of 4.8e-16 A over 2 F), Graupner's model of 2003; density, Breit &
    Queisser (2018) J. Math. Neurosci. 8:9. All values verified: read in NeuroBox and in SPINE.
    """

    member: ClassVar[str] = "ncx"
    presets: ClassVar = {"Breit2018": {}}

    ca = given("uM", "free calcium in the cytosol")

    density = per_area(15.0, "exchangers", GRAUPNER)
    unitary_flux = parameter(
        2.5e-3, "uM um^3/ms", "flux of an exchanger at full speed (2.5e-15 umol/s)", source=GRAUPNER, low=0.0
    )
    k_m = parameter(1.8, "uM", "calcium that drives an exchanger at half its speed", source=GRAUPNER, low=1e-9)

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(ca, density, unitary_flux, k_m):
        """One calcium ion binds."""
        return -density * unitary_flux * ca / (k_m + ca)


LEAST_CA_ER = 1e-3  # uM; an emptier ER does not drive the pump faster


class SERCA(Mechanism):
    """Calcium ATPase of the ER: the fuller the ER, the slower it pumps.

        flux_from_er = -density unitary_flux ca / ((k_m + ca) ca_er)

    Sources: form, Sneyd, Tsaneva-Atanasova, Bruce, Straub, Giovannucci & Yule (2003) Biophys. J. 85:1392; density,
    Breit & Queisser (2018) J. Math. Neurosci. 8:9. All values verified: read in NeuroBox and in SPINE.
    """

    member: ClassVar[str] = "serca"
    presets: ClassVar = {"Breit2018": {}}

    ca = given("uM", "free calcium in the cytosol")
    ca_er = given("uM", "free calcium in the endoplasmic reticulum")

    density = per_area(2390.0, "pumps", SNEYD)
    unitary_flux = parameter(
        6.5e-3, "uM^2 um^3/ms", "flux of a pump at full speed, times ca_er (6.5e-30 umol^2/(um^3 s))", source=SNEYD,
        low=0.0
    )
    k_m = parameter(0.18, "uM", "calcium that drives a pump at half its speed", source=SNEYD, low=1e-9)

    @output("uM um/ms", "calcium flux from the ER into the cytosol per area of ER membrane")
    @staticmethod
    def flux_from_er(ca, ca_er, density, unitary_flux, k_m):
        """One calcium ion binds; it is pumped against what is in the ER."""
        return -density * unitary_flux * ca / ((k_m + ca) * maximum(ca_er, LEAST_CA_ER))
