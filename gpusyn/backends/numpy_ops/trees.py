"""Linear operations on trees, plainly."""
import numpy as np


def solve_trees(step, values, solvers, own, species, n_row, n_node):
    """Solve in place (I + dt_share C^-1 K) x = values.

    C is the diagonal of capacities, K the graph Laplacian of the trees with the conductances: in every node
    C_i (x_i - values_i) = dt_share * (what flows in at x). So the sum of C x is what it was.

    Args:
        step: not read.
        values: real (n_species, n_point, n_copy * n_node), right-hand sides, then solutions.
        solvers: for each species that spreads, for each of 1 or n_row rows, the `SuperLU` of elimination and that of
            substitution, `gpusyn.numerics.tree_factors`.
        own: float64 (n_active, 1 or n_row, n_node), the share of a node's right-hand side.
        species: (n_active,), which species spread; the others stay as they are.
        n_row: n_point * n_copy.
        n_node: nodes of one copy.
    """
    rows = values.reshape(-1, n_row, n_node)
    for pairs, share, k in zip(solvers, own, species, strict=True):
        right = (share * rows[k].astype(np.float64)).T
        parts = [right] if len(pairs) == 1 else np.split(right, n_row, axis=1)
        solved = [down.solve(up.solve(part.copy())) for (up, down), part in zip(pairs, parts, strict=True)]
        rows[k] = np.concatenate(solved, axis=1).T


def spread_trees(
    step, values, into, shares, species, side_node, side_slot, side_start, side_other, side_shares,
    n_active, n_side, n_row, n_node, n_factor_row,
):  # fmt: skip
    """into = -C^-1 K values: what flows into every node from its neighbours. The sum of C into is 0.

    Args:
        step: not read.
        values: real (n_species, n_point, n_copy * n_node).
        into: like values, written; of species that do not spread it is left as it is.
        shares: real (n_active, n_factor_row, 2, n_node): conductance to the node before, and to the node after, over
            the node's capacity; 0 where that one is no neighbour.
        species: int64 (n_active,), which species spread.
        side_node: int32 (n_slot,), the nodes that have other neighbours, ascending.
        side_slot: int32 (n_node,), the slot of each node, -1 for most (read on GPUs only).
        side_start: int32 (n_slot + 1,), where the neighbours of each begin.
        side_other: int32 (n_side,), these neighbours.
        side_shares: real (n_active, n_factor_row, n_side), conductance to each over the node's capacity.
        n_active, n_side, n_node: sizes; n_node is that of one copy.
        n_row: n_point * n_copy.
        n_factor_row: 1, or n_row.
    """
    u, out = values.reshape(-1, n_row, n_node)[species], into.reshape(-1, n_row, n_node)
    flows = np.zeros_like(u)
    rise = np.diff(u)
    flows[..., 1:] -= shares[:, :, 0, 1:] * rise
    flows[..., :-1] += shares[:, :, 1, :-1] * rise
    if n_side:
        flows[..., side_node] += _sideways(u, side_node, side_start, side_other, side_shares)
    out[species] = flows


def spread_sideways(
    step, values, into, species, side_node, side_start, side_other, side_shares,
    n_active, n_slot, n_side, n_row, n_node, n_factor_row,
):  # fmt: skip
    """At the nodes side_node, into = what flows from their neighbours but those just before and after.

    Args:
        n_slot: how many such nodes there are.
        step, values, into and all others: see `spread_trees`.
    """
    u, out = values.reshape(-1, n_row, n_node)[species], into.reshape(-1, n_row, n_node)
    rows = np.arange(n_row)[:, None]
    out[species[:, None, None], rows, side_node] = _sideways(u, side_node, side_start, side_other, side_shares)


def _sideways(u, side_node, side_start, side_other, side_shares):
    """Flows from other nodes than those before and after, (n_active, n_row, n_slot)."""
    here = np.repeat(side_node, np.diff(side_start))
    return np.add.reduceat(side_shares * (u[..., side_other] - u[..., here]), side_start[:-1], -1)
