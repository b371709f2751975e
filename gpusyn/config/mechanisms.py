"""Tables of populations and transmitters: a mechanism, its values, and the mechanisms on it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from gpusyn.config.kinds import Kinds
from gpusyn.config.problems import Keys, Problems, dotted
from gpusyn.config.values import Sites, as_text, check_limits, read_value, without_prefix
from gpusyn.errors import ModelError, nearest, shown
from gpusyn.mechanism import INTEGRATORS, Mechanism, settable
from gpusyn.quantities import Given, Option, Parameter, Scheme, State

WORDS = ("kind", "preset", "integrator")


class MechanismReader:
    """Reads the table of one population, transmitter or source.

    Args:
        sites: of the population.
        kinds: the mechanisms that there are.
        problems: where what is wrong is noted.
        words: further keys of the outermost table, which the caller reads.
        transmitters: names that a given may be bound to.

    Attributes:
        notes: warnings of the mechanisms, as lines of text.
        main: the mechanism that the table itself describes, even if something else is wrong with it.
    """

    def __init__(
        self, sites: Sites, kinds: Kinds, problems: Problems, words: tuple[str, ...] = (),
        transmitters: Iterable[str] = (),
    ):  # fmt: skip
        self.sites, self.kinds, self.problems = sites, kinds, problems
        self.words, self.transmitters = words, tuple(transmitters)
        self.notes: list[str] = []
        self.lost = False  # whether a kind has problems of its own
        self.main: Mechanism | None = None

    def read(self, table: Any, keys: Keys) -> tuple[dict[str, Mechanism], dict] | None:
        """The mechanisms by name, "" the one that the table itself describes, and the table in full; None if wrong."""
        if not isinstance(table, dict):
            self.problems.add(keys, f"{shown(table)} is not a table; write a section with a `kind`")
            return None
        before = len(self.problems.found)
        members, written = {}, {}
        main = self.mechanism(table, keys, keys[0], self.words, tables_are_mechanisms=True)
        if main is not None:
            self.main, written = main
            members[""] = self.main
        for name, inner in table.items():
            if name in self.words or not self._is_member(main, name, inner):
                continue
            if not name.isidentifier():
                self.problems.add((*keys, name), f"'{name}' cannot be a name: use letters, digits and _")
            read = self.mechanism(inner, (*keys, name), "")
            if read is not None:
                members[name], written[name] = read
        return None if self.lost or len(self.problems.found) > before else (members, written)

    def _is_member(self, main, name, inner) -> bool:
        if not isinstance(inner, dict):
            return False
        return "kind" in inner if main is None else _own_name(main[0], name) not in main[0].quantities

    def mechanism(self, table, keys: Keys, section, words=(), tables_are_mechanisms=False):
        """One mechanism and its table in full; None if its kind is wrong, other problems are noted."""
        if "kind" not in table:
            self.problems.add(keys, "the key `kind` is missing: it names a mechanism")
            return None
        try:
            kind = self.kind_of(table, section)
        except ModelError as error:
            self.problems.add((*keys, "kind"), str(error))
            return None
        if kind is None:
            self.lost = True
            return None
        written = {"kind": table["kind"]}
        mechanism = self._with_preset(kind, table, keys, written)
        self._integrator(mechanism, table, keys, written)
        for name, value in table.items():
            if name in WORDS or name in words:
                continue
            if tables_are_mechanisms and self._is_member((mechanism,), name, value):
                continue
            self._quantity(mechanism, name, value, (*keys, name), words)
        self._write(mechanism, table, keys, written)
        return mechanism, written

    def kind_of(self, table, section) -> Any:
        """The class that a table's kind names; None if it has problems of its own."""
        return self.kinds.find(table["kind"], section)

    def _with_preset(self, kind, table, keys, written):
        """The mechanism of a kind with a preset's values, or of the form that the preset means; else with defaults."""
        if "preset" not in table:
            return kind()
        name, presets = table["preset"], {**kind.forms, **kind.presets}
        if not isinstance(name, str) or name not in presets:
            self.problems.add((*keys, "preset"), f"{shown(name)} is not a preset{nearest(str(name), presets)}")
            return kind()
        if name in kind.forms:
            written["preset"] = name  # the values of other presets are written out
        return kind(preset=name)

    def _integrator(self, mechanism, table, keys, written):
        name = table.get("integrator", mechanism.integrator)
        if name not in INTEGRATORS:
            self.problems.add(
                (*keys, "integrator"), f"{shown(name)} is not an integrator{nearest(str(name), INTEGRATORS)}"
            )
        else:
            mechanism.integrator = written["integrator"] = name

    def _quantity(self, mechanism, name, value, keys, words):
        quantity = mechanism.quantities.get(_own_name(mechanism, name))
        if not isinstance(quantity, Parameter | Option | State | Scheme | Given):
            names = [*settable(type(mechanism)), *WORDS, *words]
            kind = type(mechanism).__name__
            rule = f"unknown key; {kind} has no '{name}'{nearest(name, names)}"
            self.problems.add(keys, rule)
            return
        try:
            self._set(mechanism, quantity, name, value, keys)
        except ModelError as error:
            place = f"{type(mechanism).__name__}.{quantity.name}"
            self.problems.add(keys, without_prefix(str(error), place))

    def _set(self, mechanism, quantity, name, value, keys):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            mechanism.set(name, self._value(mechanism, quantity, value, keys))
        self.notes += [f"{dotted(keys)}: {warning.message}" for warning in caught]

    def _value(self, mechanism, quantity, value, keys):
        if isinstance(quantity, Option):
            return _setting(value)
        if isinstance(quantity, Given):
            return self._binding(quantity, value)
        if isinstance(quantity, Scheme):
            return _occupancies(quantity, value)
        if isinstance(quantity, State) and isinstance(value, str):
            parameters = [n for n, q in mechanism.quantities.items() if isinstance(q, Parameter)]
            if value in parameters or (value == "steady" and quantity.kind == "gate"):
                return value
        number, _ = read_value(value, quantity.unit, dotted(keys), self.sites)
        if isinstance(quantity, State):
            _check_state(quantity, number)
        else:
            check_limits(quantity, number)
        return number

    def _binding(self, quantity, value):
        if not isinstance(value, str):
            raise ModelError(
                f"{shown(value)}: {quantity.name} is read from elsewhere; give a dotted name, or leave it out"
            )
        parts = value.split(".")
        if not all(part.isidentifier() for part in parts):
            raise ModelError(f"{shown(value)} is not a dotted name such as 'glutamate.concentration'")
        first, _, rest = value.partition(".")
        return first if first in self.transmitters and rest == "concentration" else value

    def _write(self, mechanism, table, keys, written):
        """Every value with its unit: what the resolved config keeps."""
        for name, quantity in mechanism.quantities.items():
            given = next((table[key] for key in table if _own_name(mechanism, key) == name), None)
            if isinstance(quantity, Given):
                written |= {name: mechanism.bindings[name]} if name in mechanism.bindings else {}
            elif isinstance(quantity, Option):
                written |= {name: mechanism.get(name)} if mechanism.get(name) is not None else {}
            elif isinstance(given, Mapping) and isinstance(quantity, Parameter | State):
                try:
                    written[name] = read_value(given, quantity.unit, dotted((*keys, name)), self.sites)[1]
                except ModelError:
                    continue  # noted already
            elif isinstance(quantity, Parameter) and np.isfinite(mechanism.get(name)).all():
                written[name] = as_text(float(mechanism.get(name)), quantity.unit)
            elif name in mechanism.initial:
                start = mechanism.initial[name]
                plain = isinstance(start, str | dict)
                written[name] = start if plain else as_text(float(start), getattr(quantity, "unit", "1"))


