"""What can be declared of a name: the classes behind `state`, `parameter` and the other words of a mechanism."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

SPIKES = "spike"  # the unit of flags that say whether something spikes in a step


def path_of(*words: str) -> str:
    """The dotted name of what has these names, one inside the other; the cell's name is empty and left out."""
    return ".".join(word for word in words if word)


@dataclass
class Quantity:
    """What is declared of one name: unit, meaning, and how it comes by its value."""

    unit: str
    meaning: str
    name: str = field(default="", init=False)

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        return self if instance is None else instance.get(self.name)

    def __set__(self, instance, value):
        instance.set(self.name, value)


@dataclass
class State(Quantity):
    """A quantity that the mechanism carries from step to step; `initial` is a number or a parameter's name.

    On a tree, a state that `spreads` flows between neighbouring nodes: the name of the parameter that says how easily,
    and `within` what: the cytosol or the er (um^2/ms), or the membrane (an axial resistivity, Ohm cm).
    """

    initial: float | str = 0.0
    kind: str = "state"  # state, gate, countdown, stopwatch, count or occupancy
    at: str = "item"  # in a synapse: "item" (the synapse), "pre" or "post" (its neurons)
    not_negative: bool = False
    spreads: str = ""
    within: str = ""  # cytosol, er or membrane


@dataclass
class Parameter(Quantity):
    """A quantity that is constant in time: a scalar, or one value per site, per sweep point, or both."""

    default: float = 0.0
    source: str = ""
    low: float = float("-inf")
    high: float = float("inf")


@dataclass
class Given(Quantity):
    """A quantity that comes from elsewhere: a neighbour mechanism, a field, the clock, or random numbers."""

    kind: str = "given"  # given, total, noise, or a kind of draw: normal, uniform, chance
    sums: str = ""  # total: the name of the outputs that are summed
    default: float | None = None
    at: str = "item"


@dataclass
class Option:
    """A choice that is no number, such as what a modulator acts on; equations do not see it."""

    default: Any
    meaning: str
    choices: tuple[Any, ...] = ()
    name: str = field(default="", init=False)

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        return self if instance is None else instance.get(self.name)

    def __set__(self, instance, value):
        instance.set(self.name, value)


@dataclass
class Output(Quantity):
    """A quantity computed from the others in every step; `into` names the concentration that it is a flux into."""

    function: Callable | None = None
    into: str = ""

    def __get__(self, instance, owner):
        return self.function


@dataclass
class Scheme:
    """A Markov scheme: the occupancies of its states sum to one."""

    states: tuple[str, ...]
    meaning: str
    initial: str | dict[str, float] = "steady"
    name: str = field(default="", init=False)

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        return self if instance is None else instance.get(self.name)

    def __set__(self, instance, value):
        instance.set(self.name, value)
