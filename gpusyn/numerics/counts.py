"""Binomial and Poisson numbers, the same integers on every backend.

Means below 10 are drawn by inversion from words 0 and 1 of the counter's block; larger ones by transformed rejection
with squeeze, each attempt from one block (`gpusyn.numerics.philox` says how blocks are counted). Both are exact but for
the rounding of float64 and its uniform numbers of 52 bits: a probability is right to 1e-15 times the mean.

Source: Hörmann (1993) The transformed rejection method for generating Poisson random variables, Insurance: Mathematics
and Economics 12:39-45; Hörmann (1993) The generation of binomial random variates, J. Stat. Comput. Simul. 46:101-110.
"""
import numpy as np

from gpusyn.numerics.draws import uniform_float64
from gpusyn.numerics.fixed_rounding import fixed_exp, fixed_log, log_complement, stirling_rest
from gpusyn.numerics.philox import BLOCK_SHIFT, philox

SMALL_MEAN = 10.0
SMALL_LIMIT = 60          # a mean of 10 exceeds this with probability 1e-25, far below the resolution of the draw
HALF_LOG_2PI = 0.9189385332046728


def poisson(c0, c1, c2, c3, k0, k1, mean):
    """Poisson numbers.

    Args:
        c0, c1, c2, c3, k0, k1: counter and key of each draw, integers or arrays.
        mean: float64 below 2^50; zero, negative and NaN give 0.

    Returns:
        int64 array of the broadcast shape.
    """
    *words, mean = np.broadcast_arrays(c0, c1, c2, c3, k0, k1, np.asarray(mean, dtype=np.float64))
    count = np.zeros(mean.shape, dtype=np.int64)
    small, large = (mean > 0) & (mean < SMALL_MEAN), mean >= SMALL_MEAN
    at = mean[small]
    count[small] = _invert(_block(words, small, 0), fixed_exp(-at), lambda k: at / (k + 1.0), SMALL_LIMIT)
    _reject(count, large, words, _PoissonHat(mean[large]))
    return count


def binomial(c0, c1, c2, c3, k0, k1, n, p):
    """Binomial numbers: successes among n trials of probability p.

    Args:
        c0, c1, c2, c3, k0, k1: counter and key of each draw, integers or arrays.
        n: integers below 2^50; below 1 gives 0.
        p: float64; p <= 0 and NaN give 0, p >= 1 gives n.

    Returns:
        int64 array of the broadcast shape.
    """
    n, p = np.asarray(n, dtype=np.int64), np.asarray(p, dtype=np.float64)
    *words, n, p = np.broadcast_arrays(c0, c1, c2, c3, k0, k1, np.maximum(n, 0), p)
    rare = np.where(p > 0.5, 1.0 - p, p)                       # 1 - p is exact above 1/2
    trials = n.astype(np.float64)
    drawn = (rare > 0) & (n > 0)
    small = drawn & (trials * rare < SMALL_MEAN)
    count = np.zeros(n.shape, dtype=np.int64)
    m, r = trials[small], rare[small]
    odds = r / (1.0 - r)
    count[small] = _invert(
        _block(words, small, 0), fixed_exp(m * log_complement(r)), lambda k: (m - k) / (k + 1.0) * odds,
        np.minimum(m, SMALL_LIMIT),
    )
    large = drawn & ~small
    _reject(count, large, words, _BinomialHat(trials[large], rare[large]))
    return np.where(p > 0.5, n - count, count)


def _block(words, mask, block):
    """Two uniform numbers of one block of the masked counters."""
    c0, c1, c2, c3, k0, k1 = (np.asarray(part)[mask] for part in words)
    w0, w1, w2, w3 = philox(c0, c1, c2, c3 + (block << BLOCK_SHIFT), k0, k1)
    return uniform_float64(w0, w1), uniform_float64(w2, w3)


