"""Binomial and Poisson numbers for compiled CPU code: those of `gpusyn.numerics.counts`, one draw at a time."""
import numpy as np

from gpusyn.backends.numba_ops.draws import uniform_float64
from gpusyn.backends.numba_ops.fixed_rounding import fixed_exp, fixed_log, log_complement, stirling_rest, unfused
from gpusyn.backends.numba_ops.philox import philox
from gpusyn.numerics.counts import HALF_LOG_2PI, SMALL_LIMIT, SMALL_MEAN
from gpusyn.numerics.philox import BLOCK_SHIFT


@unfused
def poisson(c0, c1, c2, c3, k0, k1, mean):
    """A Poisson number (int64) of this counter and key; mean below 2^50; zero, negative and NaN give 0."""
    mean = np.float64(mean)
    if not mean > 0:
        return 0
    if mean < SMALL_MEAN:
        return _small_poisson(_uniforms(c0, c1, c2, c3, k0, k1, 0)[0], mean)
    return _large_poisson(c0, c1, c2, c3, k0, k1, mean)


@unfused
def binomial(c0, c1, c2, c3, k0, k1, n, p):
    """Successes (int64) among n < 2^50 trials of probability p; n < 1, p <= 0 and NaN give 0, p >= 1 gives n."""
    p = np.float64(p)
    if n < 1 or not p > 0:
        return 0
    rare = 1.0 - p if p > 0.5 else p
    if rare <= 0:
        return np.int64(n)
    trials = np.float64(n)
    if trials * rare < SMALL_MEAN:
        count = _small_binomial(_uniforms(c0, c1, c2, c3, k0, k1, 0)[0], trials, rare)
    else:
        count = _large_binomial(c0, c1, c2, c3, k0, k1, trials, rare)
    return np.int64(n) - count if p > 0.5 else count


@unfused
def _uniforms(c0, c1, c2, c3, k0, k1, block):
    """Two uniform numbers of one block of a counter."""
    w0, w1, w2, w3 = philox(c0, c1, c2, np.int64(c3) + (block << BLOCK_SHIFT), k0, k1)
    return uniform_float64(w0, w1), uniform_float64(w2, w3)


@unfused
def _small_poisson(u, mean):
    probability, k = fixed_exp(-mean), 0
    while u > probability and k < SMALL_LIMIT:
        u = u - probability
        probability = probability * (mean / (k + 1.0))
        k += 1
    return k


@unfused
def _small_binomial(u, n, p):
    odds = p / (1.0 - p)
    probability, k = fixed_exp(n * log_complement(p)), 0
    while u > probability and k < SMALL_LIMIT and k < n:
        u = u - probability
        probability = probability * ((n - k) / (k + 1.0) * odds)
        k += 1
    return k


@unfused
def _large_poisson(c0, c1, c2, c3, k0, k1, mean):
    b = 0.931 + 2.53 * np.sqrt(mean)
    a = 0.02483 * b - 0.059
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    squeeze = 0.9277 - 3.6224 / (b - 2.0)
    block = 0
    while True:
        u, v = _uniforms(c0, c1, c2, c3, k0, k1, block)
        block += 1
        u = u - 0.5
        edge = 0.5 - abs(u)
        k = np.floor((2.0 * a / edge + b) * u + mean + 0.43)
        if edge >= 0.07 and v <= squeeze:
            return np.int64(k)
        if k < 0 or (edge < 0.013 and v > edge):
            continue
        left = fixed_log(v * inverse_alpha / (a / (edge * edge) + b))
        right = ((k + 1.0) - mean) + k * fixed_log(mean / (k + 1.0))
        right = right - 0.5 * fixed_log(k + 1.0) - HALF_LOG_2PI - stirling_rest(k)
        if left <= right:
            return np.int64(k)


@unfused
def _large_binomial(c0, c1, c2, c3, k0, k1, n, p):
    deviation = np.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * deviation
    a = 0.0248 * b - 0.0873 + 0.01 * p
    centre = n * p + 0.5
    alpha = (2.83 + 5.1 / b) * deviation
    squeeze = 0.92 - 4.2 / b
    block = 0
    while True:
        u, v = _uniforms(c0, c1, c2, c3, k0, k1, block)
        block += 1
        u = u - 0.5
        edge = 0.5 - abs(u)
        k = np.floor((2.0 * a / edge + b) * u + centre)
        if edge >= 0.07 and v <= squeeze:
            return np.int64(k)
        if k < 0 or k > n:
            continue
        left = fixed_log(v * alpha / (a / (edge * edge) + b))
        if left <= _log_binomial_ratio(k, n, p):
            return np.int64(k)


@unfused
def _log_binomial_ratio(k, n, p):
    """log of P(k) / P(mode)."""
    odds, m = p / (1.0 - p), np.floor((n + 1.0) * p)
    total = (m + 0.5) * fixed_log((m + 1.0) / (odds * (n - m + 1.0)))
    total = total + (n + 1.0) * fixed_log((n - m + 1.0) / (n - k + 1.0))
    total = total + (k + 0.5) * fixed_log(odds * (n - k + 1.0) / (k + 1.0))
    return total + stirling_rest(m) + stirling_rest(n - m) - stirling_rest(k) - stirling_rest(n - k)
