"""Courses in time."""
from __future__ import annotations

import math

from gpusyn.spine.synapse.base import EDGE, TemporalPattern


class ConstantPattern(TemporalPattern):
    """Constant within the window."""

    def compute_amplitude(self, t, base_amplitude):
        """The base within the window, else 0."""
        return base_amplitude if self.is_active(t) else 0.0


class LinearDecayPattern(TemporalPattern):
    """From the base down to 0 at the end of the window."""

    def compute_amplitude(self, t, base_amplitude):
        """What is left of the window, times the base."""
        if not self.is_active(t):
            return 0.0
        left = 1.0 - (t - self.start_time) / self.duration if self.duration else 1.0
        return base_amplitude * max(0.0, left)


class ExponentialDecayPattern(TemporalPattern):
    """Decay with a time constant, s."""

    def __init__(self, tau: float, duration=None, start_time: float = 0.0, amplitude: float = 1.0):
        super().__init__(duration, start_time, amplitude)
        self.tau = tau

    def compute_amplitude(self, t, base_amplitude):
        """The base times exp(-elapsed / tau)."""
        return base_amplitude * math.exp(-(t - self.start_time) / self.tau) if self.is_active(t) else 0.0


class TrainPattern(TemporalPattern):
    """Pulses at a frequency in Hz; without `n_pulses` they do not end."""

    def __init__(self, pulse_duration: float, frequency: float, n_pulses: int | None = None, start_time: float = 0.0,
                 amplitude: float = 1.0):
        super().__init__(None if n_pulses is None else n_pulses / frequency, start_time, amplitude)
        self.pulse_duration, self.frequency, self.n_pulses = pulse_duration, frequency, n_pulses
        self.period = 1.0 / frequency

    def compute_amplitude(self, t, base_amplitude):
        """The base within the first part of each period."""
        if not self.is_active(t):
            return 0.0
        elapsed = t - self.start_time + EDGE
        return base_amplitude if elapsed % self.period < self.pulse_duration else 0.0


class CustomPattern(TemporalPattern):
    """A function of the time in s; what is not above 0 counts as nothing."""

    def __init__(self, callback, amplitude: float = 1.0):
        super().__init__(amplitude=amplitude)
        self.callback = callback

    def compute_amplitude(self, t, base_amplitude):
        """The function's value times the base."""
        return base_amplitude * max(0.0, self.callback(t))


Constant, LinearDecay, ExponentialDecay = ConstantPattern, LinearDecayPattern, ExponentialDecayPattern
PulseTrain = PulseTrainPattern = TrainPattern
Custom = CustomPattern
