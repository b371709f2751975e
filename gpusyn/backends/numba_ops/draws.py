"""Random numbers made of Philox words, for compiled CPU code: the rules of `gpusyn.numerics.draws`, one word at a time.

The precision is that of the argument `like`, whose value does not matter.
"""
import numpy as np
from numba import njit, types
from numba.extending import overload

from gpusyn.backends.numba_ops.compiled import FASTMATH
from gpusyn.backends.numba_ops.elementary import cos, log, sin, sqrt
from gpusyn.backends.numba_ops.float_bits import rounded_like
from gpusyn.backends.numba_ops.precision import OPTIONS

ONE_WORD = 2.0**-32


def _compiled(function):
    return njit(error_model="numpy", fastmath=FASTMATH, forceinline=True, nogil=True, cache=True)(function)


@_compiled
def uniform(word, like):
    """Uniform in (0, 1) from one uint32 word: odd multiples of 2^-24 in float32, of 2^-33 in float64."""
    return _uniform(np.uint32(word), like)


def _uniform(word, like):
    raise TypeError("only compiled code can call it")


@overload(_uniform, jit_options=OPTIONS)
def _choose_uniform(word, like):
    def single(word, like):
        return np.float32(np.int32(((word >> 9) << 1) | 1)) * np.float32(2.0**-24)

    def double(word, like):
        return np.float64(word) * ONE_WORD + 0.5 * ONE_WORD

    return single if like == types.float32 else double


@_compiled
def chance(word0, word1, like):
    """Uniform in (0, 1] from two uint32 words, with every digit of the type also near 0."""
    bits = (np.uint64(word0) << np.uint64(32)) | np.uint64(word1)
    return rounded_like(bits, like, like) * rounded_like(2.0**-64, like, like) + rounded_like(2.0**-65, like, like)


@_compiled
def uniform_float64(word0, word1):
    """Uniform in (0, 1): odd multiples of 2^-53, from 32 bits of the first word and 20 of the second."""
    high = np.uint64(word0) << np.uint64(21)
    low = (np.uint64(word1) >> np.uint64(12)) << np.uint64(1)
    return np.float64(np.int64(high | low | np.uint64(1))) * 2.0**-53


@_compiled
def normal_pair(word0, word1, like):
    """Two independent standard normal numbers from two uint32 words; NumPy's differ by less than 4e-6 or 1e-14."""
    one_word, half = rounded_like(ONE_WORD, like, like), rounded_like(0.5 * ONE_WORD, like, like)
    u = rounded_like(np.uint32(word0), like, like) * one_word + half
    w = rounded_like(np.int32(word1), like, like) * one_word + half
    radius = sqrt(rounded_like(-2.0, like, like) * log(u))
    angle = rounded_like(2 * np.pi, like, like) * w
    return radius * cos(angle), radius * sin(angle)


@_compiled
def normal(word0, word1, like):
    """A standard normal number: the first of `normal_pair`."""
    return normal_pair(word0, word1, like)[0]


@_compiled
def bernoulli(word, p):
    """True with probability p, to 2^-32: `word < floor(p * 2**32)` in float64; p >= 1 is always, NaN never true."""
    return np.float64(np.uint32(word)) < np.floor(np.float64(p) * 2.0**32)
