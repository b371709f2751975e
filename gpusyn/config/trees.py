"""``[trees.<name>]``: populations whose sites are the nodes of trees."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from gpusyn.config.draft import Draft
from gpusyn.config.mechanisms import MechanismReader
from gpusyn.config.morphologies import SHAPES, ShapeReader
from gpusyn.config.node_groups import node_groups, region_groups
from gpusyn.config.parts import TAKEN
from gpusyn.config.problems import Keys
from gpusyn.config.values import Sites, as_text, to_number, without_prefix
from gpusyn.errors import ModelError, nearest, shown
from gpusyn.morphology import Forest, reticulum
from gpusyn.trees.adaptive import Adaptive
from gpusyn.trees.part import SCHEMES

WORDS = (*SHAPES, "refine", "count", "er", "scheme", "groups")
ER_LAWS = {"ratio": "1", "volume_fraction": "1", "gap": "um"}
GEOMETRY = ("membrane_area", "cytosol_volume", "er_area", "er_volume")  # of the morphology, unless the table has them
CELL = "CalciumCompartment"


class TreeReader:
    """Adds populations of trees to a draft."""

    def __init__(self, draft: Draft):
        self.draft, self.problems = draft, draft.problems

    def trees(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add a population of trees; its table in full. None if something is wrong."""
        if not isinstance(table, dict):
            self.problems.add(keys, f"{shown(table)} is not a table")
            return None
        shapes = ShapeReader(self.draft.folder, self.problems)
        found = shapes.forest(table, keys)
        self.draft.files += shapes.files
        before = len(self.problems.found)
        scheme, full_scheme = self._scheme(table, keys)
        er, full_er = self._er(table, keys, found and found[0])
        groups = None if found is None else self._groups(table, keys, found[0])
        if found is None or groups is None:
            return None
        forest, full = found
        read = self._members(table, keys, forest, groups)
        if read is None or len(self.problems.found) > before:
            return None
        members, written = read
        try:
            self.draft.model.add_trees(name, forest, members.pop(""), er=er, scheme=scheme, **members)
        except ModelError as error:
            for line in str(error).splitlines():
                self.problems.add(keys, without_prefix(line, name))
            return None
        full |= {"scheme": full_scheme} | full_er | ({"groups": table["groups"]} if "groups" in table else {})
        return full | {"kind": written.pop("kind")} | without_geometry(written, table)

    def _members(self, table, keys, forest: Forest, groups):
        """The mechanisms by name, and their tables in full."""
        sites = Sites(forest.n_node, self.draft.seed, self.draft.folder, groups, self.draft.files)
        transmitters = self.draft.tree.get("transmitters", {})
        reader = MechanismReader(sites, self.draft.kinds, self.problems, WORDS, transmitters)
        read = reader.read({"kind": CELL} | table, keys)
        self.draft.notes += reader.notes
        taken = [member for member in (read[0] if read else {}) if member in TAKEN]
        for member in taken:
            self.problems.add((*keys, member), f"'{member}' cannot be the name of a mechanism; choose another")
        return None if taken else read

    def _scheme(self, table, keys) -> tuple[Any, Any]:
        """The scheme as `Model.add_trees` takes it, and as TOML; a table is what an `Adaptive` is made of."""
        scheme = table.get("scheme", "sbdf2")
        if isinstance(scheme, dict):
            try:
                adaptive = adaptive_steps(scheme)
                return adaptive, {"tolerance": adaptive.tolerance, "longest": as_text(adaptive.longest, "ms")}
            except ModelError as error:
                self.problems.add((*keys, "scheme"), str(error).removeprefix("Adaptive."))
                return "sbdf2", "sbdf2"
        if scheme not in tuple(SCHEMES):  # which may be compared with anything
            self.problems.add((*keys, "scheme"), f"{shown(scheme)} is not a scheme{nearest(str(scheme), SCHEMES)}")
        return scheme, scheme

    def _groups(self, table, keys, forest: Forest):
        """Masks of the groups that values may be given by; records may also name regions."""
        regions = region_groups(forest)
        try:
            groups = node_groups(table["groups"], forest) if "groups" in table else regions
        except ModelError as error:
            self.problems.add((*keys, "groups"), str(error))
            return None
        self.draft.groups[keys[-1]] = regions | groups
        return groups

    def _er(self, table, keys, forest: Forest | None) -> tuple[Any, dict]:
        """The law of the ER, as `Model.add_trees` takes it, and as TOML."""
        if "er" not in table:
            return None, {}
        try:
            law, full = er_law(table["er"])
            for cell in forest.distinct if forest is not None else ():
                reticulum(cell, **law)
            return law, {"er": full}
        except ModelError as error:
            named = forest.distinct if forest is not None else ()
            rule = str(error)
            for cell in named:
                rule = without_prefix(rule, cell.name)
            self.problems.add((*keys, "er"), rule)
            return None, {}


def adaptive_steps(written: dict[str, Any]) -> Adaptive:
    """Adaptive steps with a tolerance, a longest step, both or neither.

    Raises:
        ModelError: another key, or a value that does not do.
    """
    known = [one.name for one in fields(Adaptive)]
    for key in written:
        if key not in known:
            raise ModelError(f"unknown key '{key}'{nearest(key, known)}")
    return Adaptive(**written)


def er_law(written: Any) -> tuple[dict[str, Any], dict]:
    """The ER by one law: a ratio of radii, a fraction of the volume, or a gap; numbers, or numbers by region.

    Raises:
        ModelError: no law, several, or no numbers.
    """
    if not isinstance(written, dict):
        written = {"ratio": written}
    for key in written:
        if key not in ER_LAWS:
            raise ModelError(f"unknown key '{key}'{nearest(key, ER_LAWS)}")
    if len(written) != 1:
        raise ModelError(f"give one of {', '.join(ER_LAWS)}, not {len(written)}")
    ((name, value),) = written.items()
    unit = ER_LAWS[name]
    if isinstance(value, dict) and name != "gap":
        numbers = {region: to_number(one, unit, f"{name}.{region}") for region, one in value.items()}
        return {name: numbers}, {name: numbers}
    number = to_number(value, unit, name)
    return {name: number}, {name: as_text(number, unit)}


def without_geometry(written: dict, table: dict) -> dict:
    """Tables in full, but for areas and volumes that come from the morphology: written out, they would be given."""
    kept = {}
    for key, value in written.items():
        if isinstance(value, dict) and isinstance(table.get(key), dict) and "kind" in value:
            kept[key] = without_geometry(value, table[key])
        elif key not in GEOMETRY or key in table:
            kept[key] = value
    return kept


