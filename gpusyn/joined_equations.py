"""The equations of several rules as those of one: renamed, joined, and with the weight handed on from rule to rule."""
from __future__ import annotations

import ast
import copy
import re
from dataclasses import replace
from typing import Any

from gpusyn.translate.pointwise import Pointwise, read
from gpusyn.translate.renaming import with_callees

WEIGHT = "weight"


def words(kind) -> str:
    """The name of a class in small letters: stdp_rule."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind.__name__).lower()


def equation_name(name: str, new: dict[str, str]) -> str:
    """What an equation is called when its quantity is."""
    for before, after in (("d_", ""), ("start_", ""), ("", "_rates")):
        quantity = name.removeprefix(before).removesuffix(after)
        if quantity in new and name == f"{before}{quantity}{after}":
            return f"{before}{new[quantity]}{after}"
    return new.get(name, name)


def combined_equations(name: str, kinds, names) -> dict[str, Any]:
    """The equations of a combination, by name; what an event does, and derivatives of the weight, are joined."""
    from gpusyn.text_mechanism.equation import TextEquation

    parts: dict[str, list[tuple[Pointwise, dict[str, str], str]]] = {}
    for kind, new in zip(kinds, names, strict=True):
        for old, function in kind.functions.items():
            pointwise = read(function, f"{kind.__name__}_{old}")
            parts.setdefault(equation_name(old, new), []).append((pointwise, new, words(kind)))
    return {one: TextEquation(joined(f"{name}_{one}", of), one) for one, of in parts.items()}


def joined(name: str, parts: list[tuple[Pointwise, dict[str, str], str]]) -> Pointwise:
    """Equations of one name as one: results by key, the weight handed on; results without keys add up."""
    made = Pointwise(name, (), [], [], None, {})
    keyed: dict[Any, ast.expr] = {}
    handed: dict[str, str] = {}
    for pointwise, new, prefix in parts:
        part = renamed(apart(pointwise, made, prefix), new | handed, prefix if len(parts) > 1 else "")
        inner = {n for assigned, _ in made.statements for n in assigned}
        made.parameters = tuple(dict.fromkeys([*made.parameters, *(p for p in part.parameters if p not in inner)]))
        made.statements += part.statements
        made.calls |= part.calls
        before = set(handed.values())
        for key, result in zip(part.keys or (None,), part.results, strict=True):
            key = WEIGHT if key in before else key
            if key is None and None in keyed:
                result = ast.BinOp(keyed[None], ast.Add(), result)
            if key == WEIGHT:
                handed = {WEIGHT: f"{WEIGHT}_after_{prefix}"}
                made.statements.append(((handed[WEIGHT],), result))
                result = ast.Name(handed[WEIGHT], ast.Load())
            keyed[key] = result
    made.results, made.keys = list(keyed.values()), None if None in keyed else tuple(keyed)
    return made


def apart(pointwise: Pointwise, made: Pointwise, prefix: str) -> Pointwise:
    """The function with callees whose names mean nothing else in what has been made so far."""
    taken = {n for n, callee in pointwise.calls.items() if made.calls.get(n, callee) is not callee}
    if not taken:
        return pointwise
    return with_callees(pointwise, {n: replace(callee, name=f"{prefix}_{n}") if n in taken else callee
                                    for n, callee in pointwise.calls.items()})


def renamed(function: Pointwise, new: dict[str, str], prefix: str) -> Pointwise:
    """The function with other names of quantities, in its results too, and a prefix to its own intermediate ones."""
    names = new | {f"{old}_before": f"{name}_before" for old, name in new.items()}
    if prefix:
        names = names | {n: f"{prefix}_{n}_here" for assigned, _ in function.statements for n in assigned}
    visit = _Names(names).visit
    keys = function.keys
    if keys is not None:
        keys = tuple(tuple(new[s] for s in k) if isinstance(k, tuple) else new.get(k, k) for k in keys)
    return replace(
        function, parameters=tuple(names.get(p, p) for p in function.parameters), keys=keys,
        statements=[(tuple(names.get(n, n) for n in assigned), visit(copy.deepcopy(value)))
                    for assigned, value in function.statements],
        results=[visit(copy.deepcopy(result)) for result in function.results])


class _Names(ast.NodeTransformer):
    def __init__(self, names):
        self.names = names

    def visit_Name(self, node):
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)

    def visit_Call(self, node):
        return ast.copy_location(ast.Call(node.func, [self.visit(a) for a in node.args], []), node)
