"""Gap junctions: currents that flow between the membranes of neighbouring cells."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.wiring.arguments import along, scale_argument
from gpusyn.wiring.offsets import Neighbourhood
from gpusyn.wiring.sparse import SparseConnections

NORMALISATIONS = ("sum", "mean")


@dataclass(frozen=True)
class Rectification:
    """How a junction's conductance depends on the voltage across it.

        g = conductance (least + (1 - least) / (1 + exp(-steepness (x - half))))
        x = |v_j - v_i| at polarity 0,      x = polarity (v_j - v_i) otherwise

    Polarity 0 with a steepness below 0 is the gating that most junctions have: they close at large differences of
    either sign; the defaults. Polarity 1 with a steepness above 0 is a junction that passes current from j to i, as it
    is listed, better than back. A list carries current one way: of a rectifying junction, couple the other direction
    by a second set with sources and targets exchanged and polarity -1, and its currents add up to zero.

    Sources: Boltzmann's form, Harris, Spray & Bennett (1981) J. Gen. Physiol. 77:95 and, of rectifying junctions,
    Furshpan & Potter (1959) J. Physiol. 145:289; numbers proposed, of the order of connexin 43's (uncertain).

    Raises:
        ModelError: a polarity other than -1, 0, 1, a least outside 0 to 1, or what is no number.
    """

    half: float = 60.0        # mV
    steepness: float = -0.1   # 1/mV
    least: float = 0.3        # fraction of the conductance that stays
    polarity: int = 0

    def __post_init__(self):
        for name in ("half", "steepness"):
            if not np.isfinite(getattr(self, name)):
                raise ModelError(f"Rectification.{name}: {getattr(self, name)} must be a finite number")
        if not 0 <= self.least <= 1:
            raise ModelError(f"Rectification.least: {self.least} is outside 0 to 1")
        if self.polarity not in (-1, 0, 1):
            raise ModelError(f"Rectification.polarity: {self.polarity} must be -1, 0 or 1")


class GapJunctions:
    """Electrical coupling along the connections of a neighbourhood or of a list.

    The current into cell i, positive inwards, is ``conductance * sum over j of w_ji (v_j - v_i)``; with normalisation
    "mean" it is divided by the number of cells j. Where weights are symmetric and normalisation is "sum", currents add
    up to zero over all cells.

    Args:
        wiring: a `Neighbourhood` all of whose connections exist, or `SparseConnections` without delays.
        normalisation: "sum" or "mean".
        rectification: how the conductance depends on the voltage; by default it does not.

    Raises:
        ModelError: another kind of wiring, chances below 1, delays, or an unknown normalisation.
    """

    def __init__(self, wiring: Neighbourhood | SparseConnections, normalisation: str = "sum",
                 rectification: Rectification | None = None):
        if normalisation not in NORMALISATIONS:
            raise ModelError(f"{wiring.name}.normalisation: '{normalisation}' must be 'sum' or 'mean'")
        if not isinstance(wiring, Neighbourhood | SparseConnections):
            raise ModelError(f"gap junctions along {type(wiring).__name__}: use Neighbourhood or SparseConnections")
        if isinstance(wiring, Neighbourhood) and wiring.chances is not None:
            raise ModelError(f"{wiring.name}.probability: a gap junction joins both cells; use SparseConnections")
        if isinstance(wiring, SparseConnections) and wiring.delays.any():
            raise ModelError(f"{wiring.name}.delay: {wiring.delays.max()} steps; currents have no delay, use 0")
        if wiring.from_sites is not None:
            raise ModelError(f"{wiring.name}.from_sites: a junction conducts in both directions; use SparseConnections")
        if rectification is not None and isinstance(wiring, Neighbourhood):
            wiring = self._listed(wiring, rectification)
        self.wiring, self.normalisation, self.rectification = wiring, normalisation, rectification

    @staticmethod
    def _listed(wiring: Neighbourhood, rectification: Rectification) -> SparseConnections:
        """A neighbourhood as a list, which rectification needs."""
        if rectification.polarity:
            raise ModelError(f"{wiring.name}: a neighbourhood has each junction in both directions, polarity "
                             f"{rectification.polarity} has one; use polarity 0 or SparseConnections")
        return wiring.listed()

    def n_connections(self) -> int:
        """Number of directed connections; a junction is two."""
        return self.wiring.n_connections()

    def scale(self) -> np.ndarray | None:
        """Factor on the current into each cell, or None if it is 1."""
        if self.normalisation == "sum":
            return self.wiring.to_sites
        mean = 1.0 / np.maximum(self.wiring.in_degree(), 1)
        return mean if self.wiring.to_sites is None else mean * self.wiring.to_sites

    def bytes(self, real=np.float32) -> int:
        """Memory on the device."""
        scale = self.scale()
        return self.wiring.bytes(real) + (0 if scale is None else scale.size * np.dtype(real).itemsize)

    def describe(self) -> str:
        """One line about it."""
        kind = "gap junctions" if self.rectification is None else "rectifying gap junctions"
        return f"{kind} ({self.normalisation}) along {self.wiring.describe()}"

    def check_sizes(self, n_source: int, n_target: int, within: bool) -> None:
        """Raise a `ModelError` unless the wiring is of so many cells, and a list where it leads to other cells."""
        name, sparse = self.wiring.name, isinstance(self.wiring, SparseConnections)
        if not (within or sparse):
            raise ModelError(f"{name}: a neighbourhood couples the cells of one population; to couple two, use its "
                             f"list, listed()")
        wiring: Any = self.wiring
        sizes = (wiring.n_source, wiring.n_target) if sparse else (wiring.n_site, wiring.n_site)
        if sizes != (n_source, n_target):
            raise ModelError(f"{name}: couples {sizes[0]} cells to {sizes[1]}; there are {n_source} and {n_target}")

    def calls(
        self, v, current, conductance, *, upload=np.asarray, v_source=None, weights=None, adds: bool = False
    ) -> list[Call]:
        """The operation that computes the currents; it runs before the populations.

        Args:
            v: (n_point, n_site) real, mV, of the cells that receive.
            current: (n_point, n_site) real, pA for nS; overwritten unless `adds`. Not the same memory as `v`.
            conductance: real (1,) or (n_point,), nS; factor on the wiring's weights.
            upload: copies a host array to the device.
            v_source: (n_point, n_source), of another population that sends; lists of connections only.
            weights: (n_point, n_connection) on the device, in the order of the list, in the place of the wiring's own.
            adds: add to what `current` holds.
        """
        wiring, n_point, real = self.wiring, v.shape[0], v.dtype
        v_source = v if v_source is None else v_source
        self.check_sizes(v_source.shape[1], v.shape[1], v_source is v)
        strength, strength_strides = along(conductance, (n_point,), f"{wiring.name}.conductance")
        scale, scale_stride = scale_argument(self.scale(), real, upload)
        if isinstance(wiring, Neighbourhood):
            arrays = [v, current, strength, upload(wiring.weights.astype(real)), upload(wiring.offsets), scale]
            sizes = [n_point, *wiring.shape, wiring.n_offset, wiring.periodic, *strength_strides, scale_stride]
            return [Call("gap_offsets", [*arrays, *sizes, int(adds)])]
        starts, sources, numbers = wiring.incoming()
        weight, weight_strides = self.weight_argument(weights, numbers, real, upload)
        by_number = np.zeros(1, np.int32) if weights is None else numbers.astype(np.int32)
        arrays = [v_source, v, current, strength, upload(starts), upload(sources), weight, upload(by_number), scale]
        sizes = [n_point, wiring.n_source, wiring.n_target, *strength_strides, *weight_strides]
        sizes += [int(weights is not None), scale_stride, int(adds)]
        if self.rectification is None:
            return [Call("gap_sparse", [*arrays, *sizes])]
        r = self.rectification
        shape = np.array([r.steepness, r.half, r.least, r.polarity], real)
        return [Call("gap_rectified", [*arrays, upload(shape), *sizes])]

    def weight_argument(self, weights, numbers, real, upload):
        """Weights on the device and their strides: those given, else the wiring's own in the order of the targets."""
        own = self.wiring.weights
        if weights is None:
            return upload((own if own.size == 1 else own[numbers]).astype(real)), [0, int(own.size > 1)]
        return along(weights, (weights.shape[0], self.wiring.n_connections()), f"{self.wiring.name}.weights")
