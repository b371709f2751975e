"""Trees as arrays of parents: sums along paths, subtrees, orders. A root has parent -1; a forest has several."""
from __future__ import annotations

import numpy as np


def path_sums(parent, steps) -> np.ndarray:
    """The sum of `steps` from each node's root to the node, both included, in O(n log depth).

    Each node keeps the sum over a stretch of ancestors that doubles in every pass.

    Args:
        parent: (n_node,) without cycles, in any order.
        steps: (n_node,) numbers.
    """
    total, up = np.array(steps), np.array(parent)
    on = np.flatnonzero(up >= 0)
    while len(on):
        total[on] += total[up[on]]
        up[on] = up[up[on]]
        on = on[up[on] >= 0]
    return total


def nodes_of_cycles(parent) -> np.ndarray:
    """Nodes whose ancestors never end at a root, ascending: those of cycles and whatever hangs on them."""
    up = np.array(parent)
    for _ in range(max(1, len(up)).bit_length() + 1):
        up = np.where(up >= 0, up[up], -1)
    return np.flatnonzero(up >= 0)


def one_cycle(parent, start: int) -> list[int]:
    """The nodes of the cycle that is met upwards of `start`, each followed by its parent."""
    seen: dict[int, int] = {}
    node = int(start)
    while node not in seen:
        seen[node] = len(seen)
        node = int(parent[node])
    return list(seen)[seen[node]:]


def child_counts(parent) -> np.ndarray:
    """How many children each node has."""
    parent = np.asarray(parent)
    return np.bincount(parent[parent >= 0], minlength=len(parent))


def subtree_sizes(parent) -> np.ndarray:
    """How many nodes hang on each node, itself included; parents come before their children."""
    sizes, parents = [1] * len(parent), np.asarray(parent).tolist()
    for node in range(len(parents) - 1, -1, -1):
        if parents[node] >= 0:
            sizes[parents[node]] += sizes[node]
    return np.array(sizes)


def below(parent, node: int) -> np.ndarray:
    """Mask of a node and all that hangs on it; parents come before their children."""
    start = np.zeros(len(parent), dtype=np.int64)
    start[node] = 1
    return path_sums(parent, start) > 0


def parents_first(parent) -> np.ndarray:
    """An order of the nodes in which parents come before their children: the given one if it is such, else depth-first.

    Children of one node keep their order. The nodes must form a forest.
    """
    parent = np.asarray(parent)
    if (parent < np.arange(len(parent))).all():
        return np.arange(len(parent))
    by_parent = np.argsort(parent, kind="stable")
    first = np.searchsorted(parent[by_parent], np.arange(-1, len(parent) + 1)).tolist()
    by_parent = by_parent.tolist()
    order, waiting = [], by_parent[first[0]:first[1]][::-1]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting.extend(by_parent[first[node + 1]:first[node + 2]][::-1])
    return np.array(order)


def renumbered(parent, order) -> np.ndarray:
    """The parents of nodes taken in another order: node `order[k]` becomes node k. No parent may be left out."""
    place = np.full(len(parent), -1)
    place[order] = np.arange(len(order))
    moved = np.asarray(parent)[order]
    return np.where(moved >= 0, place[moved], -1)


def tip_counts(parent) -> np.ndarray:
    """How many tips each node carries, 1 for a tip itself; parents come before their children."""
    tips, parents = (child_counts(parent) == 0).astype(np.int64).tolist(), np.asarray(parent).tolist()
    for node in range(len(parents) - 1, -1, -1):
        if parents[node] >= 0:
            tips[parents[node]] += tips[node]
    return np.array(tips)
