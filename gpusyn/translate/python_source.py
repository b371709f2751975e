"""Print a pointwise function as Python: what `gpusyn show` prints and what the NumPy backend runs."""
from __future__ import annotations

import ast
import copy

from gpusyn.translate.pointwise import Pointwise


def python_source(function: Pointwise, literal=None) -> str:
    """The function as Python text; `literal` may rewrite constants (to the model's real type)."""
    text = _Printer(literal).visit_all
    lines = [f"def {function.name}({', '.join(function.parameters)}):"]
    for names, value in function.statements:
        lines.append(f"    {', '.join(names)} = {text(value)}")
    results = ", ".join(text(r) for r in function.results)
    comma = "," if function.keys is not None and len(function.results) == 1 else ""
    return "\n".join([*lines, f"    return {results}{comma}", ""])


class _Printer(ast.NodeTransformer):
    def __init__(self, literal):
        self.literal = literal

    def visit_all(self, node):
        return ast.unparse(self.visit(copy.deepcopy(node)) if self.literal else node)

    def visit_Constant(self, node):
        return self.literal(node)

    def visit_BinOp(self, node):
        if isinstance(node.op, ast.Pow):  # exponents keep their type
            return ast.BinOp(self.visit(node.left), node.op, node.right)
        return self.generic_visit(node)
