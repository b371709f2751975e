"""Connections as lists: any graph between two populations, in compressed rows ordered by delay, source and target."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.wiring.arguments import along, per_site, release_arguments
from gpusyn.wiring.delays import SpikeHistory

PART_SITES = 256
MOST_PARTS = 1024
MOST_DELAY = 2**15 - 1


class SparseConnections:
    """Connections given one by one.

    Connection s, in the order of delay, then source, then target, has the same number on every backend; it is also
    the place of its weight and what its random draws are counted by. Memory on the device: 4 bytes and a weight per
    connection, 8 bytes per source and distinct delay.

    Args:
        pre, post: (n,) integers, source and target of each connection.
        weight: (n,), or one number for all.
        n_source, n_target: sites of the two populations, which may be one.
        delay: (n,) whole steps, or one number; it is added to the delay that `calls` is given.
        duplicates: "reject" or "sum": what to do with connections of one delay between the same two sites.
        from_sites, to_sites: factor (or mask) per site.
        name: dotted name for messages.

    Attributes:
        delays: (n_delay,) distinct delays, ascending, steps.
        indptr: (n_delay, n_source + 1) int64, where the connections of each source begin.
        indices: (n_connection,) int32, targets; they ascend within a source.
        weights: (n_connection,) float64, or (1,) if all are equal.

    Raises:
        ModelError: an index outside its population, a weight that is not finite, a delay below 0, a duplicate.
    """

    def __init__(
        self,
        pre,
        post,
        weight: Any = 1.0,
        *,
        n_source: int,
        n_target: int,
        delay: Any = 0,
        duplicates: str = "reject",
        from_sites=None,
        to_sites=None,
        name: str = "connections",
    ):
        self.name, self.n_source, self.n_target = name, int(n_source), int(n_target)
        pre = _indices(pre, self.n_source, f"{name}.pre")
        post = _indices(post, self.n_target, f"{name}.post")
        if pre.size != post.size:
            raise ModelError(f"{name}: {pre.size} sources and {post.size} targets; each connection has one of both")
        weight = _numbers(weight, pre.size, f"{name}.weight")
        delay = _steps(delay, pre.size, f"{name}.delay")
        self.from_sites = per_site(from_sites, self.n_source, f"{name}.from_sites")
        self.to_sites = per_site(to_sites, self.n_target, f"{name}.to_sites")
        self._listed: SparseConnections | None = None
        order = _canonical_order(pre, post, delay)
        order, weight = _without_duplicates(order, pre, post, delay, weight, duplicates, name)
        self._order, self.weights = order, weight
        self.indices = post[order].astype(np.int32)
        self.delays, self.indptr = _row_starts(pre[order], delay, order, self.n_source)

    @classmethod
    def from_scipy(cls, matrix, **named) -> SparseConnections:
        """Connections from a SciPy sparse matrix: rows are sources, columns targets, values weights.

        Stored zeros are connections; entries that a COO matrix holds twice are summed, as SciPy itself does.
        """
        entries = matrix.tocoo()
        n_source, n_target = entries.shape
        named.setdefault("duplicates", "sum")
        return cls(entries.row, entries.col, entries.data, n_source=n_source, n_target=n_target, **named)

    @classmethod
    def of_rows(
        cls, counts, indices, weights, n_target: int, *, from_sites=None, to_sites=None, name: str = "connections"
    ) -> SparseConnections:
        """Connections without delays that lie in order already: of each source, targets that ascend.

        Args:
            counts: (n_source,) connections of each source.
            indices: (n_connection,) targets.
            weights: (n_connection,) or (1,).
        """
        made = cls([], [], weight=1.0, n_source=len(counts), n_target=n_target, from_sites=from_sites,
                   to_sites=to_sites, name=name)
        made.indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)[None]
        made.indices, made._order = np.asarray(indices, np.int32), None
        weights = np.asarray(weights, np.float64)
        made.weights = weights if weights.size and np.ptp(weights) else weights[:1].copy()
        return made

    @property
    def order(self) -> np.ndarray:
        """(n,) int64, place among the connections given of each connection kept (of the first, where summed)."""
        return np.arange(self.indices.size) if self._order is None else self._order

    def listed(self) -> SparseConnections:
        """The connections between sites that send and sites that receive: itself, if those are all."""
        if self._listed is None:
            there = np.ones(self.indices.size, bool)
            if self.from_sites is not None:
                there &= self.from_sites[self.sources()] != 0
            if self.to_sites is not None:
                there &= self.to_sites[self.indices] != 0
            self._listed = self if there.all() else self._among(there)
        return self._listed

    def _among(self, chosen: np.ndarray) -> SparseConnections:
        """Some of the connections."""
        delay = np.repeat(self.delays, np.diff(self.indptr[:, [0, -1]], axis=1).reshape(-1))
        weights = self.weights if self.weights.size == 1 else self.weights[chosen]
        return SparseConnections(
            self.sources()[chosen], self.indices[chosen], weights, n_source=self.n_source, n_target=self.n_target,
            delay=delay[chosen], from_sites=self.from_sites, to_sites=self.to_sites, name=self.name,
        )

    def n_connections(self) -> int:
        """Number of connections."""
        return self.indices.size

    def sources(self) -> np.ndarray:
        """Source of each connection, (n_connection,) int64."""
        rows = np.tile(np.arange(self.n_source), len(self.delays))
        return np.repeat(rows, np.diff(self.indptr, axis=1).reshape(-1))

    def in_degree(self) -> np.ndarray:
        """Number of connections that each target receives, (n_target,) int64."""
        active = self.indices if self.from_sites is None else self.indices[self.from_sites[self.sources()] != 0]
        degree = np.bincount(active, minlength=self.n_target)
        return degree if self.to_sites is None else np.where(self.to_sites != 0, degree, 0)

    def rows(self) -> np.ndarray:
        """Where each row of a source and a distinct delay begins, and the end: place k * n_source + source, int64."""
        return np.append(self.indptr[:, :-1].reshape(-1), self.indptr[-1, -1])

    def incoming(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same connections by target, in their order: where each target's begin (int64), their rows, their numbers.

        Rows (`rows`) and numbers are int32; without several delays a row's number is its source.
        """
        from scipy.sparse import csr_matrix  # a sort by counting, in a third of the memory of NumPy's

        numbers, starts = np.arange(self.indices.size, dtype=np.int32), self.rows().astype(np.int32)
        by_row = csr_matrix((numbers, self.indices, starts), shape=(starts.size - 1, self.n_target), copy=False)
        by_target = by_row.tocsc()
        return by_target.indptr.astype(np.int64), by_target.indices, by_target.data

    def bytes(self, real=np.float32) -> int:
        """Memory on the device."""
        size = np.dtype(real).itemsize
        scales = (self.from_sites is not None) * self.n_source + (self.to_sites is not None) * self.n_target
        return self.indices.nbytes + self.indptr.nbytes + size * (self.weights.size + scales)

    def describe(self) -> str:
        """One line about it."""
        delays = f", delays of {self.delays[0]} to {self.delays[-1]} steps" if len(self.delays) > 1 else ""
        return (f"{self.name}: {self.n_connections()} connections, {self.n_source} to {self.n_target} sites{delays}; "
                f"{self.bytes() / 1e6:.3g} MB")

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
    ) -> list[Call]:
        """The operations that deliver spikes, one per distinct delay.

        As `Neighbourhood.calls`, but `target` is (n_point, n_target), `amount` (1 or n_point, 1 or n_source),
        `probability` (1 or n_point, 1 or n_source, 1 or n_connection), `weights` (n_connection,) or (n_point,
        n_connection), and `released` (n_point, n_part) counts n_part equal parts of the targets (of its rows).
        """
        n_point, real = target.shape[0], target.dtype
        if history.n_site != self.n_source:
            raise ModelError(f"{self.name}: spikes of {history.n_site} sites for {self.n_source} sources")
        n_connection = self.n_connections()
        weight = upload(self.weights.astype(real)) if weights is None else weights
        weight, weight_strides = along(
            weight.reshape(1, -1) if weight.ndim == 1 else weight, (n_point, n_connection), f"{self.name}.weights"
        )
        sizes = (n_point, self.n_source, n_connection)
        give = release_arguments(self, sizes, target, amount, released, probability, seeds, upload)
        indices = upload(self.indices)
        sizes = [n_point, self.n_source, self.n_target, *parts_of(self.n_target, released)]
        strides = [
            *give.amount_strides, give.source_stride, give.target_stride, *weight_strides, *give.chance_strides
        ]
        calls = []
        for own_delay, starts in zip(self.delays, self.indptr, strict=True):
            sites, n_listed = history.listed(int(own_delay) + int(delay))
            arrays = [
                sites, n_listed, target, give.ledger, give.amount, upload(starts.copy()), indices, weight,
                give.source_scale, give.target_scale, give.chance, give.seeds,
            ]
            calls.append(Call("deliver_sparse", [*arrays, *sizes, *strides, int(stream), give.draws, give.counted]))
        return calls


