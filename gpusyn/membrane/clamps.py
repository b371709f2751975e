"""What is done to a membrane from outside: currents and potentials that are given."""
from math import pi
from typing import ClassVar

from gpusyn.currents.deterministic import TOLERANCE, pulse_after
from gpusyn.lang import floor, where
from gpusyn.mechanism import Mechanism, given, output, parameter

NEVER = float("inf")


class CurrentClamp(Mechanism):
    """Pulses of current through electrodes, of each node its own.

        injection = amplitude + density membrane_area      from start + k period, for duration;  k = 0 ... n_pulses - 1

    By default one pulse that does not end. Between the pulses, and where the amplitude is 0, nothing flows.
    """

    member: ClassVar[str] = "clamp"

    amplitude = parameter(0.0, "pA", "current during a pulse, inward > 0")
    density = parameter(0.0, "pA/um^2", "current per area of membrane during a pulse, inward > 0")
    membrane_area = parameter(pi, "um^2", "area of membrane", source="1 um of a dendrite with a radius of 0.5 um",
                              low=1e-9)
    start = parameter(0.0, "ms", "when the first pulse begins")
    duration = parameter(NEVER, "ms", "how long a pulse lasts", low=0.0)
    period = parameter(1e12, "ms", "from the beginning of one pulse to that of the next", low=1e-6)
    n_pulses = parameter(NEVER, "1", "number of pulses", low=0.0)

    def next_jump(self, value, t):
        """The next beginning or end of a pulse."""
        return pulse_after(t, *map(value, ("start", "period", "duration", "n_pulses")))

    @output("pA", "injected current, inward > 0")
    @staticmethod
    def injection(t, amplitude, density, membrane_area, start, duration, period, n_pulses):
        """The same in each pulse."""
        elapsed = t - start + TOLERANCE
        number = floor(elapsed / period)
        during = (elapsed > 0.0) & (elapsed - number * period < duration) & (number < n_pulses)
        return where(during, amplitude + density * membrane_area, 0.0)


class PrescribedVoltage(Mechanism):
    """A membrane whose potential is given: v = potential, which is played from a table or linked from elsewhere.

        model.add_trees("dendrite", cell, n_type=VoltageGatedCalciumChannel(), voltage=PrescribedVoltage())
        model.play("potential", "dendrite", times, values)              # or *gpusyn.read_table("v.csv")

    Its values are those of the start of each step. Where the table has another name: PrescribedVoltage(potential=name).
    """

    member: ClassVar[str] = "voltage"

    potential = given("mV", "the potential at every site")

    @output("mV", "membrane potential")
    @staticmethod
    def v(potential):
        """As it is given."""
        return potential
