"""Sums over one block of items, vectorised. The order of addition depends on the block's length only."""
import numpy as np
from numba import njit

MOST_WORDS = 128  # so that no byte overflows
EVEN_BYTES = np.uint64(0x00FF00FF00FF00FF)
ONE_IN_EACH_PAIR = np.uint64(0x0001000100010001)


@njit(nogil=True, error_model="numpy", fastmath=True, cache=True)
def block_sum(values):
    """Sum of a block of amounts, as a float64."""
    total = values.dtype.type(0)
    for i in range(values.shape[0]):
        total += values[i]
    return np.float64(total)


@njit(nogil=True, error_model="numpy", cache=True)
def count_flags(flags):
    """Number of items of a block that fired: eight flags at a time, in the bytes of a word."""
    n_word = flags.shape[0] // 8
    words = flags[: 8 * n_word].view(np.uint64)
    total = np.uint64(0)
    for low in range(0, n_word, MOST_WORDS):
        part = words[low : min(low + MOST_WORDS, n_word)]
        sums = np.uint64(0)
        for i in range(part.shape[0]):
            sums += part[i]
        pairs = (sums & EVEN_BYTES) + ((sums >> np.uint64(8)) & EVEN_BYTES)
        total += (pairs * ONE_IN_EACH_PAIR) >> np.uint64(48)
    for i in range(8 * n_word, flags.shape[0]):
        total += np.uint64(flags[i])
    return np.int64(total)
