"""What can be said of a checked expression: whether it is a condition, what constants come to, how large it is."""

from __future__ import annotations

import ast
import math

from gpusyn.translate.pointwise import Pointwise


def is_condition(node: ast.expr) -> bool:
    """Whether an operation gives a condition."""
    joined = isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr)
    return joined or isinstance(node, ast.Compare)


def constant_value(node: ast.expr) -> float | None:
    """What an expression of constants alone comes to; NaN if Python cannot compute it, None for other expressions."""
    match node:
        case ast.Constant():
            return float(node.value)
        case ast.UnaryOp():
            inner = constant_value(node.operand)
            return None if inner is None else -inner if isinstance(node.op, ast.USub) else inner
        case ast.BinOp() if not is_condition(node):
            left, right = constant_value(node.left), constant_value(node.right)
            return None if left is None or right is None else _computed(node.op, left, right)
    return None


def _computed(op, left, right) -> float:
    operations = {ast.Add: "__add__", ast.Sub: "__sub__", ast.Mult: "__mul__", ast.Div: "__truediv__",
                  ast.Pow: "__pow__"}  # fmt: skip
    try:
        found = getattr(left, operations[type(op)])(right)
    except ArithmeticError:
        return math.nan
    return found if isinstance(found, float) else math.nan  # roots of negative numbers are complex


def size_of(function: Pointwise) -> int:
    """Operations of a function, those of its callees counted at every call."""
    size = 0
    for value in [*(value for _, value in function.statements), *function.results]:
        for node in ast.walk(value):
            size += 1
            if isinstance(node, ast.Call) and node.func.id in function.calls:
                size += size_of(function.calls[node.func.id])
    return size
