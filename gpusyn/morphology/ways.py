"""Ways along a tree from one node to another."""
from __future__ import annotations

import numpy as np

from gpusyn.morphology.regions import SOMA
from gpusyn.morphology.selecting import require_node


def way(cell, start: int, end: int) -> np.ndarray:
    """The nodes from one node to another, both included, in order.

    Raises:
        ModelError: a node that does not exist.
    """
    up, down = (_to_root(cell.parent, require_node(cell, node)) for node in (start, end))
    shared = set(up) & set(down)
    first = [node for node in up if node not in shared]
    last = [node for node in down if node not in shared]
    meeting = up[len(first)]
    return np.array([*first, meeting, *last[::-1]])


def main_way(cell) -> np.ndarray:
    """The nodes from the soma to the farthest tip; without a soma, from the root."""
    soma = np.flatnonzero(cell.kind == SOMA)
    return way(cell, int(soma[0]) if len(soma) else 0, int(cell.path_distance.argmax()))


def _to_root(parent, node: int) -> list[int]:
    nodes = [node]
    while parent[nodes[-1]] >= 0:
        nodes.append(int(parent[nodes[-1]]))
    return nodes
