"""A drug at its effect site: how much of it is there, when, and how much it then does."""
from typing import ClassVar

from gpusyn.currents.deterministic import first_after
from gpusyn.lang import exp, exprel, maximum, minimum, power, where
from gpusyn.mechanism import output, parameter
from gpusyn.modulation import Modulator

ROUND_OFF = -1e-4  # ms; times are whole steps times dt
TINY = 1e-30  # uM

# Of what a drug does, its course through the body is the slowest part; these courses fit into short runs.
ACUTE = {"onset": 50.0, "elimination_rate": 0.005}
CHRONIC = {"onset": 0.0, "elimination_rate": 0.0}


def left_at_effect_site(elapsed, onset, elimination_rate):
    """Share of a dose that is at the effect site `elapsed` ms after it was given: Bateman's function.

    ka / (ka - ke) (exp(-ke t) - exp(-ka t)) with ka = 1 / onset, written so that ka = ke and onset = 0 are no
    exceptions: ka t exp(-s t) exprel((s - f) t) with the slower and the faster of the two rates.
    """
    absorption = 1.0 / where(onset > 0.0, onset, 1.0)
    slow = minimum(absorption, elimination_rate)
    fast = maximum(absorption, elimination_rate)
    arrived = absorption * elapsed * exp(-slow * elapsed) * exprel((slow - fast) * elapsed)
    return where(onset > 0.0, arrived, exp(-elimination_rate * elapsed))


def share_occupied(drug, half, hill):
    """drug^hill / (drug^hill + half^hill); without overflow, 0 without drug, and 1 with it if half is 0."""
    scale = maximum(maximum(drug, half), TINY)
    acting = power(drug / scale, hill)
    needed = power(half / scale, hill)
    return acting / maximum(acting + needed, 0.5)  # the sum is at least 1 unless there is neither


def half_effect_of(potency: float, dose: float = 1.0, hill: float = 1.0) -> float:
    """The concentration of half the effect for a drug whose `dose` has the effect `potency`, from above 0 to 1."""
    return dose * ((1.0 - potency) / potency) ** (1.0 / hill)


class Drug(Modulator):
    """Base of the drugs: the concentration at the effect site, the same course at all sites.

        dA/dt = -A / onset,     dD/dt = A / onset - elimination_rate D      from A = dose, D = 0 at `start`

    `drug_concentration` is D, in closed form, so that no step size enters and no state is kept: Bateman's function. It
    may differ between sites by `dose`. Presets:

        chronic   sustained: onset = 0 and elimination_rate = 0, the dose at once and for good; an onset lets it come
                  up with that time constant
        acute     transient: 50 ms and 1 / (200 ms), proposed, so that it passes within a short run; a tablet takes an
                  hour (onset = 3.6e6 ms) and days

    A drug can be given where others are: several on one target multiply their gains and add their additions.

    Source: Bateman (1910) Proc. Camb. Philos. Soc. 15:423, the function of one-compartment pharmacokinetics.
    """

    presets: ClassVar = {"acute": ACUTE, "chronic": CHRONIC}

    dose = parameter(1.0, "uM", "drug at the effect site if all of it were there at once", source="proposed", low=0.0)
    start = parameter(0.0, "ms", "time at which it is given")
    onset = parameter(0.0, "ms", "time constant of its arrival at the effect site; 0 is at once", low=0.0)
    elimination_rate = parameter(0.0, "1/ms", "rate at which it is lost; 0 is a sustained level", low=0.0)

    def next_jump(self, value, t):
        """When it is given."""
        return first_after(t, value("start"))

    @output("uM", "drug at the effect site")
    @staticmethod
    def drug_concentration(t, dose, start, onset, elimination_rate):
        """None before the start."""
        elapsed = t - start
        return where(
            elapsed > ROUND_OFF, dose * left_at_effect_site(maximum(elapsed, 0.0), onset, elimination_rate), 0.0
        )


class GradedDrug(Drug):
    """Base of the drugs with a dose-response curve of their own.

        effect = efficacy D^hill / (D^hill + half_effect^hill)

    `half_effect` is the EC50 of a drug that raises something and the IC50 of one that lowers it.

    Source: Hill (1910) J. Physiol. 40:iv.
    """

    half_effect = parameter(1.0, "uM", "drug that has half its largest effect: EC50, IC50", source="proposed", low=0.0)
    hill = parameter(1.0, "1", "steepness of the dose-response curve", low=0.01, high=100.0)
    efficacy = parameter(1.0, "1", "largest effect", low=0.0, high=1.0)

    @output("1", "the drug's effect, as a share of what is possible")
    @staticmethod
    def effect(drug_concentration, half_effect, hill, efficacy):
        """Hill's curve."""
        return efficacy * share_occupied(drug_concentration, half_effect, hill)
