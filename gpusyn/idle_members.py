"""Members of a model that change nothing: what they compute is to be added up, and nobody does.

A source of calcium on a tree that has no calcium is one. Mechanisms with a state may be there to be looked at, and so
may what is recorded; a quantity that others may read, such as a potential, need not be read.
"""
from __future__ import annotations

from collections.abc import Iterable

from gpusyn.fusing.binding import Binding
from gpusyn.modulation import is_modulator, readings
from gpusyn.parts import Population
from gpusyn.quantities import Given, Output, State, path_of


def idle_members(model, recorded: Iterable[str] = ()) -> list[str]:
    """A warning for each member that changes nothing.

    Args:
        recorded: dotted names of what is recorded.
    """
    read, found = {*recorded, *(link.source for link in model.links.values())}, []
    for part in (*model.populations.values(), *model.transmitters.values()):
        read |= read_within(model, part)
        for member, mechanism in part.members.items():
            outputs = [name for name, q in mechanism.quantities.items() if isinstance(q, Output)]
            states = any(isinstance(q, State) for q in mechanism.quantities.values())
            unread = read.isdisjoint(path_of(part.name, member, name) for name in outputs)
            if member and unread and not states and not is_modulator(mechanism):
                found += [f"{part.name}.{member}: {type(mechanism).__name__} changes nothing here: nothing in "
                          f"'{part.name}' adds up its {name}, as {kind}() does"
                          for name, kind in list(adding_up(outputs).items())[:1]]
    return found


def adding_up(outputs: Iterable[str]) -> dict[str, str]:
    """Those outputs that built-in mechanisms add up, and one that does, each."""
    from gpusyn.registry import all_mechanisms

    totals = {q.sums: kind.__name__ for kind in reversed(all_mechanisms()) for q in kind.quantities.values()
              if isinstance(q, Given) and q.kind == "total"}
    return {name: totals[name] for name in outputs if name in totals}


def read_within(model, part) -> set[str]:
    """Dotted names of the outputs of a part that other members of it, rules or connections read."""
    binding = Binding(part.name, part.members, model.inputs_of(part))
    wanted, names = set(readings(part.members)), []
    for member, mechanism in part.members.items():
        for name, given in mechanism.quantities.items():
            if isinstance(given, Given) and given.kind == "total":
                names += binding.summed(given)
            elif isinstance(given, Given) and (member, name) in wanted:
                names.append(binding.binding(member, given))
    names += model.outputs_needed(part) if isinstance(part, Population) else []
    return {path_of(part.name, *name) for name in names if name is not None}
