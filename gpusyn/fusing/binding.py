"""How names bind: which variable holds a quantity as an equation of one member sees it.

An equation's argument is a quantity of its own mechanism, else of the cell, else of the one other mechanism that has
it, else an input of the population.
"""
from __future__ import annotations

from dataclasses import dataclass

from gpusyn.errors import ModelError, nearest
from gpusyn.fusing.equations import gate_derivative
from gpusyn.fusing.text import ProgramText
from gpusyn.mechanism import Mechanism
from gpusyn.modulation import modulators
from gpusyn.program import DRAW_WORDS
from gpusyn.quantities import SPIKES, Given, Output, Parameter, State, path_of
from gpusyn.translate.pointwise import Pointwise, read
from gpusyn.translate.reserved import IN_STEP, free_name

Name = tuple[str, str]  # (member, quantity); the cell is the member ""


@dataclass
class Values:
    """Which variable holds each quantity at one moment of the step."""

    variables: dict[Name, str]


class Binding(ProgramText):
    """The text of a program that knows the members of its population and finds what their equations read.

    Args:
        name: of the population; the first part of every dotted name.
        members: mechanisms by name; "" is the cell, if there is one.
        inputs: arrays that equations may read: name -> (path, unit).
        only: states to advance (their `at`); others are read through an index ("pre", "post") in synapses.

    Attributes:
        old: the states at the start of the step, and what has been computed from them.
        advancing: the states, as (member, name).
    """

    def __init__(self, name, members: dict[str, Mechanism], inputs: dict[str, tuple[str, str]], only="item"):
        super().__init__(name)
        self.members, self.inputs, self.only = members, inputs, only
        self.modulators = modulators(name, members)
        self.old = Values({})
        for member, mechanism in members.items():
            for state in self.states(mechanism):
                self.old.variables[member, state.name] = self.own(member, state, "state")
        self.advancing = frozenset(self.old.variables)

    # names -----------------------------------------------------------------------------------------------------

    def variable(self, member: str, name: str) -> str:
        """What a quantity is called in the program."""
        return free_name(f"{member}_{name}" if member else name, IN_STEP)

    def path(self, member: str, name: str) -> str:
        """The dotted name of a quantity."""
        return path_of(self.name, member, name)

    def own(self, member: str, quantity, kind: str, at="item") -> str:
        """The argument that holds a quantity of a member."""
        name = quantity.name
        return self.argument(self.variable(member, name), self.path(member, name), kind, quantity.unit, at)

    def states(self, mechanism: Mechanism) -> list[State]:
        """The states of a mechanism that this program advances."""
        return [q for q in mechanism.quantities.values() if isinstance(q, State) and q.at == self.only]

    def has_equation(self, member: str, name: str) -> bool:
        """Whether there is such a member and its mechanism has this equation."""
        return member in self.members and name in type(self.members[member]).functions

    def equation(self, member: str, name: str) -> Pointwise:
        """An equation of a member's mechanism; gates have derivatives too."""
        cls = type(self.members[member])
        if name.startswith("d_") and f"{name[2:]}_rates" in cls.functions:
            return gate_derivative(cls, name[2:])
        return read(cls.functions[name], f"{cls.__name__}_{name}")

    # values ----------------------------------------------------------------------------------------------------

    def values_of(self, pointwise: Pointwise, member: str, at: Values) -> list[str]:
        """The variables of a function's arguments, as `member` sees them."""
        return [self.find(member, parameter, at) for parameter in pointwise.parameters]

    def find(self, member: str, name: str, at: Values) -> str:
        """The variable that holds `name` as an equation of `member` sees it, computed now if need be."""
        quantity = self.members[member].quantities.get(name)
        if name.endswith("_before") and quantity is None:
            return self.old.variables[member, name.removesuffix("_before")]
        if (member, name) in at.variables:
            return at.variables[member, name]
        if name == "t" and quantity is None:
            return self.argument("t", "t", "time", "ms")
        if isinstance(quantity, Parameter):
            variable = self.modulated(member, name, self.own(member, quantity, "parameter"), at)
            return self.known(member, name, variable, at)
        if isinstance(quantity, State):  # of the neuron at the other end of a synapse
            return self.own(member, quantity, "input", quantity.at)
        if isinstance(quantity, Output):
            variable = self.compute(member, quantity, at)
        else:
            assert isinstance(quantity, Given)  # an equation that asks for anything else is refused with its class
            variable = self.modulated(member, name, self.find_given(member, quantity, at), at)
        return self.known(member, name, variable, at)

    def known(self, member: str, name: str, variable: str, at: Values) -> str:
        """The variable, kept so that it is computed once."""
        at.variables[member, name] = variable
        return variable

    def modulated(self, member: str, name: str, value: str, at: Values) -> str:
        """The variable of a quantity as its modulators leave it (`gpusyn.modulation`)."""
        acting = self.modulators.get((member, name), ())
        added = [self.find(m, "addition", at) for m in acting if "addition" in self.members[m].quantities]
        if not acting:
            return value
        changed = " + ".join([value, *added])
        gain = self.gain(member, name, at)
        if gain is not None:
            changed = f"({changed}) * {gain}" if added else f"{changed} * {gain}"
        return self.let(self.unused(f"{self.variable(member, name)}_modulated"), changed)

    def gain(self, member: str, name: str, at: Values) -> str | None:
        """The product of what modulates a quantity; None if nothing does."""
        acting = self.modulators.get((member, name), ())
        gains = [self.find(m, "gain", at) for m in acting if "gain" in self.members[m].quantities]
        return " * ".join(gains) if gains else None

    def compute(self, member: str, quantity: Output, at: Values) -> str:
        """The variable of an output, computed from the values `at`."""
        pointwise = self.equation(member, quantity.name)
        values = self.values_of(pointwise, member, at)
        return self.let(self.unused(self.variable(member, quantity.name)), self.call(pointwise, values))

    def find_given(self, member: str, quantity: Given, at: Values) -> str:
        """The variable of a given: a total, a draw, another member's quantity, an input, or its default."""
        if quantity.kind == "total":
            return self.total(member, quantity, at)
        if quantity.kind == "noise" or quantity.kind in DRAW_WORDS:
            return self.draw(member, quantity)
        target = self.binding(member, quantity)
        if target is not None:
            return self.find(*target, at)
        found = self.input_for(member, quantity)
        if found is not None:
            path, unit = self.inputs[found]
            kind = "flag" if unit == SPIKES else "input"
            return self.argument(self.variable("", found), path, kind, quantity.unit, quantity.at)
        default = self.default_of(member, quantity)
        if default is not None:
            return repr(float(default))
        raise ModelError(self.missing(member, quantity) + self.nearest_to(self.wanted(member, quantity)))

    def wanted(self, member: str, quantity: Given) -> str:
        """The name under which a given is looked for: its own, or what it was bound to."""
        return self.members[member].bindings.get(quantity.name, quantity.name)

    def input_for(self, member: str, quantity: Given) -> str | None:
        """The input that a given reads, by its name or its dotted name; None if there is no such input."""
        wanted = self.wanted(member, quantity)
        return next((name for name, (path, _) in self.inputs.items() if wanted in (name, path)), None)

    def default_of(self, member: str, quantity: Given) -> float | None:
        """What stands for a given that is absent; nothing does if something was named that it is to read."""
        return None if quantity.name in self.members[member].bindings else quantity.default

    def provided(self, member: str, quantity: Given) -> bool:
        """Whether a given has something to read, or a default.

        Raises:
            ModelError: several mechanisms have it.
        """
        if quantity.kind != "given" or self.binding(member, quantity) is not None:
            return True
        return self.input_for(member, quantity) is not None or self.default_of(member, quantity) is not None

    def missing(self, member: str, quantity: Given) -> str:
        """The message that nothing provides what a member needs, to which a suggestion can be appended."""
        place = self.path(member, "").rstrip(".")
        return (f"{place} needs '{self.wanted(member, quantity)}', which nothing in '{self.name}' provides: "
                f"{quantity.meaning}, {quantity.unit}")

    def nearest_to(self, wanted: str) -> str:
        """A suggestion to append to a message: what a given may be bound to."""
        inputs = [path if "." in wanted else name for name, (path, _) in self.inputs.items()]
        own = [path_of(m if "." in wanted else "", n) for m, other in self.members.items() for n in readable(other)]
        return nearest(wanted, [*inputs, *own])

    def binding(self, member: str, quantity: Given) -> Name | None:
        """The member and quantity that a given is bound to, if it is one of this population."""
        wanted = self.wanted(member, quantity)
        if "." in wanted:
            other, _, name = wanted.removeprefix(f"{self.name}.").rpartition(".")
            if other in self.members and name in readable(self.members[other]):
                return other, name
        if "" in self.members and member != "" and wanted in readable(self.members[""]):
            return "", wanted
        owners = [m for m, other in self.members.items() if m not in ("", member) and wanted in readable(other)]
        if len(owners) > 1 and wanted not in self.inputs:
            names = " or ".join(f"'{self.path(o, wanted)}'" for o in owners)
            place = self.path(member, quantity.name)
            raise ModelError(f"{place}: several mechanisms have '{wanted}'; bind it to {names}")
        return (owners[0], wanted) if len(owners) == 1 else None

    def summed(self, quantity: Given) -> list[Name]:
        """The outputs that a total adds up."""
        return [(member, quantity.sums) for member, mechanism in self.members.items()
                if isinstance(mechanism.quantities.get(quantity.sums), Output)]

    def total(self, member: str, quantity: Given, at: Values) -> str:
        """The variable of a total: outputs of members, and inputs whose path ends with their name."""
        terms = [self.find(*name, at) for name in self.summed(quantity)]
        terms += [self.argument(f"{name}_{quantity.sums}", path, "input", quantity.unit)
                  for name, (path, _) in self.inputs.items() if path.endswith(f".{quantity.sums}")]
        if not terms:
            return "0.0"
        return self.let(self.unused(self.variable(member, quantity.name)), " + ".join(terms))

    def draw(self, member: str, quantity: Given) -> str:
        """The variable of a random draw; white noise is scaled to the step."""
        kind = "normal" if quantity.kind == "noise" else quantity.kind
        variable = self.argument(self.variable(member, quantity.name), self.path(member, quantity.name), kind)
        if quantity.kind != "noise":
            return variable
        return self.let(self.unused(f"{variable}_now"), f"{variable} / sqrt({self.dt()})")


def spiking_member(members: dict[str, Mechanism]) -> str | None:
    """The member that says when a population spikes: the cell, else the first that does; None if none does."""
    return next((m for m, mechanism in members.items() if "spikes" in type(mechanism).functions), None)


def readable(mechanism: Mechanism) -> list[str]:
    """What others may read of a mechanism: states and outputs."""
    return [n for n, q in mechanism.quantities.items() if isinstance(q, State | Output)]
