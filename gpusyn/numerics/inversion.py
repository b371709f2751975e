"""Binomial and Poisson numbers of one uniform number each, by inversion: equations' words `binomial` and `poisson`.

Both distributions have probabilities of the form P(k + 1) = P(k) (a - b k) / (k + 1). Means below 10 are inverted from
0 upwards, larger ones outward from the mode, so that a draw takes about as many steps as the distribution is wide. All
is float64 of fixed rounding, whatever the precision of the model: equal arguments give equal counts on every backend.

Inverted is 1 - chance: what is rare happens where `chance` is small, and there `gpusyn.numerics.draws.chance` is fine.
A probability is right to 1e-15 times the mean in float64; the rounding of `chance` adds 3e-8 in float32.

Source: Devroye (1986) Non-Uniform Random Variate Generation, sections X.3 and X.4; the recursion, Panjer (1981) ASTIN
Bulletin 12:22.
"""
import numpy as np

from gpusyn.numerics.fixed_rounding import fixed_exp, fixed_log, log_complement, stirling_rest

SMALL_MEAN = 10.0
HALF_LOG_2PI = 0.9189385332046728
MOST = 2.0**31          # beyond, a search would take a hundred thousand steps
NEGLIGIBLE = 1e-18      # counts as improbable as this are never drawn; what rounding leaves over goes to the last other


def binomial(n, p, chance):
    """Successes among n trials of probability p.

    Args:
        n: numbers, cut to whole ones; below 1 gives 0, above 2^31 NaN.
        p: probabilities; p <= 0 and NaN give 0, p >= 1 gives n.
        chance: uniform in (0, 1], one for each draw.

    Returns:
        Whole numbers of the type of the arguments.
    """
    real = np.result_type(n, p, chance, np.float32)
    n, p, chance = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in (n, p, chance)))
    n = np.maximum(np.floor(n), 0.0)
    rare = np.where(p > 0.5, 1.0 - p, p)                      # 1 - p is exact above 1/2
    drawn = (n > 0) & (n <= MOST) & (rare > 0)
    count = np.where(n <= MOST, 0.0, np.nan)
    count[drawn] = _binomial(n[drawn], rare[drawn], 1.0 - chance[drawn])
    return np.where(p > 0.5, n - count, count).astype(real)[()]


def poisson(mean, chance):
    """Poisson numbers; zero, negative and NaN means give 0, means above 2^31 NaN; `chance` is uniform in (0, 1]."""
    real = np.result_type(mean, chance, np.float32)
    mean, chance = np.broadcast_arrays(np.asarray(mean, np.float64), np.asarray(chance, np.float64))
    drawn = (mean > 0) & (mean <= MOST)
    count = np.where(mean > MOST, np.nan, 0.0)
    count[drawn] = _poisson(mean[drawn], 1.0 - chance[drawn])
    return count.astype(real)[()]


def _binomial(n, p, u):
    """Successes for p <= 1/2."""
    odds, small = p / (1.0 - p), n * p < SMALL_MEAN
    mode = np.where(small, 0.0, np.floor((n + 1.0) * p))
    log_first = np.where(small, n * log_complement(p), _log_binomial(mode, n, p))
    return _search(u, mode, fixed_exp(log_first), n * odds, odds)


def _log_binomial(m, n, p):
    """log of the probability of m successes near the mode: every term is of order one there."""
    q = 1.0 - p
    total = (m + 0.5) * fixed_log((n + 1.0) * p / (m + 1.0))
    total = total + (n - m + 0.5) * fixed_log((n + 1.0) * q / (n - m + 1.0))
    total = total - 0.5 * fixed_log((n + 1.0) * p * q) + (1.0 - HALF_LOG_2PI)
    return total + stirling_rest(n) - stirling_rest(m) - stirling_rest(n - m)


def _poisson(mean, u):
    small = mean < SMALL_MEAN
    mode = np.where(small, 0.0, np.floor(mean))
    log_first = np.where(small, -mean, _log_poisson(mode, mean))
    return _search(u, mode, fixed_exp(log_first), mean, np.zeros(mean.shape))


def _log_poisson(m, mean):
    """log of the probability of m events near the mode."""
    total = (m + 0.5) * fixed_log(mean / (m + 1.0)) - 0.5 * fixed_log(mean)
    return total + ((m + 1.0) - mean) - HALF_LOG_2PI - stirling_rest(m)


def _search(u, start, first, a, b):
    """The count at which the probabilities, added up from `start` outward, reach u."""
    count = start.copy()
    waiting = np.flatnonzero(u > first)
    rest, high, low, up, down, a, b = (x[waiting] for x in (u - first, start, start, first, first, a, b))
    while waiting.size:
        up = up * ((a - b * high) / (high + 1.0))
        high = high + 1.0
        rest = rest - up
        left = rest > 0
        count[waiting] = high
        down = np.where(low > 0, down * (low / (a - b * (low - 1.0))), 0.0)
        low = np.maximum(low - 1.0, 0.0)
        rest = rest - down
        count[waiting[left & (rest <= 0)]] = low[left & (rest <= 0)]
        ends = left & (rest > 0) & ~(up + down >= NEGLIGIBLE)
        count[waiting[ends]] = high[ends] - 1.0
        on = left & (rest > 0) & ~ends
        waiting, rest, high, low, up, down, a, b = (x[on] for x in (waiting, rest, high, low, up, down, a, b))
    return count
