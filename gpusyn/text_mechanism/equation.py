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
import math
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from gpusyn import constants
from gpusyn.errors import nearest
from gpusyn.program import lang_words
from gpusyn.text_mechanism.nodes import constant_value, is_condition, size_of
from gpusyn.text_mechanism.parsing import fail_at, parsed, without_indent
from gpusyn.translate.pointwise import WORDS, Pointwise, Reader, without_sign

CONSTANTS = {"pi": math.pi} | {name: value for name, value in vars(constants).items() if name.isupper()}
ADVICE = {
    ast.BitXor: "write a power as x**2",
    ast.Mod: "write x - n * floor(x / n)",
    ast.FloorDiv: "write floor(x / n)",
    ast.Invert: "write not",
    ast.IfExp: "use where(condition, a, b)",
    ast.Attribute: "names have no dots here; bind a given to a dotted name where the mechanism is used",
    ast.Subscript: "an equation sees one item; it has no index",
    ast.Constant: "write a number, a name or a call",
    ast.NamedExpr: "assign on a line of its own: x = ...",
}
OPPOSITE = {ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
FORM = "an equation is an expression, or lines such as x = ... followed by one"
LARGEST_POWER = 10_000
LARGEST = 20_000  # operations of an equation, those of the functions that it calls counted at every call


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


class EquationReader(Reader):
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
        self.n_operation = 0

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

    def _free(self, wanted):
        """A name that nothing in the function has; texts that are read together may use the same one."""
        name, number = wanted, 2
        while name in self.assigned or name in self.declared or name in self.functions:
            name, number = f"{wanted}_{number}", number + 1
        self.assigned.add(name)
        return name

    def fail(self, node, rule):
        """Raise with the place in the text."""
        fail_at(self.text, node, rule)

    def refuse(self, node):
        """Raise for what equations cannot be made of."""
        kind = node.op if isinstance(node, ast.UnaryOp | ast.BinOp) else node
        advice = next((text for cls, text in ADVICE.items() if isinstance(kind, cls)), "see gpusyn.lang for the words")
        what = repr(node.value) if isinstance(node, ast.Constant) else f"'{type(kind).__name__}'"
        self.fail(node, f"{what} cannot be used in an equation; {advice}")

    # expressions -------------------------------------------------------------------------------------------------

    def expression(self, node):
        """The checked form of an expression."""
        self.n_operation += 1
        match node:
            case ast.BoolOp():
                return self._joined(node, [self._condition(one) for one in node.values])
            case ast.UnaryOp(op=ast.Not()):
                return self._opposite(node.operand)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return ast.copy_location(ast.UnaryOp(node.op, self._number(node.operand)), node)
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
                both = self._condition(node.left), self._condition(node.right)
                return ast.copy_location(ast.BinOp(both[0], node.op, both[1]), node)
            case ast.BinOp(op=ast.Pow()):
                base, exponent = self._number(node.left), self._exponent(node.right)
                return self._finite(ast.copy_location(ast.BinOp(base, node.op, exponent), node))
            case ast.BinOp() if isinstance(node.op, ARITHMETIC):
                both = self._number(node.left), self._number(node.right)
                return self._finite(ast.copy_location(ast.BinOp(both[0], node.op, both[1]), node))
            case ast.Compare():
                return self._compared(node)
            case ast.Call() if not isinstance(node.func, ast.Name):
                self.refuse(node.func)
            case ast.Name() | ast.Constant() | ast.Call():
                return super().expression(node)
        self.refuse(node)

    def constant(self, node, value):
        """A constant of the model's real type."""
        if isinstance(value, bool):
            self.fail(node, "write a comparison instead of True or False, or 1 or 0")
        if not abs(value) <= sys.float_info.max:
            self.fail(node, "this number is too large")
        return super().constant(node, float(value))

    def name_of(self, node):
        """A quantity, an intermediate value or a constant."""
        name = node.id
        if name in self.known:
            return ast.copy_location(ast.Name(self.known[name], ast.Load()), node)
        if name in self.declared:
            self.arguments[name] = name
            return ast.copy_location(ast.Name(name, ast.Load()), node)
        if name in CONSTANTS:
            return ast.copy_location(ast.Constant(CONSTANTS[name]), node)
        if name in self.scope:
            self.fail(node, f"'{name}' is a function; call it: {name}(...)")
        self.fail(node, f"'{name}' is not declared{nearest(name, [*self.declared, *self.known, *CONSTANTS])}")

    def call(self, node, n_result=1):
        """A call of a word or function, whose arguments are numbers, but for the condition of `where`."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name and name not in self.scope:
            self.fail(node, f"'{name}' is not a word of equations{nearest(name, self.scope)}")
        made = super().call(node, n_result)
        for number, (written, argument) in enumerate(zip(node.args, made.args, strict=True)):
            self._require(written, argument, condition=name == "where" and number == 0)
        callee = self.calls.get(made.func.id)
        self.n_operation += 0 if callee is None else size_of(callee)
        return made

    def _compared(self, node):
        ends = [self._number(one) for one in (node.left, *node.comparators)]
        pairs = []
        for left, op, right in zip(ends[:-1], node.ops, ends[1:], strict=True):
            if type(op) not in OPPOSITE:
                self.fail(node, f"'{type(op).__name__}' cannot be used in an equation; see gpusyn.lang for the words")
            pairs.append(ast.copy_location(ast.Compare(left, [op], [right]), node))
        return self._joined(node, pairs)

    def _joined(self, node, conditions):
        op = ast.BitOr() if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) else ast.BitAnd()
        made = conditions[0]
        for one in conditions[1:]:
            made = ast.copy_location(ast.BinOp(made, op, one), node)
        return made

    def _opposite(self, node):
        """Not a condition: of a comparison the opposite one, of others by De Morgan's rules."""
        match node:
            case ast.UnaryOp(op=ast.Not()):
                return self._condition(node.operand)
            case ast.BoolOp():
                op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                other = ast.copy_location(ast.BoolOp(op, node.values), node)
                return self._joined(other, [self._opposite(one) for one in node.values])
        made = self._condition(node)
        if isinstance(made, ast.Compare):
            return ast.copy_location(ast.Compare(made.left, [OPPOSITE[type(made.ops[0])]()], made.comparators), node)
        number = ast.Call(ast.Name("where", ast.Load()), [made, ast.Constant(0.0), ast.Constant(1.0)], [])
        return ast.copy_location(ast.Compare(number, [ast.Gt()], [ast.Constant(0.5)]), node)

    def _exponent(self, node):
        """An exponent; a whole constant stays whole, so that targets multiply."""
        made = without_sign(self._number(node))
        if isinstance(made, ast.Constant) and made.value.is_integer():
            if abs(made.value) > LARGEST_POWER:
                self.fail(node, f"the exponent {made.value:g} is too large; {LARGEST_POWER} at most")
            return ast.copy_location(ast.Constant(int(made.value)), node)
        return made

    # numbers and conditions --------------------------------------------------------------------------------------

    def is_condition(self, node: ast.expr) -> bool:
        """Whether a checked expression is a condition."""
        match node:
            case ast.Name():
                return node.id in self.conditions
            case ast.Call():
                return node.func.id in self.conditions
        return is_condition(node)

    def _number(self, node):
        return self._require(node, self.expression(node), condition=False)

    def _condition(self, node):
        return self._require(node, self.expression(node), condition=True)

    def _require(self, written, made, condition):
        if condition and not self.is_condition(made):
            self.fail(written, "this is a number where a condition is needed; write a comparison, such as x > 0")
        if not condition and self.is_condition(made):
            self.fail(written, "this is a condition where a number is needed; write where(condition, 1, 0)")
        if self.n_operation > LARGEST:
            self.fail(written, f"more than {LARGEST} operations, those of functions counted at every call")
        return made

    def _finite(self, node):
        """Refuse what only constants make if it is no finite number: Python would stop where NumPy goes on."""
        found = constant_value(node)
        if found is not None and not math.isfinite(found):
            self.fail(node, "this is not a finite number")
        return node
