"""What one time step does, as data: an ordered list of calls that every backend can run, capture or compile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gpusyn.translate.layout import Layout


@dataclass
class Call:
    """One operation of a step.

    `operation` is the name of a structural operation or a `Layout` (a generated program). `args` are arrays and numbers
    in the operation's order, after the step. A structural operation that `swaps` is passed both halves of its `Paired`
    arguments, a program that does the front of each; then they change roles. Calls of one `part` of the model that have
    `tasks` (0: no such division) divide their items alike into so many, and no task of one touches what another task of
    any reads or writes; except of a call that `waits`: it begins when all tasks of the calls before it in the step have
    ended.
    """

    operation: Any
    args: list = field(default_factory=list)
    swaps: bool = False
    tasks: int = 0
    part: str = ""
    waits: bool = False

    @property
    def name(self) -> str:
        """The operation's name, for messages and for looking it up."""
        if isinstance(self.operation, str):
            return self.operation
        return f"step_{self.operation.program.name}"

    @property
    def generated(self) -> bool:
        """Whether this call runs a generated program."""
        return isinstance(self.operation, Layout)
