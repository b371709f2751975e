"""Derivatives along the chain of quantities that are computed from each other within a step."""
from __future__ import annotations

from gpusyn.quantities import Given, Output
from gpusyn.translate.derivative import differentiate


def slope(fusion, member: str, name: str, state: tuple[str, str], at) -> str | None:
    """The variable of d(equation `name` of `member`) / d(state), by the chain rule; None if it is zero.

    Args:
        fusion: the program under construction (`gpusyn.fusing.binding.Binding`); lines are appended to it.
        state: (member, name).
        at: the values that the equation has been computed from. A program that asks at one `at` only may keep what it
            was told in a dictionary, `slopes`.
    """
    known, key = getattr(fusion, "slopes", {}), (member, name, state)
    if key not in known:
        known[key] = _slope(fusion, member, name, state, at)
    return known[key]


def _slope(fusion, member, name, state, at):
    """The same, computed anew."""
    pointwise, terms = fusion.equation(member, name), []
    for parameter in pointwise.parameters:
        inner = _rate_of(fusion, member, parameter, state, at)
        partial = differentiate(pointwise, parameter) if inner is not None else None
        if partial is not None:
            outer = fusion.call(partial, fusion.values_of(partial, member, at))
            terms.append(outer if inner == "1.0" else f"{outer} * {inner}")
    return _sum(fusion, terms)


def _rate_of(fusion, member, name, state, at):
    """d(quantity as `member` sees it) / d(state), as a variable, "1.0", or None for zero."""
    quantity = fusion.members[member].quantities.get(name)
    if isinstance(quantity, Given) and quantity.kind == "given":
        target, gain = fusion.binding(member, quantity), fusion.gain(member, name, at)
        inner = None if target is None else _rate_of(fusion, target[0], target[1], state, at)
        return inner if inner is None or gain is None else f"{inner} * {gain}"
    if (member, name) == state:
        return "1.0"
    if isinstance(quantity, Output):
        return slope(fusion, member, name, state, at)
    if isinstance(quantity, Given) and quantity.kind == "total":
        parts = [_rate_of(fusion, m, output, state, at) for m, output in fusion.summed(quantity)]
        return _sum(fusion, [p for p in parts if p is not None])
    return None


def _sum(fusion, terms):
    return fusion.let(fusion.unused("slope"), " + ".join(terms)) if terms else None
