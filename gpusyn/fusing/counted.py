"""Transitions between counts: whole numbers of things, drawn anew in every step.

Each thing leaves its count with the probability 1 - exp(-dt rate) of the rates at the start of the step; those that
leave are then shared out among the ways. What leaves one count arrives at another, so that none is lost or made at any
step size, and none can leave that is not there. In time this is of first order (tau leaping with binomial numbers).

Source: Tian & Burrage (2004) J. Chem. Phys. 121:10356.
"""
from __future__ import annotations

from gpusyn.numerics import transfers
from gpusyn.quantities import Scheme
from gpusyn.translate.pointwise import read


def advance_counts(fusion, member: str, at) -> dict[str, str]:
    """The variables of the new counts of a member, by state; nothing if it has no transitions between counts."""
    mechanism = fusion.members[member]
    own = [s.name for s in fusion.states(mechanism) if s.kind == "count"]
    schemes = [q for q in mechanism.quantities.values() if isinstance(q, Scheme)]
    if not own or schemes or not fusion.has_equation(member, "transitions"):
        return {}
    transitions = fusion.equation(member, "transitions")
    rates = [f"{fusion.variable(member, 'rate')}_{source}_{target}" for source, target in transitions.keys]
    fusion.unpack(rates, transitions, fusion.values_of(transitions, member, at))
    change: dict[str, list[str]] = {name: [] for name in own}
    for source in dict.fromkeys(source for source, _ in transitions.keys):
        ways = {target: rate for (s, target), rate in zip(transitions.keys, rates, strict=True) if s == source}
        for target, moved in _moved(fusion, member, source, ways).items():
            change[source].append(f" - {moved}")
            change[target].append(f" + {moved}")
    old = {name: fusion.old.variables[member, name] for name in own}
    return {name: fusion.let(f"{fusion.variable(member, name)}_next", old[name] + "".join(terms))
            for name, terms in change.items() if terms}


def _moved(fusion, member, source, ways) -> dict[str, str]:
    """The variable of how many go from `source` to each of the targets, whose rates are `ways`."""
    name = fusion.variable(member, source)
    total, moved = fusion.let(f"{name}_rates", " + ".join(ways.values())), {}
    number = [fusion.old.variables[member, source], total, fusion.dt(), _draw(fusion, member, f"leave_{source}")]
    left = fusion.let(f"{name}_left", fusion.call(read(transfers.leaving), number))
    targets = list(ways)
    for target in targets[:-1]:
        share = [left, ways[target], total, _draw(fusion, member, f"share_{source}_{target}")]
        moved[target] = fusion.let(f"{name}_to_{target}", fusion.call(read(transfers.bound_for), share))
        left = fusion.let(f"{name}_left_after_{target}", f"{left} - {moved[target]}")
        total = fusion.let(f"{name}_rates_after_{target}", f"maximum({total} - {ways[target]}, 0.0)")
    return moved | {targets[-1]: left}


def _draw(fusion, member, what):
    """A chance of its own for each decision, from the stream of its dotted name."""
    return fusion.argument(fusion.variable(member, what), fusion.path(member, what), "chance")
