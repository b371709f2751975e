"""What the operations on trees are told: which nodes follow each other, and factors that are computed once.

(C + a K) x = C r, with C the diagonal of capacities, K the graph Laplacian and a = dt_share, is eliminated from the
tips to the roots. With p_i = a k_i (k_i the conductance between node i and its parent),

    g_i = C_i + sum over children c of p_c g_c / (g_c + p_c)        d_i = g_i + p_i        (pivots)
    q_i = C_i/d_i r_i + sum over children p_c/d_i q_c               x_i = q_i + p_i/d_i x_parent

Nothing is subtracted, so for r >= 0 every x_i has a small relative error however stiff the system is, and the sum of
C x is that of C r.

Source: Hines (1984) Int. J. Bio-Med. Comput. 15:69-76 for the order; the form without subtractions is that of
Grassmann, Taksar & Heyman (1985) Oper. Res. 33:1107-1116.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.morphology.forest import Forest
from gpusyn.numerics.tree_chains import Chains
from gpusyn.numerics.tree_pivots import groups_of, pivots
from gpusyn.numerics.tree_runs import Runs, upward_runs

NODES_TOGETHER, FEWEST_TASKS = 4096, 8  # nodes of small trees that one core takes together; tasks


@dataclass(frozen=True, eq=False)
class Coefficients:
    """Trees with their coefficients, as often as they stand side by side.

    Attributes:
        trees: the forest that one copy is.
        n_copy: how many copies of it one row of values holds.
        species: (n_active,) int64, those with a conductance anywhere.
        capacity, conductance: float64 (n_active, 1 or n_point, n_node), of these species; more than one row only where
            n_copy is 1.
    """

    trees: Forest
    n_copy: int
    species: np.ndarray
    capacity: np.ndarray
    conductance: np.ndarray

    @property
    def n_node(self) -> int:
        """Nodes of one copy."""
        return self.trees.n_node

    @cached_property
    def parent(self) -> np.ndarray:
        """(n_node,) int64 parents, which come before their children, -1 at roots."""
        return self.trees.parent.astype(np.int64)

    @cached_property
    def follows(self) -> np.ndarray:
        """Which nodes have the node before them as parent."""
        return (self.parent >= 0) & (self.parent == np.arange(self.n_node) - 1)

    @cached_property
    def runs(self) -> Runs:
        """The order in which a core eliminates the nodes of whole trees."""
        return upward_runs(self.parent)

    @cached_property
    def groups(self) -> list[np.ndarray]:
        """Nodes that can be eliminated at the same time."""
        return groups_of(self.parent)

    @cached_property
    def side(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Neighbours that do not follow each other, both ways round: nodes, ascending, their neighbours, and of the two
        the child."""
        child = np.flatnonzero((self.parent >= 0) & ~self.follows)
        node, other = np.r_[child, self.parent[child]], np.r_[self.parent[child], child]
        order = np.argsort(node, kind="stable")
        return node[order], other[order], np.r_[child, child][order]


