"""Following methods symbolically: every assignment is put into what follows, `if` becomes `where`.

What is left is one expression for each attribute after the method, and one for what it returns.
"""
from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from gpusyn.spine.translating.source import UntranslatableError, assigned, number, source_of

WORDS = {name: name for name in ("exp", "expm1", "log", "tanh", "sqrt", "sin", "cos", "floor", "where", "clip",
                                 "minimum", "maximum")}
WORDS |= dict.fromkeys(("abs", "absolute", "fabs"), "absolute")
FILLED = {"ones_like": 1.0, "zeros_like": 0.0}
DEEPEST = 8  # calls of own methods within each other


class Reader:
    """Follows the methods of one object.

    Args:
        owner: the object.
        advance: the method whose assignments make attributes states; all others that are numbers are parameters.

    Attributes:
        parameters: those that were met, and their values.
    """

    def __init__(self, owner: Any, advance: str):
        self.owner = owner
        self.states = assigned(owner, advance)
        self.parameters: dict[str, float] = {}
        self.frames: list[tuple[str, Mapping, Mapping]] = []

    def follow(self, method: str, given: list[Any]):
        """(what each name is after a method, what it returns), as expressions.

        Args:
            given: its arguments after `self`: expressions, or mappings of them, or None for those that nothing needs.
        """
        definition = source_of(self.owner, method)
        own, *arguments = [a.arg for a in definition.args.args] or [""]
        if len(arguments) != len(given):
            raise UntranslatableError(f"{method} takes {len(arguments)} arguments, and {len(given)} were expected")
        if len(self.frames) > DEEPEST:
            raise UntranslatableError(f"{method} is called by itself")
        known = dict(zip(arguments, given, strict=True))
        inputs = {name: value for name, value in known.items() if isinstance(value, Mapping)}
        scope = inspect.getclosurevars(getattr(type(self.owner), method))
        self.frames.append((own, inputs, {**scope.globals, **scope.nonlocals}))
        try:
            return self.block(list(definition.body), {n: v for n, v in known.items() if isinstance(v, ast.expr)})
        finally:
            self.frames.pop()

    def block(self, statements, env):
        """Follow statements; where they branch, both ways to the end."""
        for k, statement in enumerate(statements):
            if isinstance(statement, ast.Return):
                return env, None if statement.value is None else self.value(statement.value, env)
            if isinstance(statement, ast.If):
                rest = statements[k + 1:]
                condition = self.value(statement.test, env)
                one = self.block([*statement.body, *rest], dict(env))
                other = self.block([*statement.orelse, *rest], dict(env))
                return self.either(condition, one, other)
            self.statement(statement, env)
        return env, None

    def either(self, condition, one, other):
        """What is so where a condition holds, and otherwise."""
        (first, returned), (second, otherwise) = one, other
        names = [n for n in {**first, **second} if n.startswith("self.") or (n in first and n in second)]
        both = {name: self.chosen(condition, *(side.get(name) or self.before(name) for side in (first, second)))
                for name in names}
        if (returned is None) != (otherwise is None):
            raise UntranslatableError("it returns something only sometimes")
        return both, None if returned is None else self.chosen(condition, returned, otherwise)

    def before(self, name):
        """A state as it was before the method."""
        return self.attribute(name.removeprefix("self.")) if name.startswith("self.") else None

    @staticmethod
    def chosen(condition, one, other):
        """where(condition, one, other), or what both are."""
        if ast.dump(one) == ast.dump(other):
            return one
        return ast.Call(ast.Name("where"), [condition, one, other], [])

    def statement(self, statement, env):
        """One assignment."""
        comment = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if comment or isinstance(statement, ast.Pass):
            return
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            env[self.target(statement.targets[0])] = self.value(statement.value, env)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            env[self.target(statement.target)] = self.value(statement.value, env)
        elif isinstance(statement, ast.AugAssign):
            old = self.value(statement.target, env)
            env[self.target(statement.target)] = ast.BinOp(old, statement.op, self.value(statement.value, env))
        else:
            raise UntranslatableError(f"line {statement.lineno}: {ast.unparse(statement).splitlines()[0]}")

    def target(self, node) -> str:
        """The name that is given a value."""
        if isinstance(node, ast.Name):
            return node.id
        if self.is_own(node):
            return f"self.{node.attr}"
        raise UntranslatableError(f"line {node.lineno}: {ast.unparse(node)} is given a value")

    def is_own(self, node) -> bool:
        """Whether a node is an attribute of the object."""
        return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == self.own

    @property
    def own(self) -> str:
        """What the method calls its object."""
        return self.frames[-1][0]

    @property
    def inputs(self) -> Mapping:
        """The method's arguments that are mappings."""
        return self.frames[-1][1]

    def value(self, node, env) -> ast.expr:
        """An expression with every name replaced by what it is."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return number(node.value)
        if isinstance(node, ast.Name):
            return env[node.id] if node.id in env else self.outside(node.id)
        if isinstance(node, ast.Attribute) and self.is_own(node):
            return env.get(f"self.{node.attr}") or self.attribute(node.attr)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in self.inputs:
            return self.input(node.value.id, node.slice)
        if isinstance(node, ast.BinOp):
            return ast.BinOp(self.value(node.left, env), node.op, self.value(node.right, env))
        if isinstance(node, ast.UnaryOp):
            return ast.UnaryOp(node.op, self.value(node.operand, env))
        if isinstance(node, ast.Compare):
            return ast.Compare(self.value(node.left, env), node.ops, [self.value(c, env) for c in node.comparators])
        if isinstance(node, ast.BoolOp):
            return ast.BoolOp(node.op, [self.value(v, env) for v in node.values])
        if isinstance(node, ast.IfExp):
            return self.chosen(*(self.value(part, env) for part in (node.test, node.body, node.orelse)))
        if isinstance(node, ast.Call):
            return self.call(node, env)
        raise UntranslatableError(f"line {getattr(node, 'lineno', '?')}: {ast.unparse(node)}")

    def call(self, node, env):
        """A function that equations have too, or a method of the object."""
        function, arguments = node.func, node.args
        if self.is_own(function) and not node.keywords:
            after, returned = self.follow(function.attr, [self.value(a, env) for a in arguments])
            if returned is None or any(name.startswith("self.") for name in after):
                raise UntranslatableError(f"line {node.lineno}: {function.attr} does more than return a value")
            return returned
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            if function.value.id in self.inputs and function.attr == "get":
                return self.input(function.value.id, arguments[0])
            name = function.attr if function.value.id in ("np", "numpy", "math") else ""
        else:
            name = function.id if isinstance(function, ast.Name) else ""
        if name in FILLED:
            return number(FILLED[name])
        values = [self.value(a, env) for a in arguments]
        if name == "float" and len(values) == 1:
            return values[0]
        if name == "power" and len(values) == 2:
            return ast.BinOp(values[0], ast.Pow(), values[1])
        if name in ("max", "min") and len(values) > 1:
            made = values[0]
            for other in values[1:]:
                made = ast.Call(ast.Name(f"{name}imum"), [made, other], [])
            return made
        if name in WORDS and not node.keywords:
            return ast.Call(ast.Name(WORDS[name]), values, [])
        raise UntranslatableError(f"line {node.lineno}: {ast.unparse(node)}")

    def input(self, name, key):
        """An entry of an argument that is a mapping."""
        known = self.inputs[name]
        if not (isinstance(key, ast.Constant) and key.value in known):
            raise UntranslatableError(f"{name} has only {' and '.join(repr(k) for k in known)}")
        return known[key.value]

    def attribute(self, name):
        """A state or a parameter of the object."""
        value = getattr(self.owner, name, None)
        if name in self.states:
            return ast.Name(name)
        if isinstance(value, bool) or not isinstance(value, int | float | np.floating):
            raise UntranslatableError(f"self.{name} is {value!r}, and not a number")
        self.parameters[name] = float(value)
        return ast.Name(name)

    def outside(self, name):
        """A number from around the class."""
        value = self.frames[-1][2].get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UntranslatableError(f"'{name}' is not known")
        return number(value)
