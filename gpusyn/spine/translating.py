"""A user's receptor as a mechanism: its methods are read, not run, and become equations.

`update_state` and `compute_flux` are followed symbolically: every assignment is put into what follows, `if` becomes
`where`. What is left is one expression for each state after a step, and one for the flux. A state s whose value after
a step of dt is s' has the derivative (s' - s) / dt, which forward Euler turns back into s'.
"""
from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism
from gpusyn.spine.units import MS

WORDS = {name: name for name in ("exp", "expm1", "log", "tanh", "sqrt", "sin", "cos", "floor", "where", "clip",
                                 "minimum", "maximum")}
WORDS |= dict.fromkeys(("abs", "absolute", "fabs"), "absolute")
INPUTS = {"pre_data": {"V": "(pre_v * 0.001)", "C": "pre_ca"}, "post_data": {"V": "(v * 0.001)", "C": "ca"}}
GIVENS = {"pre_v": ("mV", "presynaptic potential"), "pre_ca": ("uM", "presynaptic calcium"),
          "v": ("mV", "postsynaptic potential"), "ca": ("uM", "postsynaptic calcium")}
AMPERE = 1e12  # A in pA


class UntranslatableError(Exception):
    """Why a receptor cannot become a mechanism."""


def mechanism_of(receptor: Any, dt: float) -> type[Mechanism]:
    """The class of a mechanism that does what a receptor does; `dt` in s.

    Raises:
        UntranslatableError: the receptor does something that equations cannot.
    """
    from gpusyn.text_mechanism import mechanism_from_text

    receptor.initialize_state(1)
    reader = Reader(receptor)
    after = reader.follow("update_state", {"dt": number(dt)})[0]
    states = sorted(name.removeprefix("self.") for name in after if name.startswith("self."))
    reader.states = states
    after = reader.follow("update_state", {"dt": number(dt)})[0]
    flux = reader.follow("compute_flux", {})[1]
    if flux is None:
        raise UntranslatableError("compute_flux returns nothing")
    texts = {name: ast.unparse(after[f"self.{name}"]) for name in states} | {"flux": ast.unparse(flux)}
    table = {
        "name": type(receptor).__name__, "meaning": f"{type(receptor).__name__}, translated", "integrator": "euler",
        "states": {name: {"unit": "1", "meaning": "state of the receptor", "initial": float(getattr(receptor, name))}
                   for name in states},
        "parameters": {"step": {"default": dt * MS, "unit": "ms", "meaning": "time step"},
                       "weight": {"default": 1.0, "unit": "1", "meaning": "strength; 0 where there is no synapse"}}
        | {name: {"default": value, "unit": "1", "meaning": "parameter of the receptor"}
           for name, value in reader.parameters.items()},
        "givens": {name: {"unit": unit, "meaning": meaning} for name, (unit, meaning) in GIVENS.items()
                   if any(name in names_in(text) for text in texts.values())},
        "equations": {f"d{name}/dt": f"(({texts[name]}) - {name}) / step" for name in states},
        "outputs": {"current_density": {"unit": "pA/um^2", "meaning": "current per area, outward > 0",
                                        "equation": f"weight * {AMPERE!r} * ({texts['flux']})"}},
    }
    try:
        return mechanism_from_text(table)
    except ModelError as error:
        raise UntranslatableError(str(error)) from error


def names_in(text: str) -> set[str]:
    """The names in an expression."""
    return {node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)}


def number(value) -> ast.expr:
    """A number as an expression."""
    return ast.parse(repr(float(value)), mode="eval").body


class Reader:
    """Follows the methods of one receptor."""

    def __init__(self, receptor):
        self.receptor, self.states = receptor, []
        self.parameters: dict[str, float] = {}

    def follow(self, method: str, known: dict[str, ast.expr]):
        """(what each name is after the method, what it returns), as expressions."""
        function = getattr(type(self.receptor), method)
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except (OSError, SyntaxError) as error:
            raise UntranslatableError(f"the source of {method} cannot be read: {error}") from error
        definition = tree.body[0]
        if not isinstance(definition, ast.FunctionDef):
            raise UntranslatableError(f"{method} is no plain method")
        arguments = [a.arg for a in definition.args.args]
        wanted = 4 if method == "update_state" else 3
        if len(arguments) != wanted:
            raise UntranslatableError(f"{method} takes {len(arguments)} arguments, and {wanted} were expected")
        names = dict(zip(arguments[-2:], INPUTS, strict=True))
        self.own, self.inputs = arguments[0], names
        if method == "update_state":
            known = {arguments[1]: known["dt"]}
        self.scope = inspect.getclosurevars(function)
        return self.block(list(definition.body), dict(known))

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
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == self.own:
            return f"self.{node.attr}"
        raise UntranslatableError(f"line {node.lineno}: {ast.unparse(node)} is given a value")

    def value(self, node, env) -> ast.expr:
        """An expression with every name replaced by what it is."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return number(node.value)
        if isinstance(node, ast.Name):
            return env[node.id] if node.id in env else self.outside(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == self.own:
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
        """A function that equations have too."""
        function, arguments = node.func, node.args
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            if function.value.id in self.inputs and function.attr == "get":
                return self.input(function.value.id, arguments[0])
            name = function.attr if function.value.id in ("np", "numpy", "math") else ""
        else:
            name = function.id if isinstance(function, ast.Name) else ""
        values = [self.value(a, env) for a in arguments]
        if name == "float" and len(values) == 1:
            return values[0]
        if name in ("max", "min") and len(values) > 1:
            made = values[0]
            for other in values[1:]:
                made = ast.Call(ast.Name(f"{name}imum"), [made, other], [])
            return made
        if name in WORDS and not node.keywords:
            return ast.Call(ast.Name(WORDS[name]), values, [])
        raise UntranslatableError(f"line {node.lineno}: {ast.unparse(node)}")

    def input(self, name, key):
        """What is on one side: a potential or calcium."""
        known = INPUTS[self.inputs[name]]
        if not (isinstance(key, ast.Constant) and key.value in known):
            raise UntranslatableError(f"{name} has only 'V' and 'C'")
        return ast.parse(known[key.value], mode="eval").body

    def attribute(self, name):
        """A state or a parameter of the receptor."""
        value = getattr(self.receptor, name, None)
        if isinstance(value, bool) or not isinstance(value, int | float | np.floating):
            raise UntranslatableError(f"self.{name} is {value!r}, and not a number")
        if name not in self.states:
            self.parameters[name] = float(value)
        else:
            self.parameters.pop(name, None)
        return ast.Name(name)

    def outside(self, name):
        """A number from around the class."""
        value = {**self.scope.globals, **self.scope.nonlocals}.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UntranslatableError(f"'{name}' is not known")
        return number(value)
