"""Rows that wait on the device until the host fetches them."""
from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np


@dataclass
class Ring:
    """The last rows of one quantity: row r is of step ``r * every`` and lies in slot ``r % n_ring``.

    `array` is (n_ring, *row_shape) on the device, from `allocate` on.
    """

    every: int
    row_shape: tuple[int, ...]
    dtype: Any
    array: Any = None

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return prod(self.row_shape) * np.dtype(self.dtype).itemsize

    @property
    def n_ring(self) -> int:
        """Rows that fit."""
        return self.array.shape[0]

    def allocate(self, backend, n_step: int) -> None:
        """Make room for the rows of `n_step` steps, one at least."""
        self.array = backend.zeros((max(1, -(-n_step // self.every)), *self.row_shape), self.dtype)

    def first_row(self, step: int) -> int:
        """The first row that is not before `step`."""
        return -(-step // self.every)

    def room(self, step: int) -> int:
        """Steps from `step` on until a row would overwrite one that has not been fetched, all before being fetched."""
        return (self.first_row(step) + self.n_ring) * self.every - step

    def fetch(self, backend, first: int, end: int) -> tuple[int, np.ndarray]:
        """The rows of steps `first` to `end` - 1: the number of the first, and a host copy."""
        row, stop = self.first_row(first), self.first_row(end)
        parts = []
        while row < stop or not parts:
            slot = row % self.n_ring
            n = min(stop - row, self.n_ring - slot)
            parts.append(backend.to_host(self.array[slot : slot + n]))
            row += n
        return self.first_row(first), parts[0] if len(parts) == 1 else np.concatenate(parts)


def share_budget(rings: list[Ring], budget: int, most_steps: int) -> int:
    """Steps whose rows fit into `budget` bytes over all rings, `most_steps` at the most, one at least."""
    bytes_per_step = sum(ring.row_bytes / ring.every for ring in rings)
    return max(1, min(most_steps, int(budget / bytes_per_step))) if bytes_per_step else most_steps
