"""What a run records, declared before it starts: every dataset of the file follows from here."""
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from gpusyn.errors import nearest
from gpusyn.recording.compression import COMPRESSIONS
from gpusyn.recording.errors import RecordingError
from gpusyn.recording.names import split_name

STATISTICS = ("mean", "min", "max")
ROLES = ("source", "fate", "use")       # sources put an amount in, fates say where it is now, uses are neither


@dataclass(frozen=True)
class Trace:
    """One quantity at every site, or at chosen sites, every `every` steps; row r holds step first_step + r every.

    `sites` are indices into the flattened lattice, shape (n,); None is every site. `within` says what a quantity of a
    tree spreads in: cytosol, er or membrane. `quantity` is what is recorded, where `name` is another name.
    """
    name: str
    unit: str
    meaning: str
    every: int = 1
    first_step: int = 0
    dtype: str = "float32"
    sites: np.ndarray | None = None
    within: str = ""
    quantity: str = ""


@dataclass(frozen=True)
class Reduction:
    """Mean, minimum and maximum over the sites of one quantity: '<name>.mean', '<name>.min' and '<name>.max'."""
    name: str
    unit: str
    meaning: str
    every: int = 1
    first_step: int = 0
    dtype: str = "float64"
    statistics: tuple[str, ...] = STATISTICS
    quantity: str = ""


@dataclass(frozen=True)
class Histogram:
    """How many sites fall in each bin; recorded as '<name>.histogram'. `edges` has shape (n_bin + 1,), in `unit`."""
    name: str
    unit: str
    meaning: str
    edges: np.ndarray
    every: int = 1
    first_step: int = 0
    dtype: str = "int64"
    quantity: str = ""


@dataclass(frozen=True)
class LedgerTerm:
    """One amount of one transmitter over time, recorded as 'ledger.<transmitter>.<term>'.

    `role` is 'source' (initial, released, ...) or 'fate' (present, decayed, escaped, taken_up, ...); the sum of the
    sources equals the sum of the fates at any time. 'use' is what is counted beside them (energy).
    """
    transmitter: str
    term: str
    unit: str
    role: str
    meaning: str
    every: int = 1
    first_step: int = 0
    dtype: str = "float64"


@dataclass(frozen=True)
class SweepAxis:
    """One swept parameter: its dotted name, its value at every sweep point, shape (n_point,), and its unit."""
    name: str
    values: np.ndarray
    unit: str


