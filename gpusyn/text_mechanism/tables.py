"""What a table may declare, word for word as in Python: ``parameters.conductance = { default = "5 nS", ... }``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from gpusyn.errors import ModelError, nearest, shown
from gpusyn.quantities import Given, Option, Output, Parameter, Scheme, State
from gpusyn.text_mechanism.entries import CONVERTERS, in_unit, start
from gpusyn.text_mechanism.names import check_name
from gpusyn.units import QUANTITY

Note = Callable[[tuple, str], None]  # takes keys within the table, and what is wrong there


@dataclass(frozen=True)
class Table:
    """One table of declarations.

    Attributes:
        make: class of what it declares.
        fixed: attributes that the table itself says.
        needs: keys that every entry has, unless it is inherited.
        may: further keys.
        short: the key that is meant by an entry that is no table.
    """

    make: type
    fixed: Mapping[str, Any]
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    short: str = ""


POSITIVE = {"not_negative": True}
TABLES = {
    "states": Table(State, {"kind": "state"}, ("unit", "meaning"), ("initial", "at", "not_negative")),
    "gates": Table(State, POSITIVE | {"kind": "gate", "unit": "1"}, ("meaning",), ("initial", "at"), "meaning"),
    "countdowns": Table(State, POSITIVE | {"kind": "countdown", "unit": "ms"}, ("meaning",), ("at",), "meaning"),
    "stopwatches": Table(State, POSITIVE | {"kind": "stopwatch", "unit": "ms"}, ("meaning",), ("at",), "meaning"),
    "counts": Table(State, POSITIVE | {"kind": "count"}, ("unit", "meaning"), ("initial",)),
    "schemes": Table(Scheme, {}, ("states", "meaning"), ("initial",)),
    "parameters": Table(Parameter, {}, ("default", "unit", "meaning"), ("source", "low", "high"), "default"),
    "options": Table(Option, {}, ("default", "meaning"), ("choices",), "default"),
    "givens": Table(Given, {"kind": "given"}, ("unit", "meaning"), ("default", "at")),
    "totals": Table(Given, {"kind": "total"}, ("sums", "unit", "meaning")),
    "white_noise": Table(Given, {"kind": "noise", "unit": "1/sqrt(ms)"}, ("meaning",), (), "meaning"),
    "uniform_draws": Table(Given, {"kind": "uniform", "unit": "1"}, ("meaning",), (), "meaning"),
    "normal_draws": Table(Given, {"kind": "normal", "unit": "1"}, ("meaning",), (), "meaning"),
    "chance_draws": Table(Given, {"kind": "chance", "unit": "1"}, ("meaning",), (), "meaning"),
    "outputs": Table(Output, {}, ("unit", "meaning", "equation"), (), "equation"),
    "fluxes": Table(Output, {}, ("unit", "meaning", "equation", "into"), (), "equation"),
}
IN_UNIT = ("default", "low", "high", "initial")
MISSING = {
    "unit": 'is missing; write unit = "nS", or the default with its unit ("5 nS"); of a pure number it is "1"',
    "meaning": "is missing; say in a few words what it is",
}


class Declarations:
    """Reads all tables of declarations of one mechanism.

    Args:
        base: the class that it is based on.
        note: takes what is wrong.

    Attributes:
        quantities: by name, without the base's.
        equations: texts of outputs and fluxes by name, with their keys.
    """

    def __init__(self, base: type, note: Note):
        self.base, self.note = base, note
        self.quantities: dict[str, Any] = {}
        self.equations: dict[str, tuple[tuple[str, ...], Any]] = {}
        self.homes: dict[str, str] = {}  # the table that each name stands in

    def read(self, tables: Mapping[str, Any]) -> None:
        """Take in every table of declarations."""
        for table, entries in tables.items():
            if table not in TABLES:
                continue
            if not isinstance(entries, Mapping):
                self.note((table,), f"{shown(entries)} is not a table of names")
                continue
            for name, entry in entries.items():
                self._entry(table, name, entry)

    def _entry(self, table, name, entry):
        keys = (table, name)
        try:
            check_name(name, self.base)
            self._check_home(table, name)
        except ModelError as error:
            self.note(keys, str(error))
            return
        made = self._made(TABLES[table], keys, entry)
        if made is not None:
            self.quantities[name] = made
            made.name = name

    def _check_home(self, table, name):
        """Raise a `ModelError` if a name is declared twice, or the base has equations for it as something else."""
        if name in self.homes:
            raise ModelError(f"'{name}' is declared in {self.homes[name]} already")
        self.homes[name] = table
        known = self.base.quantities.get(name)
        moved = any(one in getattr(self.base, "functions", {}) for one in (f"d_{name}", f"{name}_rates"))
        if moved and table_of(known) != table:
            raise ModelError(f"'{name}' is of the {table_of(known)} of {self.base.__name__}; write it there")

    def _made(self, table, keys, entry) -> Any:
        known = self.base.quantities.get(keys[1])
        known = known if known is not None and table_of(known) == keys[0] else None
        if not isinstance(entry, Mapping):
            if not table.short or (table.short == "default" and known is None):
                example = ", ".join(f"{key} = ..." for key in table.needs)
                self.note(keys, f"{shown(entry)} is not a table; write {{ {example} }}")
                return None
            entry = {table.short: entry}
        values = {} if known is None else {f.name: getattr(known, f.name) for f in fields(known) if f.init}
        values |= table.fixed
        given = self._given(table, keys, entry, values)
        if given is None:
            return None
        values |= given
        missing = [key for key in table.needs if key not in values and key != "equation"]
        for key in missing:
            self.note((*keys, key), MISSING.get(key, "is missing"))
        if "equation" in table.needs and "equation" in entry:
            self.equations[keys[1]] = ((*keys, "equation"), entry["equation"])
        elif "equation" in table.needs and known is None:
            self.note((*keys, "equation"), "is missing")
            return None
        return None if missing else table.make(**values)

    def _given(self, table, keys, entry, inherited) -> dict[str, Any] | None:
        """The keys of an entry, each as the quantity wants it; None if one is wrong."""
        allowed, values = (*table.needs, *table.may), {}
        unit = self._unit(entry, {**inherited, **table.fixed}) if "unit" in (*table.needs, *table.fixed) else "1"
        wrong = False
        for key, value in entry.items():
            if key == "equation" and key in allowed:
                continue
            try:
                if key not in allowed:
                    raise ModelError(f"unknown key{nearest(str(key), allowed)}")
                values[key] = self._value(table, key, value, unit)
            except ModelError as error:
                self.note((*keys, key), str(error).removeprefix(f"{key}: "))
                wrong = True
        if "unit" in table.needs and unit is not None:
            values["unit"] = unit
        return None if wrong else values

    def _unit(self, entry, inherited) -> str | None:
        """The unit of an entry: given, that of its base, or the one that its default is written with."""
        if isinstance(entry.get("unit"), str):
            return entry["unit"]
        if "unit" in inherited:
            return inherited["unit"]
        default = entry.get("default")
        match = QUANTITY.fullmatch(default) if isinstance(default, str) else None
        return match[2].strip() if match and match[2].strip() else None

    def _value(self, table, key, value, unit) -> Any:
        if key in IN_UNIT and table.make is not Option:
            return start(value, unit, table.make is Scheme) if key == "initial" else in_unit(key, value, unit)
        return CONVERTERS[key](key, value)


def table_of(quantity: Any) -> str:
    """The table that declares quantities of this kind."""
    for name, table in TABLES.items():
        kind = table.fixed.get("kind")
        into = not isinstance(quantity, Output) or bool(quantity.into) == ("into" in table.needs)
        if isinstance(quantity, table.make) and into and (kind is None or quantity.kind == kind):
            return name
    return "schemes"  # an occupancy
