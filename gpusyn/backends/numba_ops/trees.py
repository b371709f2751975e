"""Linear operations on trees, compiled for the CPU: elimination along runs, flows between neighbours.

Runs are stretches of nodes whose parents are the nodes before them; other than at their ends they are chains in memory.
Workers share out trees, or, of a single tree, the quantities that spread in it.
"""
from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.tree_lanes import solve_one, solve_three, solve_two
from gpusyn.backends.numba_ops.tree_lanes_wide import solve_five, solve_four, solve_six


@operation
def tasks_and_species(worker, n_worker, n_task, n_active):
    """What a worker does: tasks first up to last, and quantities one up to end; one of the two is shared out."""
    if n_task >= n_worker:
        first, last = share(worker, n_worker, n_task)
        return first, last, 0, n_active
    one, end = share(worker, n_worker, n_active)
    return 0, n_task, one, end


@operation
def solve_trees(
    worker, n_worker, step, values, pairs, downs, heads, species, run_start, run_parent, tree_run, n_point, n_copy,
    n_node, n_factor_row, together,
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
        n_point: sweep points.
        n_copy: copies of the trees; n_tree is 1 where there are several.
        n_node: of one copy.
        n_factor_row: 1, or n_point * n_copy.
        together: trees of a point that one task takes.
    """
    x = values.reshape((values.shape[0], n_point * n_copy, n_node))
    n_tree, n_active = n_copy * (tree_run.shape[0] - 1), species.shape[0]
    n_block = (n_tree + together - 1) // together
    first, last, one, end = tasks_and_species(worker, n_worker, n_point * n_block, n_active)
    for task in range(first, last):
        point, block = task // n_block, task % n_block
        low, high = block * together, min((block + 1) * together, n_tree)
        rows = (point * n_copy + low, point * n_copy + high) if n_copy > 1 else (point, point + 1)
        trees = (0, 1) if n_copy > 1 else (low, high)
        for row in range(rows[0], rows[1]):
            k = row if n_factor_row > 1 else 0
            _solve_species(x[:, row], pairs[k], downs[k], heads[k], species, one, end, run_start, run_parent,
                           tree_run[trees[0]], tree_run[trees[1]])


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
    worker, n_worker, step, values, into, shares, species, side_node, side_start, side_other, side_shares, tree_start,
    tree_slot, n_point, n_copy, n_node, n_factor_row, together,
):  # fmt: skip
    """What flows into every node from its neighbours; see `gpusyn.backends.numpy_ops.trees.spread_trees`.

    Args beyond those there:
        tree_start: int64 (n_tree + 1,), the first node of each tree.
        tree_slot: int64 (n_tree + 1,), the first slot of each tree.
        n_point, n_copy, together: as for `solve_trees`.
    """
    rows = (values.shape[0], n_point * n_copy, n_node)
    x, out = values.reshape(rows), into.reshape(rows)
    n_tree = n_copy * (tree_start.shape[0] - 1)
    n_block = (n_tree + together - 1) // together
    first, last, one, end = tasks_and_species(worker, n_worker, n_point * n_block, species.shape[0])
    for task in range(first, last):
        point, block = task // n_block, task % n_block
        low, high = block * together, min((block + 1) * together, n_tree)
        for which in range(one, end):
            u, s = x[species[which]], out[species[which]]
            if n_copy == 1:
                k = point if n_factor_row > 1 else 0
                _spread(u[point], s[point], shares[which, k], side_node, side_start, side_other, side_shares[which, k],
                        tree_start[low], tree_start[high], tree_slot[low], tree_slot[high])
                continue
            for row in range(point * n_copy + low, point * n_copy + high):
                k = row if n_factor_row > 1 else 0
                _spread(u[row], s[row], shares[which, k], side_node, side_start, side_other, side_shares[which, k],
                        0, n_node, 0, side_node.shape[0])


@operation
def _spread(u, into, shares, side_node, side_start, side_other, side_shares, first, last, first_slot, last_slot):
    """Flows of one quantity in whole trees, nodes `first` up to `last`."""
    into[first], into[last - 1] = 0, 0
    if last - first > 1:
        into[first] = shares[1, first] * (u[first + 1] - u[first])
        into[last - 1] = shares[0, last - 1] * (u[last - 2] - u[last - 1])
        _spread_run(u[first : last - 2], u[first + 1 : last - 1], u[first + 2 : last],
                    shares[0, first + 1 : last - 1], shares[1, first + 1 : last - 1], into[first + 1 : last - 1])
    for slot in range(first_slot, last_slot):
        node = side_node[slot]
        total, here = into[node], u[node]
        for k in range(side_start[slot], side_start[slot + 1]):
            total += side_shares[k] * (u[side_other[k]] - here)
        into[node] = total


@inner
def _spread_run(before, here, after, share_before, share_after, into):
    """Flow from the nodes before and after each node."""
    for i in range(into.shape[0]):
        into[i] = share_before[i] * (before[i] - here[i]) + share_after[i] * (after[i] - here[i])
