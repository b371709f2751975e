"""Read a pointwise function: straight-line Python in the vocabulary of `gpusyn.lang`.

`read(function)` gives a `Pointwise`: single assignments in order, then the results. Loops over constants are unrolled.
Anything else is an `EquationError` at the user's own file, line and column.
"""
from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from dataclasses import dataclass, field, replace
from functools import cache

from gpusyn import lang
from gpusyn.errors import EquationError, nearest

ADVICE = {
    ast.If: "use where(condition, a, b)",
    ast.IfExp: "use where(condition, a, b)",
    ast.While: "a loop must run over constants: for k in range(4)",
    ast.BoolOp: "join conditions with & and |, each in parentheses",
    ast.Not: "write the opposite comparison, or swap the arms of where",
    ast.Attribute: "import the word from gpusyn.lang and call it by its bare name",
    ast.Tuple: "assign one name per line",
    ast.Assign: "assign one name per line",
    ast.Subscript: "an equation sees one item; it has no index",
}
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.BitAnd, ast.BitOr)
WORDS = (*lang.PRIMITIVES, "exprel")
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


@dataclass
class Pointwise:
    """A pointwise function. `keys` is None for one value, else the labels of its several results, in order.

    `calls` are the functions that it calls, by the names that its own text uses for them.
    """

    name: str
    parameters: tuple[str, ...]
    statements: list[tuple[tuple[str, ...], ast.expr]]
    results: list[ast.expr]
    keys: tuple | None = None
    calls: dict[str, Pointwise] = field(default_factory=dict)


@cache
def read(function, name: str | None = None) -> Pointwise:
    """The `Pointwise` of a Python function; `name` replaces its own in generated source.

    Equations given as text (`gpusyn.text_mechanism`) have been read already: their attribute `pointwise` is taken.

    Raises:
        EquationError: the function uses more than the vocabulary; the message shows the line.
    """
    made = getattr(function, "pointwise", None)
    if isinstance(made, Pointwise):
        return replace(made, name=name or made.name)
    return Reader(function, name or function.__name__).read()


def read_source(text: str, name: str, scope: dict) -> Pointwise:
    """The `Pointwise` of generated source `text`, whose free names are looked up in `scope`."""
    return Reader.of_text(text, name, scope).read()


def without_sign(node: ast.expr) -> ast.expr:
    """A signed constant as one constant: targets look at constant exponents."""
    match node:
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant(value=int() | float() as value)):
            return ast.copy_location(ast.Constant(-value if isinstance(node.op, ast.USub) else value), node)
    return node


