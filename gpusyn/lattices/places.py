"""Positions (row, column) as callables of `connect` see them: of one site, of many, or only their difference."""
from __future__ import annotations

import operator
from functools import reduce
from typing import Any

import numpy as np


class Place(tuple):
    """Coordinates of a site, or arrays of those of many sites; two places are equal where every coordinate is."""

    __slots__ = ()

    def __eq__(self, other):
        return reduce(np.logical_and, [a == b for a, b in zip(self, other, strict=True)])

    def __ne__(self, other):
        return np.logical_not(self == other)

    __hash__ = None  # type: ignore[assignment]  # many places at once cannot be looked up in a set


class NotByDisplacementError(Exception):
    """A callable asked where a site is, and not only how far two sites are apart."""


class Coordinate:
    """A coordinate of which nothing can be learned but its difference from the other site's on the same axis.

    A callable that runs through with these depends on the displacement between two sites only: that is a proof, not a
    guess from samples.
    """

    __slots__ = ("axis", "value")

    def __init__(self, axis: int, value):
        self.axis, self.value = axis, value


def _of_difference(name):
    operation = getattr(operator, name)

    def compare(here, there):
        if not isinstance(there, Coordinate) or there.axis != here.axis:
            raise NotByDisplacementError
        return operation(here.value, there.value)

    return compare


def _asks_for_more(*coordinates):
    raise NotByDisplacementError


for _name in ("sub", "eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Coordinate, f"__{_name}__", _of_difference(_name))
for _name in ("rsub", "add", "radd", "mul", "rmul", "mod", "floordiv", "truediv", "pow", "neg", "abs", "bool", "hash",
              "float", "int", "index"):
    setattr(Coordinate, f"__{_name}__", _asks_for_more)


def apart(steps) -> tuple[Any, Any]:
    """Two places that are `steps` apart: (n_axis,) numbers or arrays, of which only the difference can be seen."""
    pre = Place(Coordinate(axis, 0 * step) for axis, step in enumerate(steps))
    post = Place(Coordinate(axis, step) for axis, step in enumerate(steps))
    return pre, post
