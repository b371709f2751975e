"""Differentiate a pointwise function: forward mode over its single assignments."""
from __future__ import annotations

import ast
from functools import cache

from gpusyn.translate.pointwise import Pointwise

ONE, HALF = ast.Constant(1.0), ast.Constant(0.5)


def differentiate(function: Pointwise, argument: str) -> Pointwise | None:
    """The partial derivative of every result by `argument`, as a function of the same arguments; None if it is zero."""
    return _differentiate(_Identity(function), argument)


class _Identity:
    """Makes a function hashable by identity, so that each derivative is built once."""

    def __init__(self, function):
        self.function = function

    def __hash__(self):
        return id(self.function)

    def __eq__(self, other):
        return self.function is other.function


@cache
def _differentiate(identity, argument):
    return _Tangent(identity.function, argument).build()


class _Tangent:
    def __init__(self, function, argument):
        self.function = function
        self.name = f"{function.name}_by_{argument}"
        self.tangents = {argument: ONE}
        self.statements = []
        self.calls = dict(function.calls)

    def build(self):
        for names, value in self.function.statements:
            self.statements.append((names, value))
            self.push(names, value)
        results = [self.of(r) for r in self.function.results]
        if all(r is None for r in results):
            return None
        results = [ast.Constant(0.0) if r is None else r for r in results]
        built = Pointwise(
            self.name, self.function.parameters, self.statements, results, self.function.keys, self.calls
        )
        return without_dead_code(built)

    def push(self, names, value):
        if len(names) > 1:
            return self.push_many(names, value)
        tangent = self.of(value)
        if tangent is not None:
            self.keep(f"{names[0]}_dot", tangent)
            self.tangents[names[0]] = ast.Name(f"{names[0]}_dot", ast.Load())

    def push_many(self, names, call):
        callee = self.calls[call.func.id]
        for parameter, value in zip(callee.parameters, call.args, strict=True):
            inner, partial = self.of(value), differentiate(callee, parameter)
            if inner is None or partial is None:
                continue
            parts = tuple(f"{n}_by_{parameter}" for n in names)
            self.statements.append((parts, self.call_partial(call, parameter, partial)))
            for name, part in zip(names, parts, strict=True):
                term = times(ast.Name(part, ast.Load()), inner)
                self.tangents[name] = plus(self.tangents.get(name), term)

    def keep(self, name, value):
        self.statements.append(((name,), value))

    def of(self, node):
        match node:
            case ast.Name():
                return self.tangents.get(node.id)
            case ast.UnaryOp():
                inner = self.of(node.operand)
                return None if inner is None else ast.UnaryOp(node.op, inner)
            case ast.BinOp():
                return self.of_operator(node)
            case ast.Call():
                return self.of_call(node)
        return None  # constants and comparisons

    def of_operator(self, node):
        a, b = node.left, node.right
        da, db = self.of(a), self.of(b)
        match node.op:
            case ast.Add():
                return plus(da, db)
            case ast.Sub():
                return minus(da, db)
            case ast.Mult():
                return plus(times(da, b), times(a, db))
            case ast.Div():
                top = minus(da, times(divide(a, b), db))
                return None if top is None else divide(top, b)
            case ast.Pow():
                by_base = _by_base(b, ast.BinOp(a, ast.Pow(), _less_one(b)), da)
                return plus(by_base, _by_exponent(node, a, db))
        return None

    def of_call(self, node):
        name = node.func.id
        if name in self.calls:
            return self.of_function(node)
        tangents = [self.of(a) for a in node.args]
        if all(t is None for t in tangents):
            return None
        return PRIMITIVE_RULES[name](node, node.args, tangents)

    def of_function(self, node):
        callee, sum_ = self.calls[node.func.id], None
        for parameter, value in zip(callee.parameters, node.args, strict=True):
            inner = self.of(value)
            partial = None if inner is None else differentiate(callee, parameter)
            if partial is not None:
                sum_ = plus(sum_, times(self.call_partial(node, parameter, partial), inner))
        return sum_

    def call_partial(self, node, parameter, partial):
        """The call of a callee's partial derivative, which takes those of its arguments that matter."""
        name, callee = f"{node.func.id}_by_{parameter}", self.calls[node.func.id]
        self.calls[name] = partial
        values = dict(zip(callee.parameters, node.args, strict=True))
        return ast.Call(ast.Name(name, ast.Load()), [values[p] for p in partial.parameters], [])


def _less_one(exponent):
    return ast.Constant(exponent.value - 1) if isinstance(exponent, ast.Constant) else minus(exponent, ONE)


