"""Sections of spike sources: sites that spike by the clock, at random, at given times, or as a file says."""

from __future__ import annotations

from typing import Any

from gpusyn.config.draft import Draft
from gpusyn.config.kinds import source_class
from gpusyn.config.mechanisms import MechanismReader
from gpusyn.config.problems import Keys
from gpusyn.config.values import MOST_INDICES, as_text, to_number, without_prefix
from gpusyn.errors import GpusynError, ModelError, nearest, shown
from gpusyn.sources import LONGEST, SpikeFile, SpikeTrain

PLACE = ("shape", "lattice")
TRAIN_KEYS = ("kind", *PLACE, "times", "sites")
FILE_KEYS = ("kind", *PLACE, "file", "population")


class SourceReader:
    """Adds spike sources to a draft; every method gives None if something is wrong."""

    def __init__(self, draft: Draft):
        self.draft = draft

    def source(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add a spike source; its table in full."""
        if not isinstance(table, dict):
            self.draft.problems.add(keys, f"{shown(table)} is not a table")
            return None
        try:
            rule_class = source_class(table.get("kind"))
        except ModelError as error:
            self.draft.problems.add((*keys, "kind"), str(error))
            return None
        read = {SpikeFile: self._file, SpikeTrain: self._train}.get(rule_class, self._by_rule)
        return read(name, table, keys)

    def _by_rule(self, name, table, keys):
        found = self.draft.own_lattice(table, keys, self.draft.lattice)
        if found is None:
            return None
        lattice, own = found
        reader = RuleReader(self.draft.sites(lattice), self.draft.kinds, self.draft.problems, PLACE)
        read = reader.mechanism(table, keys, "sources", PLACE)
        if read is None:
            return None
        rule, written = read
        return self._add(name, rule, lattice, keys, {"kind": written.pop("kind")} | own | written)

    def _train(self, name, table, keys):
        """Spikes at the times of a list, all at the first site or each at its own."""
        before = len(self.draft.problems.found)
        self._check_keys(table, TRAIN_KEYS, keys, needed="times")
        times = self._times(table.get("times", []), keys)
        sites: Any = table.get("sites", 0)
        listed = sites if isinstance(sites, list) else [sites]
        whole = all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= MOST_INDICES for one in listed)
        if not whole or (isinstance(sites, list) and len(sites) not in (1, len(times))):
            rule = f"{shown(sites)} is not a site, or a list of one for each of the {len(times)} times"
            self.draft.problems.add((*keys, "sites"), rule)
        last = max(listed, default=0) if whole else 0
        place = {key: table[key] for key in PLACE if key in table} or {"shape": [1, last + 1]}
        found = self.draft.own_lattice(place, keys, self.draft.lattice)
        if found is None or len(self.draft.problems.found) > before:
            return None
        written = {"kind": table["kind"]} | found[1] | {"times": [as_text(one, "ms") for one in times], "sites": sites}
        return self._add(name, SpikeTrain(times, sites), found[0], keys, written)

    def _times(self, written, keys) -> list[float]:
        if not isinstance(written, list):
            self.draft.problems.add((*keys, "times"), f"{shown(written)} is not a list of times")
            return []
        times = []
        for number, one in enumerate(written):
            try:
                times.append(to_number(one, "ms", "times"))
                if not 0 <= times[-1] <= LONGEST:
                    raise ModelError(f"{times[-1]:g} ms must be from 0 to {LONGEST:g} ms")
            except ModelError as error:
                self.draft.problems.add((*keys, "times", number), str(error))
        return times

    def _file(self, name, table, keys):
        self._check_keys(table, FILE_KEYS, keys, needed="file")
        for key in ("file", "population"):
            if not isinstance(table.get(key, ""), str):
                self.draft.problems.add((*keys, key), f"{shown(table[key])} is not text")
        if not all(isinstance(table.get(key, ""), str) for key in ("file", "population")) or "file" not in table:
            return None
        rule = SpikeFile(self.draft.folder / table["file"], table.get("population"))
        try:
            n_site = rule.n_site()
        except (GpusynError, OSError, OverflowError) as error:
            self.draft.problems.add((*keys, "file"), without_prefix(str(error), str(rule.file)))
            return None
        place = {key: table[key] for key in PLACE if key in table} or {"shape": [1, n_site]}
        found = self.draft.own_lattice(place, keys, self.draft.lattice)
        self.draft.files.append(table["file"])
        return None if found is None else self._add(name, rule, found[0], keys, dict(table) | found[1])

    def _check_keys(self, table, known, keys, needed):
        for key in table:
            if key not in known:
                self.draft.problems.add((*keys, key), f"unknown key{nearest(key, known)}")
        if needed not in table:
            self.draft.problems.add((*keys, needed), "is missing")

    def _add(self, name, rule, lattice, keys, written):
        try:
            rule.bind(self.draft.model.dt, lattice.n_site, name)
        except GpusynError as error:
            place, _, rule_broken = str(error).partition(": ")
            key = "file" if isinstance(rule, SpikeFile) else place.rpartition(".")[2]
            self.draft.problems.add((*keys, key), rule_broken)
            return None
        self.draft.model.add_source(name, rule, lattice=lattice)
        place = {} if "lattice" in written else {"shape": list(lattice.shape)}
        return {"kind": written.pop("kind")} | place | written


class RuleReader(MechanismReader):
    """Reads the values of a spike source, whose kinds are rules of `gpusyn.sources`."""

    def kind_of(self, table, section):
        """The rule's class."""
        return source_class(table["kind"])
