"""Recordings that stay in memory: what a script reads back without any file."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpusyn.errors import nearest
from gpusyn.recording.errors import RecordingError, UnknownRecordingError
from gpusyn.recording.layout import Layout
from gpusyn.recording.spike_bits import decode_spike_bits


@dataclass(frozen=True)
class SpikeTimes:
    """Spikes of one population at one sweep point, in order: `times` in ms, `ids` of the sites."""

    times: np.ndarray
    ids: np.ndarray

    def __len__(self):
        return len(self.times)


class Memory:
    """Rows and spikes by name, taken as a `Writer` takes them."""

    def __init__(self, layout: Layout):
        self.layout = layout
        self._series = {series.key: series for series in layout.series()}
        self._rows: dict[str, list] = {key: [] for key in self._series}
        self._first: dict[str, int] = {}
        self._spikes: dict[str, list] = {name: [] for name in layout.spikes}

    def append_all(self, blocks) -> None:
        """Keep [(key, first_row, rows), ...]."""
        for key, first_row, rows in blocks:
            self._first.setdefault(key, first_row)
            self._rows[key].append(np.reshape(rows, (len(rows), *self._series[key].row_shape)))

    def append_spikes(self, population, first_step, rows, n_site) -> None:
        """Keep the spikes in packed rows."""
        self._spikes[population].append(decode_spike_bits(rows, first_step, n_site))

    def keys(self) -> list[str]:
        """Names of what is recorded over time."""
        return sorted(self._series)

    def __getitem__(self, key) -> np.ndarray:
        """Rows so far, in the shapes of a run file: (time, site), in a sweep (time, point, site); (time, point); ..."""
        series = self._known(key)
        rows = self._rows[key]
        self._rows[key] = [np.concatenate(rows) if rows else np.empty((0, *series.row_shape), series.dtype)]
        return self._rows[key][0]

    def time(self, key) -> np.ndarray:
        """Times of the rows, ms."""
        series = self._known(key)
        rows = self._first.get(key, 0) + np.arange(sum(map(len, self._rows[key])))
        return (series.first_step + rows * series.every) * self.layout.dt

    def units(self, key) -> str:
        """Unit of a recording."""
        return self._known(key).unit

    def spikes(self, population: str | None = None, point: int = 0) -> SpikeTimes:
        """Spikes of a population (the only one, if there is no other) at one sweep point."""
        if population is None and len(self._spikes) == 1:
            population = next(iter(self._spikes))
        if population not in self._spikes:
            raise UnknownRecordingError(f"no spikes of '{population}' were recorded"
                                        f"{nearest(str(population), self._spikes)}")
        if not 0 <= point < self.layout.n_point:
            raise RecordingError(f"spikes of '{population}': no sweep point {point}; "
                                 f"there are 0 to {self.layout.n_point - 1}")
        pairs = [block[point] for block in self._spikes[population]]
        steps = np.concatenate([steps for steps, _ in pairs]) if pairs else np.empty(0, np.int64)
        sites = np.concatenate([sites for _, sites in pairs]) if pairs else np.empty(0, np.int64)
        return SpikeTimes(steps * self.layout.dt, sites)

    def _known(self, key):
        if key not in self._series:
            raise UnknownRecordingError(f"'{key}' was not recorded{nearest(key, self._series)}")
        return self._series[key]
