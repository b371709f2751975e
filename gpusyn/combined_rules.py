"""Several rules on one connection: one mechanism that does what all of them do, with one weight and one release.

    model.connect("a", "b.current", wiring, synapse=[TsodyksMarkram(preset="Maass2002-EE"), STDPRule()])

Quantities keep their names. Where two rules use a name for different things, it gets its rule's in front:
`tsodyks_markram_x`, `stdp_rule_x`. They share what belongs to the synapse (`weight`, and its bounds, of which the
narrower hold) and what they read of its surroundings (`dopamine`). At an event each rule sees the states as it found
them, but for the weight: where two rules change that, the later one goes on from what the earlier one left, and its
derivatives add up.
"""
from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

import numpy as np

from gpusyn.declaration import EVENTS
from gpusyn.errors import ModelError
from gpusyn.joined_equations import WEIGHT, combined_equations, words
from gpusyn.mechanism import INTEGRATORS, Mechanism, settable
from gpusyn.quantities import Given, Output, Scheme, State
from gpusyn.translate.pointwise import read
from gpusyn.vesicles.whole import WholeNumbers

RELEASE = "release"
BOUNDS = {"weight_min": np.maximum, "weight_max": np.minimum}
SHARED = {WEIGHT, *BOUNDS}


class CombinedRules(WholeNumbers):
    """What several rules make together; see `combined`. `parts` are their classes and what their names became."""

    parts: ClassVar[tuple[tuple[type, dict[str, str]], ...]] = ()


def combined(rules: Sequence[Mechanism]) -> Any:
    """One rule that does what all of them do.

    Raises:
        ModelError: they are fewer than one, two of one kind, or do not fit together.
    """
    if not rules:
        raise ModelError("synapse: an empty list of rules; name at least one")
    if len(rules) == 1:
        return rules[0]
    kinds = tuple(type(rule) for rule in rules)
    made, names = combined_kind(kinds), new_names(kinds)
    values: dict[str, Any] = {}
    for rule, new in zip(rules, names, strict=True):
        for name in settable(type(rule)):
            if name in rule.values or name in rule.options or name in rule.bindings or name in rule.initial:
                values[new[name]] = together(new[name], values.get(new[name]), rule.get(name))
    return made(integrator=common_integrator(rules), **values)


def without_learning(rule: Mechanism) -> Any:
    """What of a rule, or of several together, leaves the weight alone and says what a spike releases; None if nothing.

    It has the values of the whole.
    """
    parts = getattr(type(rule), "parts", ()) or ((type(rule), {n: n for n in rule.quantities}),)
    kept = [(kind, new) for kind, new in parts if RELEASE in kind.functions and not changes_weight(kind)]
    given = {**rule.values, **rule.options, **rule.bindings, **rule.initial}
    rules = [kind(integrator=rule.integrator, **{n: given[new[n]] for n in settable(kind) if new[n] in given})
             for kind, new in kept]
    return combined(rules) if rules else None


def together(name: str, one, other):
    """The value of a name that two rules may give; a bound is the narrower one.

    Raises:
        ModelError: they give different values to what they share.
    """
    if one is None or name in BOUNDS:
        return other if one is None else BOUNDS[name](one, other)
    if not np.array_equal(one, other):
        raise ModelError(f"synapse: the rules give '{name}' different values, {one} and {other}; it is one")
    return one


def common_integrator(rules) -> str:
    """The integrator of all rules that have differential equations.

    Raises:
        ModelError: there are several.
    """
    stepped = [rule for rule in rules if any(name.startswith("d_") for name in type(rule).functions)]
    found = {rule.integrator: type(rule).__name__ for rule in stepped} or {Mechanism.integrator: ""}
    if len(found) > 1:
        each = " and ".join(f"{kind} {integrator}" for integrator, kind in found.items())
        raise ModelError(f"synapse: rules on one connection share an integrator; {each} differ. Give one to both, "
                         f"of {', '.join(INTEGRATORS)}")
    return next(iter(found))


# names ---------------------------------------------------------------------------------------------------------


