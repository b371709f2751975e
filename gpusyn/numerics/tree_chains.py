"""Trees as chains in levels, the order in which a GPU takes their nodes (`kernels/trees.cu`)."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpusyn.morphology.forest import Forest
from gpusyn.morphology.paths import Paths


@dataclass(frozen=True, eq=False)
class Chains:
    """Positions of all nodes: tree by tree, in each by levels upwards, in each chain by chain, parents first.

    Attributes:
        node: (n_node,) int32, the node at each position.
        above: (n_node,) int32, the node that a chain hangs on, where one begins; the root itself; -1 elsewhere.
        side_slot: (n_node,) int32, by position: -1, or the slot of a node on which chains hang.
        side_start: (n_slot + 1,) int32, where the chains of each slot begin.
        side_position: int32, the first positions of these chains.
        tree_level: (n_tree + 1,) int64, the first level of each tree.
        level_start: (n_level + 1,) int64, the first position of each level.
    """

    node: np.ndarray
    above: np.ndarray
    side_slot: np.ndarray
    side_start: np.ndarray
    side_position: np.ndarray
    tree_level: np.ndarray
    level_start: np.ndarray

    @property
    def continued(self) -> np.ndarray:
        """(n_node,) by node: whether its parent lies in its chain."""
        inside = np.empty(self.node.size, bool)
        inside[self.node] = self.above < 0
        return inside

    def arrays(self) -> list[np.ndarray]:
        """All of them, in the kernel's order."""
        return [self.node, self.above, self.side_slot, self.side_start, self.side_position, self.tree_level,
                self.level_start]


def chains_of(forest: Forest) -> Chains:
    """The chains of every tree of a forest."""
    own = [_of_one(cell.paths) for cell in forest.distinct]
    starts = [own[k][2] for k in forest.which]
    begin = forest.offset[:-1]
    node = np.concatenate([own[k][0] + at for k, at in zip(forest.which, begin, strict=True)])
    above = np.concatenate([np.where(own[k][1] >= 0, own[k][1] + at, -1)
                            for k, at in zip(forest.which, begin, strict=True)])
    level_start = np.concatenate([*(start[:-1] + at for start, at in zip(starts, begin, strict=True)),
                                  [forest.n_node]])
    tree_level = np.cumsum([0, *(len(start) - 1 for start in starts)])
    position = np.empty(node.size, np.int64)
    position[node] = np.arange(node.size)
    head = np.flatnonzero((above >= 0) & (above != node))
    hangs_on = position[above[head]]
    order = np.argsort(hangs_on, kind="stable")
    _, slot, start = grouped_by(hangs_on[order], node.size)
    return Chains(node.astype(np.int32), above.astype(np.int32), slot, start, head[order].astype(np.int32),
                  tree_level.astype(np.int64), level_start.astype(np.int64))


def _of_one(chains: Paths):
    """(node, above, first position of each level and the end) of one tree."""
    node = chains.node.astype(np.int64)
    above = np.full(node.size, -1, np.int64)
    heads = chains.start[:-1]
    above[heads] = np.where(chains.attached_to >= 0, chains.attached_to, node[heads])
    return node, above, chains.start[chains.level_start].astype(np.int64)


def grouped_by(ascending: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Groups of equal numbers, each below n: the numbers that occur, the group of every number or -1, their starts.

    Returns:
        int32 arrays (n_group,), (n,) and (n_group + 1,).
    """
    number, start = np.unique(ascending, return_index=True)
    group = np.full(n, -1, np.int32)
    group[number] = np.arange(number.size)
    return number.astype(np.int32), group, np.append(start, ascending.size).astype(np.int32)
