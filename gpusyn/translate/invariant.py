"""Move out of a loop over items what is the same for all of them, divisions above all.

A vector division costs as much as a dozen multiplications. Where the divisor is a parameter of all items, its
reciprocal is computed once before the loop; the quotient then differs by at most one unit in the last place.
"""
from __future__ import annotations

import ast

from gpusyn.translate.derivative import names_in
from gpusyn.translate.layout import RECIPROCAL
from gpusyn.translate.pointwise import Pointwise


def hoist(function: Pointwise, invariant: set[str], reciprocals=()) -> tuple[list, list, list[ast.expr]]:
    """Split a flat function into what comes before the loop and what is in it.

    Args:
        function: without calls of other pointwise functions (`gpusyn.translate.flat.flatten`).
        invariant: arguments that do not change from item to item.
        reciprocals: arguments whose reciprocals are arguments too, of the same name with `_reciprocal`.

    Returns:
        (before, inside, results): assignments before the loop, assignments in it, and the results' expressions.
    """
    hoister = _Hoister(invariant, reciprocals)
    inside = []
    for names, value in function.statements:
        if names_in(value) <= hoister.invariant:
            hoister.before.append((names, value))
            hoister.invariant |= set(names)
        else:
            inside.append((names, hoister.visit(value)))
    results = [hoister.visit(result) for result in function.results]
    return hoister.before, inside, results


class _Hoister(ast.NodeTransformer):
    def __init__(self, invariant, known):
        self.invariant, self.known, self.before = set(invariant), set(known), []
        self.reciprocals: dict[str, str] = {}

    def visit_BinOp(self, node):
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Div) and isinstance(right, ast.Name) and right.id in self.known:
            return times(left, ast.Name(f"{right.id}{RECIPROCAL}", ast.Load()))
        if not isinstance(node.op, ast.Div) or not names_in(right) <= self.invariant:
            return ast.BinOp(left, node.op, right)
        if names_in(left) <= self.invariant:
            return ast.BinOp(left, node.op, right)
        return times(left, self.reciprocal(right))

    def reciprocal(self, divisor):
        """A variable that holds 1 / divisor, computed before the loop."""
        text = ast.unparse(ast.fix_missing_locations(divisor))
        if text not in self.reciprocals:
            name = f"reciprocal_{len(self.reciprocals) + 1}"
            self.reciprocals[text] = name
            self.before.append(((name,), ast.BinOp(ast.Constant(1.0), ast.Div(), divisor)))
            self.invariant.add(name)
        return ast.Name(self.reciprocals[text], ast.Load())


def times(left, right) -> ast.expr:
    """A product, or what is multiplied by one."""
    return right if isinstance(left, ast.Constant) and left.value == 1 else ast.BinOp(left, ast.Mult(), right)
