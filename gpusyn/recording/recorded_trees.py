"""What a run file gives of its trees: their shapes, and summaries over nodes and over time."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from gpusyn.errors import nearest
from gpusyn.recording.errors import RecordingError, UnknownRecordingError

ROWS_AT_ONCE = 256


class RecordedTrees:
    """The trees of one population.

        trees = run.trees["dendrite"]
        trees.forest.distinct[0].path_distance    the shape: `Forest`, `Morphology`
        trees.mean("ca", region="soma")           over nodes, weighted by volume, (time,)
        trees.integral("ca")                      over time, uM ms, (node,)
        trees.crossing("ca", 1.0)                 when each node first rises above 1 uM, ms, (node,)

    Quantities are named with the population or without it. All are of one sweep point.
    """

    def __init__(self, run, name: str):
        self.run, self.name = run, name

    def __repr__(self):
        everywhere = ", ".join(self.quantities()) or "nothing"
        return f"<trees '{self.name}': {self.n_cell} cell(s), {self.n_node} nodes; recorded at all: {everywhere}>"

    @cached_property
    def geometry(self):
        """The `TreeGeometry`: forest, ER, volumes and areas per node."""
        from gpusyn.recording.tree_geometry import TreeGeometry

        return TreeGeometry.read(self.run.file["trees"][self.name])

    @property
    def forest(self):
        """The cells, as a `gpusyn.morphology.Forest`; node k is site k of the recordings."""
        return self.geometry.forest

    @property
    def n_cell(self) -> int:
        """Number of cells."""
        return int(self.run.file["trees"][self.name].attrs["n_cell"])

    @property
    def n_node(self) -> int:
        """Number of nodes of all cells."""
        return int(self.run.file["trees"][self.name].attrs["n_node"])

    def quantities(self) -> list[str]:
        """Dotted names of what was recorded at every node."""
        begin = f"{self.name}."
        return [n for n in self.run.traces() if n.startswith(begin) and self.run[n].shape[-1] == self.n_node]

    def path(self, quantity: str) -> str:
        """The dotted name of a quantity that was recorded at every node.

        "dendrite.cable.v" may be called "cable.v", and "v" if there is only one.

        Raises:
            UnknownRecordingError: it was not, or only at some nodes.
        """
        path = quantity if quantity.startswith(f"{self.name}.") else f"{self.name}.{quantity}"
        known = self.quantities()
        ending = [one for one in known if one.endswith(f".{quantity}")]
        if path in known or len(ending) == 1:
            return path if path in known else ending[0]
        for partly in self.run.traces():
            if partly == path or (partly.startswith(f"{self.name}.") and partly.endswith(f".{quantity}")):
                raise UnknownRecordingError(f"{self.run.path}: '{partly}' was not recorded at every node")
        raise UnknownRecordingError(f"{self.run.path}: '{path}' was not recorded{nearest(path, known)}")

    def rows(self, quantity: str, rows, point: int = 0) -> np.ndarray:
        """Some rows of a quantity, (row, node); `rows` are indices in ascending order."""
        recorded = self.run[self.path(quantity)]
        ahead = (point,) if self.run.n_point > 1 else ()
        taken = [recorded[(int(row), *ahead)] for row in rows]
        return np.stack(taken) if taken else np.empty((0, self.n_node))

    def mean(self, quantity: str, region=None, cell: int | None = None, within: str | None = None,
             point: int = 0) -> np.ndarray:
        """Mean over nodes, each weighted by what it holds, (time,).

        Args:
            quantity: recorded at every node.
            region: only nodes of this region ("soma", "apical", ...; see `gpusyn.morphology.regions`).
            cell: only this cell.
            within: weight by the volume of "cytosol" or "er", or by the area of "membrane"; by default by what the
                quantity spreads in, else by the cytosol's volume.
            point: sweep point.

        Raises:
            UnknownRecordingError: the quantity was not recorded at every node.
            RecordingError: no node is of the region, or has any of `within`.
        """
        path = self.path(quantity)
        weight = self.geometry.amount_of(within or self.within(path)) * self._chosen(region, cell)
        if not weight.sum() > 0:
            raise RecordingError(f"{self.run.path}: no node of '{self.name}' is of region {region!r} and holds any of "
                                 f"'{within or self.within(path)}'")
        blocks = [values @ weight for _, values in self._blocks(path, point)]
        return np.concatenate(blocks) / weight.sum() if blocks else np.empty(0)

    def integral(self, quantity: str, point: int = 0) -> np.ndarray:
        """Integral over time of each node, (node,): by trapezoids between the recorded rows, in the unit times ms."""
        path = self.path(quantity)
        time, total, last = self.run.time(path), np.zeros(self.n_node), None
        for first, values in self._blocks(path, point):
            if last is not None:
                values, first = np.concatenate([last, values]), first - 1
            total += np.trapezoid(values, time[first : first + len(values)], axis=0)
            last = values[-1:]
        return total

    def crossing(self, quantity: str, threshold: float, point: int = 0) -> np.ndarray:
        """When each node first rises above a threshold, ms, (node,): linear between recorded rows, NaN if never."""
        path = self.path(quantity)
        time, when, last = self.run.time(path), np.full(self.n_node, np.nan), None
        for first, values in self._blocks(path, point):
            if last is not None:
                values, first = np.concatenate([last, values]), first - 1
            rising = (values[:-1] < threshold) & (values[1:] >= threshold)
            nodes = np.flatnonzero(rising.any(axis=0) & np.isnan(when))
            row = rising[:, nodes].argmax(axis=0)
            before, after = values[row, nodes], values[row + 1, nodes]
            start = time[first + row]
            when[nodes] = start + (threshold - before) / (after - before) * (time[first + row + 1] - start)
            last = values[-1:]
        return when

    def within(self, quantity: str) -> str:
        """What a quantity lives in: "cytosol", "er" or "membrane"."""
        return self.run.attribute(self.path(quantity), "within") or "cytosol"

    def _chosen(self, region, cell):
        """1.0 at the nodes asked for, 0.0 elsewhere."""
        from gpusyn.morphology.regions import kinds_of

        forest, chosen = self.forest, np.ones(self.n_node, bool)
        if region is not None:
            chosen &= np.isin(forest.gather("kind"), kinds_of(region, f"{self.name}.mean"))
        if cell is not None:
            first = forest.node(cell, 0)
            chosen[:first], chosen[forest.offset[cell + 1]:] = False, False
        return chosen.astype(float)

    def _blocks(self, path, point) -> Iterator[tuple[int, np.ndarray]]:
        """(first row, (row, node) float64 values) of a quantity, one after the other."""
        recorded = self.run[path]
        for first in range(0, len(recorded), ROWS_AT_ONCE):
            rows = slice(first, first + ROWS_AT_ONCE)
            values = recorded[(rows, point) if self.run.n_point > 1 else rows]
            yield first, np.asarray(values, np.float64)


class RunTrees(Mapping):
    """Trees of a run by population; empty where there are none."""

    def __init__(self, run):
        self._run, self._names = run, list(run.file.get("trees", {}))
        self._trees: dict[str, RecordedTrees] = {}

    def __getitem__(self, population):
        if population not in self._names:
            raise UnknownRecordingError(f"{self._run.path}: no trees '{population}'{nearest(population, self._names)}")
        return self._trees.setdefault(population, RecordedTrees(self._run, population))

    def __iter__(self):
        return iter(self._names)

    def __len__(self):
        return len(self._names)
