"""What parameters and initial values may be set to; every error says place, value and rule."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.quantities import Option, Parameter, Scheme, State


def check_parameter(cls: type, quantity: Parameter, value: Any) -> None:
    """Raise a `ModelError` unless a parameter's value, or each of them, is a number within its declared limits."""
    place = f"{cls.__name__}.{quantity.name}"
    _check_range(place, quantity.unit, _numbers(place, quantity.unit, value), quantity.low, quantity.high)


def check_whole(place: str, value: Any) -> None:
    """Raise a `ModelError` unless a number, or each of them, is whole."""
    numbers = np.asarray(value, np.float64)
    broken = numbers[numbers != np.floor(numbers)]
    if broken.size:
        low = int(np.floor(broken.flat[0]))
        raise ModelError(f"{place}: {broken.flat[0]:g} must be a whole number; did you mean {low} or {low + 1}?")


def check_option(cls: type, quantity: Option, value: Any) -> None:
    """Raise a `ModelError` unless an option is one of its choices, or of the kind of its default."""
    place, kind = f"{cls.__name__}.{quantity.name}", type(quantity.default)
    if quantity.choices and value not in quantity.choices:
        raise ModelError(f"{place}: {value!r} is not a choice{nearest(str(value), map(str, quantity.choices))}")
    if not quantity.choices and quantity.default is not None and not isinstance(value, kind):
        raise ModelError(f"{place}: {value!r} must be of the kind of {quantity.default!r}")


def check_initial(cls: Any, quantity: State | Scheme, value: Any) -> None:
    """Raise a `ModelError` unless a state can start there, or a Markov scheme.

    Args:
        cls: the mechanism's class.
        value: of a state, a number, one per site, a parameter's name, or "steady" for a gate; of a scheme, "steady",
            a state's name, or fractions by state that add up to 1.
    """
    place = f"{cls.__name__}.{quantity.name}"
    if isinstance(quantity, Scheme):
        _check_scheme(place, quantity, value)
    elif quantity.kind == "occupancy":
        scheme = next(q for q in cls.quantities.values() if isinstance(q, Scheme) and quantity.name in q.states)
        example = f"{{'{quantity.name}': 1.0}}"
        raise ModelError(f"{place}: fractions of a scheme are set together; give {scheme.name}, e.g. {example}")
    elif isinstance(value, str):
        _check_word(cls, place, quantity, value)
    else:
        numbers = _numbers(place, quantity.unit, value)
        low, high = 0.0 if quantity.not_negative else -np.inf, 1.0 if quantity.kind == "gate" else np.inf
        _check_range(place, quantity.unit, numbers, low, high)
        if not np.isfinite(numbers).all():
            raise ModelError(f"{place}: {numbers[~np.isfinite(numbers)].flat[0]} must be a finite number")
        if quantity.kind == "count":
            check_whole(place, numbers)


def _check_word(cls, place, quantity, word):
    words = [n for n, q in cls.quantities.items() if isinstance(q, Parameter)]
    words += ["steady"] if quantity.kind == "gate" else []
    if word not in words:
        rule = f"{_example(quantity.unit)}, or the name of a parameter"
        raise ModelError(f"{place}: cannot start at '{word}'; {rule}{nearest(word, words)}")


def _numbers(place, unit, value):
    """A number or several as an array."""
    try:
        numbers = np.asarray(value)
    except ValueError:  # rows of different lengths
        numbers = np.asarray(None)
    if numbers.dtype.kind not in "iuf" or numbers.size == 0:
        raise ModelError(f"{place}: {value!r} is not a number; {_example(unit)}")
    return numbers


def _example(unit):
    return "give a pure number" if unit in ("", "1") else f"write it in {unit}"


def _check_scheme(place, scheme, value):
    if isinstance(value, str):
        words = ("steady", *scheme.states)
        if value not in words:
            raise ModelError(f"{place}: '{value}' is not a state of the scheme{nearest(value, words)}")
        return
    if not isinstance(value, Mapping):
        raise ModelError(f"{place}: {value!r} is not a start; give 'steady', a state's name, or fractions by state")
    for name, fraction in value.items():
        if name not in scheme.states:
            raise ModelError(f"{place}: '{name}' is not a state of the scheme{nearest(name, scheme.states)}")
        if isinstance(fraction, bool) or not isinstance(fraction, int | float | np.floating) or not 0 <= fraction <= 1:
            raise ModelError(f"{place}: {name} = {fraction!r} must be a fraction from 0 to 1")
    if abs(sum(value.values()) - 1) > 1e-9:
        raise ModelError(f"{place}: the fractions add up to {sum(value.values()):g}; they must add up to 1")


def _check_range(place, unit, numbers, low, high):
    if not (numbers.min() >= low and numbers.max() <= high):
        bad = numbers.min() if numbers.min() < low else numbers.max()
        shown = str(bad) if unit in ("", "1") else f"{bad} {unit}"
        raise ModelError(f"{place}: {shown} is outside {low} to {high}")
