"""All quantities that spread in a part of trees, as many as possible at the same time, never one alone if it can be.

Args: as in `gpusyn.backends.numba_ops.tree_elimination`; quantities `one` up to `end`, runs `first` up to `last`. Runs
with `warm` tiles are taken in lanes: of each quantity, tile_at[row of factors, base + ...] says where its tiles lie.
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
def eliminate_species(x, row, species, pairs, heads, tile_at, tile_pairs, factor_row, one, end, runs, first, last):
    """Eliminate runs, the last one first."""
    warm = runs[4]
    while last > first:
        if warm[last - 1]:
            last -= 1
            eliminate_in_lanes(x, row, species, heads, tile_at, tile_pairs, factor_row, one, end, runs, last)
            continue
        some = last - 1
        while some > first and not warm[some - 1]:
            some -= 1
        eliminate_by_node(x, row, species, pairs, heads, factor_row, one, end, runs, some, last)
        last = some


@operation
def substitute_species(x, row, species, downs, tile_at, tile_downs, factor_row, one, end, runs, first, last):
    """Fill in runs, the first one first."""
    warm = runs[4]
    while first < last:
        if warm[first]:
            substitute_in_lanes(x, row, species, tile_at, tile_downs, factor_row, one, end, runs, first)
            first += 1
            continue
        some = first + 1
        while some < last and not warm[some]:
            some += 1
        substitute_by_node(x, row, species, downs, factor_row, one, end, runs, first, some)
        first = some


@operation
def eliminate_in_lanes(x, row, species, heads, tile_at, tile_pairs, factor_row, one, end, runs, run):
    """Eliminate one run, two quantities at a time, the last one alone if it must be; its tiles stay transposed."""
    start, step, count, target, warm, base = runs
    low, stride = min(start[run], start[run] + (count[run] - 1) * step[run]), count[run] // LANES
    head, at, nothing = run * species.shape[0], factor_row * tile_at.shape[1] + base[run], x.dtype.type(0)
    while one < end:
        a, b = species[one], species[min(one + 1, end - 1)]
        first, other = (a * x.shape[1] + row) * x.shape[2] + low, (b * x.shape[1] + row) * x.shape[2] + low
        place = at + one * (stride // LANES)
        if one + 1 == end:
            if step[run] > 0:
                value, = eliminate_up(x, (first,), stride, tile_pairs, tile_at, (place,), warm[run], (nothing,))
            else:
                value, = eliminate_down(x, (first,), stride, tile_pairs, tile_at, (place,), warm[run], (nothing,))
        else:
            firsts, starts, before = (first, other), (place, place + stride // LANES), (nothing, nothing)
            if step[run] > 0:
                value, last = eliminate_up(x, firsts, stride, tile_pairs, tile_at, starts, warm[run], before)
            else:
                value, last = eliminate_down(x, firsts, stride, tile_pairs, tile_at, starts, warm[run], before)
            x[b, row, target[run]] += heads[factor_row, head + one + 1] * last
        x[a, row, target[run]] += heads[factor_row, head + one] * value
        one += 2


@operation
def substitute_in_lanes(x, row, species, tile_at, tile_downs, factor_row, one, end, runs, run):
    """Fill in one run, as `eliminate_in_lanes` eliminates it."""
    start, step, count, target, warm, base = runs
    low, stride = min(start[run], start[run] + (count[run] - 1) * step[run]), count[run] // LANES
    at = factor_row * tile_at.shape[1] + base[run]
    while one < end:
        a, b = species[one], species[min(one + 1, end - 1)]
        first, other = (a * x.shape[1] + row) * x.shape[2] + low, (b * x.shape[1] + row) * x.shape[2] + low
        place, above = at + one * (stride // LANES), x[a, row, target[run]]
        if one + 1 == end:
            if step[run] > 0:
                substitute_down(x, (first,), stride, tile_downs, tile_at, (place,), warm[run], (above,))
            else:
                substitute_up(x, (first,), stride, tile_downs, tile_at, (place,), warm[run], (above,))
        else:
            firsts, starts = (first, other), (place, place + stride // LANES)
            before = (above, x[b, row, target[run]])
            if step[run] > 0:
                substitute_down(x, firsts, stride, tile_downs, tile_at, starts, warm[run], before)
            else:
                substitute_up(x, firsts, stride, tile_downs, tile_at, starts, warm[run], before)
        one += 2


@operation
def eliminate_by_node(x, row, species, pairs, heads, factor_row, one, end, runs, first, last):
    """Eliminate runs."""
    while one < end:
        n = end - one
        if n == 1:
            eliminate_one(x, row, species, pairs, heads, factor_row, one, runs, first, last)
        elif n == 2:
            eliminate_two(x, row, species, pairs, heads, factor_row, one, runs, first, last)
        elif n == 3:
            eliminate_three(x, row, species, pairs, heads, factor_row, one, runs, first, last)
        elif n == 4 or n == 7 or n == 8:
            n = 4
            eliminate_four(x, row, species, pairs, heads, factor_row, one, runs, first, last)
        elif n == 5:
            eliminate_five(x, row, species, pairs, heads, factor_row, one, runs, first, last)
        else:
            n = 6
            eliminate_six(x, row, species, pairs, heads, factor_row, one, runs, first, last)
        one += n


@operation
def substitute_by_node(x, row, species, downs, factor_row, one, end, runs, first, last):
    """Fill in runs."""
    while one < end:
        n = end - one
        if n == 1:
            substitute_one(x, row, species, downs, factor_row, one, runs, first, last)
        elif n == 2:
            substitute_two(x, row, species, downs, factor_row, one, runs, first, last)
        elif n == 3:
            substitute_three(x, row, species, downs, factor_row, one, runs, first, last)
        elif n == 4 or n == 7 or n == 8:
            n = 4
            substitute_four(x, row, species, downs, factor_row, one, runs, first, last)
        elif n == 5:
            substitute_five(x, row, species, downs, factor_row, one, runs, first, last)
        else:
            n = 6
            substitute_six(x, row, species, downs, factor_row, one, runs, first, last)
        one += n
