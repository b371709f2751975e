"""A class from a table: declarations, equations, and what must fit between them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from gpusyn.errors import EquationError, ModelError, nearest, shown
from gpusyn.limits import check_option, check_parameter
from gpusyn.mechanism import INTEGRATORS, Mechanism
from gpusyn.quantities import Option, Output, Parameter, Scheme, State
from gpusyn.text_mechanism.dynamics import SECTIONS, Dynamics
from gpusyn.text_mechanism.fitting import check_fit
from gpusyn.text_mechanism.tables import TABLES, Declarations, Note
from gpusyn.units import to_canonical

KEYS = ("meaning", "based_on", "integrator", "presets", *TABLES, *SECTIONS)


def build(
    name: str, table: Mapping[str, Any], find: Callable[[str], type | None], note: Note
) -> type[Mechanism] | None:
    """The class that a table describes; None, and every problem noted, if something is wrong with it.

    Args:
        name: of the class.
        table: as in a config under ``[mechanisms.<name>]``, as plain Python.
        find: gives the class that a kind names, for `based_on`; None if what is wrong with it has been told, else it
            raises a `ModelError`.
        note: takes the keys of what is wrong, and the rule that it breaks.
    """
    problems: list[tuple] = []

    def noting(keys, rule):
        problems.append(keys)
        note(keys, rule)

    for key in table:
        if key not in KEYS:
            noting((key,), f"unknown key{nearest(str(key), KEYS)}")
    base = _base(table, find, noting)
    if base is None:
        return None
    declared = Declarations(base, noting)
    declared.read(table)
    quantities = {**base.quantities, **with_occupancies(declared.quantities)}
    dynamics = Dynamics(name, quantities, noting, lost=set(declared.homes) - set(declared.quantities))
    dynamics.read(table, declared.equations)
    namespace = {"__doc__": _meaning(table, noting), "forms": {}}
    namespace |= {"__module__": f"gpusyn.text_mechanism.{digest_of(table, base)}", "__qualname__": name}
    namespace |= _settings(table, base, quantities, noting)
    check_fit(name, quantities, declared, dynamics, base, noting)
    if problems:
        return None
    for one, equation in dynamics.equations.items():
        output = quantities.get(one)
        if isinstance(output, Output):
            namespace[one] = Output(output.unit, output.meaning, function=equation, into=output.into)
        else:
            namespace[one] = staticmethod(equation)
    namespace |= {one: q for one, q in declared.quantities.items() if one not in namespace}
    try:
        return type(name, (base,), namespace)
    except (ModelError, EquationError) as error:
        noting((), str(error))
        return None


def with_occupancies(quantities: Mapping[str, Any]) -> dict[str, Any]:
    """Quantities with the occupancies of their schemes, as a class has them."""
    found = dict(quantities)
    for scheme in [q for q in quantities.values() if isinstance(q, Scheme)]:
        for state in scheme.states:
            found.setdefault(state, State("1", f"fraction in {state}", kind="occupancy", not_negative=True))
    return found


def digest_of(table: Mapping[str, Any], base: type) -> str:
    """What tells one text from another, and from the same text on another base."""
    written = json.dumps([f"{base.__module__}:{base.__qualname__}", table], sort_keys=True, default=str)
    return sha256(written.encode()).hexdigest()[:16]


def _base(table, find, note) -> type[Mechanism] | None:
    if "based_on" not in table:
        return Mechanism
    wanted = table["based_on"]
    if not isinstance(wanted, str):
        note(("based_on",), f"{shown(wanted)} is not the name of a mechanism")
        return None
    try:
        return find(wanted)
    except ModelError as error:
        note(("based_on",), str(error))
        return None


def _meaning(table, note) -> str:
    meaning = table.get("meaning")
    if not isinstance(meaning, str) or not meaning.strip():
        note(("meaning",), "is missing; say in a sentence what the mechanism is" if meaning is None
             else f"{shown(meaning)} is not text")  # fmt: skip
        return ""
    return meaning


def _settings(table, base, quantities, note) -> dict[str, Any]:
    """Integrator and presets."""
    found: dict[str, Any] = {"presets": dict(base.presets)}
    if "integrator" in table:
        name = table["integrator"]
        if name not in INTEGRATORS:
            note(("integrator",), f"{shown(name)} is not an integrator{nearest(str(name), INTEGRATORS)}")
        found["integrator"] = name
    presets = table.get("presets", {})
    if not isinstance(presets, Mapping):
        note(("presets",), f"{shown(presets)} is not a table of presets")
        return found
    for preset, values in presets.items():
        if not isinstance(values, Mapping):
            note(("presets", preset), f"{shown(values)} is not a table of values")
            continue
        found["presets"][preset] = _preset(values, quantities, ("presets", preset), note)
    return found


def _preset(values, quantities, keys, note) -> dict[str, Any]:
    found = {}
    for key, value in values.items():
        quantity = quantities.get(key)
        try:
            if isinstance(quantity, Option):
                check_option(SimpleNamespace(__name__=""), quantity, value)  # pyright: ignore[reportArgumentType]
                found[key] = value
            elif isinstance(quantity, Parameter):
                found[key] = to_canonical(value, quantity.unit, key)
                check_parameter(SimpleNamespace(__name__=""), quantity, found[key])  # pyright: ignore[reportArgumentType]
            else:
                names = [n for n, q in quantities.items() if isinstance(q, Parameter | Option)]
                raise ModelError(f"there is no parameter '{key}'{nearest(key, names)}")
        except ModelError as error:
            note((*keys, key), str(error).removeprefix(f".{key}: ").removeprefix(f"{key}: "))
    return found
