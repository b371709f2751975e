"""Lattice neighbourhoods: who is connected follows from offsets, so that nothing is stored per connection."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.lattice import Lattice
from gpusyn.numerics.philox import philox, seed_words, stream_of
from gpusyn.wiring.arguments import per_site, release_arguments
from gpusyn.wiring.delays import SpikeHistory
from gpusyn.wiring.laws import chances_of, law_of, values_of
from gpusyn.wiring.neighbours import distances_of, offsets_within, runs_of
from gpusyn.wiring.sparse import SparseConnections

WORDS = 2.0**32
LISTED_AT_ONCE = 2**15  # sites


class Neighbourhood:
    """Every site sends to the sites within a radius of it.

    Weights and chances are functions of the distance, so there is one per offset. Where a periodic axis is so short
    that two offsets lead to one site, the site is counted once, at its shortest distance.

    Args:
        lattice: a `Lattice`, or its shape with a spacing of 1 um. Sources and targets have the same lattice.
        radius: um; sites at this distance belong to it.
        metric: "euclidean", "chebyshev" (a square) or "manhattan" (a diamond).
        include_self: whether a site sends to itself.
        weight: number, table or function of distance (`gpusyn.wiring.laws`).
        probability: chance that a connection exists, likewise. Which ones exist is drawn, not stored.
        edges: "open" or "periodic", one or one per axis; by default periodic where the lattice is.
        seed: decides which connections exist.
        from_sites, to_sites: factor (or mask) per site: 0 sends (or receives) nothing.
        name: dotted name, for messages and for the random stream of existence.

    Attributes:
        offsets: (n_offset, 3) int32, what is added to the source's (z, y, x); ascending.
        distances: (n_offset,) um.
        weights: (n_offset,) float64.
        chances: (n_offset,) float64, or None if every connection exists.

    Raises:
        ModelError: an argument that cannot be; the message names it and the valid choices.
    """

    def __init__(
        self,
        lattice: Lattice | tuple[int, ...],
        radius: float,
        metric: str = "euclidean",
        include_self: bool = False,
        weight: Any = 1.0,
        probability: Any = 1.0,
        edges: str | tuple[str, ...] | None = None,
        seed: int = 0,
        from_sites=None,
        to_sites=None,
        name: str = "neighbourhood",
    ):
        lattice = lattice if isinstance(lattice, Lattice) else Lattice(lattice)
        self.name, self.seed, self.n_site = name, seed, lattice.n_site
        self.shape = (1,) * (3 - len(lattice.shape)) + lattice.shape
        self.wraps = _wraps(lattice, edges, name)
        self.offsets = offsets_within(self.shape, self.wraps, radius / lattice.spacing, metric, include_self, name)
        self.distances = distances_of(self.offsets, metric) * lattice.spacing
        self.runs = runs_of(self.offsets)
        self.weights = values_of(law_of(weight, f"{name}.weight"), self.distances, f"{name}.weight")
        chances = chances_of(law_of(probability, f"{name}.probability"), self.distances, f"{name}.probability")
        self.chances = chances if (chances < 1).any() else None
        self.from_sites = per_site(from_sites, self.n_site, f"{name}.from_sites")
        self.to_sites = per_site(to_sites, self.n_site, f"{name}.to_sites")
        self._listed: SparseConnections | None = None

    @property
    def n_offset(self) -> int:
        """Number of neighbours that a site in the middle has."""
        return len(self.offsets)

    def existing(self, k: int, sources: np.ndarray) -> np.ndarray:
        """Which of the connections at offset `k` from `sources` exist, on the lattice or off it: bool."""
        if self.chances is None:
            return np.ones(sources.shape, bool)
        quad = sources.astype(np.int64) * ((self.n_offset + 3) // 4) + k // 4
        words = philox(quad, stream_of(f"{self.name}.existence"), 0, 0, *seed_words(self.seed))
        return words[k % 4] < np.floor(self.chances[k] * WORDS)

    def pairs(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Sources and targets of the connections at offset `k`, (n,) int64 each, sources ascending."""
        sources = np.arange(self.n_site)
        if self.from_sites is not None:
            sources = sources[self.from_sites != 0]
        targets, valid = self.reached(k, sources)
        return sources[valid], targets[valid]

    def reached(self, k: int, sources: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sites at offset `k` from `sources`, and which of them are on the lattice, connected, and receive."""
        places, valid = [], np.ones(sources.shape, bool)
        for place, move, size, wraps in zip(
            np.unravel_index(sources, self.shape), self.offsets[k], self.shape, self.wraps, strict=True
        ):
            moved = (place + move) % size if wraps else place + move
            valid &= (moved >= 0) & (moved < size)
            places.append(moved)
        if self.chances is not None:
            valid &= self.existing(k, sources)
        targets = (places[0] * self.shape[1] + places[1]) * self.shape[2] + places[2]
        if self.to_sites is not None:
            valid &= self.to_sites[np.where(valid, targets, 0)] != 0
        return targets, valid

    def listed(self) -> SparseConnections:
        """The connections that exist, one by one: what stores a state beside each of them needs that."""
        if self._listed is None:
            blocks = [self._rows(first) for first in range(0, self.n_site, LISTED_AT_ONCE)]
            counts, indices, weights = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
            weights = self.weights[:1] if self._alike else weights
            self._listed = SparseConnections.of_rows(
                counts, indices, weights, self.n_site, from_sites=self.from_sites, to_sites=self.to_sites,
                name=self.name,
            )
        return self._listed

    def _rows(self, first: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Connections of the sources from `first` on: how many each has, their targets (ascending), their weights."""
        sources = np.arange(first, min(first + LISTED_AT_ONCE, self.n_site))
        targets = np.full((sources.size, self.n_offset), self.n_site, np.int32)  # past the last: not there
        sends = np.ones(sources.size, bool) if self.from_sites is None else self.from_sites[sources] != 0
        for k in range(self.n_offset):
            sites, valid = self.reached(k, sources)
            targets[:, k][valid & sends] = sites[valid & sends]
        order = np.argsort(targets, axis=1, kind="stable")  # across a periodic edge, targets do not ascend with offsets
        targets = np.take_along_axis(targets, order, axis=1)
        there = targets < self.n_site
        weights = self.weights[:0] if self._alike else self.weights[order[there]]
        return there.sum(axis=1), targets[there], weights

    @property
    def _alike(self) -> bool:
        """Whether all offsets have one weight."""
        return bool((self.weights == self.weights[:1]).all())

    def n_connections(self) -> int:
        """Number of connections that exist; counted, so it takes a moment on a large lattice."""
        return sum(self.pairs(k)[0].size for k in range(self.n_offset))

    def in_degree(self) -> np.ndarray:
        """Number of connections that each site receives, (n_site,) int64."""
        degree = np.zeros(self.n_site, np.int64)
        for k in range(self.n_offset):
            degree += np.bincount(self.pairs(k)[1], minlength=self.n_site)
        return degree

    def weight_block(self, real, site_major: bool = False) -> np.ndarray:
        """A weight for every (offset, source), or (source, offset) if `site_major`: what plasticity may change."""
        shape = (self.n_site, self.n_offset) if site_major else (self.n_offset, self.n_site)
        weights = self.weights if site_major else self.weights[:, None]
        return np.ascontiguousarray(np.broadcast_to(weights, shape).astype(real))

    def bytes(self, real=np.float32, explicit_weights: bool = False) -> int:
        """Memory on the device, with or without a weight per connection."""
        size = np.dtype(real).itemsize
        tables = self.offsets.nbytes + self.runs.nbytes + (size + 8) * self.n_offset
        scales = size * self.n_site * sum(scale is not None for scale in (self.from_sites, self.to_sites))
        return tables + scales + (size * self.n_site * self.n_offset if explicit_weights else 0)

    def describe(self) -> str:
        """One line about it."""
        shape = " x ".join(str(n) for n in self.shape if n > 1) or "1"
        some = "" if self.chances is None else f", each with chance {self.chances.min():g} to {self.chances.max():g}"
        return f"{self.name}: {self.n_offset} neighbours on {shape} sites{some}; no index arrays"

    def calls(
        self,
        history: SpikeHistory,
        target,
        amount,
        *,
        upload=np.asarray,
        delay: int = 0,
        released=None,
        probability=None,
        seeds=None,
        stream: int = 0,
        weights=None,
        site_major: bool = False,
    ) -> list[Call]:
        """The operation that delivers spikes: each adds ``weight * amount`` (times site factors) to its targets.

        All arrays but the spikes' are device arrays; axes missing at the end of a shape count as 1.

        Args:
            history: spikes of the sources.
            target: (n_point, n_site) real, added to.
            amount: real, (1 or n_point, 1 or n_site) by source.
            upload: copies a host array to the device.
            delay: steps.
            released: (n_point, n_row) float64 to which is added what each row of targets received, or None.
            probability: real, (1 or n_point, 1 or n_site, 1 or n_offset): chance that a connection releases; None: 1.
            seeds: (n_point, 2) uint32, needed with `probability`.
            stream: Philox stream of releases.
            weights: instead of the weights by distance, real (n_offset, n_site) by source, or (n_point, n_offset,
                n_site); site and offset change places if `site_major`.

        Raises:
            ModelError: a shape that does not fit.
        """
        n_point, real = target.shape[0], target.dtype
        history.check(delay, self.name)
        if history.row_length != self.shape[2] or history.n_site != self.n_site:
            raise ModelError(
                f"{self.name}: spikes of {history.n_site} sites in rows of {history.row_length} cannot be delivered on "
                f"a lattice of {self.n_site} sites in rows of {self.shape[2]}; sources and targets need one lattice"
            )
        weight, weight_strides = self._weights(weights, n_point, real, site_major, upload)
        sizes = (n_point, self.n_site, self.n_offset)
        give = release_arguments(self, sizes, target, amount, released, probability, seeds, upload)
        arrays = [
            history.bits, history.busy, target, give.ledger, give.amount, weight, upload(self.offsets),
            upload(self.runs), give.source_scale, give.target_scale, give.chance, upload(self._existence()), give.seeds,
        ]
        sizes = [n_point, *self.shape, self.n_offset, len(self.runs), history.n_slot, int(delay), self.periodic]
        strides = [
            *give.amount_strides, give.source_stride, give.target_stride, *weight_strides, *give.chance_strides
        ]
        structure = [*seed_words(self.seed), stream_of(f"{self.name}.existence")]
        flags = [give.draws, int(self.chances is not None), give.counted]
        return [Call("deliver_offsets", [*arrays, *sizes, *strides, int(stream), *structure, *flags])]

    @property
    def periodic(self) -> int:
        """The axes that wrap, as the sum of 1 (x), 2 (y) and 4 (z)."""
        return sum(4 >> axis for axis, wraps in enumerate(self.wraps) if wraps)

    def _existence(self) -> np.ndarray:
        chances = np.ones(1) if self.chances is None else self.chances
        return np.floor(chances * WORDS).astype(np.int64)

    def _weights(self, weights, n_point, real, site_major, upload):
        """Flat weights and their strides by point, offset and source."""
        if weights is None:
            return upload(self.weights.astype(real)), [0, 1, 0]
        sizes = (self.n_site, self.n_offset) if site_major else (self.n_offset, self.n_site)
        if tuple(weights.shape) not in (sizes, (n_point, *sizes)):
            raise ModelError(
                f"{self.name}.weights: shape {tuple(weights.shape)} must be {sizes} or {(n_point, *sizes)}"
            )
        point = weights.size // n_point if weights.ndim == 3 else 0
        inner = [1, self.n_offset] if site_major else [self.n_site, 1]
        return weights.reshape(-1), [point, *inner]


def _wraps(lattice: Lattice, edges, name: str) -> tuple[bool, bool, bool]:
    """Whether each of the axes z, y, x is periodic."""
    if edges is None:
        each = [edge == "periodic" for edge in lattice.edges]
    else:
        words = (edges,) * len(lattice.shape) if isinstance(edges, str) else tuple(edges)
        if len(words) != len(lattice.shape) or any(word not in ("open", "periodic") for word in words):
            raise ModelError(f"{name}.edges: {edges!r} must be 'open' or 'periodic', once or for each of "
                             f"{len(lattice.shape)} axes")
        each = [word == "periodic" for word in words]
    wraps = [False] * (3 - len(each)) + each
    return wraps[0], wraps[1], wraps[2]
