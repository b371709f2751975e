"""Sections of populations and transmitters."""

from __future__ import annotations

from typing import Any

from gpusyn.config.draft import Draft
from gpusyn.config.mechanisms import MechanismReader
from gpusyn.config.problems import Keys
from gpusyn.config.values import read_groups
from gpusyn.errors import ModelError, nearest, shown

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
POPULATION_WORDS = ("shape", "lattice", "groups")


class PartReader:
    """Adds populations and transmitters to a draft; every method gives None if something is wrong."""

    def __init__(self, draft: Draft):
        self.draft = draft

    def transmitter(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add a transmitter; its table in full."""
        own = self.draft.own_lattice(table, keys, self.draft.lattice)
        if own is None:
            return None
        lattice, own_lattice = own
        sites = self.draft.sites(lattice)
        reader = MechanismReader(sites, self.draft.kinds, self.draft.problems, ("scheme", "shape", "lattice"))
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
        self.draft.model.add_transmitter(name, members.pop(""), lattice=lattice, scheme=scheme, **members)
        return {"kind": written.pop("kind"), "scheme": scheme} | own_lattice | written

    def population(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add a population; its table in full."""
        found = self.draft.own_lattice(table, keys, self.draft.lattice)
        if found is None:
            return None
        lattice, own = found
        sites = self.draft.sites(lattice)
        groups = table.get("groups") if isinstance(table, dict) else None
        if groups is not None:
            try:
                sites.groups = self.draft.groups[name] = read_groups(groups, f"{name}.groups", sites)
            except ModelError as error:
                self.draft.problems.add((*keys, "groups"), str(error))
                return None
        transmitters = self.draft.tree.get("transmitters", {})
        reader = MechanismReader(sites, self.draft.kinds, self.draft.problems, POPULATION_WORDS, transmitters)
        read = reader.read(table, keys)
        self.draft.notes += reader.notes
        if read is None or not self._members_fit(read[0], keys):
            return None
        members, written = read
        self.draft.model.add_population(name, members.pop(""), lattice=lattice, **members)
        own |= {"groups": dict(groups)} if groups is not None else {}
        return {"kind": written.pop("kind")} | own | written

    def _members_fit(self, members, keys) -> bool:
        taken = [name for name in members if name in TAKEN]
        for name in taken:
            self.draft.problems.add((*keys, name), f"'{name}' cannot be the name of a mechanism; choose another")
        return not taken
