"""How calcium sets the probability of release: a Hill function."""
from typing import ClassVar

from gpusyn.lang import maximum, power
from gpusyn.mechanism import Mechanism, given, output, parameter
from gpusyn.vesicles.tsodyks_markram import TsodyksMarkram, used

DODGE = "Dodge & Rahamimoff 1967"
RESIDUAL = "synapse-models 0.1 (verified); for residual calcium only"


def hill(concentration, half, cooperativity):
    """c^n / (c^n + half^n); concentrations below zero count as zero."""
    ratio = power(maximum(concentration, 0.0) / half, cooperativity)
    return ratio / (1.0 + ratio)


class HillRelease(Mechanism):
    """Probability that a spike releases, from the calcium that the release sites see.

        release_probability = maximum_probability calcium^n / (calcium^n + half^n)

    `half` depends on which calcium is meant, hence the presets: residual, 1 uM, for the calcium of the whole terminal;
    domain, 20 uM, for that within tens of nanometres of open channels, where 10 to 25 uM are found.

    Sources: n = 4, Dodge & Rahamimoff (1967) J. Physiol. 193:419; residual, the default of synapse-models 0.1
    (verified); domain, a number from the middle of the published range (proposed).
    """

    presets: ClassVar = {"residual": {"half": 1.0}, "domain": {"half": 20.0}}

    calcium = given("uM", "calcium concentration at the release sites")

    half = parameter(1.0, "uM", "calcium of half the largest probability", source=RESIDUAL, low=1e-6)
    cooperativity = parameter(4.0, "1", "calcium ions that act together", source=DODGE, low=0.0)
    maximum_probability = parameter(1.0, "1", "probability at much calcium", low=0.0, high=1.0)

    @output("1", "probability that a spike releases")
    @staticmethod
    def release_probability(calcium, half, cooperativity, maximum_probability):
        """Hill's function."""
        return maximum_probability * hill(calcium, half, cooperativity)


class CalciumTsodyksMarkram(TsodyksMarkram):
    """Short-term plasticity whose release calcium sets: the utilisation is u times a Hill function.

        at a spike    release = u h x,    h = calcium^n / (calcium^n + half^n)
                      then x = x - u h x,    u = u + U (1 - u)

    One probability both releases and depletes, so that little calcium spares the resources. (synapse-models 0.1
    depletes by u alone: its pool empties without releasing.)

    Use either this with tau_facil = 0, where residual calcium facilitates, or a constant calcium with tau_facil > 0:
    both together count the same facilitation twice.

    Sources: as `TsodyksMarkram` and `HillRelease`.
    """

    calcium = given("uM", "calcium concentration at the release sites", at="pre")

    half = parameter(1.0, "uM", "calcium of half the largest probability", source=RESIDUAL, low=1e-6)
    cooperativity = parameter(4.0, "1", "calcium ions that act together", source=DODGE, low=0.0)

    @output("1", "fraction of all resources that a spike releases")
    @staticmethod
    def released_fraction(available, utilisation, calcium, half, cooperativity, release_gain):
        """u h x, never more than there is."""
        return used(available, utilisation * hill(calcium, half, cooperativity), release_gain)
