"""What to record: which quantity, how often, at which sites, and whether site by site or summarised."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gpusyn.errors import nearest
from gpusyn.quantities import path_of
from gpusyn.recording.errors import RecordingError
from gpusyn.recording.layout import STATISTICS
from gpusyn.units import to_canonical

WHOLE = 1e-6  # an interval that is this close to a whole number of steps is one


@dataclass(frozen=True)
class Bins:
    """Equal bins of a histogram: `n_bin` of them from `low` to `high`, in the quantity's unit."""

    n_bin: int
    low: float
    high: float

    def __post_init__(self):
        if self.n_bin < 1 or not self.low < self.high:
            raise RecordingError(f"histogram: {self.n_bin} bins from {self.low} to {self.high}; "
                                 "at least one bin, and low below high")

    @property
    def edges(self) -> np.ndarray:
        """(n_bin + 1,) edges."""
        return self.low + np.arange(self.n_bin + 1) * ((self.high - self.low) / self.n_bin)


def histogram(bins: int, low: float, high: float) -> Bins:
    """For `Record.reduce`: count the sites in each of `bins` equal bins; values outside go to the end bins."""
    return Bins(int(bins), float(low), float(high))


@dataclass(frozen=True)
class Record:
    """One quantity to record.

    Row r holds the quantity at the beginning of step ``r * every``, that is at time ``r * every * dt``; the first row
    is the initial state.

    Args:
        path: dotted name of a state ("neurons.nmda.r"), of what a mechanism computes ("neurons.nmda.current"), or of a
            concentration ("glutamate").
        every: whole steps between rows, or an interval as text ("0.5 ms") or in ms (a float).
        sites: None for all; indices; a slice of them; or a tuple that indexes the lattice as it would an array,
            ``(slice(4), 7)``; or positions, (n, n_axis). Of trees also a region: "soma", "apical", "spine_head", ...
        reduce: None, "mean", "min", "max", several of them, or `histogram(...)`.
        name: what to call it in the place of the last word of `path`, where one quantity is recorded several times:
            ``Record("dendrite.ca", sites="soma", name="ca_soma")`` is found as "dendrite.ca_soma".

    Raises:
        RecordingError: an unknown summary, one of chosen sites, or a name that is none.
    """

    path: str
    every: int | float | str = 1
    sites: Any = None
    reduce: Any = None
    name: str = ""

    def __post_init__(self):
        if self.name and not self.name.isidentifier():
            raise RecordingError(f"{self.path}.name: '{self.name}' cannot be a name: use letters, digits and _")
        if isinstance(self.reduce, str):
            object.__setattr__(self, "reduce", (self.reduce,))
        if self.reduce is not None and not isinstance(self.reduce, Bins):
            for word in self.reduce:
                if word not in STATISTICS:
                    raise RecordingError(f"{self.path}.reduce: '{word}' is unknown{nearest(word, STATISTICS)}")
            object.__setattr__(self, "reduce", tuple(s for s in STATISTICS if s in self.reduce))
        if self.reduce is not None and self.sites is not None:
            raise RecordingError(f"{self.path}: a summary is over all sites; leave out `sites` or `reduce`")

    @property
    def key(self) -> str:
        """The dotted name under which a resolved record is found: that of its quantity, if it has no other."""
        return path_of(self.path.rpartition(".")[0], self.name) if self.name else self.path

    @property
    def row_names(self) -> list[str]:
        """The names of all of its rows: those of summaries follow its own."""
        if isinstance(self.reduce, Bins):
            return [f"{self.key}.histogram"]
        return [f"{self.key}.{statistic}" for statistic in self.reduce] if self.reduce else [self.key]

    def resolved(self, path, lattice, dt) -> Record:
        """The same with its full name, whole steps and site indices, for a population's lattice and `dt` in ms."""
        sites = None if self.sites is None else site_indices(self.sites, lattice, self.path)
        return replace(self, path=path, every=whole_steps(self.every, dt, f"{self.path}.every"), sites=sites)

    def as_json(self) -> dict:
        """A resolved record as JSON can hold it."""
        reduce = vars(self.reduce) if isinstance(self.reduce, Bins) else self.reduce
        return {"path": self.path, "every": self.every, "reduce": reduce, "name": self.name,
                "sites": None if self.sites is None else [int(k) for k in self.sites]}

    @classmethod
    def from_json(cls, about: dict) -> Record:
        """The inverse of `as_json`."""
        reduce = about["reduce"]
        reduce = Bins(**reduce) if isinstance(reduce, dict) else tuple(reduce) if reduce else None
        return cls(about["path"], about["every"], about["sites"], reduce, about.get("name", ""))


def require_own_name(record: Record, model) -> None:
    """Raise a `RecordingError` if a resolved record is called as a quantity of the model is."""
    _, mechanism, _ = model.owner(record.path)
    if record.name in mechanism.quantities:
        raise RecordingError(f"{record.path}.name: '{record.key}' is a quantity of its own; choose another name")


def require_different(records) -> None:
    """Raise a `RecordingError` if two resolved records would have one name."""
    taken: set[str] = set()
    for record in records:
        for key in record.row_names:
            if key in taken:
                raise RecordingError(f"'{key}' would be recorded twice; name all of its sites in one record, or give "
                                     f"one of them a name of its own: Record('{record.path}', ..., name='...')")
            taken.add(key)


def whole_steps(every, dt: float, where: str) -> int:
    """Steps in an interval: a whole number already, or a time that is a multiple of `dt` ms.

    Raises:
        RecordingError: below one step, or between two.
    """
    if isinstance(every, int | np.integer) and not isinstance(every, bool):
        steps = int(every)
        if steps < 1:
            raise RecordingError(f"{where}: {every} steps; at least 1")
        return steps
    interval = to_canonical(every, "ms", where=where)
    steps = round(interval / dt)
    if steps < 1 or abs(interval / dt - steps) > WHOLE * steps:
        raise RecordingError(f"{where}: {interval:g} ms is not a whole number of steps of {dt:g} ms; "
                             f"{max(1, steps) * dt:g} ms is")
    return steps


def site_indices(sites, lattice, where: str) -> np.ndarray:
    """Indices into the flattened lattice, int64.

    Raises:
        RecordingError: a site off the lattice, none at all, or something that is no site.
    """
    if isinstance(sites, str):
        raise RecordingError(f"{where}.sites: '{sites}' is no list of sites; only trees have regions")
    numbers = np.arange(lattice.n_site, dtype=np.int64)
    try:
        if isinstance(sites, slice):
            chosen = numbers[sites]
        elif isinstance(sites, tuple):
            chosen = np.ravel(numbers.reshape(lattice.shape)[sites])
        else:
            given = np.asarray(sites)
            flat = given.ndim < 2 or given.dtype == bool
            given = given if given.size else given.astype(np.int64)
            chosen = numbers[given.ravel()] if flat else numbers.reshape(lattice.shape)[tuple(given.T)]
    except (IndexError, ValueError) as error:
        raise RecordingError(f"{where}.sites: {error}; the lattice is {lattice.shape}, "
                             f"its sites are 0 to {lattice.n_site - 1}") from None
    if chosen.size == 0:
        raise RecordingError(f"{where}.sites: {sites!r} chooses no site; leave it out for all of them")
    return chosen
