"""Elimination along the runs of trees, one to three quantities side by side in registers.

What one node waits for is the multiply-add of the node before it, four cycles; so up to six quantities that spread in
one tree are taken at the same time, each with its own factors (3, n_node): own, up and down, as in
`gpusyn.backends.numba_ops.trees`. Every number is the same however many go side by side.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inner

OWN, UP, DOWN = 0, 1, 2
ONE = np.uint64(1)  # unsigned: an index that cannot be negative needs no look at its sign


@inner
def solve_one(x0, f0, run_start, run_parent, first_run, last_run):
    """Solve the runs from `first_run` up to `last_run`, in place: one quantity."""
    for run in range(last_run - 1, first_run - 1, -1):
        first, i = np.uint64(run_start[run]), np.uint64(run_start[run + 1]) - ONE
        x0[i] = s0 = f0[OWN, i] * x0[i]
        while i > first:
            above = i - ONE
            x0[above] = s0 = f0[UP, i] * s0 + f0[OWN, above] * x0[above]
            i = above
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            x0[above] += f0[UP, first] * s0
    for run in range(first_run, last_run):
        first, last = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        s0 = x0[first]
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            s0 += f0[DOWN, first] * x0[above]
            x0[first] = s0
        for i in range(first + ONE, last):
            x0[i] = s0 = f0[DOWN, i] * s0 + x0[i]


@inner
def solve_two(x0, x1, f0, f1, run_start, run_parent, first_run, last_run):
    """Solve the runs from `first_run` up to `last_run`, in place: two quantities."""
    for run in range(last_run - 1, first_run - 1, -1):
        first, i = np.uint64(run_start[run]), np.uint64(run_start[run + 1]) - ONE
        x0[i] = s0 = f0[OWN, i] * x0[i]
        x1[i] = s1 = f1[OWN, i] * x1[i]
        while i > first:
            above = i - ONE
            x0[above] = s0 = f0[UP, i] * s0 + f0[OWN, above] * x0[above]
            x1[above] = s1 = f1[UP, i] * s1 + f1[OWN, above] * x1[above]
            i = above
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            x0[above] += f0[UP, first] * s0
            x1[above] += f1[UP, first] * s1
    for run in range(first_run, last_run):
        first, last = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        s0, s1 = x0[first], x1[first]
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            s0 += f0[DOWN, first] * x0[above]
            s1 += f1[DOWN, first] * x1[above]
            x0[first] = s0
            x1[first] = s1
        for i in range(first + ONE, last):
            x0[i] = s0 = f0[DOWN, i] * s0 + x0[i]
            x1[i] = s1 = f1[DOWN, i] * s1 + x1[i]


@inner
def solve_three(x0, x1, x2, f0, f1, f2, run_start, run_parent, first_run, last_run):
    """Solve the runs from `first_run` up to `last_run`, in place: three quantities."""
    for run in range(last_run - 1, first_run - 1, -1):
        first, i = np.uint64(run_start[run]), np.uint64(run_start[run + 1]) - ONE
        x0[i] = s0 = f0[OWN, i] * x0[i]
        x1[i] = s1 = f1[OWN, i] * x1[i]
        x2[i] = s2 = f2[OWN, i] * x2[i]
        while i > first:
            above = i - ONE
            x0[above] = s0 = f0[UP, i] * s0 + f0[OWN, above] * x0[above]
            x1[above] = s1 = f1[UP, i] * s1 + f1[OWN, above] * x1[above]
            x2[above] = s2 = f2[UP, i] * s2 + f2[OWN, above] * x2[above]
            i = above
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            x0[above] += f0[UP, first] * s0
            x1[above] += f1[UP, first] * s1
            x2[above] += f2[UP, first] * s2
    for run in range(first_run, last_run):
        first, last = np.uint64(run_start[run]), np.uint64(run_start[run + 1])
        s0, s1, s2 = x0[first], x1[first], x2[first]
        if run_parent[run] >= 0:
            above = np.uint64(run_parent[run])
            s0 += f0[DOWN, first] * x0[above]
            s1 += f1[DOWN, first] * x1[above]
            s2 += f2[DOWN, first] * x2[above]
            x0[first] = s0
            x1[first] = s1
            x2[first] = s2
        for i in range(first + ONE, last):
            x0[i] = s0 = f0[DOWN, i] * s0 + x0[i]
            x1[i] = s1 = f1[DOWN, i] * s1 + x1[i]
            x2[i] = s2 = f2[DOWN, i] * s2 + x2[i]
