"""Elimination along the runs of trees, four to six quantities side by side in registers.

What one node waits for is the multiply-add of the node before it, four cycles; so up to six quantities that spread in
one tree are taken at the same time. Their factors lie side by side (`gpusyn.backends.numba_ops.trees`), so that one
pointer leads to all of them: with one for each, registers run out and the loop takes twice the time. Every number is
the same however many go side by side.

Args: x0, x1, ... are the values of quantities `one`, `one` + 1, ... of `n_active`; pairs, downs, heads their factors.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inner
from gpusyn.backends.numba_ops.tree_lanes import ONE, TWO


@inner
def solve_four(x0, x1, x2, x3, pairs, downs, heads, n_active, one, run_start, run_parent, first_run, last_run):
    """Solve the runs from `first_run` up to `last_run`, in place: four quantities."""
    lane, stride = np.uint64(one), np.uint64(n_active)
    for run in range(last_run - 1, first_run - 1, -1):
        first, i = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        f = TWO * (i * stride + lane)
        s0 = s1 = s2 = s3 = pairs.dtype.type(0)
        while i > first:
            i -= ONE
            f -= TWO * stride
            x0[i] = s0 = pairs[f + np.uint64(1)] * s0 + pairs[f] * x0[i]
            x1[i] = s1 = pairs[f + np.uint64(3)] * s1 + pairs[f + np.uint64(2)] * x1[i]
            x2[i] = s2 = pairs[f + np.uint64(5)] * s2 + pairs[f + np.uint64(4)] * x2[i]
            x3[i] = s3 = pairs[f + np.uint64(7)] * s3 + pairs[f + np.uint64(6)] * x3[i]
        if run_parent[run] >= 0:
            above, f = np.uint64(run_parent[run]), np.uint64(run) * stride + lane
            x0[above] += heads[f] * s0
            x1[above] += heads[f + np.uint64(1)] * s1
            x2[above] += heads[f + np.uint64(2)] * s2
            x3[above] += heads[f + np.uint64(3)] * s3
    for run in range(first_run, last_run):
        first, last = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        f = first * stride + lane
        s0 = s1 = s2 = s3 = pairs.dtype.type(0)
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            s0, s1, s2, s3 = x0[above], x1[above], x2[above], x3[above]
        for i in range(first, last):
            x0[i] = s0 = downs[f] * s0 + x0[i]
            x1[i] = s1 = downs[f + np.uint64(1)] * s1 + x1[i]
            x2[i] = s2 = downs[f + np.uint64(2)] * s2 + x2[i]
            x3[i] = s3 = downs[f + np.uint64(3)] * s3 + x3[i]
            f += stride


@inner
def solve_five(x0, x1, x2, x3, x4, pairs, downs, heads, n_active, one, run_start, run_parent, first_run, last_run):
    """Solve the runs from `first_run` up to `last_run`, in place: five quantities."""
    lane, stride = np.uint64(one), np.uint64(n_active)
    for run in range(last_run - 1, first_run - 1, -1):
        first, i = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        f = TWO * (i * stride + lane)
        s0 = s1 = s2 = s3 = s4 = pairs.dtype.type(0)
        while i > first:
            i -= ONE
            f -= TWO * stride
            x0[i] = s0 = pairs[f + np.uint64(1)] * s0 + pairs[f] * x0[i]
            x1[i] = s1 = pairs[f + np.uint64(3)] * s1 + pairs[f + np.uint64(2)] * x1[i]
            x2[i] = s2 = pairs[f + np.uint64(5)] * s2 + pairs[f + np.uint64(4)] * x2[i]
            x3[i] = s3 = pairs[f + np.uint64(7)] * s3 + pairs[f + np.uint64(6)] * x3[i]
            x4[i] = s4 = pairs[f + np.uint64(9)] * s4 + pairs[f + np.uint64(8)] * x4[i]
        if run_parent[run] >= 0:
            above, f = np.uint64(run_parent[run]), np.uint64(run) * stride + lane
            x0[above] += heads[f] * s0
            x1[above] += heads[f + np.uint64(1)] * s1
            x2[above] += heads[f + np.uint64(2)] * s2
            x3[above] += heads[f + np.uint64(3)] * s3
            x4[above] += heads[f + np.uint64(4)] * s4
    for run in range(first_run, last_run):
        first, last = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        f = first * stride + lane
        s0 = s1 = s2 = s3 = s4 = pairs.dtype.type(0)
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            s0, s1, s2, s3, s4 = x0[above], x1[above], x2[above], x3[above], x4[above]
        for i in range(first, last):
            x0[i] = s0 = downs[f] * s0 + x0[i]
            x1[i] = s1 = downs[f + np.uint64(1)] * s1 + x1[i]
            x2[i] = s2 = downs[f + np.uint64(2)] * s2 + x2[i]
            x3[i] = s3 = downs[f + np.uint64(3)] * s3 + x3[i]
            x4[i] = s4 = downs[f + np.uint64(4)] * s4 + x4[i]
            f += stride


@inner
def solve_six(x0, x1, x2, x3, x4, x5, pairs, downs, heads, n_active, one, run_start, run_parent, first_run, last_run):
    """Solve the runs from `first_run` up to `last_run`, in place: six quantities."""
    lane, stride = np.uint64(one), np.uint64(n_active)
    for run in range(last_run - 1, first_run - 1, -1):
        first, i = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        f = TWO * (i * stride + lane)
        s0 = s1 = s2 = s3 = s4 = s5 = pairs.dtype.type(0)
        while i > first:
            i -= ONE
            f -= TWO * stride
            x0[i] = s0 = pairs[f + np.uint64(1)] * s0 + pairs[f] * x0[i]
            x1[i] = s1 = pairs[f + np.uint64(3)] * s1 + pairs[f + np.uint64(2)] * x1[i]
            x2[i] = s2 = pairs[f + np.uint64(5)] * s2 + pairs[f + np.uint64(4)] * x2[i]
            x3[i] = s3 = pairs[f + np.uint64(7)] * s3 + pairs[f + np.uint64(6)] * x3[i]
            x4[i] = s4 = pairs[f + np.uint64(9)] * s4 + pairs[f + np.uint64(8)] * x4[i]
            x5[i] = s5 = pairs[f + np.uint64(11)] * s5 + pairs[f + np.uint64(10)] * x5[i]
        if run_parent[run] >= 0:
            above, f = np.uint64(run_parent[run]), np.uint64(run) * stride + lane
            x0[above] += heads[f] * s0
            x1[above] += heads[f + np.uint64(1)] * s1
            x2[above] += heads[f + np.uint64(2)] * s2
            x3[above] += heads[f + np.uint64(3)] * s3
            x4[above] += heads[f + np.uint64(4)] * s4
            x5[above] += heads[f + np.uint64(5)] * s5
    for run in range(first_run, last_run):
        first, last = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        f = first * stride + lane
        s0 = s1 = s2 = s3 = s4 = s5 = pairs.dtype.type(0)
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            s0, s1, s2, s3, s4, s5 = x0[above], x1[above], x2[above], x3[above], x4[above], x5[above]
        for i in range(first, last):
            x0[i] = s0 = downs[f] * s0 + x0[i]
            x1[i] = s1 = downs[f + np.uint64(1)] * s1 + x1[i]
            x2[i] = s2 = downs[f + np.uint64(2)] * s2 + x2[i]
            x3[i] = s3 = downs[f + np.uint64(3)] * s3 + x3[i]
            x4[i] = s4 = downs[f + np.uint64(4)] * s4 + x4[i]
            x5[i] = s5 = downs[f + np.uint64(5)] * s5 + x5[i]
            f += stride