@dataclass(frozen=True)
class Series:
    """One growing dataset: (time, *row_shape) at `path` in the file, addressed by `key` in Python."""
    key: str
    path: str
    row_shape: tuple[int, ...]
    dtype: np.dtype
    unit: str
    meaning: str
    every: int
    first_step: int
    compressed: bool = False
    notes: dict = field(default_factory=dict)           # further attributes of the dataset

    @property
    def time_path(self):
        """Dataset with this series' times; series with the same rhythm share one."""
        start = f"_from_{self.first_step}" if self.first_step else ""
        return f"/time/every_{self.every}{start}"

    @property
    def chunk(self):
        """HDF5 chunk: (16, 65536) at most for large lattices, more rows and at least 64 kB for small ones."""
        width = prod(self.row_shape)
        rows = 16 if width >= 1024 else min(1024, -(-16384 // max(width, 1)))
        sites = min(max(self.row_shape[-1], 1), 65536)
        ahead = tuple(min(n, max(1, 65536 // sites)) for n in self.row_shape[:-1])
        return (rows, *ahead, sites)


@dataclass(frozen=True)
class Layout:
    """Everything one run file holds.

    `lattice_shape` is (ny, nx) or (nz, ny, nx), `spacing` the distance between sites along the same axes in um, `dt`
    the step in ms. `spikes` are population names. `compression` is none, gzip, lz4 or zstd. Populations and sources
    that have a lattice of their own are in `lattices`: {name: (shape, spacing)}; so are plastic connections, a row of
    synapses each, and by their full names the traces that these keep per neuron. `connections` holds the source and the
    target site of each synapse, {name: (pre, post)}, of connections that are recorded synapse by synapse. `trees` holds
    the `TreeGeometry` of each population of trees.

    Raises:
        RecordingError: a name twice, a sweep axis without one value per point, a site off the lattice, an unknown role
            or compression.
    """
    lattice_shape: tuple[int, ...]
    spacing: tuple[float, ...]
    dt: float
    n_point: int = 1
    traces: tuple[Trace, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    histograms: tuple[Histogram, ...] = ()
    spikes: tuple[str, ...] = ()
    ledger: tuple[LedgerTerm, ...] = ()
    sweep: tuple[SweepAxis, ...] = ()
    compression: str = "gzip"
    lattices: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = field(default_factory=dict)
    connections: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    trees: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        for shape, spacing in ((self.lattice_shape, self.spacing), *self.lattices.values()):
            if len(spacing) != len(shape):
                raise RecordingError(f"spacing {spacing} needs one length per axis of lattice {shape}")
        if self.compression not in COMPRESSIONS:
            raise RecordingError(f"unknown compression '{self.compression}'{nearest(self.compression, COMPRESSIONS)}")
        for axis in self.sweep:
            if len(axis.values) != self.n_point:
                raise RecordingError(f"sweep '{axis.name}': {len(axis.values)} values for {self.n_point} sweep points")
        keys = [series.key for series in self.series()]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise RecordingError(f"recorded twice: {', '.join(twice)}")

    def n_site(self, name):
        """Sites of a population, transmitter or source, or of a quantity: of its own lattice, if it has one."""
        owner = name.partition(".")[0]
        return prod(self.lattices.get(name, self.lattices.get(owner, (self.lattice_shape,)))[0])

    def series(self):
        """Every growing dataset but the spikes, as a list of `Series`."""
        return ([self._trace(trace) for trace in self.traces]
                + [one for reduction in self.reductions for one in self._reduction(reduction)]
                + [self._histogram(histogram) for histogram in self.histograms]
                + [self._ledger_term(term) for term in self.ledger])

    def _trace(self, trace):
        owner, rest = split_name(trace.name)
        n_site = self.n_site(trace.name)
        n = n_site if trace.sites is None else len(trace.sites)
        if trace.sites is not None and (n == 0 or np.min(trace.sites) < 0 or np.max(trace.sites) >= n_site):
            raise RecordingError(f"{trace.name}: recorded sites must be one or more of 0..{n_site - 1}")
        shape = (n,) if self.n_point == 1 else (self.n_point, n)
        sites = "all" if trace.sites is None else f"/sites/{owner}/{rest}"
        notes = {"sites": sites} | ({"within": trace.within} if trace.within else {})
        return _series(trace, trace.name, f"/traces/{owner}/{rest}", shape, compressed=True, notes=notes)

    def _reduction(self, reduction):
        owner, rest = split_name(reduction.name)
        return [_series(reduction, f"{reduction.name}.{statistic}", f"/reductions/{owner}/{rest}/{statistic}",
                        (self.n_point,), notes={"statistic": statistic}) for statistic in reduction.statistics]

    def _histogram(self, histogram):
        owner, rest = split_name(histogram.name)
        folder = f"/histograms/{owner}/{rest}"
        return _series(histogram, f"{histogram.name}.histogram", f"{folder}/counts",
                       (self.n_point, len(histogram.edges) - 1), notes={"edges": f"{folder}/edges"})

    def _ledger_term(self, term):
        if term.role not in ROLES:
            raise RecordingError(f"ledger {term.transmitter}.{term.term}: role "
                                 f"'{term.role}' is not one of {', '.join(ROLES)}")
        return _series(term, f"ledger.{term.transmitter}.{term.term}", f"/ledger/{term.transmitter}/{term.term}",
                       (self.n_point,), notes={"role": term.role})


def _series(declared, key, path, row_shape, compressed=False, notes=None):
    """The growing dataset of one declaration."""
    of = getattr(declared, "quantity", "")
    notes = (notes or {}) | ({"quantity": of} if of and of != declared.name else {})
    return Series(key, path, row_shape, np.dtype(declared.dtype), declared.unit, declared.meaning, declared.every,
                  declared.first_step, compressed, notes)
