"""A neighbourhood given by its displacements: nothing is stored per connection."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.lattice import Lattice
from gpusyn.wiring.neighbours import distances_of, runs_of
from gpusyn.wiring.offsets import Neighbourhood


class Displacements(Neighbourhood):
    """Every site sends to the sites at given displacements from it, as far as they are on the lattice.

    Args:
        lattice: of sources and targets; its borders are open.
        steps: (n, n_axis) whole numbers, target less source, in sites; no two alike.
        weight: (n,), or one number for all.
        name: dotted name for messages.
        from_sites: factor (or mask) per source.
    """

    def __init__(self, lattice: Lattice, steps, weight: Any = 1.0, name: str = "displacements", from_sites=None):
        steps = np.asarray(steps, np.int32).reshape(-1, len(lattice.shape))
        missing = 3 - len(lattice.shape)
        order = np.lexsort(steps.T[::-1])
        super().__init__(lattice, 0.0, include_self=True, edges="open", from_sites=from_sites, name=name)
        self.offsets = np.ascontiguousarray(np.pad(steps[order], ((0, 0), (missing, 0))), np.int32)
        self.distances = distances_of(self.offsets, "euclidean") * lattice.spacing
        self.runs = runs_of(self.offsets)
        self.weights = np.broadcast_to(np.asarray(weight, np.float64), (len(steps),))[order].copy()


def itself(lattice: Lattice, from_sites=None, name: str = "itself") -> Displacements:
    """Every site to the site of the same number; `from_sites` are factors (or a mask) per source."""
    return Displacements(lattice, [[0] * len(lattice.shape)], name=name, from_sites=from_sites)
