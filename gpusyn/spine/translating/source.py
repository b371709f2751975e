"""The source of methods, and the expressions in it."""
from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any


class UntranslatableError(Exception):
    """Why something cannot become a mechanism."""


def number(value) -> ast.expr:
    """A number as an expression."""
    return ast.parse(repr(float(value)), mode="eval").body


def expression(text: str) -> ast.expr:
    """A text as an expression."""
    return ast.parse(text, mode="eval").body


def names_in(text: str) -> set[str]:
    """The names in an expression."""
    return {node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)}


def source_of(owner: Any, method: str) -> ast.FunctionDef:
    """The definition of an object's method.

    Raises:
        UntranslatableError: it cannot be read, or is no plain method.
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(getattr(type(owner), method))))
    except (AttributeError, OSError, SyntaxError, TypeError) as error:
        raise UntranslatableError(f"the source of {method} cannot be read: {error}") from error
    if not isinstance(tree.body[0], ast.FunctionDef):
        raise UntranslatableError(f"{method} is no plain method")
    return tree.body[0]


def assigned(owner: Any, method: str) -> list[str]:
    """The attributes of an object that a method gives values."""
    definition = source_of(owner, method)
    own = definition.args.args[0].arg
    return sorted({node.attr for node in ast.walk(definition)
                   if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
                   and isinstance(node.value, ast.Name) and node.value.id == own})
