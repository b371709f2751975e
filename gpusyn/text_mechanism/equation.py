"""Equations given as text: parsed by Python's own `ast`, held to the words of `gpusyn.lang`, never run as they stand.

A text is an expression, or assignments to intermediate names followed by one:

    unblocked = 1 / (1 + mg * exp(-v / slope)); conductance * r * unblocked * (v - reversal_potential)

It may use what equations in Python may, and also ``and``, ``or``, ``not`` and ``a < b < c``. Numbers and conditions are
kept apart, every name is assigned once, and what only constants make must be a finite number: a text that passes can be
computed on every backend.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from gpusyn.program import lang_words
from gpusyn.text_mechanism.expression import CONSTANTS, ExpressionReader
from gpusyn.text_mechanism.nodes import constant_value
from gpusyn.text_mechanism.parsing import parsed, without_indent
from gpusyn.translate.pointwise import WORDS, Pointwise

FORM = "an equation is an expression, or lines such as x = ... followed by one"


class TextEquation:
    """An equation in its checked form; it can be called with NumPy arrays, like an equation of a class."""

    def __init__(self, pointwise: Pointwise, meaning: str):
        self.pointwise, self.__doc__, self.__name__ = pointwise, meaning, pointwise.name
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in pointwise.parameters])

    def __call__(self, *values: Any, **named: Any) -> Any:
        from gpusyn.backends.numpy_ import compile_functions

        function = compile_functions({self.pointwise.name: self.pointwise})[self.pointwise.name]
        found = function(*values, **named)
        keys = self.pointwise.keys
        return found if keys is None or isinstance(keys[0], int) else dict(zip(keys, found, strict=True))


class EquationReader(ExpressionReader):
    """Reads texts one after another into one pointwise function; each gives one result.

    Args:
        name: of the function.
        declared: names that the texts may read; arguments are those that they do.
        functions: what they may call beside the words of `gpusyn.lang`.
        conditions: the names of those functions that give a condition.

    Every method that reads a text raises an `EquationError` whose message is the rule, the line and a caret.
    """

    def __init__(
        self, name: str, declared: Iterable[str], functions: Mapping[str, Pointwise] | None = None,
        conditions: Iterable[str] = (),
    ):  # fmt: skip
        self.name, self.declared, self.functions = name, set(declared), dict(functions or {})
        self.scope = lang_words() | self.functions
        self.statements, self.calls, self.arguments = [], {}, {}
        self.assigned: set[str] = set()
        self.conditions = {self.functions[name].name for name in conditions}  # of functions and intermediate values
        self.known: dict[str, str] = {}
        self.values, self.n_operation = {}, 0

    def number_of(self, text: str) -> ast.expr:
        """The result of a text that computes a number."""
        return self._number(self._last(text))

    def condition_of(self, text: str) -> ast.expr:
        """The result of a text that is a condition."""
        return self._condition(self._last(text))

    def any_of(self, text: str) -> ast.expr:
        """The result of a text."""
        return self.expression(self._last(text))

    def function(self, results: list[ast.expr], keys: tuple | None = None) -> Pointwise:
        """What has been read as a function of these results."""
        return Pointwise(self.name, tuple(self.arguments), self.statements, results, keys, self.calls)

    def let(self, wanted: str, value: ast.expr) -> ast.Name:
        """An intermediate name for a value that is used twice."""
        name = self._free(wanted)
        self.statements.append(((name,), value))
        return ast.Name(name, ast.Load())

    # statements --------------------------------------------------------------------------------------------------

    def _last(self, text) -> ast.expr:
        """Take in all statements of a text but the last, which must be an expression."""
        self.text, self.known = without_indent(text), {}
        body = parsed(self.text)
        for node in body[:-1]:
            self._assignment(node)
        if isinstance(body[-1], ast.Assign):
            self.fail(body[-1], "the last line must be what the equation computes, without an =")
        if not isinstance(body[-1], ast.Expr):
            self.fail(body[-1], FORM)
        return body[-1].value

    def _assignment(self, node):
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if not isinstance(target, ast.Name):
            self.fail(node, FORM)
        name = target.id
        if name in self.declared or name in WORDS or name in self.functions or name in CONSTANTS:
            self.fail(target, f"'{name}' has a meaning already; give the intermediate value another name")
        if name in self.known:
            self.fail(target, f"'{name}' is assigned twice; give every intermediate value a name of its own")
        value = self.expression(node.value)
        self.known[name] = self._free(name)
        self.statements.append(((self.known[name],), value))
        if self.is_condition(value):
            self.conditions.add(self.known[name])
        constant = constant_value(value, self.values, self.calls)
        self.values |= {} if constant is None else {self.known[name]: constant}

    def _free(self, wanted):
        """A name that nothing in the function has; texts that are read together may use the same one."""
        name, number = wanted, 2
        while name in self.assigned or name in self.declared or name in self.functions:
            name, number = f"{wanted}_{number}", number + 1
        self.assigned.add(name)
        return name
