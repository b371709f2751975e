"""The vesicle cycle: docked, fused, recycling and reserve vesicles of a terminal, as amounts and as whole numbers."""
from gpusyn.lang import binomial, clip, maximum, where
from gpusyn.mechanism import Mechanism, chance_draw, count, given, output, parameter, state
from gpusyn.vesicles.whole import WholeNumbers

SIZES = "proposed, in the proportions of Rizzoli & Betz 2005"
TIMES = "proposed, of the order of hippocampal boutons"

# What each vesicle does, 1/ms. The terminal at rest has `sites` docked and `recycling_size` recycling vesicles.


def refill_rate(empty, recycling_size, tau_refill):
    """A recycling vesicle docks: (C / C0) empty / tau_refill in all."""
    return maximum(empty, 0.0) / (recycling_size * tau_refill)


def mobilisation_rate(recycling, recycling_size, tau_mobilise):
    """A reserve vesicle joins the recycling pool as far as that is short of its size."""
    return maximum(recycling_size - recycling, 0.0) / (recycling_size * tau_mobilise)


def storage_rate(recycling, recycling_size, tau_store):
    """A recycling vesicle goes to the reserve: max(C - C0, 0) / tau_store in all."""
    return maximum(recycling - recycling_size, 0.0) / (where(recycling > 0, recycling, 1.0) * tau_store)


class Terminal(Mechanism):
    """What both forms of the vesicle cycle share: sizes, times and probabilities."""

    weight = state("1", "response to one vesicle, in the target's unit", initial=1.0)
    release_gain = given("1", "factor on the probability, as of presynaptic receptors", default=1.0, at="pre")

    sites = parameter(8.0, "vesicles", "docked vesicles at rest, one for each release site", source=SIZES, low=0.0)
    recycling_size = parameter(40.0, "vesicles", "recycling vesicles at rest", source=SIZES, low=1e-3)
    reserve_size = parameter(150.0, "vesicles", "reserve vesicles at rest", source=SIZES, low=0.0)
    tau_refill = parameter(5e3, "ms", "time in which an empty site refills from a full pool", source=TIMES, low=1e-3)
    tau_endo = parameter(15e3, "ms", "time of endocytosis and refilling with transmitter", source=TIMES, low=1e-3)
    tau_mobilise = parameter(120e3, "ms", "time of mobilisation from the reserve", source=TIMES, low=1e-3)
    tau_store = parameter(600e3, "ms", "time in which surplus returns to the reserve", source=TIMES, low=1e-3)
    release_probability = parameter(0.2, "1", "probability that a docked vesicle fuses at a spike", source="proposed",
                                    low=0.0, high=1.0)
    rate = parameter(0.0, "1/ms", "rate of further spikes, of which only the mean is felt", source="proposed", low=0.0)

    @output("1", "probability that a docked vesicle fuses at a spike, as it is now")
    @staticmethod
    def probability(release_probability, release_gain):
        """Presynaptic receptors scale it."""
        return clip(release_gain * release_probability, 0.0, 1.0)


