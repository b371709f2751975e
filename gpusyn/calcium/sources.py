"""Direct sources of calcium and IP3: a flux whose course in time is given, or a part of a receptor's current."""
from typing import ClassVar

from gpusyn.currents.deterministic import TOLERANCE, between, first_after, pulse_after
from gpusyn.lang import exp, floor, minimum, where
from gpusyn.mechanism import Mechanism, given, output, parameter

SPINE = "SPINE"
NEVER = float("inf")


def amplitude_of(default=0.0):
    """The parameter `amplitude`."""
    return parameter(default, "uM um/ms", "flux density at the start, into the cytosol > 0", source=SPINE)


class TimedFlux(Mechanism):
    """Base of the sources that act once: constant, or falling linearly or exponentially.

        level = amplitude (1 + (end_fraction - 1) e / duration) exp(-e / tau),   e = t - start, for 0 <= e < duration
    """

    presets: ClassVar = {"pulse": {}, "linear": {"end_fraction": 0.0}, "exponential": {"tau": 10.0}}

    amplitude = amplitude_of()
    start = parameter(0.0, "ms", "when it begins")
    duration = parameter(NEVER, "ms", "how long it lasts", low=1e-6)
    end_fraction = parameter(1.0, "1", "what a linear course leaves of the amplitude at the end", low=0.0)
    tau = parameter(NEVER, "ms", "time constant of an exponential course", source=SPINE, low=1e-6)

    def next_jump(self, value, t):
        """Its beginning, or its end."""
        return first_after(t, value("start"), value("start") + value("duration"))

    @output("uM um/ms", "flux density now")
    @staticmethod
    def level(t, amplitude, start, duration, end_fraction, tau):
        """Zero before and after."""
        elapsed = t - start
        course = (1.0 + (end_fraction - 1.0) * elapsed / duration) * exp(-elapsed / tau)
        return amplitude * where(between(t, start, start + duration), course, 0.0)


class FluxTrain(Mechanism):
    """Base of the sources that pulse: `amplitude` in the first `pulse_duration` of each period."""

    amplitude = amplitude_of()
    start = parameter(0.0, "ms", "when the first pulse begins")
    frequency = parameter(10.0, "Hz", "pulses per second", source=SPINE, low=1e-9)
    pulse_duration = parameter(1.0, "ms", "duration of a pulse", source=SPINE, low=0.0)
    n_pulses = parameter(NEVER, "1", "number of pulses", low=0.0)

    def next_jump(self, value, t):
        """The next beginning or end of a pulse."""
        return pulse_after(t, value("start"), 1000.0 / value("frequency"), value("pulse_duration"), value("n_pulses"))

    @output("uM um/ms", "flux density now")
    @staticmethod
    def level(t, amplitude, start, frequency, pulse_duration, n_pulses):
        """Zero between the pulses."""
        elapsed = t - start + TOLERANCE
        period = 1000.0 / frequency
        number = floor(elapsed / period)
        during = (elapsed > 0.0) & (elapsed - number * period < pulse_duration) & (number < n_pulses)
        return amplitude * where(during, 1.0, 0.0)


class CalciumFlux(Mechanism):
    """Base of the sources of calcium."""

    member: ClassVar[str] = "calcium_source"
    level = given("uM um/ms", "flux density now")

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(level):
        """The course itself."""
        return level


class IP3Flux(Mechanism):
    """Base of the sources of IP3."""

    member: ClassVar[str] = "ip3_source"
    level = given("uM um/ms", "flux density now")

    @output("uM um/ms", "IP3 flux into the cytosol per area of plasma membrane")
    @staticmethod
    def ip3_flux(level):
        """The course itself."""
        return level


class CalciumSource(TimedFlux, CalciumFlux):
    """Calcium that flows in through the plasma membrane at given times.

        flux_from_outside = amplitude (1 + (end_fraction - 1) e / duration) exp(-e / tau),   e = t - start

    for 0 <= e < duration. Presets: "pulse" is constant, "linear" falls to 0 at the end, "exponential" decays. A leak
    that is balanced takes no account of it.

    Source of the courses: the temporal patterns of SPINE (verified in its code).
    """


class IP3Source(TimedFlux, IP3Flux):
    """IP3 that flows in through the plasma membrane at given times; its course is that of `CalciumSource`."""


class CalciumPulseTrain(FluxTrain, CalciumFlux):
    """Calcium that flows in through the plasma membrane in pulses: `amplitude` during the first part of each period.

    Source: the pulse train of SPINE (verified in its code).
    """


class IP3PulseTrain(FluxTrain, IP3Flux):
    """IP3 that flows in through the plasma membrane in pulses, as `CalciumPulseTrain` does."""


class CalciumPartOfCurrent(Mechanism):
    """The part of a receptor's inward current that calcium carries: what an NMDA receptor lets into a compartment.

        calcium_current = calcium_fraction min(current, 0)

    ``CalciumPartOfCurrent(current="nmda.current")``. The receptor's own current is what drives the potential.

    Source: 11 % of the current through NMDA receptors, Burnashev, Zhou, Neher & Sakmann (1995) J. Physiol. 485:403
    (recalled, uncertain).
    """

    member: ClassVar[str] = "nmda_calcium"

    current = given("pA", "current of which calcium carries a part, outward > 0")

    calcium_fraction = parameter(
        0.11, "1", "fraction of the current that calcium carries", source="Burnashev et al. 1995, recalled", low=0.0,
        high=1.0,
    )

    @output("pA", "current that calcium carries, outward > 0")
    @staticmethod
    def calcium_current(current, calcium_fraction):
        """Outward current takes none out."""
        return calcium_fraction * minimum(current, 0.0)
