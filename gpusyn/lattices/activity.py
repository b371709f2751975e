"""What a lattice's cells have fired, by site: of neurons and of spike trains alike."""
from __future__ import annotations

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.lattices.contents import Setting
from gpusyn.lattices.grid import Grid


class Activity(Grid):
    """The part of a lattice that gives back its spikes; they are counted from when the clock was last at 0."""

    track_spikes = Setting(True, "record spikes")

    def get_spike_times(self) -> list[np.ndarray]:
        """Times of each cell's spikes since the clock was at 0, ms; one array per site."""
        times, sites = self.running.spikes(self.cells)
        order = np.argsort(sites, kind="stable")
        ends = np.cumsum(np.bincount(sites, minlength=self.size))[:-1]
        return np.split(times[order], ends) if self.size else []

    @property
    def spike_times(self) -> list[np.ndarray]:
        """As `get_spike_times`."""
        return self.get_spike_times()

    def get_spike_counts(self) -> np.ndarray:
        """Number of spikes of each cell, int64 (row, column)."""
        _, sites = self.running.spikes(self.cells)
        return np.bincount(sites, minlength=self.size).reshape(self.shape)

    def get_spike_history(self) -> np.ndarray:
        """Whether each cell spiked in each step, bool (time, row, column); False too where spikes were not kept.

        Raises:
            ModelError: spikes are not recorded.
        """
        if not self.track_spikes:
            raise ModelError(f"lattice {self.id}: spikes were not recorded; "
                             f"set lattice.track_spikes = True before running")
        times, sites = self.running.spikes(self.cells)
        history = np.zeros((self.running.steps_done if self.size else 0, self.size), bool)
        history[np.rint(times / self.dt).astype(np.int64), sites] = True
        return history.reshape(-1, *self.shape)
