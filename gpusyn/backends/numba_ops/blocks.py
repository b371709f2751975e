"""Sums over one block of items, vectorised. The order of addition depends on the block's length only."""
import numpy as np
from numba import njit

from gpusyn.backends.numba_ops.compiled import operation
from gpusyn.backends.numba_ops.wiring_bits import count_bits, packed_flags


@njit(nogil=True, error_model="numpy", fastmath=True, cache=True)
def block_sum(values):
    """Sum of a block of amounts, as a float64."""
    total = values.dtype.type(0)
    for i in range(values.shape[0]):
        total += values[i]
    return np.float64(total)


@operation
def count_flags(flags):
    """Number of items of a block that fired."""
    total, n_word = 0, flags.shape[0] // 64
    for w in range(n_word):
        total += count_bits(packed_flags(flags, 64 * w))
    for i in range(64 * n_word, flags.shape[0]):
        total += flags[i]
    return total
