"""What the members of a model need of each other and what is missing, also where nobody reads what they compute."""
from __future__ import annotations

from gpusyn.errors import ModelError, nearest
from gpusyn.fusing.binding import Binding, readable
from gpusyn.modulation import readings
from gpusyn.quantities import Given, Output, State

MOST_NAMED = 3  # mechanisms that a message suggests


def require_givens(model) -> None:
    """Raise a `ModelError` that has a line for every given that nothing in a model provides."""
    lines = [line for part in (*model.populations.values(), *model.transmitters.values())
             for line in missing_givens(model, part)]
    if lines:
        raise ModelError("\n".join(lines))


def missing_givens(model, part) -> list[str]:
    """What is wrong with the givens of a population or transmitter, a line each.

    Those that an equation reads, whoever needs its result, and those that were bound to something.
    """
    binding, found = Binding(part.name, part.members, model.inputs_of(part)), []
    read = set(readings(part.members))
    for member, mechanism in part.members.items():
        for name, given in mechanism.quantities.items():
            if not isinstance(given, Given) or not ((member, name) in read or name in mechanism.bindings):
                continue
            try:
                if not binding.provided(member, given):
                    found.append(binding.missing(member, given) + provider(model, part, binding, member, given))
            except ModelError as error:  # several things provide it
                found.append(str(error))
    return found


def provider(model, part, binding: Binding, member: str, given: Given) -> str:
    """A suggestion to append to a message: what could provide a given."""
    if given.name in part.members[member].bindings:
        return binding.nearest_to(binding.wanted(member, given))
    units = {name: unit for name, (_, unit) in binding.inputs.items()}
    units |= {name: m.quantities[name].unit for m in part.members.values() for name in readable(m)}
    similar = nearest(given.name, [name for name, unit in units.items() if unit in (given.unit, "")])
    if similar.startswith("; did you mean"):
        return similar
    if given.name in model.transmitters:
        return (f"; the transmitter '{given.name}' has other sites: link its concentration to '{part.name}', and bind "
                f"'{given.name}' to the link")
    return built_in_provider(given) or f"; a link or a played table called '{given.name}' can"


def built_in_provider(given: Given) -> str:
    """A suggestion of transmitters of a given's name, or of mechanisms that have such a state or output."""
    from gpusyn.registry import kinds, plain_mechanisms
    from gpusyn.transmitters import Transmitter

    for kind in kinds("transmitters").values():
        if issubclass(kind, Transmitter) and getattr(kind, "transmitter", "") == given.name:
            return f"; add a transmitter '{given.name}', e.g. {kind.__name__}()"
    own = [kind.__name__ for kind in plain_mechanisms()
           if isinstance(q := kind.quantities.get(given.name), State | Output) and q.unit == given.unit]
    if not own:
        return ""
    *others, last = [f"{kind}()" for kind in own[:MOST_NAMED]]
    return f"; e.g. {', '.join(others)} or {last} has one" if others else f"; {last} has one"
