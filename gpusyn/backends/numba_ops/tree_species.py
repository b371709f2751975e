"""All quantities that spread in a part of trees, as many as possible at the same time, never one alone if it can be.

Args: as in `gpusyn.backends.numba_ops.tree_elimination`; quantities `one` up to `end`, runs `first` up to `last`. Runs
with `warm` tiles are taken in lanes.
"""
from gpusyn.backends.numba_ops.compiled import operation
from gpusyn.backends.numba_ops.lanes import LANES, eliminate_down, eliminate_up, substitute_down, substitute_up
from gpusyn.backends.numba_ops.tree_elimination import (
    eliminate_five,
    eliminate_four,
    eliminate_one,
    eliminate_six,
    eliminate_three,
    eliminate_two,
)
from gpusyn.backends.numba_ops.tree_substitution import (
    substitute_five,
    substitute_four,
    substitute_one,
    substitute_six,
    substitute_three,
    substitute_two,
)


@operation
def eliminate_species(
    x, row, species, pairs, heads, factor_row, one, end, start, step, count, target, warm, first, last
):  # fmt: skip
    """Eliminate runs, the last one first."""
    while last > first:
        if warm[last - 1]:
            last -= 1
            eliminate_in_lanes(x, row, species, pairs, heads, factor_row, one, end, start, step, count, target, warm,
                               last)
            continue
        some = last - 1
        while some > first and not warm[some - 1]:
            some -= 1
        eliminate_by_node(x, row, species, pairs, heads, factor_row, one, end, start, step, count, target, some, last)
        last = some


@operation
def substitute_species(x, row, species, downs, factor_row, one, end, start, step, count, target, warm, first, last):
    """Fill in runs, the first one first."""
    while first < last:
        if warm[first]:
            substitute_in_lanes(x, row, species, downs, factor_row, one, end, start, step, count, target, warm, first)
            first += 1
            continue
        some = first + 1
        while some < last and not warm[some]:
            some += 1
        substitute_by_node(x, row, species, downs, factor_row, one, end, start, step, count, target, first, some)
        first = some


@operation
def eliminate_in_lanes(x, row, species, pairs, heads, factor_row, one, end, start, step, count, target, warm, run):
    """Eliminate one run; its tiles stay transposed."""
    n_active, n_row, n_node = species.shape[0], x.shape[1], x.shape[2]
    low, stride = min(start[run], start[run] + (count[run] - 1) * step[run]), count[run] // LANES
    for k in range(one, end):
        a = species[k]
        first = (a * n_row + row) * n_node + low
        at = factor_row * pairs.shape[1] + 2 * (low * n_active + k * count[run])
        if step[run] > 0:
            value = eliminate_up(x, first, stride, pairs, at, warm[run], x.dtype.type(0))
        else:
            value = eliminate_down(x, first, stride, pairs, at, warm[run], x.dtype.type(0))
        x[a, row, target[run]] += heads[factor_row, run * n_active + k] * value


@operation
def substitute_in_lanes(x, row, species, downs, factor_row, one, end, start, step, count, target, warm, run):
    """Fill in one run."""
    n_active, n_row, n_node = species.shape[0], x.shape[1], x.shape[2]
    low, stride = min(start[run], start[run] + (count[run] - 1) * step[run]), count[run] // LANES
    for k in range(one, end):
        a = species[k]
        first = (a * n_row + row) * n_node + low
        at = factor_row * downs.shape[1] + low * n_active + k * count[run]
        above = x[a, row, target[run]]
        if step[run] > 0:
            substitute_down(x, first, stride, downs, at, warm[run], above)
        else:
            substitute_up(x, first, stride, downs, at, warm[run], above)


@operation
def eliminate_by_node(x, row, species, pairs, heads, factor_row, one, end, start, step, count, target, first, last):
    """Eliminate runs."""
    while one < end:
        n = end - one
        if n == 1:
            eliminate_one(x, row, species, pairs, heads, factor_row, one, start, step, count, target, first,
                          last)
        elif n == 2:
            eliminate_two(x, row, species, pairs, heads, factor_row, one, start, step, count, target, first,
                          last)
        elif n == 3:
            eliminate_three(x, row, species, pairs, heads, factor_row, one, start, step, count, target, first,
                            last)
        elif n == 4 or n == 7 or n == 8:
            n = 4
            eliminate_four(x, row, species, pairs, heads, factor_row, one, start, step, count, target, first,
                           last)
        elif n == 5:
            eliminate_five(x, row, species, pairs, heads, factor_row, one, start, step, count, target, first,
                           last)
        else:
            n = 6
            eliminate_six(x, row, species, pairs, heads, factor_row, one, start, step, count, target, first,
                          last)
        one += n


@operation
def substitute_by_node(x, row, species, downs, factor_row, one, end, start, step, count, target, first, last):
    """Fill in runs."""
    while one < end:
        n = end - one
        if n == 1:
            substitute_one(x, row, species, downs, factor_row, one, start, step, count, target, first,
                           last)
        elif n == 2:
            substitute_two(x, row, species, downs, factor_row, one, start, step, count, target, first,
                           last)
        elif n == 3:
            substitute_three(x, row, species, downs, factor_row, one, start, step, count, target, first,
                             last)
        elif n == 4 or n == 7 or n == 8:
            n = 4
            substitute_four(x, row, species, downs, factor_row, one, start, step, count, target, first,
                            last)
        elif n == 5:
            substitute_five(x, row, species, downs, factor_row, one, start, step, count, target, first,
                            last)
        else:
            n = 6
            substitute_six(x, row, species, downs, factor_row, one, start, step, count, target, first,
                           last)
        one += n