def new_names(kinds: tuple[type, ...]) -> list[dict[str, str]]:
    """For each rule, what its quantities are called in the combination."""
    names = [{n: n for n in kind.quantities} for kind in kinds]
    for name in {name for kind in kinds for name in kind.quantities}:
        having = [k for k, kind in enumerate(kinds) if name in kind.quantities]
        if len(having) > 1 and name not in SHARED and not all(read_outside(kinds[k], name) for k in having):
            for k in having:
                names[k][name] = f"{words(kinds[k])}_{name}"
    return names


def read_outside(kind, name: str) -> bool:
    """Whether a quantity is read of what surrounds the synapse: all rules see the same."""
    quantity = kind.quantities[name]
    return isinstance(quantity, Given) and quantity.kind in ("given", "total")


# the class -----------------------------------------------------------------------------------------------------


@cache
def combined_kind(kinds: tuple[type, ...]) -> type[Mechanism]:
    """The class of a combination of rules of these classes."""
    require_fit(kinds)
    names = new_names(kinds)
    namespace: dict[str, Any] = {
        "parts": tuple(zip(kinds, names, strict=True)),
        "__doc__": "Together on one connection: " + ", ".join(kind.__name__ for kind in kinds) + ".",
        "whole": tuple(new[n] for kind, new in zip(kinds, names, strict=True) for n in getattr(kind, "whole", ())),
        "rests": tuple(new[n] for kind, new in zip(kinds, names, strict=True) for n in getattr(kind, "rests", ())),
        "taken_from": {new[n]: new[g] for kind, new in zip(kinds, names, strict=True)
                       for n, g in getattr(kind, "taken_from", {}).items()},
    }
    name = "With".join(kind.__name__ for kind in kinds)
    equations = combined_equations(name, kinds, names)
    for kind, new in zip(kinds, names, strict=True):
        for old, quantity in kind.quantities.items():
            if getattr(quantity, "kind", "") == "occupancy" or isinstance(namespace.get(new[old]), Output):
                continue
            if new[old] not in namespace or isinstance(quantity, Output):
                namespace[new[old]] = renamed_quantity(quantity, new, equations.get(new[old]))
    namespace |= {n: staticmethod(equation) for n, equation in equations.items() if n not in namespace}
    return type(name, (CombinedRules,), namespace)


def require_fit(kinds) -> None:
    """Raise a ModelError if rules of these classes cannot share a connection."""
    listed = " and ".join(kind.__name__ for kind in kinds)
    if len(set(kinds)) < len(kinds):
        raise ModelError(f"synapse: {listed} are two rules of one kind; a connection takes one of each")
    releasing = [kind.__name__ for kind in kinds if isinstance(kind.quantities.get(RELEASE), Output)]
    if len(releasing) > 1:
        raise ModelError(f"synapse: {' and '.join(releasing)} each say what a spike releases; a connection has one "
                         "release. Keep one of them")
    computing = [kind.__name__ for kind in kinds if isinstance(kind.quantities.get(WEIGHT), Output)]
    changing = [kind.__name__ for kind in kinds if kind.__name__ not in computing and changes_weight(kind)]
    if computing and len(computing + changing) > 1:
        raise ModelError(f"synapse: {computing[0]} computes the weight, which {(computing[1:] + changing)[0]} would "
                         "change; keep one of them")
    schemes = [kind.__name__ for kind in kinds if "transitions" in kind.functions]
    if len(schemes) > 1:
        raise ModelError(f"synapse: {' and '.join(schemes)} both have transitions; one connection has one such rule")


def changes_weight(kind) -> bool:
    """Whether a rule's events or equations move its weight."""
    events = [read(kind.functions[e], f"{kind.__name__}_{e}") for e in EVENTS if e in kind.functions]
    return "d_weight" in kind.functions or any(WEIGHT in (event.keys or ()) for event in events)


def renamed_quantity(quantity, new: dict[str, str], equation):
    """A quantity under its new name; an output computes `equation`."""
    if isinstance(quantity, Output):
        return replace(quantity, function=equation, into=new.get(quantity.into, quantity.into))
    if isinstance(quantity, Scheme):
        start = quantity.initial
        start = {new[s]: f for s, f in start.items()} if isinstance(start, dict) else new.get(start, start)
        return replace(quantity, states=tuple(new[s] for s in quantity.states), initial=start)
    if isinstance(quantity, State) and isinstance(quantity.initial, str):
        return replace(quantity, initial=new.get(quantity.initial, quantity.initial))
    return copy.copy(quantity)
