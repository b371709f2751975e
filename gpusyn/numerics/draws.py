"""Random numbers made of Philox words (`gpusyn.numerics.philox`); the rules are the same on every backend.

    uniform     float32 from one word, float64 from two: odd multiples of 2^-24 and 2^-53, never 0 or 1
    normal      Box and Muller (1958), one number from two words; abs(value) < 6.8
    bernoulli   word < floor(p 2^32)

Counts (binomial, Poisson) are in `gpusyn.numerics.counts`.
"""
import numpy as np

WORDS = 2.0**32


def uniform(word0, word1, dtype):
    """Uniform in (0, 1).

    Args:
        word0, word1: uint32 arrays; float32 uses the first only.
        dtype: numpy float32 or float64.
    """
    if np.dtype(dtype) == np.float32:
        return (((word0 >> np.uint32(9)) << np.uint32(1)) | np.uint32(1)).astype(np.float32) * np.float32(2.0**-24)
    return uniform_float64(word0, word1)


def uniform_float64(word0, word1):
    """Uniform in (0, 1): the odd multiples of 2^-53, from 32 bits of the first word and 20 of the second."""
    high = np.asarray(word0).astype(np.uint64) << np.uint64(21)
    low = np.asarray(word1).astype(np.uint64) >> np.uint64(12)
    return (high | (low << np.uint64(1)) | np.uint64(1)).astype(np.float64) * 2.0**-53


def normal_pair(word0, word1, dtype):
    """Two independent standard normal numbers: sqrt(-2 log u) times cosine and sine of 2 pi w.

    u = (word0 + 1/2) / 2^32, so that the tail reaches 6.76; w = (word1 + 1/2) / 2^32 - 1/2. Backends agree within 4e-6 in
    float32 and 1e-14 in float64.
    """
    real = np.dtype(dtype).type
    u = np.asarray(word0).astype(dtype) * real(1 / WORDS) + real(0.5 / WORDS)
    # Signed, so that small angles of both signs keep their digits in float32.
    w = np.asarray(word1).astype(np.uint32).view(np.int32).astype(dtype) * real(1 / WORDS) + real(0.5 / WORDS)
    radius, angle = np.sqrt(real(-2) * np.log(u)), real(2 * np.pi) * w
    return radius * np.cos(angle), radius * np.sin(angle)


def normal(word0, word1, dtype):
    """A standard normal number: the first of `normal_pair`."""
    return normal_pair(word0, word1, dtype)[0]


def bernoulli(word, p):
    """True with probability p, to 2^-32: ``word < floor(p * 2**32)`` in float64; p >= 1 is always, NaN never true."""
    return np.asarray(word).astype(np.float64) < np.floor(np.asarray(p, dtype=np.float64) * WORDS)
