"""How the workers of a crew divide a range of outputs."""

from gpusyn.backends.numba_ops.compiled import operation


@operation
def share(worker, n_worker, n):
    """The half-open range of 0..n-1 that a worker writes; together the workers' ranges cover all, in order."""
    return n * worker // n_worker, n * (worker + 1) // n_worker