class Reader:
    """Reads one function: every node is checked, and what is not in the vocabulary fails at its line and column."""

    def __init__(self, function, name):
        self.function, self.name = function, name
        self.scope = inspect.getclosurevars(function).globals | inspect.getclosurevars(function).nonlocals
        try:
            lines, self.first_line = inspect.getsourcelines(function)
        except (OSError, TypeError):
            raise EquationError(
                f"{function.__qualname__}: its source cannot be read; define it in a file, not at the prompt"
            ) from None
        self.file = inspect.getsourcefile(function)
        self.text = textwrap.dedent("".join(lines))
        self.indent = len(lines[0]) - len(lines[0].lstrip())

    @classmethod
    def of_text(cls, text, name, scope):
        """A reader of generated source."""
        self = object.__new__(cls)
        self.name, self.scope, self.text, self.file, self.first_line, self.indent = name, scope, text, name, 1, 0
        self.function = None
        return self

    def read(self):
        tree = next(node for node in ast.walk(ast.parse(self.text)) if isinstance(node, ast.FunctionDef))
        self.parameters = tuple(a.arg for a in tree.args.args)
        if tree.args.vararg or tree.args.kwarg or tree.args.defaults:
            self.fail(tree, "arguments bind by name: no *args, no **kwargs, no defaults")
        self.known = {p: p for p in self.parameters}
        self.versions: dict[str, int] = {}
        self.calls: dict[str, Pointwise] = {}
        self.statements, self.results, self.keys = [], None, None
        for node in tree.body:
            self.statement(node)
        if self.results is None:
            self.fail(tree, "a pointwise function ends with return")
        return Pointwise(self.name, self.parameters, self.statements, self.results, self.keys, self.calls)

    def fail(self, node, rule):
        line = self.text.splitlines()[node.lineno - 1]
        caret = " " * node.col_offset + "^"
        where = f"{self.file}, line {self.first_line + node.lineno - 1}"
        raise EquationError(f"{where}: {rule}\n    {line}\n    {caret}")

    def refuse(self, node):
        kind = node.op if isinstance(node, ast.UnaryOp) else node
        advice = next((text for cls, text in ADVICE.items() if isinstance(kind, cls)), "see gpusyn.lang for the words")
        self.fail(node, f"'{type(kind).__name__}' cannot be used in a pointwise function; {advice}")

    def statement(self, node):
        if self.results is not None:
            self.fail(node, "nothing may follow return")
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return  # a docstring
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            return self.assign(node.targets[0], node.value)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            target = ast.copy_location(ast.Name(node.target.id, ast.Load()), node)
            value = ast.copy_location(ast.BinOp(target, node.op, node.value), node)
            return self.assign(node.target, value)
        if isinstance(node, ast.For):
            return self.unroll(node)
        if isinstance(node, ast.Return):
            return self.finish(node)
        self.refuse(node)

    def assign(self, target, value):
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        if not all(isinstance(n, ast.Name) for n in names):
            self.refuse(target)
        if len(names) > 1 and not isinstance(value, ast.Call):
            self.fail(value, "assign one name per line; only a function that returns several values fills several")
        read = self.call(value, len(names)) if len(names) > 1 else self.expression(value)
        self.statements.append((tuple(self.fresh(n.id) for n in names), read))

    def fresh(self, name):
        """A name assigned twice gets a number, so that every name is assigned once."""
        version = self.versions.get(name, 1 if name in self.parameters else 0) + 1
        self.versions[name] = version
        self.known[name] = name if version == 1 else f"{name}_{version}"
        return self.known[name]

    def unroll(self, node):
        call = node.iter
        is_range = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "range"
        if not is_range or node.orelse or not isinstance(node.target, ast.Name):
            self.fail(node, "a loop must run over constants: for k in range(4)")
        read = [self.expression(a) for a in call.args]
        bounds = [b.value for b in read if isinstance(b, ast.Constant) and isinstance(b.value, int)]
        if not 1 <= len(bounds) == len(read) <= 3:
            self.fail(node, "a loop must run over constants: for k in range(4)")
        for k in range(*bounds):
            self.known[node.target.id] = k
            for inner in node.body:
                self.statement(inner)

    def finish(self, node):
        value = node.value
        if isinstance(value, ast.Tuple):
            self.keys, parts = tuple(range(len(value.elts))), value.elts
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict":
            self.keys, parts = tuple(k.arg for k in value.keywords), [k.value for k in value.keywords]
        elif isinstance(value, ast.Dict):
            self.keys, parts = tuple(ast.literal_eval(k) for k in value.keys), value.values
        elif value is None:
            self.fail(node, "return what the function computes")
        else:
            parts = [value]
        self.results = [self.expression(p) for p in parts]

    def expression(self, node):
        match node:
            case ast.Constant() if isinstance(node.value, bool | int | float):
                return self.constant(node, node.value)
            case ast.Name():
                return self.name_of(node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return ast.copy_location(ast.UnaryOp(node.op, self.expression(node.operand)), node)
            case ast.BinOp() if isinstance(node.op, OPERATORS):
                left, right = self.expression(node.left), self.expression(node.right)
                right = without_sign(right) if isinstance(node.op, ast.Pow) else right
                return ast.copy_location(ast.BinOp(left, node.op, right), node)
            case ast.Compare() if len(node.ops) == 1 and isinstance(node.ops[0], COMPARISONS):
                left, right = self.expression(node.left), self.expression(node.comparators[0])
                return ast.copy_location(ast.Compare(left, node.ops, [right]), node)
            case ast.Compare():
                self.fail(node, "compare two things at a time: (a < b) & (b < c)")
            case ast.Call(func=ast.Name()):
                return self.call(node)
        self.refuse(node)

    def name_of(self, node):
        if node.id in self.known:
            value = self.known[node.id]
            new = ast.Constant(value) if isinstance(value, int) else ast.Name(value, ast.Load())
            return ast.copy_location(new, node)
        value = self.scope.get(node.id)
        if isinstance(value, int | float):
            return self.constant(node, value)
        self.fail(node, f"'{node.id}' is not an argument or a constant{nearest(node.id, self.known)}")

    def constant(self, node, value):
        if not abs(value) <= sys.float_info.max:  # C has no literal for infinity or NaN
            self.fail(node, f"{value} cannot be a constant of an equation; it must be a finite number")
        return ast.copy_location(ast.Constant(value), node)

    def call(self, node, n_result=1):
        """A call of a word or of another pointwise function, which must return `n_result` values."""
        if not isinstance(node.func, ast.Name):
            self.refuse(node.func)
        name, callee = node.func.id, self.scope.get(node.func.id)
        if node.keywords:
            self.fail(node, "call with plain arguments, without keywords")
        arguments = [self.expression(a) for a in node.args]
        wanted = lang.PRIMITIVES.get(name) if callee is getattr(lang, name, self) else None
        if wanted is None:
            callee = callee if isinstance(callee, Pointwise) else self.pointwise(node, callee)
            name, wanted = self.known_as(callee), len(callee.parameters)
        if len(arguments) != wanted:
            self.fail(node, f"{name} takes {wanted} arguments, not {len(arguments)}")
        returned = len(callee.keys) if isinstance(callee, Pointwise) and callee.keys is not None else 1
        if returned != n_result:
            self.fail(node, f"{name} returns {returned} values; assign them to as many names on a line of their own")
        return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), arguments, []), node)

    def known_as(self, callee):
        """The name of a function in this one's text; of two with one name, the second gets a number."""
        name, number = callee.name, 2
        while self.calls.get(name, callee) is not callee:
            name, number = f"{callee.name}_{number}", number + 1
        self.calls[name] = callee
        return name

    def pointwise(self, node, callee):
        name = node.func.id
        own = callee is lang.exprel
        if not own and (name in WORDS or getattr(callee, "__name__", "") in WORDS):
            word = name if name in WORDS else callee.__name__
            self.fail(node, f"'{word}' is a word of gpusyn.lang, but here it is something else; import the word "
                            "from gpusyn.lang by its own name, or give your function another")
        if not inspect.isfunction(callee):
            self.fail(node, f"'{name}' is not a word of gpusyn.lang{nearest(name, WORDS)}")
        return read(callee)
