"""The shapes of trees in a run file: every morphology once, and which cell has which.

    /trees/<population>                         attributes: n_cell, n_node
    /trees/<population>/morphology_of_cell      (n_cell,) number of each cell's morphology
    /trees/<population>/first_node              (n_cell + 1,) where each cell's nodes begin among the recorded sites
    /trees/<population>/morphologies/<number>/  x, y, z, radius, parent, kind, ...: (n_node_of_cell,), lengths in um

Each morphology has every field of `gpusyn.morphology.Morphology` and the radius of its ER, so that reading gives the
same finite volumes. `parent` counts within the cell and is -1 at the root.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gpusyn.errors import nearest
from gpusyn.morphology import Forest, Morphology, Reticulum
from gpusyn.recording.errors import RecordingError

UNITS = {
    "parent": "1", "x": "um", "y": "um", "z": "um", "radius": "um", "kind": "1", "start_radius": "um", "length": "um",
    "access": "um", "own_area": "um^2", "own_volume": "um^3", "sample": "1",
}  # fmt: skip
ER_UNITS = {"er_radius": "um", "er_start_radius": "um"}
WITHIN = ("cytosol", "er", "membrane")


@dataclass(frozen=True, eq=False)
class TreeGeometry:
    """The cells of a population of trees: a `Forest`, and the ER of each of its distinct morphologies.

    Node k of the forest is site k of the population.
    """

    forest: Forest
    reticula: tuple[Reticulum, ...]

    @cached_property
    def er_radius(self) -> np.ndarray:
        """Radius of the ER at each node, um, (n_node,)."""
        return self._joined([er.radius for er in self.reticula])

    def amount_of(self, within: str) -> np.ndarray:
        """What belongs to each node, (n_node,): volume of "cytosol" or "er" in um^3, or area of "membrane" in um^2.

        Raises:
            RecordingError: another word.
        """
        if within not in WITHIN:
            raise RecordingError(f"there is no '{within}' to weight nodes by{nearest(within, WITHIN)}")
        if within == "membrane":
            return self.forest.gather("area")
        return self._joined([er.volume if within == "er" else er.cytosol_volume for er in self.reticula])

    def _joined(self, arrays: Iterable[np.ndarray]) -> np.ndarray:
        arrays = list(arrays)
        return np.concatenate([arrays[k] for k in self.forest.which])

    def write(self, group) -> None:
        """Put everything into a group of a run file."""
        forest = self.forest
        group.attrs.update(n_cell=forest.n_cell, n_node=forest.n_node)
        group["morphology_of_cell"], group["first_node"] = forest.which, forest.offset
        for number, (cell, er) in enumerate(zip(forest.distinct, self.reticula, strict=True)):
            place = group.create_group(f"morphologies/{number}")
            place.attrs["name"] = cell.name
            fields = {name: getattr(cell, name) for name in UNITS}
            fields |= {"er_radius": er.radius, "er_start_radius": er.start_radius}
            for name, values in fields.items():
                dataset = place.create_dataset(name, data=values, compression="gzip", shuffle=True)
                dataset.attrs["unit"] = (UNITS | ER_UNITS)[name]

    @classmethod
    def read(cls, group) -> TreeGeometry:
        """The inverse of `write`."""
        cells, reticula = [], []
        for number in range(len(group["morphologies"])):
            place = group[f"morphologies/{number}"]
            cell = Morphology(**{name: place[name][:] for name in UNITS}, name=str(place.attrs["name"]))
            cells.append(cell)
            reticula.append(Reticulum(cell, place["er_radius"][:], place["er_start_radius"][:]))
        return cls(Forest([cells[k] for k in group["morphology_of_cell"][:]]), tuple(reticula))
