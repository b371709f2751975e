"""Short-term plasticity: depression by depletion, facilitation by utilisation, computed where spikes arrive."""
from typing import ClassVar

from gpusyn.lang import clip, where
from gpusyn.mechanism import Mechanism, given, output, parameter, state, stopwatch
from gpusyn.numerics.gates import relax
from gpusyn.vesicles.presets import PRESETS

PAPER = "Tsodyks, Pawelzik & Markram 1998, depressing (one source)"


def recovered(x, tau_rec, passed):
    """The available fraction `passed` ms after it was x: it relaxes to 1."""
    return relax(x, 1.0 / tau_rec, 0.0, passed)


def relaxed_utilisation(u, U, tau_facil, passed):
    """The utilisation `passed` ms after it was u: it relaxes to U, at once where tau_facil is 0."""
    rate = 1.0 / where(tau_facil > 0, tau_facil, 1.0)
    return where(tau_facil > 0, relax(u, rate * U, rate * (1.0 - U), passed), U)


def used(available, probability, gain):
    """What a spike releases of what is available; a gain above one cannot release more than there is."""
    return clip(gain * probability, 0.0, 1.0) * available


def raised_utilisation(u, U, tau_facil):
    """The utilisation just after a spike that found it at u."""
    return where(tau_facil > 0, u + U * (1.0 - u), U)


class TsodyksMarkram(Mechanism):
    """Depression and facilitation of a synapse with resources that are available or recovering.

        between spikes   dx/dt = (1 - x) / tau_rec,    du/dt = (U - u) / tau_facil
        at a spike       release = u x,    then x = x - u x,    u = u + U (1 - u);    tau_facil = 0: u = U

    x and u are kept as they stood just after the latest spike, and relaxed over the time since then where they are
    needed: the solution is exact for any interval and any step, and nothing is computed between spikes. `available` and
    `utilisation` are what they are now.

    `release` is what a spike gives to its target: weight u x, with the state as the spike finds it. The weight is the
    absolute synaptic efficacy, the response to the release of everything. `release_gain` scales u at a spike, as
    presynaptic receptors do.

    This is the order of Markram et al. 1998: u is used before it grows, and decays to U. It equals the other common
    form, in which u decays to 0 and grows before it is used.

    Sources: Tsodyks & Markram (1997) PNAS 94:719; Markram, Wang & Tsodyks (1998) PNAS 95:5323; Tsodyks, Pawelzik &
    Markram (1998) Neural Comput. 10:821. Presets and how certain they are: `gpusyn.vesicles.presets`; the default is
    Tsodyks1998-depressing. `gpusyn.vesicles.spread` draws parameters of a population around a preset.
    """

    presets: ClassVar = PRESETS

    weight = state("1", "absolute synaptic efficacy, in the target's unit", initial=1.0)
    x = state("1", "available fraction just after the latest spike", initial=1.0, not_negative=True)
    u = state("1", "utilisation just after the latest spike", initial="U", not_negative=True)
    since = stopwatch("time since the latest presynaptic spike", at="pre")
    release_gain = given("1", "factor on the utilisation, as of presynaptic receptors", default=1.0, at="pre")

    U = parameter(0.5, "1", "utilisation of a first spike", source=PAPER, low=0.0, high=1.0)
    tau_rec = parameter(800.0, "ms", "recovery time of the resources", source=PAPER, low=1e-3)
    tau_facil = parameter(0.0, "ms", "decay time of facilitation; 0 for none", source=PAPER, low=0.0)

    @output("1", "fraction of the resources that is available")
    @staticmethod
    def available(x, tau_rec, since):
        """The present value of x."""
        return recovered(x, tau_rec, since)

    @output("1", "fraction of what is available that a spike uses")
    @staticmethod
    def utilisation(u, U, tau_facil, since):
        """The present value of u."""
        return relaxed_utilisation(u, U, tau_facil, since)

    @output("1", "fraction of all resources that a spike releases")
    @staticmethod
    def released_fraction(available, utilisation, release_gain):
        """u x, never more than there is."""
        return used(available, utilisation, release_gain)

    @output("1", "what a spike gives to its target")
    @staticmethod
    def release(weight, released_fraction):
        """The fraction times the response to all of it."""
        return weight * released_fraction

    @staticmethod
    def on_pre(available, utilisation, released_fraction, U, tau_facil):
        """Depletion, then facilitation."""
        return {
            "x": available - released_fraction,
            "u": raised_utilisation(utilisation, U, tau_facil),
            "since": 0.0,
        }
