"""The endoplasmic reticulum: a tube in the middle of the dendrite, and the cytosol around it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, shown
from gpusyn.morphology import frusta
from gpusyn.morphology.cell import Morphology
from gpusyn.morphology.regions import SPINE_HEAD, SPINE_NECK, kinds_of


@dataclass(frozen=True, eq=False)
class Reticulum:
    """ER and cytosol of a cell, in the same finite volumes. All arrays have shape (n_node,).

    In every segment the ER is a coaxial frustum; a body (a spherical soma, a spine) holds a share ratio^2 of its volume
    and ratio of its area as ER, as a cylinder does. In a cylinder of radii R and r: membrane / cytosol = 2 R / (R^2 -
    r^2), ER membrane / cytosol = 2 r / (R^2 - r^2), ER membrane / ER = 2 / r.

    Attributes:
        cell: the `Morphology`.
        radius, start_radius: ER radius at the end and at the start of each node's segment, um.
        ratio: ER radius over dendrite radius at each node.
    """

    cell: Morphology
    radius: np.ndarray
    start_radius: np.ndarray

    def __repr__(self):
        return f"<ER of {self.cell!r}: radius {self.radius.min():g} to {self.radius.max():g} um>"

    @property
    def ratio(self) -> np.ndarray:
        """ER radius over dendrite radius at each node."""
        return self.radius / self.cell.radius

    @cached_property
    def area(self) -> np.ndarray:
        """ER membrane of each node, um^2."""
        return self.ratio * self.cell.own_area + self._shares(frusta.lateral_area)

    @cached_property
    def volume(self) -> np.ndarray:
        """ER volume of each node, um^3."""
        return self.ratio**2 * self.cell.own_volume + self._shares(frusta.volume)

    @cached_property
    def cytosol_volume(self) -> np.ndarray:
        """Volume of each node outside the ER, um^3."""
        return self.cell.volume - self.volume

    @cached_property
    def coupling(self) -> np.ndarray:
        """A / L in the ER between a node and its parent, um; 0 at the root, and where one of the two has no ER."""
        with np.errstate(divide="ignore", invalid="ignore"):
            tube = frusta.hollow_resistance(self.start_radius, self.radius, 0.0, 0.0, self.cell.length)
            way = tube + np.where(self.cell.access > 0, self.cell.access / (np.pi * self._in_access**2), 0.0)
        return self._inverse(way)

    @cached_property
    def cytosol_coupling(self) -> np.ndarray:
        """A / L in the cytosol between a node and its parent, um; 0 at the root."""
        cell, inner = self.cell, self._in_access
        tube = frusta.hollow_resistance(cell.start_radius, cell.radius, self.start_radius, self.radius, cell.length)
        way = tube + cell.access / (np.pi * (cell.start_radius - inner) * (cell.start_radius + inner))
        return self._inverse(way)

    @property
    def _in_access(self):
        """ER radius in the access cylinders: of the smaller ratio of the two nodes."""
        return np.minimum(self.ratio, self.ratio[self.cell.parent]) * self.cell.start_radius

    def _inverse(self, way):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.cell.parent >= 0, 1.0 / way, 0.0)

    def _shares(self, measure):
        cell = self.cell
        return frusta.shares(measure, cell.parent, self.start_radius, self.radius, cell.length)


def reticulum(cell: Morphology, ratio: Any = None, *, volume_fraction: Any = None,
              gap: float | None = None) -> Reticulum:
    """The ER of a cell by one of three laws.

    Args:
        ratio: ER radius over dendrite radius, 0 to below 1. A number applies to all but spines (most have no ER:
            Spacek & Harris 1997, J. Neurosci. 17:190-203); a mapping from regions to numbers applies to these, others
            have none; an array (n_node,) applies to the segment that ends at each node. By default 15/40.
        volume_fraction: ER volume over dendrite volume, 0 to below 1, likewise: ratio = sqrt(volume_fraction).
        gap: um between ER and plasma membrane, everywhere but in spines; a segment that is thinner than this at one
            end has no ER.

    Raises:
        ModelError: several laws, an unknown region, or values out of range.
    """
    given = [law for law in (ratio, volume_fraction, gap) if law is not None]
    if len(given) > 1:
        raise ModelError(f"{cell.name}: give one of ratio, volume_fraction and gap, not {len(given)}")
    shaft = ~np.isin(cell.kind, (SPINE_NECK, SPINE_HEAD))
    if gap is not None:
        if not (np.isfinite(gap) and gap > 0):
            raise ModelError(f"{cell.name}: gap {gap} um must be positive")
        full = shaft & (np.minimum(cell.radius, cell.start_radius) > gap)
        return Reticulum(cell, *(np.where(full, radius - gap, 0.0) for radius in (cell.radius, cell.start_radius)))
    if volume_fraction is not None:
        share = np.sqrt(_per_node(cell, "volume_fraction", volume_fraction, shaft))
    else:
        share = _per_node(cell, "ratio", 15.0 / 40.0 if ratio is None else ratio, shaft)
    return Reticulum(cell, share * cell.radius, share * cell.start_radius)


def _per_node(cell, name, law, shaft):
    """A law's value at every node."""
    if isinstance(law, Mapping):
        values = np.zeros(cell.n_node)
        for region, value in law.items():
            values[np.isin(cell.kind, kinds_of(region, f"{cell.name}: {name}"))] = value
    else:
        values = np.asarray(law, dtype=np.float64)
        if values.shape not in ((), (cell.n_node,)):
            raise ModelError(f"{cell.name}: {name} is {shown(law)}; it must be a number, one per region, or one per "
                             f"node ({cell.n_node})")
        values = np.where(shaft, values, 0.0) if values.ndim == 0 else values
    if not ((values >= 0) & (values < 1)).all():
        wrong = values[~((values >= 0) & (values < 1))][0]
        raise ModelError(f"{cell.name}: {name} {wrong:g} must be at least 0 and below 1")
    return values
