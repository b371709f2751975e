"""The transporters of each transmitter: saturable uptake that sits somewhere and costs energy."""
from typing import ClassVar

from gpusyn.mechanism import option, output, parameter
from gpusyn.transmitters.localization import LOCALIZATIONS, share_of_sites
from gpusyn.transmitters.transmitter import CRATE, TUTORIAL
from gpusyn.transmitters.uptake import MichaelisMentenUptake

SODIUM = "for the sodium alone, at three ions per ATP"


class Transporter(MichaelisMentenUptake):
    """Base of the transporters: Michaelis-Menten uptake at the sites where they sit, paid for in ATP.

        uptake     = density v_max concentration / (k_m + concentration)
        energy_use = energy_cost uptake

    The transmitter's ledger adds energy_use up as `energy`, in double precision: a sum of small steps that single
    precision would lose. `localization` says where transporters are (`gpusyn.transmitters.localization`); elsewhere
    `density` counts as 0.
    """

    member: ClassVar[str] = "transporter"
    transmitter: ClassVar[str] = ""

    density = parameter(1.0, "1", "transporters at a site, as a share of those that v_max is for", low=0.0)
    energy_cost = parameter(0.0, "1", "ATP molecules for each molecule taken up", low=0.0)
    localization = option("uniform", "where the transporters are", LOCALIZATIONS)

    @output("uM/ms", "taken up by these transporters")
    @staticmethod
    def uptake(concentration, density, v_max, k_m):
        """First order far below k_m, constant far above."""
        return density * v_max * concentration / (k_m + concentration)

    @output("uM/ms", "ATP that these transporters use")
    @staticmethod
    def energy_use(uptake, energy_cost):
        """The price of the uptake."""
        return energy_cost * uptake

    def placed(self, model, field, name, values):
        """A parameter's values as the sites of a model's field have them: no density where no transporters are."""
        return values * share_of_sites(model, field, str(self.localization)) if name == "density" else values


def largest(default, source=""):
    """The parameter `v_max`."""
    return parameter(default, "uM/ms", "uptake with every transporter busy", source=source, low=0.0)


def half_saturating(default, source=""):
    """The parameter `k_m`."""
    return parameter(default, "uM", "concentration of half the largest uptake", source=source, low=1e-9)


def cost(default, source=""):
    """The parameter `energy_cost`."""
    return parameter(default, "1", "ATP molecules for each molecule taken up", source=source, low=0.0)


class GlutamateTransporter(Transporter):
    """Glutamate transporters, most of them on glia beside the synapse.

    The numbers are the tutorial's (proposed there, no source); three sodium ions go in with each glutamate, which is
    the tutorial's one ATP (stoichiometry: Zerangue & Kavanaugh (1996) Nature 383:634, recalled).
    """

    transmitter = "glutamate"

    v_max = largest(1.0, TUTORIAL)
    k_m = half_saturating(10.0, TUTORIAL)
    energy_cost = cost(1.0, TUTORIAL)
    localization = option("perisynaptic", "where the transporters are", LOCALIZATIONS)


class GABATransporter(Transporter):
    """GABA transporters of the kind GAT-1.

    Two sodium ions and a chloride go in with each GABA (verified); k_m: Guastella et al. (1990) Science 249:1303
    (recalled). v_max is proposed: at low concentration the tutorial's reuptake rate of GABA, 0.02/ms.
    """

    transmitter = "gaba"

    v_max = largest(0.14, "proposed: k_m times the tutorial's reuptake rate")
    k_m = half_saturating(7.0, "Guastella et al. 1990, recalled")
    energy_cost = cost(2 / 3, f"two sodium ions; {SODIUM}")


class DopamineTransporter(Transporter):
    """Dopamine transporters of the striatum; the preset "nucleus_accumbens" has fewer than "dorsal_striatum".

    Source: public code of Dreyer and colleagues' dopamine models (verified), after Wightman & Zimmerman (1990) Brain
    Res. Rev. 15:135 (recalled). Two sodium ions go in with each dopamine (recalled).
    """

    transmitter = "dopamine"
    presets: ClassVar = {"dorsal_striatum": {"v_max": 4.0e-3}, "nucleus_accumbens": {"v_max": 1.5e-3}}

    v_max = largest(4.0e-3, "4 uM/s in the dorsal striatum")
    k_m = half_saturating(0.16, "Wightman & Zimmerman 1990")
    energy_cost = cost(2 / 3, f"two sodium ions; {SODIUM}")


class SerotoninTransporter(Transporter):
    """Serotonin transporters; "high_affinity" has only those of serotonin terminals, without the uptake by others.

    Source: uptake of serotonin in the rat's substantia nigra, Bunin, Prioleau, Mailman & Wightman (1998) J. Neurochem.
    70:1077 (from one secondary source); "high_affinity" is from the public code of Best, Reed & Nijhout's models of
    serotonin terminals, 250 uM/h (one source). One sodium ion goes in with each serotonin (recalled).
    """

    transmitter = "serotonin"
    presets: ClassVar = {"high_affinity": {"v_max": 6.94e-5, "k_m": 0.06}}

    v_max = largest(7.8e-4, "0.78 uM/s; Bunin et al. 1998, secondary")
    k_m = half_saturating(0.17, "Bunin et al. 1998, secondary")
    energy_cost = cost(1 / 3, f"one sodium ion; {SODIUM}")


class NoradrenalineTransporter(Transporter):
    """Noradrenaline transporters.

    k_m is of the order that cloned and brain transporters have (recalled, uncertain); v_max is proposed: at low
    concentration the crate's clearance, 1 / (120 ms). One sodium ion goes in with each noradrenaline (recalled).
    """

    transmitter = "noradrenaline"

    v_max = largest(0.4 / 120, f"proposed: k_m / (120 ms), the clearance of {CRATE}")
    k_m = half_saturating(0.4, "recalled, uncertain")
    energy_cost = cost(1 / 3, f"one sodium ion; {SODIUM}")


class Acetylcholinesterase(Transporter):
    """Acetylcholinesterase: it hydrolyses acetylcholine, by the same law, and needs no energy.

    k_m: Rosenberry (1975) Adv. Enzymol. 43:103 (recalled). v_max is proposed: at low concentration the crate's
    clearance, 1 / (0.5 ms), which is 11 uM of an enzyme that turns over 16 times per ms.
    """

    member = "acetylcholinesterase"
    transmitter = "acetylcholine"

    v_max = largest(180.0, f"proposed: k_m / (0.5 ms), the clearance of {CRATE}")
    k_m = half_saturating(90.0, "Rosenberry 1975, recalled")
