"""Modulation: one mechanism changes a quantity of another by name.

A mechanism with an option `target` and an output `gain`, `addition`, or both is a modulator. Wherever an equation reads
the quantity that `target` names, it sees

    (value + sum of additions) * product of gains

over all modulators of that quantity, computed from the same states as everything else that the equation reads. A
quantity that nothing modulates costs nothing.
"""
from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping

from gpusyn.errors import ModelError, nearest
from gpusyn.mechanism import Mechanism, option
from gpusyn.quantities import Given, Option, Output, Parameter, path_of

Name = tuple[str, str]  # (member, quantity); the cell is the member ""


class Modulator(Mechanism):
    """Base of the modulators; it has no equations of its own.

    `target` is "<member>_<name>" or "<member>.<name>", a parameter or given of another mechanism of the same population
    or transmitter, such as "ampa_conductance"; a bare name is the cell's (or the transmitter's) own. "" modulates
    nothing.
    """

    target = option("", "what is modulated: <member>_<name>, or a name of the cell")


def modulators(part: str, members: Mapping[str, Mechanism]) -> dict[Name, list[str]]:
    """The members that modulate each quantity of a part's members, in the order of the members.

    Raises:
        ModelError: a target that is not there, that is the modulator itself, or that no equation reads.
    """
    found: dict[Name, list[str]] = {}
    for member, mechanism in members.items():
        if is_modulator(mechanism) and mechanism.get("target"):
            found.setdefault(target_of(part, members, member), []).append(member)
    return found


def is_modulator(mechanism: Mechanism) -> bool:
    """Whether a mechanism can modulate others."""
    quantities = mechanism.quantities
    outputs = isinstance(quantities.get("gain"), Output) or isinstance(quantities.get("addition"), Output)
    return outputs and isinstance(quantities.get("target"), Option)


def target_of(part: str, members: Mapping[str, Mechanism], member: str) -> Name:
    """The quantity that a modulator's `target` means."""
    wanted = str(members[member].get("target"))
    targets = {spelling: (m, n) for m, n in readings(members) if m != member for spelling in spellings(m, n)}
    if wanted in targets:
        return targets[wanted]
    place = path_of(part, member, "target")
    for name in settings(members):
        if wanted in spellings(*name):
            why = "is its own" if name[0] == member else "is read by no equation"
            raise ModelError(f"{place}: '{wanted}' {why}; it cannot be modulated{nearest(wanted, targets)}")
    raise ModelError(f"{place}: there is no '{wanted}' in '{part}'{nearest(wanted, targets)}")


def spellings(member: str, name: str) -> tuple[str, ...]:
    """How a target may be written."""
    return (f"{member}_{name}", f"{member}.{name}") if member else (name,)


def settings(members: Mapping[str, Mechanism]) -> Iterable[Name]:
    """The parameters and givens of all members."""
    return [(m, n) for m, mechanism in members.items() for n, q in mechanism.quantities.items()
            if isinstance(q, Parameter) or (isinstance(q, Given) and q.kind == "given")]


def readings(members: Mapping[str, Mechanism]) -> Iterable[Name]:
    """The parameters and givens that some equation of their mechanism reads."""
    arguments = {m: {a for f in type(mechanism).functions.values() for a in inspect.signature(f).parameters}
                 for m, mechanism in members.items()}
    return [(m, n) for m, n in settings(members) if n in arguments[m]]
