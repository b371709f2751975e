"""Expressions and equations as CUDA C."""
from __future__ import annotations

import ast

from gpusyn import lang
from gpusyn.program import DRAW_WORDS, Argument
from gpusyn.translate.pointwise import Pointwise
from gpusyn.translate.reserved import CXX, free_name

SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.BitAnd: "&&", ast.BitOr: "||",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}


def device_function(function: Pointwise) -> str:
    """One equation as a device function; several results come back as `Values<n>`."""
    many = function.keys is not None
    kind = f"Values<{len(function.results)}>" if many else "auto"
    parameters = ", ".join(f"const real {free_name(p, CXX)}" for p in function.parameters)
    results = ", ".join(expression(r) for r in function.results)
    last = f"return {{{{{results}}}}};" if many else f"return {results};"
    lines = [*statements(function), last]
    head = f"static __device__ __forceinline__ {kind} {function.name}({parameters})"
    return "\n".join([head, "{", *(f"    {line}" for line in lines), "}", ""])


def statements(function: Pointwise):
    """Assignments as C, each name assigned once."""
    for number, (names, value) in enumerate(function.statements):
        if len(names) == 1:
            yield f"const auto {free_name(names[0], CXX)} = {expression(value)};"
            continue
        yield f"const auto values_{number} = {expression(value)};"
        for k, name in enumerate(names):
            yield f"const real {free_name(name, CXX)} = values_{number}.at[{k}];"


def expression(node) -> str:
    """An expression as C, with every operation in parentheses and constants in the model's real type."""
    match node:
        case ast.Name():
            return free_name(node.id, CXX)
        case ast.Constant():
            return f"real({float(node.value)!r})"
        case ast.UnaryOp():
            return f"({'-' if isinstance(node.op, ast.USub) else '+'}{expression(node.operand)})"
        case ast.BinOp(op=ast.Pow()):
            return raised(node.left, node.right)
        case ast.BinOp():
            return f"({expression(node.left)} {SYMBOLS[type(node.op)]} {expression(node.right)})"
        case ast.Compare():
            return f"({expression(node.left)} {SYMBOLS[type(node.ops[0])]} {expression(node.comparators[0])})"
        case ast.Call():
            name = f"{node.func.id}_" if node.func.id in lang.PRIMITIVES else node.func.id
            return f"{name}({', '.join(expression(a) for a in node.args)})"
    raise TypeError(f"{type(node).__name__} is not an expression of a pointwise function")


def drawn(argument: Argument) -> str:
    """The line that makes a random number of the words ``words_<variable>``."""
    words = ", ".join(f"words_{argument.variable}.{part}" for part in "xyzw"[: DRAW_WORDS[argument.kind]])
    return f"const real {argument.variable} = {argument.kind}({words}, real(0));"


def raised(base, exponent):
    """A power: whole exponents by multiplication, as on the other targets."""
    if isinstance(exponent, ast.Constant) and float(exponent.value).is_integer() and abs(exponent.value) < 64:
        return f"whole_power<{int(exponent.value)}>({expression(base)})"
    return f"power_({expression(base)}, {expression(exponent)})"
