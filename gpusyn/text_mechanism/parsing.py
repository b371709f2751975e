"""From the text of an equation to Python's syntax tree, with the place in the text where that fails."""

from __future__ import annotations

import ast
import re
import warnings
from typing import NoReturn

from gpusyn.errors import EquationError

LONGEST_TEXT = 4000
DEEPEST = 64  # a sum of so many terms is as deep
TOO_DEEP = f"nested deeper than {DEEPEST} operations; give a part of it a name: x = ..."
ASSIGNMENT = re.compile(r"\w+\s*=(?!=)")
WIDEST = 100  # characters of a line in a message


def without_indent(text: str) -> str:
    """The text without blank lines and without the spaces around its lines, which mean nothing here."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def parsed(text: str) -> list[ast.stmt]:
    """The statements of a text without indent, at least one; an expression may go on from line to line.

    Raises:
        EquationError: it is not Python's syntax, too long, or nested too deeply.
    """
    if len(text) > LONGEST_TEXT:
        raise EquationError(f"{len(text)} characters; {LONGEST_TEXT} at most, so make parts of it outputs")
    body = _tree(text)
    if not body:
        raise EquationError("the equation is empty")
    for statement in body:
        if _depth(statement) > DEEPEST:
            fail_at(text, statement, TOO_DEEP)
    return body


def fail_at(text: str, node, rule: str) -> NoReturn:
    """Raise an `EquationError` with the rule, the line of the text where a node stands, and a caret under it."""
    written = text.splitlines()[node.lineno - 1]
    _fail(written, len(written.encode()[: node.col_offset].decode(errors="ignore")), rule)


def _fail(line, column, rule) -> NoReturn:
    start = max(0, column - WIDEST // 2)
    raise EquationError(f"{rule}\n    {line[start : start + WIDEST]}\n    {' ' * (column - start)}^")


def _tree(text) -> list[ast.stmt]:
    try:
        body = _statements(text)
    except SyntaxError as error:
        body = _over_lines(text)
        if body is None:
            _fail_syntax(text, error)
    several = sum(isinstance(node, ast.Expr) for node in body) > 1
    return (_over_lines(text) or body) if several else body


def _over_lines(text) -> list[ast.stmt] | None:
    """The statements if what follows the last assignment is one expression over several lines; None if it is none."""
    lines = text.splitlines()
    first = max((n for n, line in enumerate(lines, 1) if ASSIGNMENT.match(line)), default=0)
    if not balanced("\n".join(lines[first:])):
        return None
    try:
        body = _statements("\n".join([*lines[:first], "(", *lines[first:], ")"]))
    except SyntaxError:
        return None
    for node in (inner for statement in body for inner in ast.walk(statement)):
        if hasattr(node, "lineno") and node.lineno > first:
            node.lineno = max(1, node.lineno - 1)
    return body


def _statements(text) -> list[ast.stmt]:
    """What Python makes of a text; whatever way it fails in, it is a SyntaxError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text).body
        except (RecursionError, MemoryError):
            raise EquationError(TOO_DEEP) from None
        except ValueError as error:
            raise error if isinstance(error, SyntaxError) else SyntaxError(str(error)) from None


def _fail_syntax(text, error) -> NoReturn:
    lines = text.splitlines()
    line = lines[min(error.lineno or 1, len(lines)) - 1]
    _fail(line, min(max(0, (error.offset or 1) - 1), len(line)), f"this is not an expression: {error.msg}")


def balanced(text: str) -> bool:
    """Whether no parenthesis closes before it opens, so that one more can be put around everything."""
    depth = 0
    for character in text.replace("]", ")").replace("[", "("):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def _depth(tree) -> int:
    level, depth = [tree], 0
    while level:
        depth += 1
        level = [inner for node in level for inner in ast.iter_child_nodes(node)]
    return depth
