"""What can be said of a checked expression: whether it is a condition, what constants come to, how large it is."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping

from gpusyn.translate.pointwise import Pointwise


def is_condition(node: ast.expr) -> bool:
    """Whether an operation gives a condition."""
    joined = isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr)
    return joined or isinstance(node, ast.Compare)


def constant_value(node: ast.expr, names: Mapping[str, float], calls: Mapping[str, Pointwise]) -> float | None:
    """What an expression comes to if only constants make it, else None.

    Args:
        names: the values of arguments and intermediate values that are constants.
        calls: functions by name. What a word of `gpusyn.lang` gives counts as no constant: NumPy computes it.

    Returns:
        NaN where Python would stop with an error, even if that is only a part of the expression: division by zero, an
        overflow, the root of a negative number.
    """
    match node:
        case ast.Constant():
            return float(node.value)
        case ast.Name():
            return names.get(node.id)
        case ast.UnaryOp():
            inner = constant_value(node.operand, names, calls)
            return None if inner is None else -inner if isinstance(node.op, ast.USub) else inner
        case ast.BinOp() if not is_condition(node):
            left, right = constant_value(node.left, names, calls), constant_value(node.right, names, calls)
            if isinstance(node.op, ast.Div) and right == 0:
                return math.nan
            return None if left is None or right is None else _computed(node.op, left, right)
        case ast.Call() if node.func.id in calls:
            return function_value(calls[node.func.id], [constant_value(one, names, calls) for one in node.args])
    return None


def function_value(function: Pointwise, values: Iterable[float | None]) -> float | None:
    """The same of a function's result, for arguments of which some are constants."""
    names = {n: v for n, v in zip(function.parameters, values, strict=True) if v is not None}
    found = None
    for targets, value in [*function.statements, *(((), result) for result in function.results)]:
        inner = [constant_value(one, names, function.calls) for one in ast.walk(value) if isinstance(one, ast.expr)]
        if any(one is not None and not math.isfinite(one) for one in inner):
            return math.nan
        found = inner[0]
        names |= {targets[0]: found} if targets and found is not None else {}
    return found


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
