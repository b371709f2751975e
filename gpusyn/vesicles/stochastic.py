"""Short-term plasticity of single release sites: each is full or empty, and whole vesicles leave."""
from typing import ClassVar

from gpusyn.lang import binomial, clip, expm1
from gpusyn.mechanism import chance_draw, count, output, parameter, state, stopwatch
from gpusyn.vesicles.presets import PRESETS
from gpusyn.vesicles.quanta import Quanta
from gpusyn.vesicles.tsodyks_markram import PAPER, raised_utilisation, relaxed_utilisation


class StochasticTsodyksMarkram(Quanta):
    """Release sites that hold one vesicle each: a spike empties a full one with probability u; it refills by itself.

        at a spike       refilled ~ Binomial(n_sites - docked, 1 - exp(-since / tau_rec));    docked = docked + refilled
                         vesicles ~ Binomial(docked, u);    docked = docked - vesicles;    u = u + U (1 - u)
        between spikes   du/dt = (U - u) / tau_facil

    `docked` is kept as it stood just after the latest spike: sites refill independently of each other, so that how many
    have done so needs drawing only when the next spike asks. The mean over many synapses is exactly `TsodyksMarkram`
    with the weight n_sites quantal_size; the variance at a spike is binomial.

    Source: Fuhrmann, Segev, Markram & Tsodyks (2002) J. Neurophysiol. 87:140 (recalled). Presets are those of
    `TsodyksMarkram`.
    """

    presets: ClassVar = PRESETS

    docked = count("vesicles", "vesicles in their sites just after the latest spike", initial="n_sites")
    u = state("1", "utilisation just after the latest spike", initial="U", not_negative=True)
    since = stopwatch("time since the latest presynaptic spike", at="pre")
    refill_chance = chance_draw("how many sites have refilled since the latest spike")
    release_chance = chance_draw("how many vesicles a spike releases")

    U = parameter(0.5, "1", "utilisation of a first spike", source=PAPER, low=0.0, high=1.0)
    tau_rec = parameter(800.0, "ms", "mean time in which an empty site refills", source=PAPER, low=1e-3)
    tau_facil = parameter(0.0, "ms", "decay time of facilitation; 0 for none", source=PAPER, low=0.0)

    @output("1", "probability that a full site releases at a spike")
    @staticmethod
    def utilisation(u, U, tau_facil, since):
        """The present value of u."""
        return relaxed_utilisation(u, U, tau_facil, since)

    @output("vesicles", "vesicles that a spike finds in their sites")
    @staticmethod
    def found(docked, n_sites, tau_rec, since, refill_chance):
        """Those that stayed, and those that have come since."""
        return docked + binomial(n_sites - docked, -expm1(-since / tau_rec), refill_chance)

    @output("vesicles", "vesicles that a spike releases")
    @staticmethod
    def vesicles(found, utilisation, release_gain, release_chance):
        """A binomial number."""
        return binomial(found, clip(release_gain * utilisation, 0.0, 1.0), release_chance)

    @staticmethod
    def on_pre(found, vesicles, response, utilisation, U, tau_facil):
        """Released vesicles leave their sites; then the utilisation grows."""
        return {
            "released": vesicles,
            "amplitude": response,
            "docked": found - vesicles,
            "u": raised_utilisation(utilisation, U, tau_facil),
            "since": 0.0,
        }
