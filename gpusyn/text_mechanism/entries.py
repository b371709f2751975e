"""Entries of declarations: what each key takes, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gpusyn.errors import ModelError, shown
from gpusyn.text_mechanism.names import check_name
from gpusyn.units import check_unit, to_canonical

ENDS = ("item", "pre", "post")
MOST_SCHEME_STATES = 32  # eliminating so many takes 10 000 lines


def in_unit(key: str, value: Any, unit: str | None) -> Any:
    """A number of a declaration in its unit; as it is where the unit is missing, which is told with the rest."""
    if unit is None:
        return value
    check_unit(unit, key)
    return to_canonical(value, unit, key)


def start(value: Any, unit: str | None, of_scheme: bool) -> Any:
    """Where a state or scheme starts: a number in its unit, fractions by state, or a word."""
    if of_scheme or (isinstance(value, str) and value.isidentifier()):
        return dict(value) if isinstance(value, Mapping) else value
    return in_unit("initial", value, unit)


def _text(key, value):
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"{shown(value)} is not text")
    return value


def _unit_text(key, value):
    check_unit(_text(key, value), key)
    return value


def _flag(key, value):
    if not isinstance(value, bool):
        raise ModelError(f"{shown(value)} is not true or false")
    return value


def _end(key, value):
    if value not in ENDS:
        raise ModelError(f"{shown(value)} is not one of {', '.join(ENDS)}")
    return value


def _option(key, value):
    if not isinstance(value, str | bool):
        raise ModelError(f"{shown(value)}: an option is text, true or false; what is a number is a parameter")
    return value


def _choices(key, value):
    if not isinstance(value, list | tuple) or not value:
        raise ModelError(f"{shown(value)} is not a list of choices")
    return tuple(_option(key, one) for one in value)


def _scheme_states(key, value):
    names = value.split() if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(one, str) for one in names):
        raise ModelError(f'{shown(value)} is not a list of states, such as "C1 O1 O2"')
    for name in names:
        check_name(name, object)
    if len(set(names)) < len(names):
        raise ModelError("a state is named twice")
    if not 2 <= len(names) <= MOST_SCHEME_STATES:
        raise ModelError(f"{len(names)} states; a scheme has 2 to {MOST_SCHEME_STATES}")
    return tuple(names)


CONVERTERS: dict[str, Callable[[str, Any], Any]] = {
    "meaning": _text, "source": _text, "unit": _unit_text, "sums": _text, "into": _text, "not_negative": _flag,
    "at": _end, "default": _option, "choices": _choices, "states": _scheme_states,
}  # fmt: skip
