"""How a program's arguments lie in memory: what turns a variable into an indexed load."""
from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import ClassVar

from gpusyn.program import DRAW_WORDS, Argument, Program
from gpusyn.translate.flat import flatten
from gpusyn.translate.pointwise import Pointwise

# How a parameter's values vary, by the shape of its array (n_point or 1, n_item or 1).
SCALAR, POINT, SITE, ITEM = "scalar", "point", "site", "item"
RECIPROCAL = "_reciprocal"  # ends the variable, and the path, of 1 / parameter


@dataclass(frozen=True)
class Slot:
    """One argument of a compiled program: the argument of the equations, and how its value varies over items."""

    argument: Argument
    varies: str

    @property
    def array(self) -> str:
        """The name of the array (or scalar) that holds the values."""
        return f"{self.argument.variable}_at"


@dataclass(frozen=True)
class Layout:
    """A program together with how each parameter varies; the order of `slots` is that of the compiled arguments.

    `block` is how many items a laptop's core takes at once, 0 for what suits any items.
    """

    program: Program
    slots: tuple[Slot, ...]
    block: int = field(default=0, kw_only=True)
    leading: ClassVar[tuple[str, ...]] = ("n_step", "n_point", "n_item", "dt_ms")  # arguments before the slots

    def shared(self, slot: Slot) -> bool:
        """Whether a slot's value is the same for all items that a loop runs over."""
        return slot.varies in (SCALAR, POINT)

    @property
    def draws(self) -> list[Argument]:
        """The arguments that are random numbers."""
        return [a for a in self.program.arguments if a.kind in DRAW_WORDS]

    @property
    def ends(self) -> list[str]:
        """The ends of a synapse ("pre", "post") whose neurons the program reads."""
        return sorted({s.argument.at for s in self.slots} - {"item"})

    def trailing(self) -> list[str]:
        """Names of the arguments after the slots, in order."""
        spike = ["spike_at", "spike_count"] if self.program.spike else []
        ledger = [f"ledger_{i}" for i in range(len(self.program.ledger))]
        draws = ["seeds", *(f"stream_{a.variable}" for a in self.draws)] if self.draws else []
        ends = [name for end in self.ends for name in (f"{end}_index", f"n_{end}")]
        return [*ends, *spike, *ledger, *draws]


def lay_out(program: Program, varies: dict[str, str], reciprocals: bool = False) -> Layout:
    """The layout of a program whose parameter at path p varies as ``varies[p]`` (a scalar if not listed).

    Args:
        reciprocals: of parameters that differ from item to item and are divided by, pass the reciprocals as well.
    """
    slots: list[Slot] = []
    for argument in program.arguments:
        if argument.kind in ("dt", "time", *DRAW_WORDS):
            continue
        slots.append(Slot(argument, varies.get(argument.path, SCALAR) if argument.kind == "parameter" else ITEM))
    return Layout(program, tuple(slots + (reciprocal_slots(program, slots) if reciprocals else [])))


def reciprocal_slots(program: Program, slots: list[Slot]) -> list[Slot]:
    """The slots of reciprocals of parameters per item that the program divides by."""
    by_item = {s.argument.variable: s for s in slots if s.argument.kind == "parameter" and s.varies in (SITE, ITEM)}
    found = divisors(flatten(program.pointwise)) & set(by_item) if by_item else set()
    return [Slot(replace(s.argument, variable=f"{v}{RECIPROCAL}", path=f"{s.argument.path}{RECIPROCAL}"), s.varies)
            for v, s in by_item.items() if v in found]


def divisors(function: Pointwise) -> set[str]:
    """The names that a flat function divides by."""
    values = [*(value for _, value in function.statements), *function.results]
    return {node.right.id for value in values for node in ast.walk(value)
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.right, ast.Name)}


def uses(program: Program, kind: str) -> bool:
    """Whether the program has an argument of this kind."""
    return any(a.kind == kind for a in program.arguments)
