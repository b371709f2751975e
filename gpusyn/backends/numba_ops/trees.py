"""Linear operations on trees, compiled for the CPU: elimination along runs, flows between neighbours.

Runs are stretches of nodes that follow each other in memory, each passed on to the next (`gpusyn.numerics.tree_runs`).
Workers share out trees, or, of a single tree, the quantities that spread in it; a large one they take in halves.
"""
from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.tree_species import eliminate_species, substitute_species


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
    worker, n_worker, step, values, pairs, downs, heads, species, run_start, run_step, run_count, run_target, tree_run,
    n_point, n_copy, n_node, n_factor_row, together,
):  # fmt: skip
    """Solve in place (I + dt_share C^-1 K) x = values; see `gpusyn.backends.numpy_ops.trees`.

    Args:
        step: not read.
        values: real (n_species, n_point * n_copy, n_node), right-hand sides, then solutions.
        pairs: real (n_factor_row, n_node * n_active * 2), by node and quantity: own, and up of the node before it in
            its run (`gpusyn.numerics.tree_factors`), 0 where there is none.
        downs: real (n_factor_row, n_node * n_active).
        heads: real (n_factor_row, n_run * n_active), up of each run's last node.
        species: int64 (n_active,), which species spread.
        run_start, run_step, run_count, run_target: int64 (n_run,), see `gpusyn.numerics.tree_runs.Runs`.
        tree_run: int64 (n_tree + 1,), the first run of each tree.
        n_point: sweep points.
        n_copy: copies of the trees; n_tree is 1 where there are several.
        n_node: of one copy.
        n_factor_row: 1, or n_point * n_copy.
        together: trees of a point that one task takes.
    """
    n_tree, n_active = n_copy * (tree_run.shape[0] - 1), species.shape[0]
    n_block = (n_tree + together - 1) // together
    first, last, one, end = tasks_and_species(worker, n_worker, n_point * n_block, n_active)
    for task in range(first, last):
        point, block = task // n_block, task % n_block
        low, high = block * together, min((block + 1) * together, n_tree)
        rows = (point * n_copy + low, point * n_copy + high) if n_copy > 1 else (point, point + 1)
        trees = (0, 1) if n_copy > 1 else (low, high)
        first_run, last_run = tree_run[trees[0]], tree_run[trees[1]]
        for row in range(rows[0], rows[1]):
            k = row if n_factor_row > 1 else 0
            eliminate_species(values, row, species, pairs, heads, k, one, end, run_start, run_step, run_count,
                              run_target, first_run, last_run)
            substitute_species(values, row, species, downs, k, one, end, run_start, run_step, run_count, run_target,
                               first_run, last_run)


@operation
def eliminate_halves(
    worker, n_worker, step, values, meeting, pairs, heads, species, run_start, run_step, run_count, run_target, part,
    ends,
):  # fmt: skip
    """Eliminate the halves of one tree towards the cut between them.

    Args beyond those of `solve_trees`:
        meeting: real (n_active, 2), receives the eliminated values at the ends of the cut edge.
        part: int64 (3,), the first run of each half; ends: int64 (2,), the nodes at the cut.
    """
    first, last = share(worker, n_worker, 2)
    for half in range(first, last):
        eliminate_species(values, 0, species, pairs, heads, 0, 0, species.shape[0], run_start, run_step, run_count,
                          run_target, part[half], part[half + 1])
        for k in range(species.shape[0]):
            meeting[k, half] = values[species[k], 0, ends[half]]


@operation
def substitute_halves(
    worker, n_worker, step, values, meeting, downs, across, whole, species, run_start, run_step, run_count, run_target,
    part, ends,
):  # fmt: skip
    """Solve at the cut, and fill in the halves of one tree from there; see `eliminate_halves`.

    Args beyond those there:
        across: real (n_active, 2); whole: real (n_active,): see `gpusyn.numerics.tree_factors.meeting_factors`.
    """
    first, last = share(worker, n_worker, 2)
    for half in range(first, last):
        for k in range(species.shape[0]):
            joined = meeting[k, half] + across[k, half] * meeting[k, 1 - half]
            values[species[k], 0, ends[half]] = joined * whole[k]
        substitute_species(values, 0, species, downs, 0, 0, species.shape[0], run_start, run_step, run_count,
                           run_target, part[half], part[half + 1])


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
