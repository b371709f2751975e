"""The lattice: where neurons sit and transmitters diffuse."""
from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gpusyn.errors import ModelError, nearest

EDGES = ("absorbing", "reflecting", "periodic")


@dataclass(frozen=True)
class Lattice:
    """A regular lattice of sites in two or three dimensions.

    Args:
        shape: sites per axis, slowest first: (ny, nx) or (nz, ny, nx). A whole number n means (n, n).
        spacing: distance between neighbours, um.
        edges: what fields meet at the border, "absorbing" (zero outside), "reflecting" (no flux) or "periodic"; one
            for all axes, or one per axis.

    Raises:
        ModelError: a size below 1, a dimension other than 1 to 3, a spacing that is not positive, unknown edges.
    """

    shape: tuple[int, ...]
    spacing: float = 1.0
    edges: str | tuple[str, ...] = "reflecting"

    def __post_init__(self):
        shape = (self.shape, self.shape) if isinstance(self.shape, int) else tuple(self.shape)
        object.__setattr__(self, "shape", shape)
        if not 1 <= len(shape) <= 3 or not all(isinstance(n, int | np.integer) and n >= 1 for n in shape):
            raise ModelError(f"lattice.shape: {shape} must be 1 to 3 whole numbers of at least 1")
        if not (math.isfinite(self.spacing) and self.spacing > 0):
            raise ModelError(f"lattice.spacing: {self.spacing} um must be positive")
        edges = (self.edges,) * len(shape) if isinstance(self.edges, str) else tuple(self.edges)
        object.__setattr__(self, "edges", edges)
        for edge in edges:
            if edge not in EDGES:
                raise ModelError(f"lattice.edges: '{edge}' is unknown{nearest(edge, EDGES)}")
        if len(edges) != len(shape):
            raise ModelError(f"lattice.edges: {len(edges)} edges for {len(shape)} axes; give one, or one per axis")

    @property
    def n_site(self) -> int:
        """Number of sites."""
        return math.prod(self.shape)

    @property
    def n_row(self) -> int:
        """Number of rows along the last axis."""
        return self.n_site // self.shape[-1]

    def same_sites(self, other: Lattice) -> bool:
        """Whether another lattice has as many sites at the same distances, whatever its edges."""
        return self.shape == other.shape and self.spacing == other.spacing

    def positions(self) -> np.ndarray:
        """Lattice coordinates of every site, (n_site, n_axis), in sites (times `spacing` for um)."""
        return np.indices(self.shape).reshape(len(self.shape), -1).T
