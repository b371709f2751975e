"""Potentials of a whole lattice over time: their mean, and what an electrode above it would see."""
from __future__ import annotations

import numpy as np

from gpusyn.lattices.contents import Setting
from gpusyn.lattices.grid import Grid
from gpusyn.recording.record import Record

REFERENCE = 0.007  # mV, as are the next two in spiking-neural-networks 0.24
DISTANCE = 0.8  # mm
CONDUCTIVITY = 251.0


class MeanPotential(Grid):
    """The part of a lattice that records the mean of its potentials: one number per step, however many cells."""

    track_every: int
    update_average_history = Setting(False, "record the mean potential of the cells")

    def mean_records(self) -> list[Record]:
        """What `update_average_history` asks for."""
        return [Record(f"{self.cells}.v", self.track_every, reduce="mean")] if self.update_average_history else []

    def get_average_history(self) -> np.ndarray:
        """Mean potential of the cells, mV, (time,); with `update_average_history`."""
        if self.size == 0:
            return np.empty(0)
        advice = "set lattice.update_average_history = True before running"
        rows = self.running.series(f"{self.cells}.v.mean", advice)
        return rows.reshape(len(rows))

    def get_eeg_history(
        self, reference_voltage: float = REFERENCE, distance: float = DISTANCE, conductivity: float = CONDUCTIVITY
    ) -> np.ndarray:
        """Potential at an electrode, sum(v - reference_voltage) / (4 pi conductivity distance), (time,).

        The cells act as sources in one point of a medium without borders. Needs `update_average_history`.

        Args:
            reference_voltage: mV.
            distance: from the cells to the electrode, mm.
            conductivity: of the medium; its unit sets that of the result.

        Source: the EEG history of spiking-neural-networks 0.24 (verified), with its numbers; the unit of its
        conductivity is not given (uncertain).
        """
        total = self.size * (self.get_average_history() - reference_voltage)
        return total / (4.0 * np.pi * conductivity * distance)
