"""Substitution along the runs of trees, one to six quantities side by side in registers.

Why side by side, and what the arguments are: see `gpusyn.backends.numba_ops.tree_elimination`; the runs are taken in
the opposite order, and each from its other end.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inner

unsigned = np.uint64


@inner
def substitute_one(x, r, species, downs, k, one, runs, first_run, last_run):
    """Put the values of parents into the nodes of runs, in place: one quantity."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    for run in range(first_run, last_run):
        i, step = unsigned(run_start[run] + (run_count[run] - 1) * run_step[run]), unsigned(-run_step[run])
        f, jump = (i + unsigned(run_base[run])) * stride + lane, stride * step
        s0 = downs.dtype.type(0)
        if run_target[run] >= 0:
            above = unsigned(run_target[run])
            s0 = x[a0, r, above]
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = downs[k, f] * s0 + x[a0, r, i]
            i += step
            f += jump


@inner
def substitute_two(x, r, species, downs, k, one, runs, first_run, last_run):
    """Put the values of parents into the nodes of runs, in place: two quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    for run in range(first_run, last_run):
        i, step = unsigned(run_start[run] + (run_count[run] - 1) * run_step[run]), unsigned(-run_step[run])
        f, jump = (i + unsigned(run_base[run])) * stride + lane, stride * step
        s0 = s1 = downs.dtype.type(0)
        if run_target[run] >= 0:
            above = unsigned(run_target[run])
            s0 = x[a0, r, above]
            s1 = x[a1, r, above]
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = downs[k, f] * s0 + x[a0, r, i]
            x[a1, r, i] = s1 = downs[k, f + unsigned(1)] * s1 + x[a1, r, i]
            i += step
            f += jump


@inner
def substitute_three(x, r, species, downs, k, one, runs, first_run, last_run):
    """Put the values of parents into the nodes of runs, in place: three quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    a2 = unsigned(species[lane + unsigned(2)])
    for run in range(first_run, last_run):
        i, step = unsigned(run_start[run] + (run_count[run] - 1) * run_step[run]), unsigned(-run_step[run])
        f, jump = (i + unsigned(run_base[run])) * stride + lane, stride * step
        s0 = s1 = s2 = downs.dtype.type(0)
        if run_target[run] >= 0:
            above = unsigned(run_target[run])
            s0 = x[a0, r, above]
            s1 = x[a1, r, above]
            s2 = x[a2, r, above]
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = downs[k, f] * s0 + x[a0, r, i]
            x[a1, r, i] = s1 = downs[k, f + unsigned(1)] * s1 + x[a1, r, i]
            x[a2, r, i] = s2 = downs[k, f + unsigned(2)] * s2 + x[a2, r, i]
            i += step
            f += jump


@inner
def substitute_four(x, r, species, downs, k, one, runs, first_run, last_run):
    """Put the values of parents into the nodes of runs, in place: four quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    a2 = unsigned(species[lane + unsigned(2)])
    a3 = unsigned(species[lane + unsigned(3)])
    for run in range(first_run, last_run):
        i, step = unsigned(run_start[run] + (run_count[run] - 1) * run_step[run]), unsigned(-run_step[run])
        f, jump = (i + unsigned(run_base[run])) * stride + lane, stride * step
        s0 = s1 = s2 = s3 = downs.dtype.type(0)
        if run_target[run] >= 0:
            above = unsigned(run_target[run])
            s0 = x[a0, r, above]
            s1 = x[a1, r, above]
            s2 = x[a2, r, above]
            s3 = x[a3, r, above]
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = downs[k, f] * s0 + x[a0, r, i]
            x[a1, r, i] = s1 = downs[k, f + unsigned(1)] * s1 + x[a1, r, i]
            x[a2, r, i] = s2 = downs[k, f + unsigned(2)] * s2 + x[a2, r, i]
            x[a3, r, i] = s3 = downs[k, f + unsigned(3)] * s3 + x[a3, r, i]
            i += step
            f += jump


@inner
def substitute_five(x, r, species, downs, k, one, runs, first_run, last_run):
    """Put the values of parents into the nodes of runs, in place: five quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    a2 = unsigned(species[lane + unsigned(2)])
    a3 = unsigned(species[lane + unsigned(3)])
    a4 = unsigned(species[lane + unsigned(4)])
    for run in range(first_run, last_run):
        i, step = unsigned(run_start[run] + (run_count[run] - 1) * run_step[run]), unsigned(-run_step[run])
        f, jump = (i + unsigned(run_base[run])) * stride + lane, stride * step
        s0 = s1 = s2 = s3 = s4 = downs.dtype.type(0)
        if run_target[run] >= 0:
            above = unsigned(run_target[run])
            s0 = x[a0, r, above]
            s1 = x[a1, r, above]
            s2 = x[a2, r, above]
            s3 = x[a3, r, above]
            s4 = x[a4, r, above]
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = downs[k, f] * s0 + x[a0, r, i]
            x[a1, r, i] = s1 = downs[k, f + unsigned(1)] * s1 + x[a1, r, i]
            x[a2, r, i] = s2 = downs[k, f + unsigned(2)] * s2 + x[a2, r, i]
            x[a3, r, i] = s3 = downs[k, f + unsigned(3)] * s3 + x[a3, r, i]
            x[a4, r, i] = s4 = downs[k, f + unsigned(4)] * s4 + x[a4, r, i]
            i += step
            f += jump


@inner
def substitute_six(x, r, species, downs, k, one, runs, first_run, last_run):
    """Put the values of parents into the nodes of runs, in place: six quantities."""
    run_start, run_step, run_count, run_target, _, run_base = runs
    lane, stride = unsigned(one), unsigned(species.shape[0])
    a0 = unsigned(species[lane])
    a1 = unsigned(species[lane + unsigned(1)])
    a2 = unsigned(species[lane + unsigned(2)])
    a3 = unsigned(species[lane + unsigned(3)])
    a4 = unsigned(species[lane + unsigned(4)])
    a5 = unsigned(species[lane + unsigned(5)])
    for run in range(first_run, last_run):
        i, step = unsigned(run_start[run] + (run_count[run] - 1) * run_step[run]), unsigned(-run_step[run])
        f, jump = (i + unsigned(run_base[run])) * stride + lane, stride * step
        s0 = s1 = s2 = s3 = s4 = s5 = downs.dtype.type(0)
        if run_target[run] >= 0:
            above = unsigned(run_target[run])
            s0 = x[a0, r, above]
            s1 = x[a1, r, above]
            s2 = x[a2, r, above]
            s3 = x[a3, r, above]
            s4 = x[a4, r, above]
            s5 = x[a5, r, above]
        for _ in range(run_count[run]):
            x[a0, r, i] = s0 = downs[k, f] * s0 + x[a0, r, i]
            x[a1, r, i] = s1 = downs[k, f + unsigned(1)] * s1 + x[a1, r, i]
            x[a2, r, i] = s2 = downs[k, f + unsigned(2)] * s2 + x[a2, r, i]
            x[a3, r, i] = s3 = downs[k, f + unsigned(3)] * s3 + x[a3, r, i]
            x[a4, r, i] = s4 = downs[k, f + unsigned(4)] * s4 + x[a4, r, i]
            x[a5, r, i] = s5 = downs[k, f + unsigned(5)] * s5 + x[a5, r, i]
            i += step
            f += jump
