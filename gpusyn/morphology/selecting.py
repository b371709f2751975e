"""Parts of a cell: by region, subtree, distance and branch order."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.morphology import graph
from gpusyn.morphology.regions import SOMA, SPINE_HEAD, SPINE_NECK, kinds_of


def select(cell, region, below, beyond, within, order) -> np.ndarray:
    """Nodes that are all of what is asked; see `Morphology.select`."""
    wanted = np.ones(cell.n_node, dtype=bool)
    if region is not None:
        wanted &= np.isin(cell.kind, kinds_of(region, f"{cell.name}.select"))
    if below is not None:
        wanted &= graph.below(cell.parent, require_node(cell, below))
    if beyond is not None:
        wanted &= cell.path_distance >= beyond
    if within is not None:
        wanted &= cell.path_distance <= within
    if order is not None:
        wanted &= cell.branch_order == order
    return np.flatnonzero(wanted)


def extract(cell, nodes):
    """The connected part that consists of these nodes; see `Morphology.extract`."""
    nodes = np.unique([require_node(cell, node) for node in nodes])
    if not len(nodes):
        raise ModelError(f"{cell.name}.extract: no nodes; give at least one")
    inside = np.zeros(cell.n_node + 1, dtype=bool)      # the last one stands for the root's parent
    inside[nodes] = True
    tops = nodes[~inside[cell.parent[nodes]]]
    if len(tops) > 1:
        raise ModelError(f"{cell.name}.extract: the nodes do not hang together; {len(tops)} have no parent among them: "
                         f"{', '.join(map(str, tops[:8]))}; a part is one piece")
    place = np.full(cell.n_node + 1, -1)
    place[nodes] = np.arange(len(nodes))
    root = nodes == tops[0]
    fields = ("x", "y", "z", "radius", "kind", "start_radius", "own_area", "own_volume", "sample")
    return replace(
        cell, parent=place[cell.parent[nodes]], length=np.where(root, 0.0, cell.length[nodes]),
        access=np.where(root, 0.0, cell.access[nodes]), **{field: getattr(cell, field)[nodes] for field in fields},
    )


def require_node(cell, node: int) -> int:
    """A node's number, if the cell has it.

    Raises:
        ModelError: it is no whole number of 0 to n_node - 1.
    """
    if isinstance(node, int | np.integer) and not isinstance(node, bool) and 0 <= node < cell.n_node:
        return int(node)
    raise ModelError(f"{cell.name}: there is no node {node!r}; valid: 0 to {cell.n_node - 1}")


def distances_from(cell, node: int, soma_counts: bool = True) -> np.ndarray:
    """Way along the tree from a node to every node, um; segments within the soma may count nothing."""
    node = require_node(cell, node)
    steps = cell.spacing
    if not soma_counts:
        steps = np.where((cell.kind == SOMA) & (cell.kind[cell.parent] == SOMA), 0.0, steps)
    to_root = np.zeros(cell.n_node, dtype=bool)
    up = node
    while up >= 0:
        to_root[up] = True
        up = cell.parent[up]
    from_root = graph.path_sums(cell.parent, steps)
    shared = graph.path_sums(cell.parent, np.where(to_root, steps, 0.0))    # of the ways from the root
    return (from_root - shared) + (from_root[node] - shared)


def branch_orders(cell) -> np.ndarray:
    """Branch points between the soma (or the root) and each node; see `Morphology.branch_order`."""
    spine = (cell.kind == SPINE_NECK) | (cell.kind == SPINE_HEAD)
    soma = cell.kind == SOMA
    counts = graph.child_counts(np.where(spine, -1, cell.parent))
    parting = (counts[cell.parent] > 1) & ~spine
    steps = np.where(soma[cell.parent], ~soma, parting & ~soma).astype(np.int64)
    steps[0] = 0 if soma[0] else 1
    return graph.path_sums(cell.parent, steps)
