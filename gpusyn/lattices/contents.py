"""What a lattice holds beside its neurons: transmitters and sets of synapses, before there is a model of them."""
from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism


@dataclass
class Channel:
    """A transmitter of a lattice and its field.

    Attributes:
        edges: of the field, as of `Lattice`.
        decay_rate: beside the transmitter's reuptake, 1/ms.
        cleared: sites that are cleared in every step, bool (n_site,), or None.
        members: transporters.
    """

    transmitter: Mechanism
    edges: Any = "reflecting"
    decay_rate: float = 0.0
    cleared: Any = None
    members: dict[str, Mechanism] = field(default_factory=dict)


@dataclass
class Synapses:
    """What one `connect` made.

    Attributes:
        name: of the connection in the model, less the lattice's suffix.
        transmitter: that they release; None for electrical synapses.
        wiring: who is connected, with weights.
        weight: factor on the wiring's weights: the fraction of a quantum.
        delay: axonal, ms.
        rule: of plasticity, or None.
        normalisation: None (a sum), or "mean_releasing".
        autoreceptor: member of the population that sets the probability of release, or None.
        may_learn: whether a rule of the whole lattice is theirs too.
        learned: weights, in the order of the wiring's list, that the wiring's own have become; None before.
    """

    name: str
    transmitter: str | None
    wiring: Any
    weight: float = 1.0
    delay: float = 0.0
    rule: Any = None
    normalisation: str | None = None
    autoreceptor: str | None = None
    may_learn: bool = True
    learned: Any = None


class Setting:
    """An attribute of a lattice that goes into its model: after a change the model is built anew."""

    def __init__(self, default, meaning: str):
        self.default, self.__doc__ = default, meaning

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, lattice, owner) -> Any:
        return self if lattice is None else vars(lattice).get(self.name, self.default)

    def __set__(self, lattice, value):
        if value is not self.__get__(lattice, type(lattice)):
            vars(lattice)[self.name] = value
            lattice.changed()


def copied(mechanism):
    """A mechanism of its own with the same values, so that later changes to the original change nothing here."""
    twin = copy.copy(mechanism)
    for name in ("values", "options", "bindings", "initial"):
        if name in vars(mechanism):
            object.__setattr__(twin, name, dict(vars(mechanism)[name]))
    return twin


def member_name(mechanism: Mechanism) -> str:
    """What a mechanism is called among the members of a population.

    Raises:
        ModelError: its class does not say.
    """
    name = getattr(type(mechanism), "member", None)
    if not name:
        raise ModelError(f"{type(mechanism).__name__} does not say what it is called on a cell; give it a class "
                         f"attribute, member = \"...\"")
    return name


def transmitter_name(mechanism: Mechanism) -> str:
    """What a transmitter is called.

    Raises:
        ModelError: its class does not say.
    """
    name = getattr(type(mechanism), "transmitter", None)
    if not name:
        raise ModelError(f"{type(mechanism).__name__} does not say which transmitter it is; give it a class attribute, "
                         f"transmitter = \"...\"")
    return name


def require_equal(there: Mechanism, new: Mechanism, place: str, advice: str) -> None:
    """Raise a `ModelError` if two mechanisms that would have one name differ."""
    if type(there) is not type(new):
        raise ModelError(f"{place} is {type(there).__name__} already, and this is {type(new).__name__}; {advice}")
    for kind in ("values", "options", "bindings", "initial"):
        ours, theirs = getattr(there, kind, {}), getattr(new, kind, {})
        for name in {**ours, **theirs}:
            if not _same(ours.get(name), theirs.get(name)):
                raise ModelError(f"{place} is there already with {name} = {ours.get(name)!r}, and this has "
                                 f"{theirs.get(name)!r}; {advice}")


def _same(a, b) -> bool:
    equal = a == b
    return bool(equal.all()) if hasattr(equal, "all") else bool(equal)