def call(name, *arguments):
    """The expression `name(arguments)`."""
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def plus(a, b):
    """a + b, where None stands for zero."""
    return b if a is None else a if b is None else ast.BinOp(a, ast.Add(), b)


def minus(a, b):
    """a - b, where None stands for zero."""
    return a if b is None else ast.UnaryOp(ast.USub(), b) if a is None else ast.BinOp(a, ast.Sub(), b)


def times(a, b):
    """a b, where None stands for zero and the constant 1 is left out."""
    if a is None or b is None:
        return None
    return b if a is ONE else a if b is ONE else ast.BinOp(a, ast.Mult(), b)


def divide(a, b):
    """a / b."""
    return ast.BinOp(a, ast.Div(), b)


def _zero(tangent):
    return ast.Constant(0.0) if tangent is None else tangent


def _choose(node, arguments, tangents, condition):
    return call("where", condition, _zero(tangents[0]), _zero(tangents[1]))


def _clip(node, arguments, tangents):
    x, low, high = arguments
    above, below = ast.Compare(x, [ast.Gt()], [low]), ast.Compare(x, [ast.Lt()], [high])
    outside = ast.Constant(0.0)
    if tangents[1] is not None or tangents[2] is not None:
        outside = call("where", below, _zero(tangents[1]), _zero(tangents[2]))
    return call("where", ast.BinOp(above, ast.BitAnd(), below), _zero(tangents[0]), outside)


def _power(node, arguments, tangents):
    x, exponent = arguments
    by_base = _by_base(exponent, call("power", x, minus(exponent, ONE)), tangents[0])
    return plus(by_base, _by_exponent(node, x, tangents[1]))


def _by_base(exponent, one_less, tangent):
    """The part of a power's derivative that comes from its base; `one_less` is the power to exponent - 1."""
    if tangent is None or (isinstance(exponent, ast.Constant) and exponent.value == 0):
        return None
    return times(times(exponent, one_less), tangent)


def _by_exponent(power, base, tangent):
    """The part of a power's derivative that comes from its exponent: power log(base), and 0 at base 0."""
    if tangent is None:
        return None
    positive = call("where", ast.Compare(base, [ast.Gt()], [ast.Constant(0.0)]), base, ONE)
    return times(times(power, call("log", positive)), tangent)


PRIMITIVE_RULES = {
    "exp": lambda node, a, d: times(node, d[0]),
    "expm1": lambda node, a, d: times(call("exp", a[0]), d[0]),
    "log": lambda node, a, d: divide(d[0], a[0]),
    "tanh": lambda node, a, d: times(minus(ONE, times(node, node)), d[0]),
    "sqrt": lambda node, a, d: divide(times(HALF, d[0]), node),
    "sin": lambda node, a, d: times(call("cos", a[0]), d[0]),
    "cos": lambda node, a, d: ast.UnaryOp(ast.USub(), times(call("sin", a[0]), d[0])),
    "floor": lambda node, a, d: None,
    "binomial": lambda node, a, d: None,
    "poisson": lambda node, a, d: None,
    "absolute": lambda node, a, d: call(
        "where", ast.Compare(a[0], [ast.Lt()], [ast.Constant(0.0)]), ast.UnaryOp(ast.USub(), d[0]), d[0]
    ),
    "minimum": lambda node, a, d: _choose(node, a, d, ast.Compare(a[0], [ast.Lt()], [a[1]])),
    "maximum": lambda node, a, d: _choose(node, a, d, ast.Compare(a[0], [ast.Gt()], [a[1]])),
    "where": lambda node, a, d: call("where", a[0], _zero(d[1]), _zero(d[2])),
    "clip": _clip,
    "power": _power,
}


def names_in(node) -> set[str]:
    """Every variable that an expression reads."""
    called = {id(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and id(n) not in called}


def calls_in(node) -> set[str]:
    """Every function that an expression calls."""
    return {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call)}


def without_dead_code(function: Pointwise, keys=None) -> Pointwise:
    """The same function without statements, callees and arguments that its results (those in `keys`) do not need."""
    pairs = list(zip(function.keys or (None,), function.results, strict=True))
    wanted = [(k, r) for k, r in pairs if keys is None or k in keys]
    live, kept, used = set(), [], set()
    for _, result in wanted:
        live |= names_in(result)
        used |= calls_in(result)
    for names, value in reversed(function.statements):
        if live & set(names):
            kept.append((names, value))
            live |= names_in(value)
            used |= calls_in(value)
    parameters = tuple(p for p in function.parameters if p in live)
    calls = {n: f for n, f in function.calls.items() if n in used}
    labels = tuple(k for k, _ in wanted) if function.keys else None
    return Pointwise(function.name, parameters, kept[::-1], [r for _, r in wanted], labels, calls)
