"""Expand a pointwise function until it calls only primitives: no compiler then spends time on inlining."""
from __future__ import annotations

import ast
import copy

from gpusyn import lang
from gpusyn.translate.pointwise import Pointwise


def flatten(function: Pointwise) -> Pointwise:
    """The same function with every call of another pointwise function written out, and whole powers as products."""
    flat = _Flattener(function.parameters)
    results = flat.body(function, {p: ast.Name(p, ast.Load()) for p in function.parameters}, "")
    return Pointwise(function.name, function.parameters, flat.statements, results, function.keys)


class _Flattener:
    def __init__(self, taken):
        self.taken = set(taken)
        self.statements = []

    def fresh(self, wanted):
        name, number = wanted, 2
        while name in self.taken:
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name

    def bind(self, value, wanted):
        if isinstance(value, ast.Name | ast.Constant):
            return value
        name = self.fresh(wanted)
        self.statements.append(((name,), value))
        return ast.Name(name, ast.Load())

    def body(self, function, known, prefix):
        known = dict(known)
        for names, value in function.statements:
            if len(names) > 1:
                parts = self.call(function, value, known, prefix + names[0])
            else:
                parts = [self.expression(function, value, known, prefix + names[0])]
            for name, part in zip(names, parts, strict=True):
                known[name] = self.bind(part, prefix + name)
        return [self.expression(function, r, known, prefix + function.name) for r in function.results]

    def expression(self, function, node, known, hint):
        match node:
            case ast.Name():
                return known[node.id]
            case ast.Constant():
                return node
            case ast.UnaryOp():
                return ast.UnaryOp(node.op, self.expression(function, node.operand, known, hint))
            case ast.BinOp(op=ast.Pow()):
                return self.power(function, node, known, hint)
            case ast.BinOp():
                left = self.expression(function, node.left, known, hint)
                return simplified(left, node.op, self.expression(function, node.right, known, hint))
            case ast.Compare():
                left = self.expression(function, node.left, known, hint)
                return ast.Compare(left, node.ops, [self.expression(function, node.comparators[0], known, hint)])
        if node.func.id in lang.PRIMITIVES:
            arguments = [self.bind(self.expression(function, a, known, hint), hint + "_a") for a in node.args]
            return self.bind(ast.Call(copy.copy(node.func), arguments, []), f"{hint}_{node.func.id}")
        return self.call(function, node, known, hint)[0]

    def call(self, function, node, known, hint):
        callee = function.calls[node.func.id]
        arguments = [self.bind(self.expression(function, a, known, hint), f"{hint}_{p}")
                     for a, p in zip(node.args, callee.parameters, strict=True)]
        return self.body(callee, dict(zip(callee.parameters, arguments, strict=True)), hint + "_")

    def power(self, function, node, known, hint):
        base = self.bind(self.expression(function, node.left, known, hint), hint + "_base")
        exponent = node.right
        if not (isinstance(exponent, ast.Constant) and float(exponent.value).is_integer() and abs(exponent.value) < 64):
            exponent = self.bind(self.expression(function, exponent, known, hint), hint + "_exponent")
            return self.bind(ast.Call(ast.Name("power", ast.Load()), [base, exponent], []), hint + "_power")
        product = self.whole_power(base, abs(int(exponent.value)), hint)
        return ast.BinOp(ast.Constant(1.0), ast.Div(), product) if exponent.value < 0 else product

    def whole_power(self, base, n, hint):
        """x**n by repeated squaring: x*x, (x*x)*x, (x*x)*(x*x), ..."""
        if n == 0:
            return ast.Constant(1.0)
        if n == 1:
            return base
        half = self.bind(self.whole_power(base, n // 2, hint), f"{hint}_to_{n // 2}")
        square = ast.BinOp(half, ast.Mult(), half)
        return square if n % 2 == 0 else ast.BinOp(square, ast.Mult(), base)


def simplified(left, operator, right) -> ast.expr:
    """``left operator right``, without a factor of 1, a term of 0, or what a factor of 0 multiplies.

    Totals that nothing contributes to are zeros. What is multiplied by one is taken to be finite.
    """
    if isinstance(operator, ast.Mult):
        for one, other in ((left, right), (right, left)):
            if _is(one, 0):
                return ast.Constant(0.0)
            if _is(one, 1):
                return other
    if isinstance(operator, ast.Add) and _is(left, 0):
        return right
    if isinstance(operator, ast.Add | ast.Sub) and _is(right, 0):
        return left
    return ast.BinOp(left, operator, right)


def _is(node, number) -> bool:
    return isinstance(node, ast.Constant) and node.value == number
