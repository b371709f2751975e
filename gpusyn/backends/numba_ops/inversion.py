"""Binomial and Poisson numbers for compiled CPU code: those of `gpusyn.numerics.inversion`, one draw at a time."""
import numpy as np
from numba import njit

from gpusyn.backends.numba_ops.compiled import FASTMATH
from gpusyn.backends.numba_ops.fixed_rounding import fixed_exp, fixed_log, log_complement, stirling_rest, unfused
from gpusyn.backends.numba_ops.float_bits import rounded_like
from gpusyn.numerics.inversion import HALF_LOG_2PI, MOST, NEGLIGIBLE, SMALL_MEAN


@njit(error_model="numpy", fastmath=FASTMATH, nogil=True, cache=True)
def binomial(n, p, chance):
    """Successes among n trials of probability p, by a uniform number in (0, 1]; in the type of the arguments."""
    return rounded_like(_binomial(np.float64(n), np.float64(p), np.float64(chance)), n, chance)


@njit(error_model="numpy", fastmath=FASTMATH, nogil=True, cache=True)
def poisson(mean, chance):
    """A Poisson number by a uniform number in (0, 1]; in the type of the arguments."""
    return rounded_like(_poisson(np.float64(mean), np.float64(chance)), mean, chance)


@unfused
def _binomial(n, p, chance):
    n = np.floor(n)
    if not n <= MOST:
        return np.nan
    if not (n > 0 and p > 0):
        return 0.0
    rare = 1.0 - p if p > 0.5 else p
    if rare <= 0:
        return n
    odds = rare / (1.0 - rare)
    if n * rare < SMALL_MEAN:
        mode, log_first = 0.0, n * log_complement(rare)
    else:
        mode = np.floor((n + 1.0) * rare)
        log_first = _log_binomial(mode, n, rare)
    count = _search(1.0 - chance, mode, fixed_exp(log_first), n * odds, odds)
    return n - count if p > 0.5 else count


@unfused
def _log_binomial(m, n, p):
    q = 1.0 - p
    total = (m + 0.5) * fixed_log((n + 1.0) * p / (m + 1.0))
    total = total + (n - m + 0.5) * fixed_log((n + 1.0) * q / (n - m + 1.0))
    total = total - 0.5 * fixed_log((n + 1.0) * p * q) + (1.0 - HALF_LOG_2PI)
    return total + stirling_rest(n) - stirling_rest(m) - stirling_rest(n - m)


@unfused
def _poisson(mean, chance):
    if not mean > 0:
        return 0.0
    if mean > MOST:
        return np.nan
    if mean < SMALL_MEAN:
        return _search(1.0 - chance, 0.0, fixed_exp(-mean), mean, 0.0)
    m = np.floor(mean)
    log_first = (m + 0.5) * fixed_log(mean / (m + 1.0)) - 0.5 * fixed_log(mean)
    log_first = log_first + ((m + 1.0) - mean) - HALF_LOG_2PI - stirling_rest(m)
    return _search(1.0 - chance, m, fixed_exp(log_first), mean, 0.0)


@unfused
def _search(u, start, first, a, b):
    """The count at which the probabilities, added up from `start` outward, reach u."""
    if u <= first:
        return start
    rest, high, low, up, down = u - first, start, start, first, first
    while True:
        up = up * ((a - b * high) / (high + 1.0))
        high += 1.0
        rest = rest - up
        if rest <= 0:
            return high
        down = down * (low / (a - b * (low - 1.0))) if low > 0 else 0.0
        low = max(low - 1.0, 0.0)
        rest = rest - down
        if rest <= 0:
            return low
        if not up + down >= NEGLIGIBLE:
            return high - 1.0
