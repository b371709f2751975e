"""Linear operations on trees, compiled for the CPU: elimination along runs, flows between neighbours.

Runs are stretches of nodes that follow each other in memory, each passed on to the next (`gpusyn.numerics.tree_runs`).
Workers share out trees, or, of a single tree, the quantities that spread in it; a large one they take in halves.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.tree_species import eliminate_species, substitute_species

unsigned = np.uint64


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
    worker, n_worker, step, values, pairs, downs, heads, tile_at, tile_pairs, tile_downs, species, run_start, run_step,
    run_count, run_target, run_warm, run_base, tree_run, n_point, n_copy, n_node, n_factor_row, together,
):  # fmt: skip
    """Solve in place (I + dt_share C^-1 K) x = values; see `gpusyn.backends.numpy_ops.trees`.

    Args:
        step: not read.
        values: real (n_species, n_point * n_copy, n_node), right-hand sides, then solutions.
        pairs, downs, heads, tile_at, tile_pairs, tile_downs: see `gpusyn.numerics.tree_layout.Layout`.
        species: int64 (n_active,), which species spread.
        run_start, run_step, run_count, run_target, run_warm: int64 (n_run,), see `gpusyn.numerics.tree_runs.Runs`.
        run_base: int64 (n_run,), see `gpusyn.numerics.tree_layout.Layout`.
        tree_run: int64 (n_tree + 1,), the first run of each tree.
        n_point: sweep points.
        n_copy: copies of the trees; n_tree is 1 where there are several.
        n_node: of one copy.
        n_factor_row: 1, or n_point * n_copy.
        together: trees of a point that one task takes.
    """
    runs = (run_start, run_step, run_count, run_target, run_warm, run_base)
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
            eliminate_species(values, row, species, pairs, heads, tile_at, tile_pairs, k, one, end, runs, first_run,
                              last_run)
            substitute_species(values, row, species, downs, tile_at, tile_downs, k, one, end, runs, first_run, last_run)


@operation
def eliminate_halves(
    worker, n_worker, step, values, meeting, pairs, heads, tile_at, tile_pairs, species, run_start, run_step, run_count,
    run_target, run_warm, run_base, part, ends,
):  # fmt: skip
    """Eliminate the halves of one tree towards the cut between them.

    Args beyond those of `solve_trees`:
        meeting: real (2, n_active, 2), in each second step, receives the eliminated values at the ends of the cut edge:
            one half may begin the next step while the other reads what it needs of this one.
        part: int64 (3,), the first run of each half; ends: int64 (2,), the nodes at the cut.
    """
    runs = (run_start, run_step, run_count, run_target, run_warm, run_base)
    first, last = share(worker, n_worker, 2)
    for half in range(first, last):
        eliminate_species(values, 0, species, pairs, heads, tile_at, tile_pairs, 0, 0, species.shape[0], runs,
                          part[half], part[half + 1])
        for k in range(species.shape[0]):
            meeting[step & 1, k, half] = values[species[k], 0, ends[half]]


@operation
def substitute_halves(
    worker, n_worker, step, values, meeting, downs, tile_at, tile_downs, across, whole, species, run_start, run_step,
    run_count, run_target, run_warm, run_base, part, ends,
):  # fmt: skip
    """Solve at the cut, and fill in the halves of one tree from there; see `eliminate_halves`.

    Args beyond those there:
        across: real (n_active, 2); whole: real (n_active,): see `gpusyn.numerics.tree_factors.meeting_factors`.
    """
    runs = (run_start, run_step, run_count, run_target, run_warm, run_base)
    first, last = share(worker, n_worker, 2)
    for half in range(first, last):
        for k in range(species.shape[0]):
            joined = meeting[step & 1, k, half] + across[k, half] * meeting[step & 1, k, 1 - half]
            values[species[k], 0, ends[half]] = joined * whole[k]
        substitute_species(values, 0, species, downs, tile_at, tile_downs, 0, 0, species.shape[0], runs, part[half],
                           part[half + 1])


@operation
def spread_trees(
    worker, n_worker, step, values, into, shares, species, side_node, side_start, side_other, side_shares, part_start,
    part_slot, n_point, n_copy, n_node, n_factor_row, together,
):  # fmt: skip
    """What flows into every node from its neighbours; see `gpusyn.backends.numpy_ops.trees.spread_trees`.

    Args beyond those there:
        part_start: int64 (n_part + 1,), the first node of each tree, or of each half of a single one.
        part_slot: int64 (n_part + 1,), the first slot of each.
        n_point, n_copy, together: as for `solve_trees`.
    """
    x, out = _rows(values, n_point * n_copy, n_node), _rows(into, n_point * n_copy, n_node)
    n_part = part_start.shape[0] - 1
    first, last, one, end = tasks_and_species(worker, n_worker, _n_task(n_point, n_copy, n_part, together),
                                              species.shape[0])
    for task in range(first, last):
        row, row_end, low, high = _rows_and_parts(task, n_point, n_copy, n_part, together)
        for which in range(one, end):
            for r in range(row, row_end):  # copies of a tree have the same shares
                k = r if n_factor_row > 1 else 0
                _spread_along(x, out, species[which], r, shares, which, k, part_start[low], part_start[high])
                _spread_sideways(x, out, species[which], r, side_node, side_start, side_other, side_shares, which, k,
                                 part_slot[low], part_slot[high], True)


@operation
def spread_sideways(
    worker, n_worker, step, values, into, species, side_node, side_start, side_other, side_shares, part_slot, n_point,
    n_copy, n_node, n_factor_row, together,
):  # fmt: skip
    """What flows from other nodes than those before and after, where there are such; arguments as of `spread_trees`."""
    x, out = _rows(values, n_point * n_copy, n_node), _rows(into, n_point * n_copy, n_node)
    n_part = part_slot.shape[0] - 1
    first, last, one, end = tasks_and_species(worker, n_worker, _n_task(n_point, n_copy, n_part, together),
                                              species.shape[0])
    for task in range(first, last):
        row, row_end, low, high = _rows_and_parts(task, n_point, n_copy, n_part, together)
        for which in range(one, end):
            for r in range(row, row_end):
                _spread_sideways(x, out, species[which], r, side_node, side_start, side_other, side_shares, which,
                                 r if n_factor_row > 1 else 0, part_slot[low], part_slot[high], False)


@operation
def _rows(block, n_row, n_node):
    """A block with a row for each copy of the trees at each sweep point."""
    return block.reshape((block.shape[0], n_row, n_node))


@operation
def _n_task(n_point, n_copy, n_part, together):
    """Tasks that each take some trees of a sweep point: `together` of them, or as many parts of one."""
    return n_point * ((n_copy * n_part + together - 1) // together)


@operation
def _rows_and_parts(task, n_point, n_copy, n_part, together):
    """The rows of a task, first and end, and the parts of the trees in each, first and end."""
    n_block = (n_copy * n_part + together - 1) // together
    point, block = task // n_block, task % n_block
    low, high = block * together, min((block + 1) * together, n_copy * n_part)
    if n_copy > 1:
        return point * n_copy + low, point * n_copy + high, 0, 1
    return point, point + 1, low, high


@inner
def _spread_along(x, into, species, row, shares, which, k, first, last):
    """Flows of one quantity between nodes that follow each other, into nodes `first` up to `last`."""
    a, r, n, one = unsigned(species), unsigned(row), unsigned(x.shape[2]), unsigned(1)
    i, end = unsigned(first), unsigned(last)
    if i == 0 and end > 0:
        into[a, r, i] = shares[which, k, 1, i] * (x[a, r, one] - x[a, r, i]) if n > one else x.dtype.type(0)
        i = one
    if end == n and end > i:
        end -= one
        into[a, r, end] = shares[which, k, 0, end] * (x[a, r, end - one] - x[a, r, end])
    for j in range(i, end):
        into[a, r, j] = (shares[which, k, 0, j] * (x[a, r, j - one] - x[a, r, j])
                         + shares[which, k, 1, j] * (x[a, r, j + one] - x[a, r, j]))


@operation
def _spread_sideways(x, into, species, row, node, start, other, shares, which, k, first, last, added):
    """Flows between other nodes, into those of the slots `first` up to `last`: added to what is there, or alone."""
    for slot in range(first, last):
        total, here = into[species, row, node[slot]], x[species, row, node[slot]]
        if not added:
            total = x.dtype.type(0)
        for side in range(start[slot], start[slot + 1]):
            total += shares[which, k, side] * (x[species, row, other[side]] - here)
        into[species, row, node[slot]] = total
