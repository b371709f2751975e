"""Philox4x32-10 for compiled CPU code: the words of `gpusyn.numerics.philox`, one counter at a time, no branches."""
import numpy as np
from numba import njit

MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
HALF = np.uint64(32)


@njit(nogil=True, cache=True, forceinline=True, error_model="numpy")
def philox(c0, c1, c2, c3, k0, k1):
    """Four uint32 words of the counter (c0, c1, c2, c3) under the key (k0, k1); integers are read modulo 2^32.

    Adjacent counters of a loop are computed in the lanes of one vector.
    """
    c0, c1, c2, c3, k0, k1 = np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3), np.uint32(k0), np.uint32(k1)
    for _ in range(10):
        first, second = MULTIPLIER_0 * np.uint64(c0), MULTIPLIER_1 * np.uint64(c2)
        c0 = np.uint32(second >> HALF) ^ c1 ^ k0
        c1 = np.uint32(second)
        c2 = np.uint32(first >> HALF) ^ c3 ^ k1
        c3 = np.uint32(first)
        k0 = np.uint32(k0 + WEYL_0)
        k1 = np.uint32(k1 + WEYL_1)
    return np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)
