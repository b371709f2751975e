"""The programs after the first of a step of trees: the second stage of the midpoint rule, and what ends a step."""
from __future__ import annotations

import re

from gpusyn.fusing.binding import Values
from gpusyn.fusing.equations import Equations
from gpusyn.fusing.flows import inflow
from gpusyn.fusing.trees import TreeFusion
from gpusyn.program import Program


class SecondStage(TreeFusion):
    """The program of the second stage of the midpoint rule: the others stand in the middle of the step already."""

    def second_stage(self, whole) -> Program:
        """The changes of the step, or the states after it, from what the equations say in its middle."""
        at = Values({name: v for name, v in self.old.variables.items() if name in self.advancing})
        for member, names in self.moving.items():
            at.variables |= {(member, name): self.beside(member, name, "middle") for name in names}
        self.middle_of_step = self.let("t_middle", f"{self.clock()} + 0.5 * {self.dt()}")
        for member, names in self.moving.items():
            equations = Equations(self, member, names, at)
            self.last_step(member, names, equations, equations.derivatives(None), whole)
        return Program(f"{self.name}_second", used(self), self.lines, self.extra, self.functions, None, self.ledger, [])

    def last_step(self, member, names, equations, rates, whole) -> None:
        """The changes of a step, or the states after it."""
        for name, rate in zip(names, rates, strict=False):
            change = f"{self.dt()} * ({rate}{inflow(self, member, name, 'middle')})"
            if whole:
                self.move(member, name, f"{self.old.variables[member, name]} + {change}")
            else:
                self.put(member, name, "change", change)
        self.book_rates(member, equations, rates[len(names):])

    def find(self, member, name, at):
        """The variable that holds a quantity; the time is that of the middle."""
        if name == "t" and "t" not in self.members[member].quantities:
            return self.middle_of_step
        return super().find(member, name, at)


def used(fusion) -> list:
    """The arguments of a program that its lines or results mention."""
    words = {word for line in fusion.lines for word in re.findall(r"\w+", line)}
    written = {path for _, path in fusion.extra}
    return [a for a in fusion.arguments.values() if a.variable in words or a.path in written]


class Added(TreeFusion):
    """The program that ends a step: every state moves by its change, and then spikes are seen."""

    def last_stage(self) -> Program:
        """The states with their changes added."""
        for member, names in self.moving.items():
            for name in names:
                self.move(member, name, f"{self.old.variables[member, name]} + {self.beside(member, name, 'change')}")
        return self.ended()

    def ended(self) -> Program:
        """The program as it stands, with spikes and what they do."""
        moved = {path: variable for variable, path in self.extra}
        before = {name: moved.get(self.path(*name), old) for name, old in self.old.variables.items()}
        at = Values({name: variable for name, variable in before.items() if name in self.advancing})
        spike = self.fire(at)
        self.extra += [(variable, self.path(*name)) for name, variable in at.variables.items()
                       if name in before and variable != before[name]]
        return Program(f"{self.name}_moved", used(self), self.lines, self.extra, self.functions, spike)