def _own_name(mechanism, name):
    """gpusyn's name for a quantity that other programs call otherwise."""
    return getattr(mechanism, "other_names", {}).get(name, name)


def _setting(value):
    if not isinstance(value, str | bool):
        raise ModelError(f"{shown(value)} is not text, true or false")
    return value


def _occupancies(scheme, value):
    if isinstance(value, str):
        if value not in ("steady", *scheme.states):
            raise ModelError(f"'{value}' is not a state of the scheme{nearest(value, ('steady', *scheme.states))}")
        return value
    if not isinstance(value, Mapping):
        raise ModelError(f"{shown(value)}: give 'steady', a state's name, or a table of fractions that add up to 1")
    for name, fraction in value.items():
        if name not in scheme.states:
            raise ModelError(f"'{name}' is not a state of the scheme{nearest(name, scheme.states)}")
        if isinstance(fraction, bool) or not isinstance(fraction, int | float) or not 0 <= fraction <= 1:
            raise ModelError(f"{name} = {shown(fraction)} must be a fraction from 0 to 1")
    if abs(sum(value.values()) - 1) > 1e-9:
        raise ModelError(f"the fractions add up to {sum(value.values()):g}; they must add up to 1")
    return dict(value)


def _check_state(quantity, number):
    low = float(np.min(number))
    if quantity.not_negative and low < 0:
        raise ModelError(f"{low:g} {quantity.unit} must not be negative")
    high = float(np.max(number))
    if quantity.kind in ("gate", "occupancy") and high > 1:
        raise ModelError(f"{high:g} must be a fraction from 0 to 1")
