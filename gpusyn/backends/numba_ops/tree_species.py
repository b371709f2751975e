"""All quantities that spread in a part of trees, as many as possible at the same time, never one alone if it can be.

Args: as in `gpusyn.backends.numba_ops.tree_elimination`; quantities `one` up to `end`, runs `first` up to `last`.
"""
from gpusyn.backends.numba_ops.compiled import operation
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
def eliminate_species(x, row, species, pairs, heads, factor_row, one, end, start, step, count, target, first, last):
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
def substitute_species(x, row, species, downs, factor_row, one, end, start, step, count, target, first, last):
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
