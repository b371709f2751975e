"""``[[record]]``: what is recorded beside spikes."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.config.problems import Keys, Problems
from gpusyn.config.sections import HistogramSection, RecordSection, validated
from gpusyn.config.values import as_text, require_room, to_number, without_prefix
from gpusyn.errors import GpusynError, ModelError, nearest, shown
from gpusyn.model import Model
from gpusyn.quantities import Output, State
from gpusyn.recording.record import Record, histogram, require_own_name, whole_steps

DEFAULT_INTERVAL = 1.0  # ms


class RecordReader:
    """Reads records of a model.

    Args:
        groups: masks by name, for each population.
        broken: names whose tables have problems of their own.
    """

    def __init__(self, model: Model, groups: dict[str, dict[str, np.ndarray]], broken: set[str], problems: Problems):
        self.model, self.groups, self.broken, self.problems = model, groups, broken, problems

    def read(self, tables: Any) -> tuple[list[Record], list[dict]]:
        """All records, one per quantity and name, and the tables in full."""
        if not isinstance(tables, list):
            self.problems.add(("record",), "write [[record]], in two brackets: there may be several")
            return [], []
        records, written = [], []
        seen: dict[str, int] = {}
        for number, table in enumerate(tables):
            keys = ("record", number)
            section = validated(RecordSection, table, keys, self.problems)
            if section is not None:
                for record, full in self._records(section, keys):
                    self._require_new(record, number, seen)
                    records.append(record)
                    written.append(full)
        return records, written

    def _require_new(self, record, number, seen) -> None:
        """Under one name a quantity is recorded at sites once, and each summary of it once."""
        for key in record.row_names:
            if key in seen:
                self.problems.add(("record", number, "quantity"), f"'{record.key}' is recorded by record[{seen[key]}] "
                                  "already; name all of its sites there, or give this one a `name` of its own")
            seen.setdefault(key, number)

    def _records(self, section, keys: Keys):
        paths = [section.quantity] if isinstance(section.quantity, str) else section.quantity
        for path in paths:
            if path.partition(".")[0] in self.broken:
                continue
            try:
                yield self._record(path, section, keys)
            except GpusynError as error:
                message = without_prefix(str(error), f"'{path}'")
                for key in ("every", "sites", "reduce", "name"):
                    if message.startswith(f"{path}.{key}: "):
                        self.problems.add((*keys, key), message.removeprefix(f"{path}.{key}: "))
                        break
                else:
                    self.problems.add((*keys, "quantity"), f"'{path}': {without_prefix(message, path)}")

    def _record(self, path, section, keys):
        full_path, unit, lattice = recordable(path, self.model)
        every = whole_steps(self._interval(section.every, path), self.model.dt, f"{path}.every")
        written = {"quantity": path, "every": as_text(every * self.model.dt, "ms")}
        sites = self._sites(section.sites, full_path, lattice)
        if sites is not None:
            written["sites"] = section.sites
        reduce = self._reduce(section.reduce, path, unit, keys, written)
        written |= {"name": section.name} if section.name else {}
        record = Record(full_path, every, sites, reduce, section.name)
        record.resolved(full_path, lattice, self.model.dt)  # raises if a site is not on the lattice
        require_own_name(record, self.model)
        return record, written

    def _interval(self, every, path) -> float:
        if every == 1 and isinstance(every, int):
            steps = max(1, round(DEFAULT_INTERVAL / self.model.dt))
            return steps * self.model.dt
        interval = to_number(every, "ms", f"{path}.every") if not isinstance(every, bool) else every
        if isinstance(interval, bool) or not interval > 0:
            raise ModelError(f"{path}.every: {shown(every)} must be a time above 0 ms")
        return interval

    def _sites(self, sites, path, lattice):
        if sites is None or sites == "all":
            return None
        if isinstance(sites, str):
            groups = self.groups.get(path.partition(".")[0], {})
            if sites not in groups:
                raise ModelError(f"{path}.sites: there is no group '{sites}'{nearest(sites, ['all', *groups])}")
            return groups[sites]
        require_room(lattice.n_site)
        if isinstance(sites, list) and sites:
            pairs = isinstance(sites[0], list)
            flat = (
                [one for place in sites for one in place]
                if pairs and all(isinstance(p, list) for p in sites)
                else sites
            )
            whole = all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 2**31 for one in flat)
            even = not pairs or all(isinstance(p, list) and len(p) == len(lattice.shape) for p in sites)
            if whole and even:
                return np.array(sites, np.int64)
        raise ModelError(
            f"{path}.sites: {shown(sites)} is not 'all', a group, a list of sites such as [0, 17], or of "
            f"positions such as [[0, 0], [3, 5]]"
        )

    def _reduce(self, reduce, path, unit, keys, written):
        if reduce is None:
            return None
        written["reduce"] = reduce
        if not isinstance(reduce, dict):
            words = [reduce] if isinstance(reduce, str) else reduce
            if not isinstance(words, list) or not words or not all(isinstance(one, str) for one in words):
                raise ModelError(
                    f"{path}.reduce: {shown(reduce)} is not mean, min, max, a list of them, or "
                    f"{{ histogram = {{ bins, low, high }} }}"
                )
            return tuple(words)
        if list(reduce) != ["histogram"]:
            raise ModelError(f"{path}.reduce: {shown(reduce)} is not {{ histogram = {{ bins, low, high }} }}")
        section = validated(HistogramSection, reduce["histogram"], (*keys, "reduce", "histogram"), self.problems)
        if section is None:
            return None
        low, high = (to_number(one, unit, f"{path}.reduce") for one in (section.low, section.high))
        limits = {"bins": section.bins, "low": as_text(low, unit), "high": as_text(high, unit)}
        written["reduce"] = {"histogram": limits}
        return histogram(section.bins, low, high)


def recordable(path: str, model: Model):
    """The full name, unit and lattice of something that can be recorded.

    Raises:
        ModelError: there is no such quantity, or it is a constant.
    """
    path = f"{path}.concentration" if path in model.transmitters else path
    owner, mechanism, name = model.owner(path)
    quantity = mechanism.quantities[name]
    if not isinstance(quantity, State | Output):
        changing = [n for n, q in mechanism.quantities.items() if isinstance(q, State | Output)]
        raise ModelError(f"'{path}': a parameter does not change in time{nearest(name, changing)}")
    return path, quantity.unit, owner.lattice
