"""Spike sources: sites that no equation describes, and that spike at random, by the clock, or as a file says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, parameter
from gpusyn.wiring.sources import PoissonSpikes, RegularSpikes, ScheduledSpikes

LONGEST = 1e12  # ms, 30 years
MOST_STEPS = 2**62


class Poisson(Mechanism):
    """Spikes at random, independent from site to site and from step to step: ``Poisson(rate=20.0)``."""

    rate = parameter(10.0, "Hz", "mean number of spikes per second", low=0.0)

    def bind(self, dt: float, n_site: int, name: str) -> PoissonSpikes:
        """The rule for steps of `dt` ms.

        Raises:
            ModelError: a rate of more than one spike per step.
        """
        return PoissonSpikes.of_rate(per_site(self.values["rate"], n_site, f"{name}.rate"), dt, name)


class Regular(Mechanism):
    """Spikes at phase + period, phase + 2 period, ...: a clock that never drifts; a period of 0 is silence."""

    period = parameter(100.0, "ms", "time between spikes, rounded to steps", low=0.0, high=LONGEST)
    phase = parameter(0.0, "ms", "time at which the clock starts, rounded to steps", low=-LONGEST, high=LONGEST)

    def bind(self, dt: float, n_site: int, name: str) -> RegularSpikes:
        """The rule for steps of `dt` ms.

        Raises:
            ModelError: a period shorter than half a step.
        """
        period = per_site(self.values["period"], n_site, f"{name}.period")
        phase: Any = per_site(self.values["phase"], n_site, f"{name}.phase")
        for place, times in (("period", period), ("phase", phase)):
            if not np.abs(times).max() / dt < MOST_STEPS:
                raise ModelError(f"{name}.{place}: {times.flat[0]:g} ms are too many steps of {dt:g} ms")
        return RegularSpikes.of_period(period, dt, phase, name)


class SpikeTrain:
    """Spikes at given times: ``SpikeTrain([20.0, 60.0])``.

    Args:
        times: ms, in any order.
        sites: the site of each spike; all at site 0 by default.
    """

    def __init__(self, times, sites: Any = 0):
        self.times = np.atleast_1d(np.asarray(times, np.float64))
        self.sites = np.broadcast_to(np.asarray(sites, np.int64), self.times.shape)

    def bind(self, dt: float, n_site: int, name: str) -> ScheduledSpikes:
        """The rule for steps of `dt` ms.

        Raises:
            ModelError: a site that does not exist, or a time before 0.
        """
        return ScheduledSpikes.at_times(self.times, self.sites, n_site, dt, name)

    def __repr__(self):
        return f"SpikeTrain({self.times.size} spikes)"


class SpikeFile:
    """Spikes of a SONATA file, node id by site.

    Args:
        file: path of the file.
        population: of the file; may be left out where there is only one.

    Raises:
        RecordingError: the file cannot be read (when it is bound, or counted).
    """

    def __init__(self, file: str | Path, population: str | None = None):
        self.file, self.population = str(file), population

    def spikes(self) -> tuple[np.ndarray, np.ndarray]:
        """Times in ms and sites, sorted by time."""
        from gpusyn.recording import read_spikes

        return read_spikes(Path(self.file), self.population)

    def n_site(self) -> int:
        """The number of sites that the file needs: one more than its largest node id."""
        _, sites = self.spikes()
        return int(sites.max()) + 1 if len(sites) else 1

    def bind(self, dt: float, n_site: int, name: str) -> ScheduledSpikes:
        """The rule for steps of `dt` ms.

        Raises:
            ModelError: a node id that is not a site.
        """
        times, sites = self.spikes()
        if len(sites) and sites.max() >= n_site:
            raise ModelError(
                f"{name}: node id {sites.max()} of {Path(self.file).name} is no site; there are {n_site}, from 0"
            )
        return ScheduledSpikes.at_times(times, sites.astype(np.int64), n_site, dt, name)

    def __repr__(self):
        return f"SpikeFile({self.file!r}, population={self.population!r})"


def per_site(value, n_site: int, place: str) -> np.ndarray:
    """A value for all sites as (1, 1), or one per site as (1, n_site).

    Raises:
        ModelError: another number of values.
    """
    values = np.asarray(value, np.float64)
    if values.size not in (1, n_site):
        raise ModelError(f"{place}: {values.size} values for {n_site} sites; give one, or one per site")
    return values.reshape(1, -1)
