"""A fused program: all mechanisms of a population as one readable Python function of one item."""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from gpusyn.translate.pointwise import Pointwise, read_source
from gpusyn.translate.python_source import python_source

DRAW_WORDS = {"normal": 2, "uniform": 1, "chance": 2}  # kinds of random numbers, and how many words each is made of


@dataclass(frozen=True)
class Argument:
    """One input of a program: the variable, the dotted name of what it holds, and where its value lies.

    `kind` is one of
      state      array (n_point, n_item), read and written
      input      array (n_point, n_item), read only
      parameter  a scalar, or an array per item, per sweep point, or both: the simulation knows which
      flag       uint8 array (n_point, n_item), read as a condition
      dt, time   the step and the time at its start, ms
      normal, uniform, chance   one random draw per item and step, from the stream of that dotted name

    `at` is "item", or for synapses "pre" or "post": the array belongs to the neurons at that end.
    """

    variable: str
    path: str
    kind: str
    unit: str = "1"
    at: str = "item"


@dataclass
class Program:
    """What one launch computes for every item.

    `updates` are (variable of the new value, path of the state), `spike` is the variable of the condition that fires,
    `ledger` are (variable of an amount, path of the account), and `watched` the paths that may not become negative.
    """

    name: str
    arguments: list[Argument]
    lines: list[str]
    updates: list[tuple[str, str]]
    functions: dict[str, Pointwise]
    spike: str | None = None
    ledger: list[tuple[str, str]] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)

    @property
    def returned(self) -> list[str]:
        """The variables that the function returns: new states, the spike condition, ledger amounts."""
        fired = [self.spike] if self.spike else []
        return [v for v, _ in self.updates] + fired + [v for v, _ in self.ledger]

    @cached_property
    def source(self) -> str:
        """The fused function as Python text, without the functions that it calls."""
        parameters = ", ".join(a.variable for a in self.arguments)
        body = [f"    {line}" for line in self.lines]
        returned = f"{', '.join(self.returned)}," if self.returned else "()"
        return "\n".join([f"def step_{self.name}({parameters}):", *body, f"    return {returned}", ""])

    @cached_property
    def pointwise(self) -> Pointwise:
        """The fused function in single-assignment form, ready for translation."""
        return read_source(self.source, f"step_{self.name}", dict(self.functions) | lang_words())

    def listing(self) -> str:
        """All functions and the fused program as readable Python."""
        parts = [python_source(f) for f in in_order(self.pointwise.calls)]
        return "\n\n".join([*parts, self.source])


def lang_words() -> dict:
    """The words of `gpusyn.lang` by name."""
    from gpusyn import lang

    return {name: getattr(lang, name) for name in [*lang.PRIMITIVES, "exprel"]}


def in_order(functions: dict[str, Pointwise]) -> list[Pointwise]:
    """Every function after those that it calls, callees of callees included."""
    ordered: dict[str, Pointwise] = {}

    def visit(function):
        for callee in function.calls.values():
            visit(callee)
        ordered.setdefault(function.name, function)

    for function in functions.values():
        visit(function)
    return list(ordered.values())