def parts_of(n_target: int, released) -> tuple[int, int]:
    """Number of parts into which targets are divided, and sites in each: the ledger's rows, else of moderate size."""
    if released is not None:
        return released.shape[1], max(1, -(-n_target // released.shape[1]))
    length = max(PART_SITES, -(-n_target // MOST_PARTS))
    return max(1, -(-n_target // length)), length


def _indices(values, n: int, place: str) -> np.ndarray:
    values = np.asarray(values).reshape(-1)
    if values.size and values.dtype.kind not in "iu":
        raise ModelError(f"{place}: {values.dtype} numbers; sites are counted by integers")
    bad = np.flatnonzero((values < 0) | (values >= n))
    if bad.size:
        valid = f"valid: 0 to {n - 1}" if n else "the population is empty"
        raise ModelError(f"{place}[{bad[0]}]: site {values[bad[0]]} does not exist; {valid}")
    return values.astype(np.int64)


def _numbers(values, n: int, place: str) -> np.ndarray:
    values = np.asarray(values, np.float64).reshape(-1)
    if values.size not in (1, n):
        raise ModelError(f"{place}: {values.size} values for {n} connections; give one for each, or one for all")
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise ModelError(f"{place}[{bad[0]}]: {values[bad[0]]} must be finite")
    return values


def _steps(values, n: int, place: str) -> np.ndarray:
    values = _numbers(values, n, place)
    bad = np.flatnonzero((values < 0) | (values > MOST_DELAY) | (values != np.floor(values)))
    if bad.size:
        raise ModelError(f"{place}[{bad[0]}]: {values[bad[0]]:g} must be a whole number of steps, 0 to {MOST_DELAY}")
    return values.astype(np.int64)


def _canonical_order(pre, post, delay) -> np.ndarray:
    """The permutation that sorts by delay, source, target."""
    return np.lexsort((post, pre)) if delay.size == 1 else np.lexsort((post, pre, delay))


def _without_duplicates(order, pre, post, delay, weight, duplicates, name):
    """The order with repeated connections rejected or merged, and the weights in that order."""
    if duplicates not in ("reject", "sum"):
        raise ModelError(f"{name}.duplicates: '{duplicates}' must be 'reject' or 'sum'")
    same = (np.diff(pre[order]) == 0) & (np.diff(post[order]) == 0)
    if delay.size > 1:
        same &= np.diff(delay[order]) == 0
    if not same.any():
        return order, weight if weight.size == 1 else weight[order]
    if duplicates == "reject":
        first = int(np.flatnonzero(same)[0])
        raise ModelError(
            f"{name}: {int(same.sum())} connections are given twice, such as {pre[order[first]]} -> "
            f"{post[order[first]]} (entries {order[first]} and {order[first + 1]}); remove them, or duplicates='sum'"
        )
    first = np.flatnonzero(np.concatenate([[True], ~same]))
    weight = np.add.reduceat(np.broadcast_to(weight, order.shape)[order], first)
    return order[first], weight


def _row_starts(pre, delay, order, n_source) -> tuple[np.ndarray, np.ndarray]:
    """Distinct delays, and for each where every source's connections begin."""
    delays = np.unique(delay) if order.size or delay.size == 1 else np.zeros(1, np.int64)
    rank = np.searchsorted(delays, delay[order]) if delay.size > 1 else 0
    counts = np.bincount(rank * n_source + pre, minlength=len(delays) * n_source)
    ends = np.concatenate([[0], np.cumsum(counts)])
    starts = np.stack([ends[k * n_source : (k + 1) * n_source + 1] for k in range(len(delays))])
    return delays, starts.astype(np.int64)
