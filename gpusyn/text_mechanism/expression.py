"""Expressions of equations given as text: the checked form of every node, numbers and conditions kept apart."""

from __future__ import annotations

import ast
import math
import sys

from gpusyn import constants
from gpusyn.errors import nearest
from gpusyn.text_mechanism.nodes import constant_value, is_condition, size_of
from gpusyn.text_mechanism.parsing import fail_at
from gpusyn.translate.pointwise import Reader, without_sign

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
LARGEST_POWER = 10_000
LARGEST = 20_000  # operations of an equation, those of the functions that it calls counted at every call


class ExpressionReader(Reader):
    """Reads expressions; a subclass says how a text becomes one, and sets these attributes.

    Attributes:
        text: without indent.
        declared: names of quantities; `arguments` are those that have been read, in order.
        known: names of intermediate values, and what the function calls them.
        scope: words and functions by name; `calls` are the functions that are called.
        conditions: names of functions and intermediate values that are conditions.
        values: of the intermediate values that are constants.
        n_operation: how many there are so far, those of functions counted at every call.
    """

    text: str
    declared: set[str]
    arguments: dict[str, str]
    known: dict[str, str]
    conditions: set[str]
    values: dict[str, float]
    n_operation: int

    def fail(self, node, rule):
        """Raise with the place in the text."""
        fail_at(self.text, node, rule)

    def refuse(self, node):
        """Raise for what equations cannot be made of."""
        kind = node.op if isinstance(node, ast.UnaryOp | ast.BinOp) else node
        advice = next((text for cls, text in ADVICE.items() if isinstance(kind, cls)), "see gpusyn.lang for the words")
        what = repr(node.value) if isinstance(node, ast.Constant) else f"'{type(kind).__name__}'"
        self.fail(node, f"{what} cannot be used in an equation; {advice}")

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
        return self._finite(made)

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
        found = constant_value(node, self.values, self.calls)
        if found is not None and not math.isfinite(found):
            self.fail(node, "this is not a finite number, or divides by zero")
        return node
