"""Every site to every site with one weight: nothing is stored, and a step costs one sum."""
from __future__ import annotations

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.wiring.arguments import along, per_site, release_arguments
from gpusyn.wiring.delays import SpikeHistory
from gpusyn.wiring.sparse import SparseConnections, parts_of


class AllToAll:
    """Every source sends to every target.

    With a chance of release below 1 each connection draws its own success, which costs a draw per spike and target.

    Args:
        n_source, n_target: sites.
        weight: of every connection.
        include_self: whether a site sends to the target of its own number; False needs one population on both sides.
        from_sites, to_sites: factor (or mask) per site.
        name: dotted name for messages.

    Raises:
        ModelError: `include_self` is False between populations of different sizes, or a weight is not finite.
    """

    def __init__(
        self, n_source: int, n_target: int | None = None, weight: float = 1.0, include_self: bool = False,
        from_sites=None, to_sites=None, name: str = "all_to_all",
    ):
        self.name, self.n_source = name, int(n_source)
        self.n_target = self.n_source if n_target is None else int(n_target)
        self.include_self, self.weight = include_self, float(weight)
        if not include_self and self.n_source != self.n_target:
            raise ModelError(
                f"{name}.include_self: False leaves out a site's connection to itself, but {self.n_source} sources and "
                f"{self.n_target} targets are two populations; use include_self=True"
            )
        if not np.isfinite(self.weight):
            raise ModelError(f"{name}.weight: {self.weight} must be finite")
        self.from_sites = per_site(from_sites, self.n_source, f"{name}.from_sites")
        self.to_sites = per_site(to_sites, self.n_target, f"{name}.to_sites")
        self._listed: SparseConnections | None = None

    def in_degree(self) -> np.ndarray:
        """Number of connections that each target receives, (n_target,) int64."""
        sends = np.ones(self.n_source, bool) if self.from_sites is None else self.from_sites != 0
        receives = np.ones(self.n_target, bool) if self.to_sites is None else self.to_sites != 0
        degree = np.full(self.n_target, int(sends.sum()))
        return np.where(receives, degree if self.include_self else degree - sends, 0)

    def n_connections(self) -> int:
        """Number of connections."""
        return int(self.in_degree().sum())

    def listed(self) -> SparseConnections:
        """The connections one by one: what stores a state beside each of them needs that."""
        if self._listed is None:
            sends = np.ones(self.n_source, bool) if self.from_sites is None else self.from_sites != 0
            receives = np.ones(self.n_target, bool) if self.to_sites is None else self.to_sites != 0
            sources, targets = np.flatnonzero(sends).astype(np.int32), np.flatnonzero(receives).astype(np.int32)
            rows = np.broadcast_to(targets, (sources.size, targets.size))
            there = np.ones(rows.shape, bool) if self.include_self else rows != sources[:, None]
            counts = np.zeros(self.n_source, np.int64)
            counts[sources] = there.sum(axis=1)
            self._listed = SparseConnections.of_rows(
                counts, rows[there], [self.weight], self.n_target, from_sites=self.from_sites, to_sites=self.to_sites,
                name=self.name,
            )
        return self._listed

    def bytes(self, real=np.float32) -> int:
        """Memory on the device."""
        scales = (self.from_sites is not None) * self.n_source + (self.to_sites is not None) * self.n_target
        return np.dtype(real).itemsize * (1 + scales)

    def describe(self) -> str:
        """One line about it."""
        return f"{self.name}: {self.n_source} to {self.n_target} sites, one weight; no index arrays"

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
        """The operation that delivers spikes.

        As `SparseConnections.calls`, but `probability` is (1 or n_point, 1 or n_source) and `weights` (n_point,).
        """
        n_point, real = target.shape[0], target.dtype
        if history.n_site != self.n_source:
            raise ModelError(f"{self.name}: spikes of {history.n_site} sites for {self.n_source} sources")
        sites, n_listed = history.listed(int(delay))
        weight, weight_strides = along(
            upload(np.full(1, self.weight, real)) if weights is None else weights, (n_point,), f"{self.name}.weights"
        )
        sizes = (n_point, self.n_source)
        give = release_arguments(self, sizes, target, amount, released, probability, seeds, upload)
        arrays = [
            sites, n_listed, history.bits, target, give.ledger, give.amount, weight, give.source_scale,
            give.target_scale, give.chance, give.seeds,
        ]
        sizes = [
            n_point, self.n_source, self.n_target, *parts_of(self.n_target, released), history.row_length,
            history.n_slot, int(delay),
        ]
        strides = [
            *give.amount_strides, give.source_stride, give.target_stride, *weight_strides, *give.chance_strides
        ]
        flags = [int(stream), int(not self.include_self), give.draws, give.counted]
        return [Call("deliver_uniform", [*arrays, *sizes, *strides, *flags])]