def trees_together(forest: Forest) -> int:
    """How many trees one core takes together: its tasks are neither few nor tiny nor too large for its caches."""
    return max(1, min(forest.n_cell // FEWEST_TASKS, NODES_TOGETHER * forest.n_cell // forest.n_node))


def coefficients_of(forest: Forest, capacity, conductance, n_point: int) -> Coefficients:
    """Coefficients of a forest, once per morphology where all cells have the same.

    Args:
        forest: the cells.
        capacity, conductance: (n_species, 1 or n_point, n_node); a root's conductance is not read.
        n_point: sweep points.

    Raises:
        ValueError: a shape that does not fit the forest.
        ModelError: a capacity that is not positive, a conductance that is negative, or one that is not finite.
    """
    held, eased = (np.asarray(given, np.float64) for given in (capacity, conductance))
    for name, given in (("capacity", held), ("conductance", eased)):
        if given.ndim != 3 or given.shape[2] != forest.n_node or given.shape[1] not in (1, n_point):
            raise ValueError(f"trees: {name} of shape {given.shape} does not fit {n_point} sweep points of "
                             f"{forest.n_node} nodes; (n_species, 1 or n_point, n_node) is asked for")
    if len(held) != len(eased):
        raise ValueError(f"trees: capacities of {len(held)} species, and conductances of {len(eased)}")
    _require("capacity", held, held > 0, "positive")
    _require("conductance", eased, eased >= 0, "at least 0")
    shared = forest.shared
    if shared is not None and forest.n_cell > 1 and _repeats(held, forest.n_cell) and _repeats(eased, forest.n_cell):
        trees, n_copy = Forest([shared]), forest.n_cell
    else:
        trees, n_copy = forest, 1
    n = trees.n_node
    held, eased = held[..., :n], np.where(trees.parent >= 0, eased[..., :n], 0.0)
    n_row = max(held.shape[1], eased.shape[1])
    if n_row > 1 and n_copy > 1:        # rows of values run over points and copies
        n_row *= n_copy
        held, eased = (np.repeat(given, n_copy, axis=1) if given.shape[1] > 1 else given for given in (held, eased))
    species = np.flatnonzero(eased.any(axis=(1, 2))).astype(np.int64)
    held, eased = (np.broadcast_to(given[species], (species.size, n_row, n)) for given in (held, eased))
    return Coefficients(trees, n_copy, species, held, eased)


def _require(name, values, good, rule):
    bad = np.argwhere(~(good & np.isfinite(values)))
    if len(bad):
        species, point, node = bad[0]
        raise ModelError(f"trees: {name} = {values[species, point, node]} at node {node} (species {species}, sweep "
                         f"point {point}) must be {rule} and finite")


def _repeats(values, n_cell):
    """Whether all cells have the same numbers."""
    cells = values.reshape(*values.shape[:2], n_cell, -1)
    return bool((cells == cells[:, :, :1]).all())


def factors(of: Coefficients, runs: Runs, k: int, dt_share: float, along: np.ndarray) -> np.ndarray:
    """(3, n_factor_row, n_node) float64: own, up and down of every node, of the k-th species that spreads.

    own is C_i/d_i and down p_i/d_i, with i passed on to j by `runs`. up is p_i/d_j where elimination goes along from
    i to j, which is then scaled at the same time; else p_i/C_j, added to the right-hand side of j before. 0 where
    elimination ends.

    Args:
        along: (n_node,) bool, where it does.
    """
    held, pull = of.capacity[k], dt_share * of.conductance[k][:, runs.edge]
    pivot = pivots_along(of, runs, held, pull) + pull
    above, on = np.maximum(runs.toward, 0), runs.toward >= 0
    up = np.where(on, pull / np.where(along, pivot[:, above], held[:, above]), 0.0)
    return np.stack([held / pivot, up, pull / pivot])


def factors_by_chain(of: Coefficients, dt_share: float, chains: Chains, real) -> np.ndarray:
    """(n_active, n_factor_row, 3, n_node) of type `real`: the factors by position, as `kernels/trees.cu` takes them."""
    made = np.empty((of.species.size, of.capacity.shape[1], 3, of.n_node), real)
    for k in range(of.species.size):
        made[k] = np.moveaxis(factors(of, of.runs, k, dt_share, chains.continued), 0, 1)[..., chains.node]
    return made


def pivots_along(of: Coefficients, runs: Runs, held, pull) -> np.ndarray:
    """The pivots without what each node is passed on to, (n_factor_row, n_node)."""
    pull = np.where(runs.toward >= 0, pull, 0.0)
    if runs is of.runs:
        return pivots(of.parent, of.groups, held, pull)
    return pivots(runs.passed, runs.groups, held[:, runs.order], pull[:, runs.order])[:, runs.number]


def meeting_factors(of: Coefficients, runs: Runs, dt_share: float, real) -> tuple[np.ndarray, np.ndarray]:
    """What halves need where they meet, with q the eliminated values at both ends x of the cut edge.

        x_0 = (q_0 + across_0 q_1) whole,      x_1 = (q_1 + across_1 q_0) whole

    Returns:
        across (n_active, 2) and whole (n_active,), of type `real`.
    """
    across, whole = np.empty((of.species.size, 2)), np.empty(of.species.size)
    for k in range(of.species.size):
        held, pull = of.capacity[k], dt_share * of.conductance[k][:, runs.edge]
        own, ease = pivots_along(of, runs, held, pull)[0, runs.ends], pull[0, runs.ends[0]]
        across[k] = ease / (own + ease)
        whole[k] = (own + ease).prod() / (own.prod() + ease * own.sum())
    return across.astype(real), whole.astype(real)


def shares(of: Coefficients, real) -> tuple[np.ndarray, np.ndarray]:
    """What of a difference flows into a node, per time: from the nodes before and after it, and from other neighbours.

    Returns:
        (n_active, n_factor_row, 2, n_node) and (n_active, n_factor_row, n_side) of type `real`; see
        `gpusyn.backends.numpy_ops.trees.spread_trees`.
    """
    node, _, child = of.side
    along = np.zeros((*of.capacity.shape[:2], 2, of.n_node), real)
    for flows, held, eased in zip(along, of.capacity, of.conductance, strict=True):
        forward = np.where(of.follows, eased, 0.0)
        flows[:, 0] = forward / held
        flows[:, 1, :-1] = forward[:, 1:] / held[:, :-1]
    return along, (of.conductance[..., child] / of.capacity[..., node]).astype(real)
