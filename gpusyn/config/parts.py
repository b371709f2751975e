"""Sections of populations, transmitters and spike sources."""

from __future__ import annotations

from typing import Any

from gpusyn.config.draft import Draft
from gpusyn.config.kinds import source_class
from gpusyn.config.mechanisms import MechanismReader
from gpusyn.config.problems import Keys
from gpusyn.config.values import read_groups, without_prefix
from gpusyn.errors import GpusynError, ModelError, nearest, shown
from gpusyn.sources import SpikeFile

TAKEN = (
    "name",
    "cell",
    "lattice",
    "transmitter",
    "scheme",
    "groups",
    "shape",
)  # words that a mechanism cannot be named
OF_TRANSMITTERS = (
    "concentration", "diffusion_coefficient", "reuptake_rate", "release_probability", "quantum_size", "release_volume",
)  # fmt: skip
SCHEMES = ("auto", "explicit", "exact")
SPIKE_FILE_KEYS = ("kind", "shape", "file", "population")


class PartReader:
    """Adds populations, transmitters and sources to a draft; every method gives None if something is wrong."""

    def __init__(self, draft: Draft):
        self.draft = draft

    def transmitter(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add a transmitter; its table in full."""
        sites = self.draft.sites(self.draft.lattice)
        reader = MechanismReader(sites, self.draft.kinds, self.draft.problems, ("scheme",))
        read = reader.read(table, keys)
        scheme = table.get("scheme", "auto") if isinstance(table, dict) else "auto"
        if scheme not in SCHEMES:
            self.draft.problems.add(
                (*keys, "scheme"), f"{shown(scheme)} is not a scheme{nearest(str(scheme), SCHEMES)}"
            )
        self.draft.notes += reader.notes
        missing = [word for word in OF_TRANSMITTERS if reader.main and word not in reader.main.quantities]
        if missing:
            rule = f"'{table['kind']}' has no {missing[0]}; a transmitter is GlutamateNeurotransmitter or the like"
            self.draft.problems.add((*keys, "kind"), rule)
        if read is None or missing or scheme not in SCHEMES:
            return None
        members, written = read
        if not self._members_fit(members, keys):
            return None
        self.draft.model.add_transmitter(name, members.pop(""), scheme=scheme, **members)
        return {"kind": written.pop("kind"), "scheme": scheme} | written

    def population(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add a population; its table in full."""
        lattice = self.draft.own_lattice(table, keys, self.draft.lattice)
        if lattice is None:
            return None
        sites = self.draft.sites(lattice)
        groups = table.get("groups") if isinstance(table, dict) else None
        if groups is not None:
            try:
                sites.groups = self.draft.groups[name] = read_groups(groups, f"{name}.groups", sites)
            except ModelError as error:
                self.draft.problems.add((*keys, "groups"), str(error))
                return None
        transmitters = self.draft.tree.get("transmitters", {})
        reader = MechanismReader(sites, self.draft.kinds, self.draft.problems, ("shape", "groups"), transmitters)
        read = reader.read(table, keys)
        self.draft.notes += reader.notes
        if read is None or not self._members_fit(read[0], keys):
            return None
        members, written = read
        self.draft.model.add_population(name, members.pop(""), lattice=lattice, **members)
        own = {"shape": list(lattice.shape)} if "shape" in table else {}
        own |= {"groups": dict(groups)} if groups is not None else {}
        return {"kind": written.pop("kind")} | own | written

    def _members_fit(self, members, keys) -> bool:
        taken = [name for name in members if name in TAKEN]
        for name in taken:
            self.draft.problems.add((*keys, name), f"'{name}' cannot be the name of a mechanism; choose another")
        return not taken

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
        if rule_class is SpikeFile:
            return self._spike_file(name, table, keys)
        lattice = self.draft.own_lattice(table, keys, self.draft.lattice)
        if lattice is None:
            return None
        reader = SourceReader(self.draft.sites(lattice), self.draft.kinds, self.draft.problems, ("shape",))
        read = reader.mechanism(table, keys, "sources", ("shape",))
        if read is None:
            return None
        rule, written = read
        return self._add_source(name, rule, lattice, keys, written)

    def _spike_file(self, name, table, keys):
        for key, value in table.items():
            if key not in SPIKE_FILE_KEYS:
                self.draft.problems.add((*keys, key), f"unknown key{nearest(key, SPIKE_FILE_KEYS)}")
            elif key in ("file", "population") and not isinstance(value, str):
                self.draft.problems.add((*keys, key), f"{shown(value)} is not text")
        if "file" not in table:
            self.draft.problems.add((*keys, "file"), "is missing")
        if not all(isinstance(table.get(key, ""), str) for key in ("file", "population")) or "file" not in table:
            return None
        rule = SpikeFile(self.draft.folder / table["file"], table.get("population"))
        try:
            n_site = rule.n_site()
        except (GpusynError, OSError, OverflowError) as error:
            self.draft.problems.add((*keys, "file"), without_prefix(str(error), str(rule.file)))
            return None
        lattice = self.draft.own_lattice({"shape": [1, n_site]} | table, keys, self.draft.lattice)
        self.draft.files.append(table["file"])
        return None if lattice is None else self._add_source(name, rule, lattice, keys, dict(table))

    def _add_source(self, name, rule, lattice, keys, written):
        try:
            rule.bind(self.draft.model.dt, lattice.n_site, name)
        except GpusynError as error:
            place, _, rule_broken = str(error).partition(": ")
            key = "file" if isinstance(rule, SpikeFile) else place.rpartition(".")[2]
            self.draft.problems.add((*keys, key), rule_broken)
            return None
        self.draft.model.add_source(name, rule, lattice=lattice)
        return {"kind": written.pop("kind"), "shape": list(lattice.shape)} | written


class SourceReader(MechanismReader):
    """Reads the values of a spike source, whose kinds are rules of `gpusyn.sources`."""

    def kind_of(self, table, section):
        """The rule's class."""
        return source_class(table["kind"])
