"""What a morphology must be, and the words for one that is not."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.morphology.graph import nodes_of_cycles, one_cycle

LISTED = 8  # problems that one message lists
FARTHEST, THINNEST = 1e9, 1e-9  # um
Place = Callable[[int], str]


def refuse(problems: Iterable[str]) -> None:
    """Raise the problems together, one line each, the first few of very many.

    Raises:
        ModelError: there are any.
    """
    problems = list(problems)
    if not problems:
        return
    rest = f"\n... and {len(problems) - LISTED} more" if len(problems) > LISTED else ""
    raise ModelError("\n".join(problems[:LISTED]) + rest)


def number_problems(place: Place, radius, *coordinates) -> Iterator[str]:
    """Radii that are not positive, and numbers that are none or too large for areas and volumes to be computed."""
    possible = np.logical_and.reduce([np.abs(values) < FARTHEST for values in (*coordinates, radius)])
    for node in np.flatnonzero(~possible).tolist():
        values = ", ".join(f"{values[node]:g}" for values in (*coordinates, radius))
        yield f"{place(node)}: x, y, z, radius {values}; every one must be finite, below {FARTHEST:g} um"
    for node in np.flatnonzero(possible & (radius < THINNEST)).tolist():
        rule = f"at least {THINNEST:g}" if radius[node] > 0 else "above 0"
        yield f"{place(node)}: radius {radius[node]:g} um; a radius must be {rule}"


def tree_problems(place: Place, parent) -> list[str]:
    """Roots beside the first, no root, and cycles. `parent` holds positions in the arrays, -1 at roots."""
    roots = np.flatnonzero(parent < 0).tolist()
    if lost := [int(node) for node in nodes_of_cycles(parent)]:
        cycle = one_cycle(parent, lost[0])
        chain = " -> ".join(place(node).rpartition(" ")[2] for node in [*cycle, cycle[0]][:12])
        return [f"{place(cycle[0])}: its parents form a cycle, {chain}, so that {len(lost)} of {len(parent)} nodes "
                "have no way to the root; a cell is a tree"]
    return [f"{place(root)}: a second root (parent -1) beside {place(roots[0])}; a morphology is one cell with one root"
            for root in roots[1:]]


def length_problems(place: Place, parent, distance) -> list[str]:
    """Nodes that lie on their parents."""
    return [f"{place(node)}: length 0 um, it lies on its parent ({place(parent[node])}); distances must be above 0"
            for node in np.flatnonzero((parent >= 0) & (distance == 0)).tolist()]


def distances(parent, x, y, z) -> np.ndarray:
    """Distance of each node to its parent, 0 at roots."""
    up = np.where(parent >= 0, parent, np.arange(len(parent)))
    return np.sqrt((x - x[up]) ** 2 + (y - y[up]) ** 2 + (z - z[up]) ** 2)
