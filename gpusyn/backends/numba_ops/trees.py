"""Linear operations on trees, compiled for the CPU: elimination along runs, flows between neighbours.

Runs are stretches of nodes whose parents are the nodes before them; other than at their ends they are chains in memory.
Workers share out trees, or, of a single tree, the quantities that spread in it.
"""
from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.tree_lanes import solve_one, solve_three, solve_two
from gpusyn.backends.numba_ops.tree_lanes_wide import solve_five, solve_four, solve_six


@operation
def solve_trees(
    worker, n_worker, step, values, pairs, downs, heads, species, run_start, run_parent, tree_run, n_row, n_node,
    n_factor_row,
):  # fmt: skip
    """Solve in place (I + dt_share C^-1 K) x = values; see `gpusyn.backends.numpy_ops.trees`.

    Args:
        step: not read.
        values: real (n_species, n_point, n_copy * n_node), right-hand sides, then solutions.
        pairs: real (n_factor_row, n_node * n_active * 2), by node and quantity: own, and up of the node that follows
            (`gpusyn.numerics.tree_factors`), 0 where none does.
        downs: real (n_factor_row, n_node * n_active).
        heads: real (n_factor_row, n_run * n_active), up of each run's first node.
        species: int64 (n_active,), which species spread.
        run_start: int64 (n_run + 1,); run_parent: int64 (n_run,), node that a run hangs on, -1 at a root.
        tree_run: int64 (n_tree + 1,), the first run of each tree.
        n_row: n_point * n_copy.
        n_node: of one copy.
        n_factor_row: 1, or n_row.
    """
    x = values.reshape((values.shape[0], n_row, n_node))
    n_tree, n_active = tree_run.shape[0] - 1, species.shape[0]
    n_place = n_row * n_tree
    if n_place >= n_worker:
        first, last = share(worker, n_worker, n_place)
        one, end = 0, n_active
    else:
        first, last = 0, n_place
        one, end = share(worker, n_worker, n_active)
    while first < last:
        row, tree = first // n_tree, first % n_tree
        after = min(n_tree, tree + last - first)
        k = row if n_factor_row > 1 else 0
        _solve_species(x[:, row], pairs[k], downs[k], heads[k], species, one, end, run_start, run_parent,
                       tree_run[tree], tree_run[after])
        first += after - tree


@operation
def _solve_species(x, pairs, downs, heads, species, one, end, run_start, run_parent, first, last):
    """Trees of one row, quantities `one` up to `end`, as many as possible at the same time."""
    n_active = species.shape[0]
    while one < end:
        s, n = species[one:end], end - one
        if n == 1:
            solve_one(x[s[0]], pairs, downs, heads, n_active, one, run_start, run_parent, first, last)
        elif n == 2:
            solve_two(x[s[0]], x[s[1]], pairs, downs, heads, n_active, one, run_start, run_parent, first, last)
        elif n == 3:
            solve_three(x[s[0]], x[s[1]], x[s[2]], pairs, downs, heads, n_active, one, run_start, run_parent, first,
                        last)
        elif n == 4 or n == 7 or n == 8:
            n = 4
            solve_four(x[s[0]], x[s[1]], x[s[2]], x[s[3]], pairs, downs, heads, n_active, one, run_start, run_parent,
                       first, last)
        elif n == 5:
            solve_five(x[s[0]], x[s[1]], x[s[2]], x[s[3]], x[s[4]], pairs, downs, heads, n_active, one, run_start,
                       run_parent, first, last)
        else:
            n = 6
            solve_six(x[s[0]], x[s[1]], x[s[2]], x[s[3]], x[s[4]], x[s[5]], pairs, downs, heads, n_active, one,
                      run_start, run_parent, first, last)
        one += n


@operation
def spread_trees(
    worker, n_worker, step, values, into, shares, species, side_node, side_slot, side_start, side_other, side_shares,
    n_active, n_side, n_row, n_node, n_factor_row,
):  # fmt: skip
    """What flows into every node from its neighbours; see `gpusyn.backends.numpy_ops.trees.spread_trees`."""
    x, out = values.reshape((values.shape[0], n_row, n_node)), into.reshape((values.shape[0], n_row, n_node))
    first, last = share(worker, n_worker, n_active * n_row)
    for place in range(first, last):
        which, row = place % n_active, place // n_active
        factor_row = row if n_factor_row > 1 else 0
        u, s, own = x[species[which], row], out[species[which], row], shares[which, factor_row]
        s[0], s[n_node - 1] = 0, 0
        if n_node > 1:
            s[0] = own[1, 0] * (u[1] - u[0])
            s[n_node - 1] = own[0, n_node - 1] * (u[n_node - 2] - u[n_node - 1])
            _spread_run(u[: n_node - 2], u[1 : n_node - 1], u[2:], own[0, 1:], own[1, 1:], s[1 : n_node - 1])
        if n_side > 0:
            _spread_sides(u, s, side_node, side_start, side_other, side_shares[which, factor_row])


@inner
def _spread_run(before, here, after, share_before, share_after, into):
    """Flow from the nodes before and after each node."""
    for i in range(into.shape[0]):
        into[i] = share_before[i] * (before[i] - here[i]) + share_after[i] * (after[i] - here[i])


@operation
def _spread_sides(u, into, side_node, side_start, side_other, shares):
    """Flow from neighbours that do not follow each other, where there are any."""
    for slot in range(side_node.shape[0]):
        node = side_node[slot]
        total, here = into[node], u[node]
        for k in range(side_start[slot], side_start[slot + 1]):
            total += shares[k] * (u[side_other[k]] - here)
        into[node] = total
