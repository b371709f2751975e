"""Many cells as one set of arrays."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from gpusyn.errors import ModelError, nearest, shown
from gpusyn.morphology.cell import Morphology
from gpusyn.morphology.paths import Paths, paths
from gpusyn.morphology.regions import kinds_of, name_of

FIELDS = ("x", "y", "z", "radius", "kind", "start_radius", "length", "access", "own_area", "own_volume", "sample",
          "spacing", "area", "volume", "extent", "coupling", "cross_section", "depth", "path_distance", "branch_order")


class Forest:
    """Cells, each with its own morphology or several with one, their nodes concatenated cell by cell.

    Every cell keeps the order of its nodes, parents before children. A morphology that stands several times is held
    once; arrays over all nodes are made when they are asked for.

    Args:
        cells: a `Morphology` per cell; use `Forest.of(morphology, n_cell)` for copies of one.

    Attributes:
        distinct: the different morphologies, in order of appearance.
        which: (n_cell,) int32, index into `distinct`.
        offset: (n_cell + 1,) int64, where each cell's nodes begin.

    Raises:
        ModelError: no cells, or something else than morphologies.
    """

    def __init__(self, cells: Sequence[Morphology]):
        cells = list(cells) if isinstance(cells, Iterable) else [cells]
        if not cells or not all(isinstance(cell, Morphology) for cell in cells):
            raise ModelError("forest: cells must be at least one Morphology, and nothing else; they are "
                             f"{shown(cells)}")
        index: dict[int, int] = {}
        which = [index.setdefault(id(cell), len(index)) for cell in cells]
        first = [which.index(number) for number in range(len(index))]
        self._hold(tuple(cells[k] for k in first), which)

    @classmethod
    def of(cls, cell: Morphology, n_cell: int) -> Forest:
        """Copies of one morphology.

        Raises:
            ModelError: fewer than one.
        """
        if n_cell < 1:
            raise ModelError(f"forest: n_cell {n_cell} must be at least 1")
        forest = cls.__new__(cls)
        forest._hold((cell,), np.zeros(n_cell))
        return forest

    def _hold(self, distinct, which):
        self.distinct: tuple[Morphology, ...] = distinct
        self.which = np.asarray(which, dtype=np.int32)
        sizes = np.array([cell.n_node for cell in distinct], dtype=np.int64)
        self.offset = np.concatenate([[0], np.cumsum(sizes[self.which])])

    @property
    def n_cell(self) -> int:
        """Number of cells."""
        return len(self.which)

    @property
    def n_node(self) -> int:
        """Number of nodes of all cells."""
        return int(self.offset[-1])

    @property
    def shared(self) -> Morphology | None:
        """The one morphology of all cells, None if there are several: then a batch has no common shape."""
        return self.distinct[0] if len(self.distinct) == 1 else None

    @cached_property
    def cell_of(self) -> np.ndarray:
        """(n_node,) int32, the cell of each node."""
        return np.repeat(np.arange(self.n_cell, dtype=np.int32), np.diff(self.offset))

    @cached_property
    def parent(self) -> np.ndarray:
        """(n_node,) parents among all nodes, -1 at roots: int32, int64 where that is too small."""
        kind = np.int32 if self.n_node < 2**31 else np.int64
        own = self._joined([cell.parent for cell in self.distinct]).astype(kind)
        own += np.where(own >= 0, np.repeat(self.offset[:-1], np.diff(self.offset)), 0).astype(kind)
        return own

    @cached_property
    def paths(self) -> Paths:
        """All trees as chains in common levels (`gpusyn.morphology.paths`)."""
        return paths(self.parent)

    def gather(self, field: str) -> np.ndarray:
        """A quantity of every `Morphology` ("area", "coupling", ...) over all nodes, (n_node,).

        Raises:
            ModelError: an unknown quantity; the message suggests the nearest.
        """
        if field not in FIELDS:
            raise ModelError(f"forest: there is no '{field}' per node{nearest(field, FIELDS)}")
        return self._joined([getattr(cell, field) for cell in self.distinct])

    def by_region(self, values: Mapping, default: float = 0.0) -> np.ndarray:
        """A number for each region ("soma", "apical", "spine", ...) at every node, (n_node,); `default` elsewhere.

        ``RyanodineReceptor(density=forest.by_region({"dendrite": 3.0, "apical": 1.5}))``; of regions that overlap the
        last one counts.

        Raises:
            ModelError: an unknown region; the message suggests the nearest.
        """
        found, kind = np.full(self.n_node, float(default)), self.gather("kind")
        for region, value in values.items():
            found[np.isin(kind, kinds_of(region, "forest.by_region"))] = value
        return found

    def nodes_of(self, region) -> np.ndarray:
        """The nodes of a region, of all cells.

        Raises:
            ModelError: an unknown region, or one that no cell has.
        """
        found = np.flatnonzero(np.isin(self.gather("kind"), kinds_of(region, "forest.nodes_of")))
        if not found.size:
            there = ", ".join(sorted({name_of(kind) for kind in np.unique(self.gather("kind"))}))
            raise ModelError(f"forest.nodes_of: no node is of region '{region}'; there are nodes of {there}")
        return found

    def by_cell(self, values) -> np.ndarray:
        """A number for each cell at every node of it, (n_node,).

        Raises:
            ModelError: another number of values than cells.
        """
        values = np.asarray(values, np.float64)
        if values.shape != (self.n_cell,):
            raise ModelError(f"forest.by_cell: values of shape {values.shape} for {self.n_cell} cells; give one each")
        return values[self.cell_of]

    def node(self, cell: int, node: int) -> int:
        """The number among all nodes of a node of a cell.

        Raises:
            ModelError: the cell or the node does not exist.
        """
        if not 0 <= cell < self.n_cell:
            raise ModelError(f"forest: there is no cell {cell}; valid: 0 to {self.n_cell - 1}")
        if not 0 <= node < self.offset[cell + 1] - self.offset[cell]:
            raise ModelError(f"forest: cell {cell} has no node {node}; valid: 0 to "
                             f"{self.offset[cell + 1] - self.offset[cell] - 1}")
        return int(self.offset[cell] + node)

    def split(self, values) -> list[np.ndarray]:
        """An array over all nodes (the last axis) as one view per cell.

        Raises:
            ModelError: it has another number of nodes.
        """
        values = np.asarray(values)
        if values.shape[-1:] != (self.n_node,):
            raise ModelError(f"forest: values of shape {values.shape} for {self.n_node} nodes on the last axis")
        return [values[..., a:b] for a, b in zip(self.offset[:-1], self.offset[1:], strict=True)]

    def _joined(self, arrays):
        return np.concatenate([arrays[k] for k in self.which]) if len(arrays) > 1 else np.tile(arrays[0], self.n_cell)

    def __repr__(self):
        return f"<Forest: {self.n_cell} cells of {len(self.distinct)} morphologies, {self.n_node} nodes>"
