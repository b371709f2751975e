"""The text of a program under construction: its arguments, its lines, and the functions that the lines call."""
from __future__ import annotations

from dataclasses import replace

from gpusyn import lang
from gpusyn.errors import ModelError
from gpusyn.program import Argument
from gpusyn.translate.pointwise import Pointwise, read
from gpusyn.translate.renaming import with_callees


class ProgramText:
    """Lines and arguments of the program of the population `name`; every variable is assigned under a name of its own.

    Attributes:
        arguments: by variable, in the order in which they were asked for.
        lines: assignments, in order.
        functions: what the lines call, by name.
        ledger: (variable of an amount, path of the account).
    """

    def __init__(self, name: str):
        self.name = name
        self.arguments: dict[str, Argument] = {}
        self.lines: list[str] = []
        self.assigned: set[str] = set()
        self.functions: dict[str, Pointwise] = {}
        self.named = {"exprel": read(lang.exprel)}  # functions as they came; lines may use the word without further ado
        self.ledger: list[tuple[str, str]] = []

    def argument(self, variable: str, path: str, kind: str, unit="1", at="item") -> str:
        """The variable, made an argument of the program if it is not one yet.

        Raises:
            ModelError: another path has this variable already.
        """
        known = self.arguments.get(variable)
        if known and known.path != path:
            raise ModelError(f"{self.name}: '{known.path}' and '{path}' would both be called {variable}; rename one")
        if known is None:
            self.refuse_second(variable, self.assigned)
            self.arguments[variable] = Argument(variable, path, kind, unit, at)
        return variable

    def refuse_second(self, variable, taken):
        """Raise a `ModelError` if a name that the program is about to use means something else already."""
        if variable in taken:
            raise ModelError(f"{self.name}: '{variable}' is also what the program calls a value of its own; rename it")

    def dt(self) -> str:
        """The variable of the time step, ms."""
        return self.argument("dt", "dt", "dt", "ms")

    def let(self, name: str, value: str) -> str:
        """Append ``name = value``; gives back the name."""
        for part in name.split(", "):
            self.refuse_second(part, self.arguments)
            self.assigned.add(part)
        self.lines.append(f"{name} = {value}")
        return name

    def unused(self, wanted: str) -> str:
        """A variable that is not assigned yet: `wanted`, with a number if need be."""
        number, name = 2, wanted
        while name in self.assigned or name in self.arguments:
            name, number = f"{wanted}_{number}", number + 1
        return name

    def function(self, pointwise: Pointwise) -> Pointwise:
        """Make a function and all that it calls known to the program; a second one of a name gets a number."""
        name, number = pointwise.name, 2
        while self.named.get(name, pointwise) != pointwise:
            name, number = f"{pointwise.name}_{number}", number + 1
        if name not in self.functions:
            self.named[name] = pointwise
            callees = {known_as: self.function(callee) for known_as, callee in pointwise.calls.items()}
            self.functions[name] = replace(with_callees(pointwise, callees), name=name)
        return self.functions[name]

    def call(self, pointwise: Pointwise, values: list[str]) -> str:
        """The text of a call."""
        return f"{self.function(pointwise).name}({', '.join(values)})"

    def unpack(self, names: list[str], pointwise: Pointwise, values: list[str]) -> list[str]:
        """Assign the results of a function to variables; a lone result of several is returned bare."""
        if len(names) == 1 and pointwise.keys is not None:
            pointwise = replace(pointwise, keys=None)
        self.let(", ".join(names), self.call(pointwise, values))
        return names
