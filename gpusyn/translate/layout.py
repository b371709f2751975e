"""How a program's arguments lie in memory: what turns a variable into an indexed load."""
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gpusyn.program import DRAW_WORDS, Argument, Program

# How a parameter's values vary, by the shape of its array (n_point or 1, n_item or 1).
SCALAR, POINT, SITE, ITEM = "scalar", "point", "site", "item"


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
    """A program together with how each parameter varies; the order of `slots` is that of the compiled arguments."""

    program: Program
    slots: tuple[Slot, ...]
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


def lay_out(program: Program, varies: dict[str, str]) -> Layout:
    """The layout of a program whose parameter at path p varies as ``varies[p]`` (a scalar if not listed)."""
    slots = []
    for argument in program.arguments:
        if argument.kind in ("dt", "time", *DRAW_WORDS):
            continue
        slots.append(Slot(argument, varies.get(argument.path, SCALAR) if argument.kind == "parameter" else ITEM))
    return Layout(program, tuple(slots))


def uses(program: Program, kind: str) -> bool:
    """Whether the program has an argument of this kind."""
    return any(a.kind == kind for a in program.arguments)
