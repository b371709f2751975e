"""Pivots of trees, eliminated from the tips to the roots: node by node, or many nodes at a time."""
from __future__ import annotations

import numpy as np

from gpusyn.morphology.graph import path_sums

NUMBERS_PER_GROUP = 100  # that a loop over single nodes handles while NumPy handles one group


def pivots(parent, groups, held, pull) -> np.ndarray:
    """The pivots without the pull of the parent, (n_factor_row, n_node): g in `gpusyn.numerics.tree_factors`.

    Args:
        parent: (n_node,), parents before their children.
        groups: from `groups_of`.
        held, pull: (n_factor_row, n_node), capacities, and dt_share times conductances.
    """
    if held.size < NUMBERS_PER_GROUP * len(groups):
        parents = parent.tolist()
        return np.array([_pivots_one_by_one(parents, row.tolist(), ease.tolist())
                         for row, ease in zip(held, pull, strict=True)])
    own, ease = held.T.copy(), np.ascontiguousarray(pull.T)
    for nodes in groups:
        own[parent[nodes]] += ease[nodes] * own[nodes] / (own[nodes] + ease[nodes])
    return np.ascontiguousarray(own.T)


def _pivots_one_by_one(parent, own, ease):
    """The same for one row, node by node."""
    for i in range(len(parent) - 1, -1, -1):
        if ease[i] > 0:
            own[parent[i]] += ease[i] * own[i] / (own[i] + ease[i])
    return own


def groups_of(parent) -> list[np.ndarray]:
    """Nodes that can be eliminated at the same time, deepest first: of equal depth, and of no parent two children."""
    child = np.flatnonzero(parent >= 0)
    if not len(child):
        return []
    order = child[np.argsort(parent[child], kind="stable")]
    above = parent[order]
    first = np.r_[True, above[1:] != above[:-1]]
    rank = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    depth = path_sums(parent, (parent >= 0).astype(np.int64))[order]
    key = depth * (rank.max() + 1) + rank
    by_key = np.argsort(-key, kind="stable")
    ends = np.flatnonzero(np.diff(key[by_key])) + 1
    return np.split(order[by_key], ends)
