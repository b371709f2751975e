"""What a run file gives: lazy arrays, spikes, ledger and sweep."""
from collections.abc import Mapping

import h5py
import numpy as np

from gpusyn.errors import nearest
from gpusyn.recording.errors import RecordingError, UnknownRecordingError


class Recorded:
    """A recording that stays on disk: slicing or `np.asarray` gives NumPy arrays."""

    def __init__(self, dataset):
        self._dataset = dataset

    def __getitem__(self, place):
        return self._dataset[place]

    def __array__(self, dtype=None, copy=None):
        if copy is False:
            raise ValueError("a recording on disk cannot become an array without a copy")
        return np.asarray(self._dataset[()], dtype)

    def __len__(self):
        return self.shape[0]

    @property
    def shape(self):
        """(time, site), (time, point, site), (time, point) or (time, point, bin)."""
        return self._dataset.shape

    @property
    def ndim(self):
        return self._dataset.ndim

    @property
    def dtype(self):
        return self._dataset.dtype

    @property
    def name(self):
        """Its dotted name."""
        return str(self._dataset.attrs["key"])

    @property
    def unit(self):
        return str(self._dataset.attrs["unit"])

    @property
    def meaning(self):
        return str(self._dataset.attrs["meaning"])

    def __repr__(self):
        return f"<{self.name} in {self.unit}: {self.meaning}; {self.dtype} {self.shape}>"


class Spikes:
    """Spikes of one population at one sweep point: `times` in ms (float64), `ids` of sites (uint64), sorted by time."""

    def __init__(self, group):
        self._group = group

    def __len__(self):
        return self._group["timestamps"].shape[0]

    @property
    def times(self):
        return self._group["timestamps"][:]

    @property
    def ids(self):
        return self._group["node_ids"][:len(self)]      # ids are written first; a running writer may be in between


class PopulationSpikes:
    """Spikes of one population: `.times` and `.ids`, or `.point(i)` where a sweep has several points."""

    def __init__(self, place, points):
        self._place, self._points = place, points

    def __len__(self):
        """Spikes of all sweep points together."""
        return sum(map(len, self._points))

    @property
    def n_point(self):
        return len(self._points)

    def point(self, index):
        """Spikes of one sweep point."""
        if not 0 <= index < len(self._points):
            raise RecordingError(f"{self._place}: no sweep point {index}; there are 0 to {len(self._points) - 1}")
        return self._points[index]

    @property
    def times(self):
        return self._only().times

    @property
    def ids(self):
        return self._only().ids

    def _only(self):
        if len(self._points) > 1:
            raise RecordingError(f"{self._place}: name one of the {len(self._points)} sweep points, .point(index)")
        return self._points[0]


class RunSpikes(Mapping):
    """Spikes of a run by population; `.times` and `.ids` directly where there is only one population."""

    def __init__(self, path, spikes):
        self._path, points = path, {}
        for group in spikes.values():
            points.setdefault(str(group.attrs["population"]), []).append((int(group.attrs["point"]), group))
        self._populations = {}
        for name, found in points.items():
            in_order = [Spikes(group) for _, group in sorted(found, key=_first)]
            self._populations[name] = PopulationSpikes(f"{path}, spikes of '{name}'", in_order)

    def __getitem__(self, population):
        if population not in self._populations:
            known = nearest(population, self._populations)
            raise UnknownRecordingError(f"{self._path}: no spikes of '{population}'{known}")
        return self._populations[population]

    def __iter__(self):
        return iter(self._populations)

    def __len__(self):
        return len(self._populations)

    @property
    def times(self):
        return self._only().times

    @property
    def ids(self):
        return self._only().ids

    def _only(self):
        if len(self) != 1:
            raise RecordingError(f"{self._path}: name the population; there are {', '.join(self) or 'none'}")
        return next(iter(self._populations.values()))


class Amounts(Mapping):
    """Ledger of one transmitter: {term: lazy array (time, point)}, with roles and the closure."""

    def __init__(self, path, group):
        self._path, self._group = path, group

    def __getitem__(self, term):
        if term not in self._group:
            raise UnknownRecordingError(f"{self._path}: no '{term}' in this ledger{nearest(term, self._group)}")
        return Recorded(self._group[term])

    def __iter__(self):
        return iter(self._group)

    def __len__(self):
        return len(self._group)

    @property
    def unit(self):
        return self[next(iter(self))].unit

    @property
    def time(self):
        """Times of the rows in ms, shape (time,)."""
        first = self._group[next(iter(self))]
        return self._group.file[first.attrs["time"]][:self.n_row]

    @property
    def n_row(self):
        """Rows that every term has; while a run is being written some may be one block ahead."""
        return min(self._group[term].shape[0] for term in self)

    def terms(self, role):
        """{term: (time, point) array} of the sources or of the fates."""
        return {term: self[term][:self.n_row] for term in self if self._group[term].attrs["role"] == role}

    def residual(self):
        """Sources minus fates, shape (time, point): what was lost without being counted."""
        total = np.zeros((self.n_row, self._group[next(iter(self))].shape[1]))
        for sign, role in ((1, "source"), (-1, "fate")):
            for amounts in self.terms(role).values():
                total += sign * amounts
        return total


class Ledger(dict):
    """{transmitter: its amounts}; a name that is not there gets a suggestion."""

    def __init__(self, path, amounts):
        super().__init__(amounts)
        self._path = path

    def __missing__(self, transmitter):
        raise UnknownRecordingError(f"{self._path}: no ledger of '{transmitter}'{nearest(transmitter, self)}")


class Sweep(Mapping):
    """{parameter: its value at every sweep point, shape (point,)}, with `.units`."""

    def __init__(self, group, n_point):
        self.n_point = n_point
        names = group.attrs["names"]
        self._group, self._names = group, [] if isinstance(names, h5py.Empty) else [str(name) for name in names]

    def __getitem__(self, name):
        if name not in self._names:
            raise UnknownRecordingError(f"'{name}' was not swept{nearest(name, self._names)}")
        values = self._group[name]
        return values.asstr()[:] if h5py.check_string_dtype(values.dtype) else values[:]

    def __iter__(self):
        return iter(self._names)

    def __len__(self):
        return len(self._names)

    @property
    def units(self):
        """{parameter: unit}."""
        return {name: str(self._group[name].attrs["unit"]) for name in self._names}


def _first(pair):
    return pair[0]
