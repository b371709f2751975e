"""What must fit between the declarations and the equations of a table, told before a class is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from gpusyn.errors import ModelError, nearest
from gpusyn.limits import check_initial, check_option, check_parameter
from gpusyn.quantities import Option, Output, Parameter, Scheme, State
from gpusyn.text_mechanism.dynamics import Dynamics
from gpusyn.text_mechanism.tables import Declarations, Note

MOST_STATES = 64  # of one mechanism: a linearly implicit step solves them together


def check_fit(name: str, quantities: Mapping[str, Any], declared: Declarations, dynamics: Dynamics, base: type,
              note: Note) -> None:  # fmt: skip
    """Note missing equations, starts and defaults outside their limits, and names with two meanings.

    Args:
        name: of the mechanism.
        quantities: all that it has, the base's included.
        declared, dynamics: what the table says.
        base: the class that it is based on.
        note: takes what is wrong.
    """
    stand_in: Any = SimpleNamespace(__name__=name, quantities=quantities)
    there = {*getattr(base, "functions", {}), *dynamics.tried}
    for one, quantity in declared.quantities.items():
        keys = (declared.homes[one], one)
        try:
            _check_value(stand_in, quantity)
        except ModelError as error:
            note(keys, str(error).removeprefix(f"{name}.{one}: "))
        _check_equations(keys, quantity, there, quantities, note)
    schemes = [one for one, quantity in quantities.items() if isinstance(quantity, Scheme)]
    if len(schemes) > 1:
        note(("schemes",), f"one mechanism has one scheme, not {' and '.join(schemes)}; split it")
    moved = [one for one, q in quantities.items() if isinstance(q, State) and q.kind != "occupancy"]
    if len(moved) > MOST_STATES:
        note(("states",), f"{len(moved)} states; {MOST_STATES} at most, so split the mechanism")


def _check_value(stand_in, quantity):
    if isinstance(quantity, Parameter):
        check_parameter(stand_in, quantity, quantity.default)
    elif isinstance(quantity, Option):
        check_option(stand_in, quantity, quantity.default)
    elif isinstance(quantity, State | Scheme):
        check_initial(stand_in, quantity, quantity.initial)


def _check_equations(keys, quantity, there, quantities, note):
    name = keys[1]
    states = [one for one, q in quantities.items() if isinstance(q, State)]
    meanings = {word for one in states for word in (f"d_{one}", f"start_{one}", f"{one}_rates")}
    if name in meanings | {"spikes", "transitions"}:
        note(keys, f"'{name}' is also the name of an equation; choose another name")
    if isinstance(quantity, State) and quantity.kind == "gate" and f"{name}_rates" not in there:
        note(keys, f"needs rates.{name} = [opening, closing]")
    if isinstance(quantity, Scheme):
        if "transitions" not in there:
            note(keys, 'needs transitions, such as transitions."C -> O" = "rate"')
        for state in quantity.states:
            if not (isinstance(quantities[state], State) and quantities[state].kind == "occupancy"):
                note(keys, f"'{state}' is a state of the scheme and something else too; choose another name")
    if isinstance(quantity, Output) and quantity.into and f"d_{quantity.into}" not in there:
        moving = [one[2:] for one in there if one.startswith("d_")]
        note((*keys, "into"), f"'{quantity.into}' has no differential equation{nearest(quantity.into, moving)}")
