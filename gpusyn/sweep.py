"""The sweep: parameter sets that are stepped together, as one axis of every array."""
from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest

MODES = ("product", "zip")


@dataclass
class Sweep:
    """Values of parameters by dotted name; "product" takes every combination, "zip" takes them side by side.

    The path "seed" varies the random numbers; otherwise all points share them.
    """

    axes: dict[str, Any] = field(default_factory=dict)
    mode: str = "product"

    def __post_init__(self):
        if self.mode not in MODES:
            raise ModelError(f"sweep.mode: '{self.mode}' is unknown{nearest(self.mode, MODES)}")
        for path, values in self.axes.items():
            if len(values) == 0:
                raise ModelError(f"sweep: '{path}' has no values")
        lengths = {path: len(values) for path, values in self.axes.items()}
        if self.mode == "zip" and len(set(lengths.values())) > 1:
            raise ModelError(f"sweep: with mode 'zip' all axes need one length, not {lengths}")

    @property
    def n_point(self) -> int:
        """Number of parameter sets; 1 without a sweep."""
        lengths = [len(values) for values in self.axes.values()]
        if not lengths:
            return 1
        return lengths[0] if self.mode == "zip" else math.prod(lengths)

    def indices(self) -> list[tuple[int, ...]]:
        """For each point, the position in every axis; the last axis runs fastest."""
        ranges = [range(len(values)) for values in self.axes.values()]
        return list(zip(*ranges, strict=True)) if self.mode == "zip" else list(itertools.product(*ranges))

    def values(self, path: str) -> np.ndarray:
        """Values of one parameter, (n_point, 1) or (n_point, n_site)."""
        axis = list(self.axes).index(path)
        chosen = [np.asarray(self.axes[path][index[axis]], dtype=np.float64).ravel() for index in self.indices()]
        return np.stack(chosen)

    def table(self) -> dict[str, list]:
        """The values of every axis at every point."""
        return {
            path: [self.axes[path][index[k]] for index in self.indices()] for k, path in enumerate(self.axes)
        }
