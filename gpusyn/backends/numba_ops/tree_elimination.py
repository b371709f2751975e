"""Elimination along the runs of trees, one to six quantities side by side in registers.

What one node waits for is the multiply-add of the node before it, four cycles; so up to six quantities that spread in
one tree are taken at the same time. Their factors lie side by side (`gpusyn.backends.numba_ops.trees`), so that one
pointer leads to all of them: with one for each, registers run out and the loop takes twice the time. Every number is
the same however many go side by side.

Args: x (n_species, n_row, n_node) are the values, r the row of x; quantities `one`, `one` + 1, ... of `species` are
taken; pairs and heads are their factors, in row k; `runs` (start, step, count, target, warm, base) are eliminated from
`last_run` - 1 down to `first_run`.
Indices are unsigned, which spares a look at their sign. No part of an array is taken, as the count of its users would
pass from core to core.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inner
from gpusyn.backends.numba_ops.float_bits import product

unsigned = np.uint64
TWO = unsigned(2)


@inner
def eliminate_one(x, r, species, pairs, heads, k, one, runs, first_run, last_run):
    """Eliminate the nodes of runs, in place: one quantity."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    for run in range(last_run - 1, first_run - 1, -1):
        i, step = unsigned(run_start[run]), unsigned(run_step[run])
        f, jump = TWO * ((i + unsigned(run_base[run])) * stride + lane), TWO * stride * step
        s0 = pairs.dtype.type(0)
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = pairs[k, f + unsigned(1)] * s0 + product(pairs[k, f], x[a0, r, i])
            i += step
            f += jump
        if run_target[run] >= 0:
            above, f = unsigned(run_target[run]), unsigned(run) * stride + lane
            x[a0, r, above] += heads[k, f] * s0


@inner
def eliminate_two(x, r, species, pairs, heads, k, one, runs, first_run, last_run):
    """Eliminate the nodes of runs, in place: two quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    for run in range(last_run - 1, first_run - 1, -1):
        i, step = unsigned(run_start[run]), unsigned(run_step[run])
        f, jump = TWO * ((i + unsigned(run_base[run])) * stride + lane), TWO * stride * step
        s0 = s1 = pairs.dtype.type(0)
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = pairs[k, f + unsigned(1)] * s0 + product(pairs[k, f], x[a0, r, i])
            x[a1, r, i] = s1 = pairs[k, f + unsigned(3)] * s1 + product(pairs[k, f + unsigned(2)], x[a1, r, i])
            i += step
            f += jump
        if run_target[run] >= 0:
            above, f = unsigned(run_target[run]), unsigned(run) * stride + lane
            x[a0, r, above] += heads[k, f] * s0
            x[a1, r, above] += heads[k, f + unsigned(1)] * s1


@inner
def eliminate_three(x, r, species, pairs, heads, k, one, runs, first_run, last_run):
    """Eliminate the nodes of runs, in place: three quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    a2 = unsigned(species[lane + unsigned(2)])
    for run in range(last_run - 1, first_run - 1, -1):
        i, step = unsigned(run_start[run]), unsigned(run_step[run])
        f, jump = TWO * ((i + unsigned(run_base[run])) * stride + lane), TWO * stride * step
        s0 = s1 = s2 = pairs.dtype.type(0)
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = pairs[k, f + unsigned(1)] * s0 + product(pairs[k, f], x[a0, r, i])
            x[a1, r, i] = s1 = pairs[k, f + unsigned(3)] * s1 + product(pairs[k, f + unsigned(2)], x[a1, r, i])
            x[a2, r, i] = s2 = pairs[k, f + unsigned(5)] * s2 + product(pairs[k, f + unsigned(4)], x[a2, r, i])
            i += step
            f += jump
        if run_target[run] >= 0:
            above, f = unsigned(run_target[run]), unsigned(run) * stride + lane
            x[a0, r, above] += heads[k, f] * s0
            x[a1, r, above] += heads[k, f + unsigned(1)] * s1
            x[a2, r, above] += heads[k, f + unsigned(2)] * s2


