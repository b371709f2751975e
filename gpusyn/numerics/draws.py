"""Random numbers made of Philox words (`gpusyn.numerics.philox`); the rules are the same on every backend.

    uniform     odd multiples of 2^-24 in float32, of 2^-33 in float64: never 0 or 1, mean exactly 1/2
    chance      64 random bits times 2^-64, rounded: as fine near 0 as the type, and 1 once in 2^25 float32 draws
    normal      Box and Muller (1958), one number from two words; abs(value) < 6.8
    bernoulli   word < floor(p 2^32)

Counts (binomial, Poisson) are in `gpusyn.numerics.counts`.
"""
import numpy as np

WORDS = 2.0**32


def uniform(word, dtype):
    """Uniform in (0, 1) from one uint32 word; `dtype` is numpy float32 (23 random bits) or float64 (32)."""
    word = np.asarray(word, dtype=np.uint32)
    if np.dtype(dtype) == np.float32:
        return (((word >> np.uint32(9)) << np.uint32(1)) | np.uint32(1)).astype(np.float32) * np.float32(2.0**-24)
    return word.astype(np.float64) * (1 / WORDS) + 0.5 / WORDS


def uniform_float64(word0, word1):
    """Uniform in (0, 1): the odd multiples of 2^-53, from 32 bits of the first word and 20 of the second."""
    high = np.asarray(word0).astype(np.uint64) << np.uint64(21)
    low = np.asarray(word1).astype(np.uint64) >> np.uint64(12)
    return (high | (low << np.uint64(1)) | np.uint64(1)).astype(np.float64) * 2.0**-53


def chance(word0, word1, dtype):
    """Uniform in (0, 1] from two uint32 words, with every digit of `dtype` also near 0: what rare events need."""
    real = np.dtype(dtype).type
    bits = (np.asarray(word0).astype(np.uint64) << np.uint64(32)) | np.asarray(word1).astype(np.uint64)
    return bits.astype(dtype) * real(2.0**-64) + real(2.0**-65)


def normal_pair(word0, word1, dtype):
    """Two independent standard normal numbers: sqrt(-2 log u) times cosine and sine of 2 pi w.

    u = (word0 + 1/2) / 2^32, so that the tail reaches 6.76; w is (word1 + 1/2) / 2^32, minus 1 if above 1/2. Backends
    agree within 4e-6 in float32 and 1e-14 in float64.
    """
    real = np.dtype(dtype).type
    u = np.asarray(word0, dtype=np.uint32).astype(dtype) * real(1 / WORDS) + real(0.5 / WORDS)
    # Signed, so that small angles of both signs keep their digits in float32.
    w = np.asarray(word1, dtype=np.uint32).view(np.int32).astype(dtype) * real(1 / WORDS) + real(0.5 / WORDS)
    radius, angle = np.sqrt(real(-2) * np.log(u)), real(2 * np.pi) * w
    return radius * np.cos(angle), radius * np.sin(angle)


def normal(word0, word1, dtype):
    """A standard normal number: the first of `normal_pair`."""
    return normal_pair(word0, word1, dtype)[0]


def drawn(kind, words, dtype):
    """The number that an equation sees of the words of a draw: "normal", "uniform" or "chance"."""
    if kind == "uniform":
        return uniform(words[0], dtype)
    return (normal if kind == "normal" else chance)(words[0], words[1], dtype)


def bernoulli(word, p):
    """True with probability p, to 2^-32: ``word < floor(p * 2**32)`` in float64; p >= 1 is always, NaN never true."""
    return np.asarray(word).astype(np.float64) < np.floor(np.asarray(p, dtype=np.float64) * WORDS)
