"""In which order the nodes of trees are eliminated: runs of nodes that follow each other, each passed on to the next.

A forest is eliminated tree by tree, from the tips to the roots. One large tree is cut at an edge into halves, which two
workers eliminate at the same time, each towards the cut; there they meet.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gpusyn.numerics.tree_pivots import groups_of

FEWEST_NODES = 500   # of a tree that is worth cutting
SMALLEST_HALF = 0.2  # of its nodes
LINE, ALIGNED = 16, 0.95  # float32 numbers in a line of the cache; how much shorter a half may be for that,
DISORDERED = 0.97         # and for being one stretch of nodes


@dataclass(frozen=True, eq=False)
class Runs:
    """The order of elimination.

    Attributes:
        toward: (n_node,) int64, the neighbour that each node's value is passed on to, -1 where elimination ends.
        edge: (n_node,) int64, the node whose conductance to its parent lies between the two; at -1, on the cut.
        order: (n_node,) int64, all nodes, the last to be eliminated first.
        start, step, count, target: (n_run,) int64. The nodes of a run are start, start + step, ... and the last of them
            is passed on to `target`, or -1. The last run is the first to be eliminated.
        part: (n_part + 1,) int64, the first run of each part that can be eliminated by itself.
        warm: (n_run,) int64, with how many tiles a stretch begins where a run is taken in lanes, else 0
            (`gpusyn.numerics.tree_lanes`).
    """

    toward: np.ndarray
    edge: np.ndarray
    order: np.ndarray
    start: np.ndarray
    step: np.ndarray
    count: np.ndarray
    target: np.ndarray
    part: np.ndarray
    warm: np.ndarray

    @cached_property
    def last(self) -> np.ndarray:
        """(n_run,) the node of each run that is passed on to its target."""
        return self.start + (self.count - 1) * self.step

    @property
    def ends(self) -> np.ndarray:
        """Where elimination ends, one node of each part."""
        return self.last[self.part[:-1]]

    @cached_property
    def number(self) -> np.ndarray:
        """(n_node,) where each node comes in `order`."""
        place = np.empty(self.order.size, np.int64)
        place[self.order] = np.arange(self.order.size)
        return place

    @cached_property
    def passed(self) -> np.ndarray:
        """(n_node,) by place in `order`, the place of the node that each is passed on to, -1 where elimination ends."""
        toward = self.toward[self.order]
        return np.where(toward >= 0, self.number[toward], -1)

    @cached_property
    def groups(self) -> list[np.ndarray]:
        """Places of nodes that can be eliminated at the same time."""
        return groups_of(self.passed)

    @cached_property
    def continued(self) -> np.ndarray:
        """(n_node,) bool, whether a node is passed on to the next of its run."""
        inside = np.ones(self.toward.size, bool)
        inside[self.last] = False
        return inside

    def arrays(self) -> list[np.ndarray]:
        """Start, step, count, target and warm."""
        return [self.start, self.step, self.count, self.target, self.warm]


def upward_runs(parent: np.ndarray) -> Runs:
    """Tree by tree, from the tips to the roots.

    Args:
        parent: (n_node,) int64, parents before their children, -1 at roots.
    """
    nodes = np.arange(parent.size)
    roots = np.flatnonzero(parent < 0)
    return _runs(parent, nodes, nodes, roots)


def halves(parent: np.ndarray) -> Runs | None:
    """One tree in two parts of about the same size, or nothing where it is small or every cut leaves most of it whole.

    Args:
        parent: (n_node,) int64, parents before their children, -1 at the root.
    """
    cut = cut_of(parent)
    return _cut(parent, cut) if cut else None


def cut_of(parent: np.ndarray) -> int:
    """The node whose edge to its parent `halves` cuts, 0 for none."""
    n = parent.size
    if n < FEWEST_NODES or (parent < 0).sum() != 1:
        return 0
    size = [1] * n
    for node, above in zip(range(n - 1, 0, -1), parent[:0:-1].tolist(), strict=True):
        size[above] += size[node]
    smaller = np.minimum(size, n - np.array(size))
    # Both workers end at the cut: let no line of the cache lie across it, where that costs little. Where the halves are
    # two stretches of nodes, and the second is not the longer one, blocks of a program can be the halves.
    nodes = np.arange(n)
    in_order = (nodes + size == n) & (2 * nodes >= n)
    cut = int(np.argmax(smaller * np.where(nodes % LINE == 0, 1.0, ALIGNED) * np.where(in_order, 1.0, DISORDERED)))
    return cut if smaller[cut] >= SMALLEST_HALF * n else 0


def boundary_of(parent: np.ndarray) -> int:
    """The first node of the second half, if each half is one stretch of nodes, the second no longer; else 0."""
    cut = cut_of(parent)
    return cut if 2 * cut >= parent.size and (parent[cut + 1:] >= cut).all() else 0


def _cut(parent, cut) -> Runs:
    """Halves that meet at the edge between the node `cut` and its parent."""
    n = parent.size
    beyond = np.zeros(n, bool)
    beyond[cut] = True
    for node in range(cut + 1, n):
        beyond[node] = beyond[parent[node]]
    toward, edge = parent.copy(), np.arange(n)
    toward[cut] = -1
    path, node, came_from = [], int(parent[cut]), -1
    while node >= 0:
        path.append(node)
        toward[node], edge[node] = came_from, cut if came_from < 0 else came_from
        node, came_from = int(parent[node]), node
    on_path = np.zeros(n, bool)
    on_path[path] = True
    near = np.r_[path, np.flatnonzero(~beyond & ~on_path)]
    return _runs(toward, edge, np.r_[near, np.flatnonzero(beyond)], np.array([0, near.size]))


def _runs(toward, edge, order, part_start) -> Runs:
    """Runs of an order of the nodes, the last to be eliminated first, in parts that begin at `part_start`."""
    step = np.diff(order)
    joined = (toward[order[1:]] == order[:-1]) & (abs(step) == 1)
    turns = np.r_[False, joined[1:] & joined[:-1] & (step[1:] != step[:-1])]
    joined &= ~turns
    joined[part_start[1:] - 1] = False
    first = np.r_[0, np.flatnonzero(~joined) + 1]
    after = np.r_[first[1:], order.size]
    count = after - first
    start, last = order[after - 1], order[first]
    direction = np.where(last >= start, 1, -1)
    return Runs(toward, edge, order, start, direction, count, toward[last],
                np.r_[np.searchsorted(first, part_start), first.size], np.zeros_like(count))
