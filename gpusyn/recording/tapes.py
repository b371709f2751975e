"""How each kind of recording gets from a device array into rows: calls that fill its ring, and what its rows mean."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.recording.layout import STATISTICS, Histogram, Reduction, Trace
from gpusyn.recording.record import Bins, Record
from gpusyn.recording.ring import Ring

PART_SITES = 1024  # sites that `reduce_parts` sums at once


@dataclass
class Source:
    """What is recorded: a device array (n_point, n_site) or a `Paired`, its declaration, and its owner's lattice.

    `within` is what a quantity of a tree spreads in.
    """

    array: Any
    unit: str
    meaning: str
    n_point: int
    lattice: Any
    within: str = ""

    @property
    def sizes(self) -> tuple[int, int]:
        """(n_point, n_site)."""
        return self.n_point, self.lattice.n_site

    @property
    def dtype(self) -> np.dtype:
        """Type of the values."""
        return np.dtype(self.array.dtype)


class SiteTape:
    """A quantity at all sites or at chosen ones, rows (point, site)."""

    def __init__(self, record: Record, source: Source):
        self.record, self.source = record, source
        n_taken = source.lattice.n_site if record.sites is None else len(record.sites)
        self.ring = Ring(record.every, (source.n_point, n_taken), source.dtype)

    def calls(self, assembly) -> list[Call]:
        """Copies into the ring."""
        ring, source, sizes = self.ring, self.source, self.source.sizes
        if self.record.sites is None:
            return [Call("record_all", [source.array, ring.array, ring.every, ring.n_ring, *sizes])]
        sites = assembly.backend.asarray(np.asarray(self.record.sites, np.int64))
        args = [source.array, sites, ring.array, ring.every, ring.n_ring, *sizes, ring.row_shape[1]]
        return [Call("record_rows", args)]

    def declared(self) -> Trace:
        """Its place in a run file."""
        source = self.source
        return Trace(self.record.key, source.unit, source.meaning, self.ring.every, dtype=source.dtype.name,
                     sites=self.record.sites, within=source.within, quantity=self.record.path)

    def blocks(self, first_row, rows):
        """Named rows, as a sink takes them."""
        return [(self.record.key, first_row, rows)]


class SummaryTape:
    """Mean, minimum and maximum over the sites, rows (point, statistic)."""

    def __init__(self, record: Record, source: Source):
        self.record, self.source = record, source
        self.ring = Ring(record.every, (source.n_point, len(STATISTICS)), np.float64)

    def calls(self, assembly) -> list[Call]:
        """Sums of parts, then of the parts."""
        ring, (n_point, n_site) = self.ring, self.source.sizes
        n_part = -(-n_site // PART_SITES)
        partials = assembly.backend.zeros((n_point, n_part, len(STATISTICS)), np.float64)
        sizes = [n_point, n_site, n_part]
        return [Call("reduce_parts", [self.source.array, partials, ring.every, *sizes]),
                Call("record_reductions", [partials, ring.array, ring.every, ring.n_ring, *sizes])]

    def declared(self) -> Reduction:
        """Its place in a run file."""
        return Reduction(self.record.key, self.source.unit, self.source.meaning, self.ring.every,
                         statistics=self.record.reduce, quantity=self.record.path)

    def blocks(self, first_row, rows):
        """Named rows, as a sink takes them."""
        wanted = self.record.reduce
        return [(f"{self.record.key}.{s}", first_row, rows[..., STATISTICS.index(s)]) for s in wanted]


class HistogramTape:
    """How many sites are in each bin, rows (point, bin)."""

    def __init__(self, record: Record, source: Source):
        self.record, self.source = record, source
        self.ring = Ring(record.every, (source.n_point, record.reduce.n_bin), np.uint32)

    def calls(self, assembly) -> list[Call]:
        """Clears the row, then counts."""
        ring, bins, (n_point, n_site) = self.ring, self.record.reduce, self.source.sizes
        place = [ring.array, ring.every, ring.n_ring, n_point]
        limits = [np.float64(bins.low), np.float64(bins.high), bins.n_bin]
        return [Call("clear_histogram", [*place, bins.n_bin]),
                Call("record_histogram", [self.source.array, *place, n_site, *limits])]

    def declared(self) -> Histogram:
        """Its place in a run file."""
        return Histogram(self.record.key, self.source.unit, self.source.meaning, self.record.reduce.edges,
                         self.ring.every, quantity=self.record.path)

    def blocks(self, first_row, rows):
        """Named rows, as a sink takes them."""
        return [(f"{self.record.key}.histogram", first_row, rows)]


class SpikeTape:
    """The spike flags of every step as bits, rows (point, byte)."""

    def __init__(self, name: str, flags):
        self.name, self.flags = name, flags
        n_point, self.n_site = flags.shape
        self.ring = Ring(1, (n_point, -(-self.n_site // 8)), np.uint8)

    def calls(self, assembly) -> list[Call]:
        """Packs the flags."""
        n_point, n_byte = self.ring.row_shape
        args = [self.flags, self.ring.array, self.ring.n_ring, n_point, self.n_site, n_byte]
        return [Call("record_spike_bits", args)]


def tape_for(record: Record, source: Source):
    """The tape of a resolved record."""
    if record.reduce is None:
        return SiteTape(record, source)
    return (HistogramTape if isinstance(record.reduce, Bins) else SummaryTape)(record, source)