def _invert(uniforms, first, ratio, limit):
    """The smallest k whose cumulative probability reaches u; `ratio(k)` is P(k + 1) / P(k)."""
    rest, probability = uniforms[0].copy(), first.copy()
    count = np.zeros(rest.shape)
    for k in range(SMALL_LIMIT):
        on = (rest > probability) & (k < limit) & (count == k)
        if not on.any():
            break
        rest = np.where(on, rest - probability, rest)
        probability = np.where(on, probability * ratio(float(k)), probability)
        count += on
    return count.astype(np.int64)


def _reject(count, mask, words, hat):
    """Attempts, one block each, until each masked draw is accepted."""
    waiting = np.flatnonzero(mask)
    flat = [np.ravel(part) for part in words]
    rows = np.arange(waiting.size)
    block = 0
    while waiting.size:
        u, v = _block(flat, waiting, block)
        k, accepted = hat.attempt(rows, u - 0.5, v)
        count.reshape(-1)[waiting[accepted]] = k[accepted].astype(np.int64)
        waiting, rows, block = waiting[~accepted], rows[~accepted], block + 1


class _PoissonHat:
    """Constants of Hörmann's PTRS for each mean >= 10, and one attempt."""

    def __init__(self, mean):
        self.mean = mean
        self.b = 0.931 + 2.53 * np.sqrt(mean)
        self.a = 0.02483 * self.b - 0.059
        self.inverse_alpha = 1.1239 + 1.1328 / (self.b - 3.4)
        self.squeeze = 0.9277 - 3.6224 / (self.b - 2.0)

    def attempt(self, rows, u, v):
        """Proposed counts and whether they are accepted."""
        mean, b, a = self.mean[rows], self.b[rows], self.a[rows]
        edge = 0.5 - np.abs(u)
        k = np.floor((2.0 * a / edge + b) * u + mean + 0.43)
        possible = (k >= 0) & ~((edge < 0.013) & (v > edge))
        at = np.where(possible, k, 0.0)
        left = fixed_log(v * self.inverse_alpha[rows] / (a / (edge * edge) + b))
        right = ((at + 1.0) - mean) + at * fixed_log(mean / (at + 1.0))
        right = right - 0.5 * fixed_log(at + 1.0) - HALF_LOG_2PI - stirling_rest(at)
        return k, ((edge >= 0.07) & (v <= self.squeeze[rows])) | (possible & (left <= right))


class _BinomialHat:
    """Constants of Hörmann's BTRS for each n, p <= 1/2 with n p >= 10, and one attempt."""

    def __init__(self, n, p):
        self.n, self.odds = n, p / (1.0 - p)
        deviation = np.sqrt(n * p * (1.0 - p))
        self.b = 1.15 + 2.53 * deviation
        self.a = 0.0248 * self.b - 0.0873 + 0.01 * p
        self.centre = n * p + 0.5
        self.alpha = (2.83 + 5.1 / self.b) * deviation
        self.squeeze = 0.92 - 4.2 / self.b
        self.mode = np.floor((n + 1.0) * p)

    def attempt(self, rows, u, v):
        """Proposed counts and whether they are accepted."""
        n, b, a, odds, m = self.n[rows], self.b[rows], self.a[rows], self.odds[rows], self.mode[rows]
        edge = 0.5 - np.abs(u)
        k = np.floor((2.0 * a / edge + b) * u + self.centre[rows])
        possible = (k >= 0) & (k <= n)
        at = np.where(possible, k, 0.0)
        left = fixed_log(v * self.alpha[rows] / (a / (edge * edge) + b))
        right = (m + 0.5) * fixed_log((m + 1.0) / (odds * (n - m + 1.0)))
        right = right + (n + 1.0) * fixed_log((n - m + 1.0) / (n - at + 1.0))
        right = right + (at + 0.5) * fixed_log(odds * (n - at + 1.0) / (at + 1.0))
        right = right + stirling_rest(m) + stirling_rest(n - m) - stirling_rest(at) - stirling_rest(n - at)
        return k, ((edge >= 0.07) & (v <= self.squeeze[rows])) | (possible & (left <= right))
