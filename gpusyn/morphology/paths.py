"""The tree as chains that a parallel solve takes level by level."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpusyn.morphology.graph import path_sums, subtree_sizes


@dataclass(frozen=True, eq=False)
class Paths:
    """Nodes in chains, each from near the root to a tip, chains in levels.

    A chain goes on into the child with the most nodes below it, so that there are at most log2(n_node) + 1 levels,
    whatever the tree. Chains of one level do not touch: eliminating them (each a tridiagonal system) adds to the node
    that each is attached to, which belongs to a higher level. So solve levels upwards, substitute downwards.

    Attributes:
        node: (n_node,) nodes, chain by chain, in a chain parents before children.
        start: (n_path + 1,) where each chain begins in `node`.
        attached_to: (n_path,) node that a chain's first node hangs on, -1 at a root.
        level_start: (n_level + 1,) where each level begins among the chains.
    """

    node: np.ndarray
    start: np.ndarray
    attached_to: np.ndarray
    level_start: np.ndarray

    @property
    def n_path(self) -> int:
        """Number of chains."""
        return len(self.attached_to)

    @property
    def n_level(self) -> int:
        """Number of levels."""
        return len(self.level_start) - 1


def paths(parent) -> Paths:
    """The chains of a forest whose parents come before their children.

    Source: Sleator & Tarjan (1983) A data structure for dynamic trees, J. Comput. Syst. Sci. 26:362-391 (heavy paths).
    """
    parent = np.asarray(parent)
    head = _heads(parent)
    top = np.flatnonzero(head)
    number = np.where(head, np.cumsum(head) - 1, 0)
    chain = path_sums(np.where(head, -1, parent), number)
    level = _levels(np.where(parent[top] >= 0, chain[parent[top]], -1))
    by_level = np.argsort(level, kind="stable")
    place = np.empty_like(by_level)
    place[by_level] = np.arange(len(by_level))
    chain = place[chain]
    node = np.argsort(chain, kind="stable").astype(np.int32)
    return Paths(node, _starts(np.bincount(chain)), parent[top[by_level]].astype(np.int32), _starts(np.bincount(level)))


def _heads(parent):
    """Which nodes begin a chain: roots, and every child but the one with the most nodes (the first of equal ones)."""
    nodes = np.arange(len(parent))
    order = np.lexsort((-nodes, subtree_sizes(parent)))
    order = order[parent[order] >= 0]
    heavy = np.full(len(parent), -1)
    heavy[parent[order]] = order                # of several children the last one written stays: the largest
    return (parent < 0) | (heavy[parent] != nodes)


def _levels(chain_above):
    """One more than the highest level of the chains attached, 0 without any; `chain_above` numbers parents first."""
    above, level = chain_above.tolist(), [0] * len(chain_above)
    for chain in range(len(above) - 1, -1, -1):
        if above[chain] >= 0:
            level[above[chain]] = max(level[above[chain]], level[chain] + 1)
    return np.array(level, dtype=np.int64)


def _starts(lengths):
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
