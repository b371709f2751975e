"""Philox4x32-10: random words that are a function of a counter and a key, the same on every backend.

How gpusyn counts (every part 32 bits):

    key      seed low, seed high
    counter  site or synapse low; stream; step low; step high + 65536 * block

A stream is a place that draws, such as one mechanism of one population (`stream_of`). A draw that needs more than four
words takes further blocks 1, 2 ... of the same counter: they lie in the upper half of the last word, which the step
leaves free below 2^48 steps, so that no block of one stream, site or step is a block of another.

Source: Salmon, Moraes, Dror & Shaw (2011) Parallel random numbers: as easy as 1, 2, 3, SC'11.
"""
import hashlib

import numpy as np

MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
ROUNDS = 10
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
STEP_LIMIT = 2**48
BLOCK_SHIFT = 16


def philox(c0, c1, c2, c3, k0, k1):
    """Four random words of each counter and key.

    Args:
        c0, c1, c2, c3: counter words; arrays of any integer type or ints that broadcast, read modulo 2^32.
        k0, k1: key words, likewise.

    Returns:
        Four uint32 arrays of the broadcast shape.
    """
    c0, c1, c2, c3, k0, k1 = np.broadcast_arrays(*(_word(part) for part in (c0, c1, c2, c3, k0, k1)))
    for _ in range(ROUNDS):
        first, second = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (second >> HALF) ^ c1 ^ k0, second & LOW, (first >> HALF) ^ c3 ^ k1, first & LOW
        k0, k1 = (k0 + WEYL[0]) & LOW, (k1 + WEYL[1]) & LOW
    return tuple(part.astype(np.uint32) for part in (c0, c1, c2, c3))


def _word(part):
    """The lowest 32 bits of integers, as uint64."""
    if isinstance(part, int):
        return np.uint64(part & 0xFFFFFFFF)
    return np.asarray(part).astype(np.uint64) & LOW


def seed_words(seed: int) -> tuple[int, int]:
    """Key words of a seed, low then high.

    Raises:
        ValueError: the seed is not in 0 ... 2^64 - 1.
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed} must be a whole number from 0 to 2**64 - 1")
    return seed & 0xFFFFFFFF, seed >> 32


def step_words(step: int) -> tuple[int, int]:
    """Counter words of a step, low then high.

    Raises:
        ValueError: the step is not in 0 ... 2^48 - 1 (the bits above count blocks).
    """
    if not 0 <= step < STEP_LIMIT:
        raise ValueError(f"step {step} must be from 0 to 2**48 - 1")
    return step & 0xFFFFFFFF, step >> 32


def stream_of(path: str) -> int:
    """The stream of a dotted path such as ``"cortex.ampa.release"``: the first 32 bits of its SHA-256 digest."""
    return int.from_bytes(hashlib.sha256(path.encode()).digest()[:4], "little")
