"""What flows into a node from its neighbours, as the equations of what spreads see it."""
from __future__ import annotations


def inflow(fusion, member, name, at="") -> str:
    """A term to add, per ms; nothing if the state does not spread.

    Args:
        fusion: a `gpusyn.fusing.trees.TreeFusion`.
        at: what flows is the state as it is in the array of this name beside it.
    """
    if not fusion.members[member].quantities[name].spreads:
        return ""
    neighbours = fusion.neighbours
    if neighbours is None:
        return f" + {fusion.beside(member, name, 'spread')}"
    if fusion.path(member, name) not in neighbours.shares:
        return ""
    sides = f" + {fusion.beside(member, name, 'spread')}" if neighbours.branched else ""
    return f" + {_along(fusion, member, name, at)}{sides}"


def _along(fusion, member, name, at) -> str:
    """The variable of what flows in from the nodes before and after; from no other tree, whatever is there."""
    variable = fusion.variable(member, name)
    here = fusion.beside(member, name, at) if at else fusion.old.variables[member, name]
    *shares, ease = fusion.neighbours.shares[fusion.path(member, name)]
    ease = fusion.argument(f"{variable}_ease", ease, "parameter")
    terms = []
    for path, side in zip(shares, ("before", "after"), strict=True):
        share = fusion.argument(path.partition(":")[2], path, "parameter")
        there = fusion.beside(member, name, f"{at}:{side}".lstrip(":"))
        terms.append(f"{share} * where({share} == 0.0, 0.0, {there} - {here})")
    return fusion.let(f"{variable}_inflow", f"{ease} * ({' + '.join(terms)})")
