"""The fixed roundings of `gpusyn.numerics.fixed_rounding` for compiled CPU code: no fast-math flag, same bits."""
import numpy as np
from numba import njit

from gpusyn.backends.numba_ops.float_bits import exponent, half_power_of_two, mantissa, polynomial
from gpusyn.numerics.fixed_rounding import (
    EXP_TERMS,
    LN2_HIGH,
    LN2_LOW,
    LOG2_E,
    LOG_TERMS,
    SQRT_HALF,
    STIRLING_RESTS,
)

ROUNDING = 1.5 * 2.0**52
exp_series, log_series = polynomial(EXP_TERMS), polynomial(LOG_TERMS)
STIRLING_TABLE = np.array(STIRLING_RESTS)


def unfused(function):
    """Compile without leave to fuse multiplications with additions."""
    return njit(nogil=True, error_model="numpy", cache=True)(function)


@unfused
def fixed_exp(x):
    """e^x for -700 < x <= 0."""
    k = np.floor(x * LOG2_E + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    return (1.0 + (r + r * r * exp_series(r))) * (2.0 * half_power_of_two(k + ROUNDING))


@unfused
def log_of_parts(k, f):
    """log(2^k (1 + f))."""
    s = f / (2.0 + f)
    z = s * s
    half_square = 0.5 * f * f
    correction = s * (half_square + z * log_series(z)) + k * LN2_LOW
    return k * LN2_HIGH - ((half_square - correction) - f)


@unfused
def fixed_log(x):
    """log x for normal x > 0."""
    return log_of_parts(exponent(x), mantissa(x) - 1.0)


@unfused
def log_complement(p):
    """log(1 - p) for 0 <= p <= 1/2."""
    if p > 1 - SQRT_HALF:
        return log_of_parts(-1.0, 1.0 - 2.0 * p)
    return log_of_parts(0.0, -p)


@unfused
def stirling_rest(k):
    """log(k!) without the leading terms of Stirling's series in k + 1, for whole k >= 0."""
    if k < 10:
        return STIRLING_TABLE[int(k)]
    inverse = 1.0 / (k + 1.0)
    square = inverse * inverse
    return (1 / 12 - (1 / 360 - (1 / 1260 - square / 1680) * square) * square) * inverse
