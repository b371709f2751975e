"""Sums over one block of items, vectorised. The order of addition depends on the block's length only."""
import numpy as np
from numba import njit


@njit(nogil=True, error_model="numpy", fastmath=True, cache=True)
def block_sum(values):
    """Sum of a block of amounts, as a float64."""
    total = values.dtype.type(0)
    for i in range(values.shape[0]):
        total += values[i]
    return np.float64(total)


@njit(nogil=True, error_model="numpy", cache=True)
def count_flags(flags):
    """Number of items of a block that fired."""
    total = 0
    for i in range(flags.shape[0]):
        total += flags[i]
    return total
