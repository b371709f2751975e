"""Spike sources: sites that spike at random, by the clock, or when a list says so. Their state is the step alone."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.wiring.arguments import along

MS_PER_SECOND = 1000.0


class PoissonSpikes:
    """Independent spikes with a chance per step.

    Args:
        probability: chance per step, a number or an array (1 or n_point, 1 or n_site), from 0 to 1.
        name: dotted name for messages.

    Raises:
        ModelError: a chance outside 0 to 1.
    """

    def __init__(self, probability, name: str = "source"):
        self.probability = np.atleast_1d(np.asarray(probability, np.float64))
        bad = ~((self.probability >= 0) & (self.probability <= 1))
        if bad.any():
            raise ModelError(f"{name}.probability: {self.probability[bad][0]:g} must be from 0 to 1 per step")
        self.name = name

    @classmethod
    def of_rate(cls, rate, dt: float, name: str = "source") -> PoissonSpikes:
        """Spikes at a rate in Hz with steps of `dt` ms: the chance per step is ``rate * dt / 1000``."""
        chance = np.asarray(rate, np.float64) * dt / MS_PER_SECOND
        if np.any(chance > 1):
            raise ModelError(
                f"{name}.rate: {np.max(rate):g} Hz is more than one spike per step of {dt:g} ms; "
                f"{MS_PER_SECOND / dt:g} Hz at most"
            )
        return cls(chance, name)

    def calls(
        self, spikes, seeds, *, upload=np.asarray, real=np.float32, stream: int = 0, probability=None
    ) -> list[Call]:
        """The operation that writes the flags of each step.

        Args:
            spikes: (n_point, n_site) uint8.
            seeds: (n_point, 2) uint32.
            upload: copies a host array to the device.
            real: type of the run.
            stream: Philox stream.
            probability: a device array to read the chance from instead, real.
        """
        n_point, n_site = spikes.shape
        chance = upload(self.probability.astype(real)) if probability is None else probability
        chance, strides = along(chance, (n_point, n_site), f"{self.name}.probability")
        return [Call("poisson_spikes", [spikes, chance, seeds, n_point, n_site, *strides, int(stream)])]


class RegularSpikes:
    """Spikes at steps ``phase + k period - 1``, k = 1, 2, ...; clocks are whole numbers of steps and never drift.

    Args:
        period: steps, a number or an array (1 or n_point, 1 or n_site); 0 is silence.
        phase: steps, likewise: the clock starts there.
        name: dotted name for messages.

    Raises:
        ModelError: a period below 0, or one that is not whole.
    """

    def __init__(self, period, phase: Any = 0, name: str = "source"):
        self.period = _whole(period, f"{name}.period")
        self.phase = _whole(phase, f"{name}.phase")
        self.name = name
        if (self.period < 0).any():
            raise ModelError(f"{name}.period: {self.period.min()} steps must be at least 1, or 0 for silence")

    @classmethod
    def of_period(cls, period, dt: float, phase=0.0, name: str = "source") -> RegularSpikes:
        """Periods and phases in ms, rounded to steps of `dt` ms; a period of 0 is silence.

        Raises:
            ModelError: a period shorter than half a step.
        """
        steps = np.rint(np.asarray(period, np.float64) / dt)
        if np.any((steps == 0) & (np.asarray(period) != 0)):
            raise ModelError(f"{name}.period: {np.min(period):g} ms is shorter than a step of {dt:g} ms")
        return cls(steps, np.rint(np.asarray(phase, np.float64) / dt), name)

    def calls(self, spikes, *, upload=np.asarray) -> list[Call]:
        """The operation that writes the flags of each step into `spikes`, (n_point, n_site) uint8."""
        n_point, n_site = spikes.shape
        period, period_strides = along(upload(self.period), (n_point, n_site), f"{self.name}.period")
        phase, phase_strides = along(upload(self.phase), (n_point, n_site), f"{self.name}.phase")
        return [Call("regular_spikes", [spikes, period, phase, n_point, n_site, *period_strides, *phase_strides])]


class CyclicSpikes:
    """Spikes at the given intervals, which begin again after the last; clocks are whole numbers and never drift.

    Args:
        intervals: whole steps between spikes, each at least 1, in order: one list for all sites, or one list per site;
            an empty list is silence.
        name: dotted name for messages.

    Raises:
        ModelError: an interval below 1, or one that is not whole.
    """

    def __init__(self, intervals: list, name: str = "source"):
        self.marks = [np.cumsum(_whole(steps, f"{name}.intervals")) for steps in intervals]
        self.name = name
        for steps in intervals:
            if np.size(steps) and np.min(steps) < 1:
                raise ModelError(f"{name}.intervals: {np.min(steps)} steps; at least 1")

    def calls(self, spikes, *, upload=np.asarray) -> list[Call]:
        """The operation that writes the flags of each step into `spikes`, (n_point, n_site) uint8."""
        n_point, n_site = spikes.shape
        if len(self.marks) not in (1, n_site):
            lists = f"{len(self.marks)} lists for {n_site} sites"
            raise ModelError(f"{self.name}.intervals: {lists}; give one, or one per site")
        cycle = np.array([marks[-1] if marks.size else 1 for marks in self.marks], np.int64)
        starts = np.cumsum([0, *(marks.size for marks in self.marks)], dtype=np.int64)
        arrays = [spikes, upload(cycle), upload(starts), upload(np.concatenate(self.marks))]
        return [Call("cyclic_spikes", [*arrays, n_point, n_site, int(len(self.marks) > 1)])]


class ScheduledSpikes:
    """Spikes from a list, as a spike file holds them; alike in all sweep points.

    Args:
        steps: (n,) whole steps, in any order.
        sites: (n,) sites.
        n_site: number of sites.
        name: dotted name for messages.

    Raises:
        ModelError: a site that does not exist, a step below 0, or lists of different lengths.
    """

    def __init__(self, steps, sites, n_site: int, name: str = "source"):
        steps, sites = _whole(steps, f"{name}.steps"), _whole(sites, f"{name}.sites")
        if np.asarray(steps).size != sites.size:
            raise ModelError(f"{name}: {steps.size} steps and {sites.size} sites; each spike has one of both")
        for place, values, limit in ((f"{name}.steps", steps, 2**62), (f"{name}.sites", sites, n_site)):
            bad = np.flatnonzero((values < 0) | (values >= limit))
            if bad.size:
                raise ModelError(f"{place}[{bad[0]}]: {values[bad[0]]} must be from 0 to {limit - 1}")
        order = np.lexsort((sites, steps))
        steps, sites = steps[order], sites[order]
        first = np.ones(steps.size, bool)               # two spikes of one site in one step are one
        first[1:] = (np.diff(steps) != 0) | (np.diff(sites) != 0)
        self.steps, self.sites = steps[first], sites[first].astype(np.int32)
        self.n_site, self.name = n_site, name

    @classmethod
    def at_times(cls, times, sites, n_site: int, dt: float, name: str = "source") -> ScheduledSpikes:
        """Times in ms, rounded to steps of `dt` ms."""
        return cls(np.rint(np.asarray(times, np.float64) / dt), sites, n_site, name)

    def calls(self, spikes, *, upload=np.asarray) -> list[Call]:
        """The operation that writes the flags of each step into `spikes`, (n_point, n_site) uint8."""
        n_point, n_site = spikes.shape
        if n_site != self.n_site:
            raise ModelError(f"{self.name}: a list for {self.n_site} sites cannot drive {n_site}")
        arrays = [spikes, upload(self.steps), upload(self.sites)]
        return [Call("scheduled_spikes", [*arrays, n_point, n_site, len(self.steps)])]


def _whole(values, place: str) -> np.ndarray:
    """Whole numbers as int64, at least one axis."""
    values = np.atleast_1d(np.asarray(values))
    if values.size and (values.dtype.kind not in "iuf" or not np.array_equal(values, np.floor(values))):
        raise ModelError(f"{place}: {values.reshape(-1)[:3].tolist()} must be whole numbers of steps or sites")
    return values.astype(np.int64)
