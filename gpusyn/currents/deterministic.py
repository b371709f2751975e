"""Injected currents that are known in advance."""
from math import pi

import numpy as np

from gpusyn.lang import floor, sin, where
from gpusyn.mechanism import Mechanism, output, parameter

TOLERANCE = 1e-4  # ms; times are whole steps times dt, and round-off must not move an edge by a step


def between(t, start, stop):
    """Whether start <= t < stop, but for round-off."""
    return (t - start > -TOLERANCE) & (t - stop < -TOLERANCE)


def first_after(t, *times) -> float:
    """The first of some times that is after `t`; infinite if none is."""
    return float(min((np.min(one[one > t], initial=np.inf) for one in map(np.asarray, times)), default=np.inf))


def pulse_after(t, start, period, duration, n_pulses) -> float:
    """The first time after `t` at which a train of pulses begins or ends one; arrays broadcast against each other."""
    with np.errstate(invalid="ignore", over="ignore"):
        number = np.maximum(np.floor((t - start + TOLERANCE) / period), 0.0) + np.array([0.0, 1.0]).reshape(2, 1, 1)
        begins = np.where(number < n_pulses, start + number * period, np.inf)
    return first_after(t, begins, begins + np.minimum(duration, period))


class ConstantCurrent(Mechanism):
    """The same current all the time."""

    amplitude = parameter(0.0, "pA", "current, inward > 0")

    @output("pA", "injected current, inward > 0")
    @staticmethod
    def injection(amplitude):
        """The amplitude."""
        return amplitude


class PulseCurrent(Mechanism):
    """A rectangular pulse: `amplitude` from `start` up to, but not at, `stop`."""

    amplitude = parameter(0.0, "pA", "current during the pulse, inward > 0")
    start = parameter(0.0, "ms", "beginning of the pulse")
    stop = parameter(float("inf"), "ms", "end of the pulse")

    def next_jump(self, value, t):
        """Its beginning, or its end."""
        return first_after(t, value("start"), value("stop"))

    @output("pA", "injected current, inward > 0")
    @staticmethod
    def injection(t, amplitude, start, stop):
        """The amplitude within the pulse."""
        return where(between(t, start, stop), amplitude, 0.0)


class RampCurrent(Mechanism):
    """A current that changes linearly from `amplitude_at_start` to `amplitude_at_stop`; zero before and after."""

    amplitude_at_start = parameter(0.0, "pA", "current at the beginning, inward > 0")
    amplitude_at_stop = parameter(0.0, "pA", "current at the end, inward > 0")
    start = parameter(0.0, "ms", "beginning of the ramp")
    stop = parameter(1000.0, "ms", "end of the ramp, after its beginning")

    def next_jump(self, value, t):
        """Its beginning, or its end."""
        return first_after(t, value("start"), value("stop"))

    @output("pA", "injected current, inward > 0")
    @staticmethod
    def injection(t, amplitude_at_start, amplitude_at_stop, start, stop):
        """Linear in time within the ramp."""
        share = (t - start) / (stop - start)
        level = amplitude_at_start + share * (amplitude_at_stop - amplitude_at_start)
        return where(between(t, start, stop), level, 0.0)


class SineCurrent(Mechanism):
    """A sine: offset + amplitude sin(2 pi frequency t + phase)."""

    amplitude = parameter(0.0, "pA", "half the distance from trough to peak", low=0.0)
    frequency = parameter(10.0, "Hz", "oscillations per second", low=0.0)
    phase = parameter(0.0, "rad", "phase at t = 0")
    offset = parameter(0.0, "pA", "mean current, inward > 0")

    def next_jump(self, value, t):
        """None; a step of less than a quarter of a cycle sees how it bends."""
        return t + float(np.min(250.0 / np.maximum(value("frequency"), TOLERANCE)))

    @output("pA", "injected current, inward > 0")
    @staticmethod
    def injection(t, amplitude, frequency, phase, offset):
        """The sine of the part of the present cycle that has passed, which stays exact however long the run."""
        cycles = 0.001 * frequency * t
        return offset + amplitude * sin(2.0 * pi * (cycles - floor(cycles)) + phase)
