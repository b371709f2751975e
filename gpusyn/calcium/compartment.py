"""Calcium in one well-mixed compartment with an ER inside: a spine, a soma, a lattice site, a node of a tree."""
from math import pi
from typing import ClassVar

from gpusyn.calcium.geometry import ER_SCALE
from gpusyn.lang import maximum
from gpusyn.mechanism import Mechanism, flux, output, parameter, state, total
from gpusyn.messengers.calcium import UM_PER_MS

BREIT = "Breit & Queisser 2018"
RADIUS = 0.2  # um, of the default: a micrometre of dendrite


def size(default, unit, meaning, low=0.0):
    """A parameter of the geometry; by default of 1 um of dendrite with a radius of 0.2 um."""
    return parameter(default, unit, meaning, source="1 um of a dendrite with a radius of 0.2 um", low=low)


class UnbufferedERCompartment(Mechanism):
    """Calcium in a cytosol with calbindin and an ER without a buffer: `CalciumCompartment(preset="no_calreticulin")`.

        d ca/dt        = (entered + released) / cytosol_volume + calbindin_release
        d calbindin/dt = calbindin_release       = k_minus (total - calbindin) - k_plus calbindin ca
        d ca_er/dt     = -released / er_volume

    All else is as in `CalciumCompartment`, whose base this is.
    """

    presets: ClassVar = {"no_calreticulin": {}}
    member: ClassVar[str] = "calcium"
    rests: ClassVar = ("ca", "ca_er")
    integrator = "linearly_implicit"

    ca = state("uM", "free calcium in the cytosol", initial="resting_ca", not_negative=True,
               spreads="ca_diffusion", within="cytosol")
    calbindin = state("uM", "calbindin that holds no calcium", not_negative=True,
                      spreads="calbindin_diffusion", within="cytosol")
    ca_er = state("uM", "free calcium in the endoplasmic reticulum", initial="resting_ca_er", not_negative=True,
                  spreads="ca_er_diffusion", within="er")

    from_outside = total("flux_from_outside", "uM um/ms", "fluxes through the plasma membrane")
    from_er = total("flux_from_er", "uM um/ms", "fluxes through the ER's membrane")
    influx = total("calcium_influx", "uM/ms", "calcium that receptors let in")
    calcium_current = total("calcium_current", "pA", "currents that calcium carries, outward > 0")
    current_density = total("calcium_current_density", "pA/um^2", "currents of voltage-gated channels, outward > 0")

    membrane_area = size(2 * pi * RADIUS, "um^2", "area of plasma membrane")
    cytosol_volume = size(pi * RADIUS**2 * (1 - ER_SCALE**2), "um^3", "volume of the cytosol", low=1e-9)
    er_area = size(2 * pi * RADIUS * ER_SCALE, "um^2", "area of the ER's membrane")
    er_volume = size(pi * (RADIUS * ER_SCALE) ** 2, "um^3", "volume of the ER", low=1e-9)

    resting_ca = parameter(0.05, "uM", "calcium in the cytosol at rest", source=BREIT, low=0.0)
    resting_ca_er = parameter(250.0, "uM", "calcium in the ER at rest", source=BREIT, low=0.0)
    calbindin_total = parameter(160.0, "uM", "sites of calbindin, free or not (four on 40 uM)", source=BREIT, low=0.0)
    calbindin_k_plus = parameter(0.027, "1/(uM ms)", "binding to calbindin", source=BREIT, low=0.0)
    calbindin_k_minus = parameter(0.019, "1/ms", "unbinding from calbindin", source=BREIT, low=1e-9)
    ca_diffusion = parameter(0.22, "um^2/ms", "diffusion of free calcium along a tree", source=BREIT, low=0.0)
    calbindin_diffusion = parameter(0.02, "um^2/ms", "diffusion of calbindin, free or not", source=BREIT, low=0.0)
    ca_er_diffusion = parameter(0.22, "um^2/ms", "diffusion of free calcium in the ER", source=BREIT, low=0.0)

    @staticmethod
    def start_calbindin(resting_ca, calbindin_total, calbindin_k_plus, calbindin_k_minus):
        """In equilibrium with calcium at rest."""
        return calbindin_total * calbindin_k_minus / (calbindin_k_minus + calbindin_k_plus * resting_ca)

    @output("uM um/ms", "net calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def membrane_flux(from_outside):
        """All mechanisms of the plasma membrane."""
        return from_outside

    @output("uM um/ms", "net calcium flux from the ER into the cytosol per area of ER membrane")
    @staticmethod
    def er_flux(from_er):
        """All mechanisms of the ER's membrane."""
        return from_er

    @flux("uM um^3/ms", "calcium that enters the compartment", into="ca")
    @staticmethod
    def entered(membrane_flux, influx, calcium_current, membrane_area, cytosol_volume):
        """Through the membrane, by receptors, and with inward currents; outward ones take none out."""
        with_current = UM_PER_MS * maximum(-calcium_current, 0.0)
        return membrane_area * membrane_flux + cytosol_volume * influx + with_current

    @output("uM um^3/ms", "calcium that goes from the ER to the cytosol")
    @staticmethod
    def released(er_flux, er_area):
        """Through the ER's membrane."""
        return er_area * er_flux

    @output("uM/ms", "calcium that calbindin lets go, less what it binds")
    @staticmethod
    def calbindin_release(ca, calbindin, calbindin_total, calbindin_k_plus, calbindin_k_minus):
        """Mass action."""
        return calbindin_k_minus * (calbindin_total - calbindin) - calbindin_k_plus * calbindin * ca

    @output("uM/ms", "calcium that buffers of the ER let go, less what they bind")
    @staticmethod
    def er_buffer_release():
        """There is none."""
        return 0.0

    @output("uM", "calcium that buffers of the ER hold")
    @staticmethod
    def er_bound():
        """There is none."""
        return 0.0

    @staticmethod
    def d_ca(entered, released, calbindin_release, cytosol_volume):
        """What comes in from outside, from the ER and from calbindin, uM/ms."""
        return (entered + released) / cytosol_volume + calbindin_release

    @staticmethod
    def d_calbindin(calbindin_release):
        """Free calbindin is left where calcium unbinds, uM/ms."""
        return calbindin_release

    @staticmethod
    def d_ca_er(released, er_buffer_release, er_volume):
        """What a buffer lets go, less what goes to the cytosol, uM/ms."""
        return er_buffer_release - released / er_volume

    @output("uM um^3", "calcium in the cytosol and the ER, free and bound")
    @staticmethod
    def total_calcium(ca, calbindin, ca_er, er_bound, calbindin_total, cytosol_volume, er_volume):
        """What only `entered` changes."""
        in_cytosol = ca + (calbindin_total - calbindin)
        return cytosol_volume * in_cytosol + er_volume * (ca_er + er_bound)

    @output("1/um", "area of plasma membrane for each volume of cytosol")
    @staticmethod
    def surface_to_volume(membrane_area, cytosol_volume):
        """What turns a flux density into a change of concentration."""
        return membrane_area / cytosol_volume

    @output("pA", "current that voltage-gated channels' calcium carries, outward > 0")
    @staticmethod
    def current(current_density, membrane_area):
        """Pumps, exchangers and leaks count as electroneutral."""
        return membrane_area * current_density


class CalciumCompartment(UnbufferedERCompartment):
    """Calcium in a cytosol and in the ER within it, each with a buffer.

        d ca/dt           = (entered + released) / cytosol_volume + calbindin_release
        d calbindin/dt    = calbindin_release       = k_minus (total - calbindin) - k_plus calbindin ca
        d ca_er/dt        = -released / er_volume + calreticulin_release
        d calreticulin/dt = calreticulin_release    = k_minus (total - calreticulin) - k_plus calreticulin ca_er
        entered  = membrane_area sum(flux_from_outside) + cytosol_volume sum(calcium_influx) + inward current / (2 F)
        released = er_area sum(flux_from_er)

    `calbindin` and `calreticulin` are the free buffers; they start in equilibrium with calcium at rest, and so do
    receptors: a compartment with other initial calcium is one at rest that has just been given it. The sums are over
    the mechanisms of the population; `calcium_influx` (uM/ms) and `calcium_current` (pA, outward > 0) are what
    receptors give. `current` is what voltage-gated channels add to the voltage equation of the cell.

    Every flux is one number that leaves here and arrives there, so that

        total_calcium = cytosol_volume (ca + bound calbindin) + er_volume (ca_er + bound calreticulin)

    changes by `entered` alone, which is counted: with the integrators linearly_implicit (the default, first order,
    stable), euler, heun and rk4 to rounding; not with exponential_euler, which steps each state by itself.

    The preset "no_calreticulin" leaves the ER without a buffer, and saves its state.

    Sources: Breit & Queisser (2018) J. Math. Neurosci. 8:9 for form and rates, verified in NeuroBox (calbindin) and in
    SPINE. Geometries: `gpusyn.calcium.geometry`.
    """

    forms: ClassVar = {"no_calreticulin": UnbufferedERCompartment}

    calreticulin = state("uM", "calreticulin that holds no calcium", not_negative=True,
                         spreads="calreticulin_diffusion", within="er")

    calreticulin_total = parameter(
        14400.0, "uM", "sites of calreticulin, free or not (four on 3.6 mM)", source="SPINE", low=0.0
    )
    calreticulin_k_plus = parameter(1e-4, "1/(uM ms)", "binding to calreticulin", source="SPINE", low=0.0)
    calreticulin_k_minus = parameter(0.2, "1/ms", "unbinding from calreticulin", source="SPINE", low=1e-9)
    calreticulin_diffusion = parameter(0.027, "um^2/ms", "diffusion of calreticulin, free or not", source="SPINE",
                                       low=0.0)

    @staticmethod
    def start_calreticulin(resting_ca_er, calreticulin_total, calreticulin_k_plus, calreticulin_k_minus):
        """In equilibrium with calcium at rest."""
        return calreticulin_total * calreticulin_k_minus / (calreticulin_k_minus + calreticulin_k_plus * resting_ca_er)

    @output("uM/ms", "calcium that calreticulin lets go, less what it binds")
    @staticmethod
    def calreticulin_release(ca_er, calreticulin, calreticulin_total, calreticulin_k_plus, calreticulin_k_minus):
        """Mass action."""
        return calreticulin_k_minus * (calreticulin_total - calreticulin) - calreticulin_k_plus * calreticulin * ca_er

    @output("uM/ms", "calcium that buffers of the ER let go, less what they bind")
    @staticmethod
    def er_buffer_release(calreticulin_release):
        """Calreticulin is the only one."""
        return calreticulin_release

    @output("uM", "calcium that buffers of the ER hold")
    @staticmethod
    def er_bound(calreticulin, calreticulin_total):
        """On calreticulin."""
        return calreticulin_total - calreticulin

    @staticmethod
    def d_calreticulin(calreticulin_release):
        """Free calreticulin is left where calcium unbinds, uM/ms."""
        return calreticulin_release