@inner
def eliminate_four(x, r, species, pairs, heads, k, one, runs, first_run, last_run):
    """Eliminate the nodes of runs, in place: four quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    a2 = unsigned(species[lane + unsigned(2)])
    a3 = unsigned(species[lane + unsigned(3)])
    for run in range(last_run - 1, first_run - 1, -1):
        i, step = unsigned(run_start[run]), unsigned(run_step[run])
        f, jump = TWO * ((i + unsigned(run_base[run])) * stride + lane), TWO * stride * step
        s0 = s1 = s2 = s3 = pairs.dtype.type(0)
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = pairs[k, f + unsigned(1)] * s0 + product(pairs[k, f], x[a0, r, i])
            x[a1, r, i] = s1 = pairs[k, f + unsigned(3)] * s1 + product(pairs[k, f + unsigned(2)], x[a1, r, i])
            x[a2, r, i] = s2 = pairs[k, f + unsigned(5)] * s2 + product(pairs[k, f + unsigned(4)], x[a2, r, i])
            x[a3, r, i] = s3 = pairs[k, f + unsigned(7)] * s3 + product(pairs[k, f + unsigned(6)], x[a3, r, i])
            i += step
            f += jump
        if run_target[run] >= 0:
            above, f = unsigned(run_target[run]), unsigned(run) * stride + lane
            x[a0, r, above] += heads[k, f] * s0
            x[a1, r, above] += heads[k, f + unsigned(1)] * s1
            x[a2, r, above] += heads[k, f + unsigned(2)] * s2
            x[a3, r, above] += heads[k, f + unsigned(3)] * s3


@inner
def eliminate_five(x, r, species, pairs, heads, k, one, runs, first_run, last_run):
    """Eliminate the nodes of runs, in place: five quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    a2 = unsigned(species[lane + unsigned(2)])
    a3 = unsigned(species[lane + unsigned(3)])
    a4 = unsigned(species[lane + unsigned(4)])
    for run in range(last_run - 1, first_run - 1, -1):
        i, step = unsigned(run_start[run]), unsigned(run_step[run])
        f, jump = TWO * ((i + unsigned(run_base[run])) * stride + lane), TWO * stride * step
        s0 = s1 = s2 = s3 = s4 = pairs.dtype.type(0)
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = pairs[k, f + unsigned(1)] * s0 + product(pairs[k, f], x[a0, r, i])
            x[a1, r, i] = s1 = pairs[k, f + unsigned(3)] * s1 + product(pairs[k, f + unsigned(2)], x[a1, r, i])
            x[a2, r, i] = s2 = pairs[k, f + unsigned(5)] * s2 + product(pairs[k, f + unsigned(4)], x[a2, r, i])
            x[a3, r, i] = s3 = pairs[k, f + unsigned(7)] * s3 + product(pairs[k, f + unsigned(6)], x[a3, r, i])
            x[a4, r, i] = s4 = pairs[k, f + unsigned(9)] * s4 + product(pairs[k, f + unsigned(8)], x[a4, r, i])
            i += step
            f += jump
        if run_target[run] >= 0:
            above, f = unsigned(run_target[run]), unsigned(run) * stride + lane
            x[a0, r, above] += heads[k, f] * s0
            x[a1, r, above] += heads[k, f + unsigned(1)] * s1
            x[a2, r, above] += heads[k, f + unsigned(2)] * s2
            x[a3, r, above] += heads[k, f + unsigned(3)] * s3
            x[a4, r, above] += heads[k, f + unsigned(4)] * s4


@inner
def eliminate_six(x, r, species, pairs, heads, k, one, runs, first_run, last_run):
    """Eliminate the nodes of runs, in place: six quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    a2 = unsigned(species[lane + unsigned(2)])
    a3 = unsigned(species[lane + unsigned(3)])
    a4 = unsigned(species[lane + unsigned(4)])
    a5 = unsigned(species[lane + unsigned(5)])
    for run in range(last_run - 1, first_run - 1, -1):
        i, step = unsigned(run_start[run]), unsigned(run_step[run])
        f, jump = TWO * ((i + unsigned(run_base[run])) * stride + lane), TWO * stride * step
        s0 = s1 = s2 = s3 = s4 = s5 = pairs.dtype.type(0)
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = pairs[k, f + unsigned(1)] * s0 + product(pairs[k, f], x[a0, r, i])
            x[a1, r, i] = s1 = pairs[k, f + unsigned(3)] * s1 + product(pairs[k, f + unsigned(2)], x[a1, r, i])
            x[a2, r, i] = s2 = pairs[k, f + unsigned(5)] * s2 + product(pairs[k, f + unsigned(4)], x[a2, r, i])
            x[a3, r, i] = s3 = pairs[k, f + unsigned(7)] * s3 + product(pairs[k, f + unsigned(6)], x[a3, r, i])
            x[a4, r, i] = s4 = pairs[k, f + unsigned(9)] * s4 + product(pairs[k, f + unsigned(8)], x[a4, r, i])
            x[a5, r, i] = s5 = pairs[k, f + unsigned(11)] * s5 + product(pairs[k, f + unsigned(10)], x[a5, r, i])
            i += step
            f += jump
        if run_target[run] >= 0:
            above, f = unsigned(run_target[run]), unsigned(run) * stride + lane
            x[a0, r, above] += heads[k, f] * s0
            x[a1, r, above] += heads[k, f + unsigned(1)] * s1
            x[a2, r, above] += heads[k, f + unsigned(2)] * s2
            x[a3, r, above] += heads[k, f + unsigned(3)] * s3
            x[a4, r, above] += heads[k, f + unsigned(4)] * s4
            x[a5, r, above] += heads[k, f + unsigned(5)] * s5
