"""Calls by other names: what keeps functions of one name apart when they meet in one program."""
from __future__ import annotations

import ast
import copy
from dataclasses import replace

from gpusyn.translate.pointwise import Pointwise


def with_callees(function: Pointwise, callees: dict[str, Pointwise]) -> Pointwise:
    """The same function with other callees, which it calls by their own names.

    Args:
        function: whose calls are replaced.
        callees: the new ones, by the names that the text of `function` uses.
    """
    names = {known_as: callee.name for known_as, callee in callees.items()}
    calls = {callee.name: callee for callee in callees.values()}
    if all(known_as == name for known_as, name in names.items()):
        return replace(function, calls=calls)
    renamed = _Renamer(names).visit
    statements = [(assigned, renamed(copy.deepcopy(value))) for assigned, value in function.statements]
    return replace(function, statements=statements, results=[renamed(copy.deepcopy(r)) for r in function.results],
                   calls=calls)


class _Renamer(ast.NodeTransformer):
    def __init__(self, names):
        self.names = names

    def visit_Call(self, node):
        called = ast.Name(self.names.get(node.func.id, node.func.id), ast.Load())
        return ast.copy_location(ast.Call(called, [self.visit(a) for a in node.args], []), node)
