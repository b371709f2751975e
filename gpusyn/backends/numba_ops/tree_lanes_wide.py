"""Elimination along the runs of trees, four to six quantities side by side in registers.

What one node waits for is the multiply-add of the node before it, four cycles; so up to six quantities that spread in
one tree are taken at the same time, each with its own factors (3, n_node): own, up and down, as in
`gpusyn.backends.numba_ops.trees`. Every number is the same however many go side by side.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inner
from gpusyn.backends.numba_ops.tree_lanes import DOWN, ONE, OWN, UP


@inner
def solve_four(x0, x1, x2, x3, f0, f1, f2, f3, run_start, run_parent, first_run, last_run):
    """Solve the runs from `first_run` up to `last_run`, in place: four quantities."""
    for run in range(last_run - 1, first_run - 1, -1):
        first, i = np.uint64(run_start[run]), np.uint64(run_start[run + 1]) - ONE
        x0[i] = s0 = f0[OWN, i] * x0[i]
        x1[i] = s1 = f1[OWN, i] * x1[i]
        x2[i] = s2 = f2[OWN, i] * x2[i]
        x3[i] = s3 = f3[OWN, i] * x3[i]
        while i > first:
            above = i - ONE
            x0[above] = s0 = f0[UP, i] * s0 + f0[OWN, above] * x0[above]
            x1[above] = s1 = f1[UP, i] * s1 + f1[OWN, above] * x1[above]
            x2[above] = s2 = f2[UP, i] * s2 + f2[OWN, above] * x2[above]
            x3[above] = s3 = f3[UP, i] * s3 + f3[OWN, above] * x3[above]
            i = above
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            x0[above] += f0[UP, first] * s0
            x1[above] += f1[UP, first] * s1
            x2[above] += f2[UP, first] * s2
            x3[above] += f3[UP, first] * s3
    for run in range(first_run, last_run):
        first, last = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        s0, s1, s2, s3 = x0[first], x1[first], x2[first], x3[first]
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            s0 += f0[DOWN, first] * x0[above]
            s1 += f1[DOWN, first] * x1[above]
            s2 += f2[DOWN, first] * x2[above]
            s3 += f3[DOWN, first] * x3[above]
            x0[first] = s0
            x1[first] = s1
            x2[first] = s2
            x3[first] = s3
        for i in range(first + ONE, last):
            x0[i] = s0 = f0[DOWN, i] * s0 + x0[i]
            x1[i] = s1 = f1[DOWN, i] * s1 + x1[i]
            x2[i] = s2 = f2[DOWN, i] * s2 + x2[i]
            x3[i] = s3 = f3[DOWN, i] * s3 + x3[i]


@inner
def solve_five(x0, x1, x2, x3, x4, f0, f1, f2, f3, f4, run_start, run_parent, first_run, last_run):
    """Solve the runs from `first_run` up to `last_run`, in place: five quantities."""
    for run in range(last_run - 1, first_run - 1, -1):
        first, i = np.uint64(run_start[run]), np.uint64(run_start[run + 1]) - ONE
        x0[i] = s0 = f0[OWN, i] * x0[i]
        x1[i] = s1 = f1[OWN, i] * x1[i]
        x2[i] = s2 = f2[OWN, i] * x2[i]
        x3[i] = s3 = f3[OWN, i] * x3[i]
        x4[i] = s4 = f4[OWN, i] * x4[i]
        while i > first:
            above = i - ONE
            x0[above] = s0 = f0[UP, i] * s0 + f0[OWN, above] * x0[above]
            x1[above] = s1 = f1[UP, i] * s1 + f1[OWN, above] * x1[above]
            x2[above] = s2 = f2[UP, i] * s2 + f2[OWN, above] * x2[above]
            x3[above] = s3 = f3[UP, i] * s3 + f3[OWN, above] * x3[above]
            x4[above] = s4 = f4[UP, i] * s4 + f4[OWN, above] * x4[above]
            i = above
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            x0[above] += f0[UP, first] * s0
            x1[above] += f1[UP, first] * s1
            x2[above] += f2[UP, first] * s2
            x3[above] += f3[UP, first] * s3
            x4[above] += f4[UP, first] * s4
    for run in range(first_run, last_run):
        first, last = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        s0, s1, s2, s3, s4 = x0[first], x1[first], x2[first], x3[first], x4[first]
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            s0 += f0[DOWN, first] * x0[above]
            s1 += f1[DOWN, first] * x1[above]
            s2 += f2[DOWN, first] * x2[above]
            s3 += f3[DOWN, first] * x3[above]
            s4 += f4[DOWN, first] * x4[above]
            x0[first] = s0
            x1[first] = s1
            x2[first] = s2
            x3[first] = s3
            x4[first] = s4
        for i in range(first + ONE, last):
            x0[i] = s0 = f0[DOWN, i] * s0 + x0[i]
            x1[i] = s1 = f1[DOWN, i] * s1 + x1[i]
            x2[i] = s2 = f2[DOWN, i] * s2 + x2[i]
            x3[i] = s3 = f3[DOWN, i] * s3 + x3[i]
            x4[i] = s4 = f4[DOWN, i] * s4 + x4[i]


@inner
def solve_six(x0, x1, x2, x3, x4, x5, f0, f1, f2, f3, f4, f5, run_start, run_parent, first_run, last_run):
    """Solve the runs from `first_run` up to `last_run`, in place: six quantities."""
    for run in range(last_run - 1, first_run - 1, -1):
        first, i = np.uint64(run_start[run]), np.uint64(run_start[run + 1]) - ONE
        x0[i] = s0 = f0[OWN, i] * x0[i]
        x1[i] = s1 = f1[OWN, i] * x1[i]
        x2[i] = s2 = f2[OWN, i] * x2[i]
        x3[i] = s3 = f3[OWN, i] * x3[i]
        x4[i] = s4 = f4[OWN, i] * x4[i]
        x5[i] = s5 = f5[OWN, i] * x5[i]
        while i > first:
            above = i - ONE
            x0[above] = s0 = f0[UP, i] * s0 + f0[OWN, above] * x0[above]
            x1[above] = s1 = f1[UP, i] * s1 + f1[OWN, above] * x1[above]
            x2[above] = s2 = f2[UP, i] * s2 + f2[OWN, above] * x2[above]
            x3[above] = s3 = f3[UP, i] * s3 + f3[OWN, above] * x3[above]
            x4[above] = s4 = f4[UP, i] * s4 + f4[OWN, above] * x4[above]
            x5[above] = s5 = f5[UP, i] * s5 + f5[OWN, above] * x5[above]
            i = above
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            x0[above] += f0[UP, first] * s0
            x1[above] += f1[UP, first] * s1
            x2[above] += f2[UP, first] * s2
            x3[above] += f3[UP, first] * s3
            x4[above] += f4[UP, first] * s4
            x5[above] += f5[UP, first] * s5
    for run in range(first_run, last_run):
        first, last = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        s0, s1, s2, s3, s4, s5 = x0[first], x1[first], x2[first], x3[first], x4[first], x5[first]
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            s0 += f0[DOWN, first] * x0[above]
            s1 += f1[DOWN, first] * x1[above]
            s2 += f2[DOWN, first] * x2[above]
            s3 += f3[DOWN, first] * x3[above]
            s4 += f4[DOWN, first] * x4[above]
            s5 += f5[DOWN, first] * x5[above]
            x0[first] = s0
            x1[first] = s1
            x2[first] = s2
            x3[first] = s3
            x4[first] = s4
            x5[first] = s5
        for i in range(first + ONE, last):
            x0[i] = s0 = f0[DOWN, i] * s0 + x0[i]
            x1[i] = s1 = f1[DOWN, i] * s1 + x1[i]
            x2[i] = s2 = f2[DOWN, i] * s2 + x2[i]
            x3[i] = s3 = f3[DOWN, i] * s3 + x3[i]
            x4[i] = s4 = f4[DOWN, i] * s4 + x4[i]
            x5[i] = s5 = f5[DOWN, i] * s5 + x5[i]
