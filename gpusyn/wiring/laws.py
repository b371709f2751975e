"""How weights and chances depend on distance."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest


@dataclass(frozen=True)
class Constant:
    """The same at every distance."""

    value: float = 1.0

    def __call__(self, distance):
        """Value at each distance, um."""
        return np.full(np.shape(distance), float(self.value))


@dataclass(frozen=True)
class Gaussian:
    """``peak exp(-distance^2 / (2 sigma^2))``; sigma in um."""

    sigma: float
    peak: float = 1.0

    def __call__(self, distance):
        """Value at each distance, um."""
        return self.peak * np.exp(-np.square(distance) / (2 * self.sigma**2))


@dataclass(frozen=True)
class Exponential:
    """``peak exp(-distance / length)``; length in um."""

    length: float
    peak: float = 1.0

    def __call__(self, distance):
        """Value at each distance, um."""
        return self.peak * np.exp(-np.asarray(distance) / self.length)


LAWS = {"constant": Constant, "gaussian": Gaussian, "exponential": Exponential}
Law = Callable[[np.ndarray], Any]


def law_of(value, place: str) -> Law:
    """The law that a number, a table or a function stands for.

    Args:
        value: a number; a function of an array of distances (um) that returns an array; or a table such as
            ``{"law": "gaussian", "sigma": 2.0}``.
        place: dotted name for messages.

    Raises:
        ModelError: the law is unknown, or a parameter is missing, unknown or not positive.
    """
    if isinstance(value, dict):
        return _law_of_table(value, place)
    if callable(value):
        return value
    try:
        return Constant(float(value))
    except (TypeError, ValueError):
        raise ModelError(
            f"{place}: {value!r} is no law of distance; give a number, a function of an array of distances, or a table "
            f"such as {{'law': 'gaussian', 'sigma': 2.0}}"
        ) from None


def _law_of_table(table: dict, place: str) -> Law:
    name = table.get("law", "constant")
    if name not in LAWS:
        raise ModelError(f"{place}.law: '{name}' is unknown{nearest(str(name), LAWS)}")
    names = [field.name for field in fields(LAWS[name])]
    for key in table:
        if key != "law" and key not in names:
            raise ModelError(f"{place}: unknown key '{key}'{nearest(key, names)}")
    for key in ("sigma", "length"):
        if key in names and not table.get(key, 0) > 0:
            raise ModelError(f"{place}.{key}: {table.get(key)} must be a positive distance, um")
    return LAWS[name](**{key: float(number) for key, number in table.items() if key != "law"})


def values_of(law: Law, distances: np.ndarray, place: str) -> np.ndarray:
    """The law at each distance, checked: (n,) float64.

    Raises:
        ModelError: the function does not take arrays, or returns another shape or a value that is not finite.
    """
    try:
        values = np.asarray(law(distances), np.float64)
    except (TypeError, ValueError) as error:
        raise ModelError(
            f"{place}: the function failed on an array of distances ({error}); write it with numpy functions, and "
            f"numpy.where instead of if"
        ) from error
    if values.shape not in ((), distances.shape):
        raise ModelError(f"{place}: the function returned shape {values.shape} for {distances.shape} distances")
    values = np.broadcast_to(values, distances.shape).copy()
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise ModelError(f"{place}: {values[bad[0]]} at distance {distances[bad[0]]:g} um; it must be finite")
    return values


def chances_of(law: Law, distances: np.ndarray, place: str) -> np.ndarray:
    """As `values_of`, and every value must be a probability."""
    values = values_of(law, distances, place)
    bad = np.flatnonzero((values < 0) | (values > 1))
    if bad.size:
        raise ModelError(f"{place}: {values[bad[0]]:g} at distance {distances[bad[0]]:g} um; it must be from 0 to 1")
    return values