class VesicleCycle(Terminal):
    """The vesicle cycle in the mean: R docked, F fused, C recycling, S in reserve, whose sum never changes.

        R' = (C / C0) (R0 - R) / tau_refill - f p R        F' = f p R - F / tau_endo
        C' = F / tau_endo + given - (C / C0) (R0 - R) / tau_refill - taken        S' = taken - given
        given = max(C0 - C, 0) / C0 S / tau_mobilise,      taken = max(C - C0, 0) / tau_store
        at a spike   release = weight p R,    R = R - p R,    F = F + p R

    Three numbers are kept: sites that are empty (R0 - R), fused vesicles, and those that the reserve has given away
    (S0 - S). The recycling pool is what is left, so that the sum is right to the last digit whatever happens; and at
    rest all three are zero, where small steps are not lost.

    `rate` is a rate of spikes that are not simulated one by one; steps must stay below 2 / (rate p).

    Sources: structure, Rizzoli & Betz (2005) Nat. Rev. Neurosci. 6:57 and Alabi & Tsien (2012) Cold Spring Harb.
    Perspect. Biol. 4:a013680 (1-2 % docked, 5-20 % recycling, the rest in reserve); numbers proposed.
    """

    integrator = "heun"  # its steps, unlike those of exponential Euler, take from one pool what they give to another

    empty = state("vesicles", "release sites without a vesicle", not_negative=True)
    fused = state("vesicles", "vesicles that have fused and are not recycled yet", not_negative=True)
    mobilised = state("vesicles", "vesicles that the reserve has given away")

    @output("vesicles", "docked vesicles")
    @staticmethod
    def docked(sites, empty):
        """R."""
        return sites - empty

    @output("vesicles", "recycling vesicles")
    @staticmethod
    def recycling(recycling_size, empty, mobilised, fused):
        """C: the sum at rest, less all others."""
        return recycling_size + empty + mobilised - fused

    @output("vesicles", "vesicles in reserve")
    @staticmethod
    def reserve(reserve_size, mobilised):
        """S."""
        return reserve_size - mobilised

    @output("vesicles", "vesicles that a spike releases")
    @staticmethod
    def vesicles(probability, docked):
        """p R."""
        return probability * docked

    @output("1", "what a spike gives to its target")
    @staticmethod
    def release(weight, vesicles):
        """The response to all of them."""
        return weight * vesicles

    @output("1/ms", "vesicles that dock")
    @staticmethod
    def docking(recycling, empty, recycling_size, tau_refill):
        """Flux from C to R."""
        return recycling * refill_rate(empty, recycling_size, tau_refill)

    @output("1/ms", "vesicles that fuse at the mean rate of spikes")
    @staticmethod
    def fusing(rate, vesicles):
        """Flux from R to F."""
        return rate * vesicles

    @output("1/ms", "vesicles that leave the reserve, less those that are stored")
    @staticmethod
    def mobilising(recycling, reserve, recycling_size, tau_mobilise, tau_store):
        """Net flux from S to C."""
        from_reserve = reserve * mobilisation_rate(recycling, recycling_size, tau_mobilise)
        return from_reserve - recycling * storage_rate(recycling, recycling_size, tau_store)

    @staticmethod
    def d_empty(fusing, docking):
        """-R', 1/ms."""
        return fusing - docking

    @staticmethod
    def d_fused(fusing, fused, tau_endo):
        """F', 1/ms."""
        return fusing - fused / tau_endo

    @staticmethod
    def d_mobilised(mobilising):
        """-S', 1/ms."""
        return mobilising

    @staticmethod
    def on_pre(empty, fused, vesicles):
        """Release."""
        return {"empty": empty + vesicles, "fused": fused + vesicles}


class StochasticVesicleCycle(WholeNumbers, Terminal):
    """The vesicle cycle in whole vesicles, each of which goes its way at random at the rates of `VesicleCycle`.

        recycling -> docked      empty / (C0 tau_refill), each
        docked -> fused          rate p, each, and with probability p at a spike
        fused -> recycling       1 / tau_endo, each
        reserve -> recycling     max(C0 - C, 0) / (C0 tau_mobilise), each
        recycling -> reserve     max(C - C0, 0) / (C tau_store), each

    Vesicles move from one pool to another and are neither lost nor made (`gpusyn.fusing.counted`). More vesicles than
    sites are docked only if two take the last site in one step.

    Sources: as `VesicleCycle`.
    """

    whole = ("sites", "recycling_size", "reserve_size")

    docked = count("vesicles", "docked vesicles", initial="sites")
    fused = count("vesicles", "vesicles that have fused and are not recycled yet")
    recycling = count("vesicles", "recycling vesicles", initial="recycling_size")
    reserve = count("vesicles", "vesicles in reserve", initial="reserve_size")
    release_chance = chance_draw("how many vesicles a spike releases")

    @staticmethod
    def transitions(
        docked, recycling, probability, sites, recycling_size, tau_refill, tau_endo, tau_mobilise, tau_store, rate
    ):
        """Rates of each vesicle, 1/ms."""
        return {
            ("recycling", "docked"): refill_rate(sites - docked, recycling_size, tau_refill),
            ("docked", "fused"): rate * probability,
            ("fused", "recycling"): 1.0 / tau_endo,
            ("reserve", "recycling"): mobilisation_rate(recycling, recycling_size, tau_mobilise),
            ("recycling", "reserve"): storage_rate(recycling, recycling_size, tau_store),
        }

    @output("vesicles", "vesicles that a spike releases")
    @staticmethod
    def vesicles(docked, probability, release_chance):
        """A binomial number."""
        return binomial(docked, probability, release_chance)

    @output("1", "what a spike gives to its target")
    @staticmethod
    def release(weight, vesicles):
        """The response to all of them."""
        return weight * vesicles

    @staticmethod
    def on_pre(docked, fused, vesicles):
        """Release."""
        return {"docked": docked - vesicles, "fused": fused + vesicles}
