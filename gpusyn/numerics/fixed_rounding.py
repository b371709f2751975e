"""exp, log and Stirling's remainder whose every rounding is fixed, so that all backends compute the same bits.

Counts are drawn by comparing float64 numbers. For a draw to be the same integer everywhere, these numbers must be the
same everywhere: here are only operations that IEEE 754 rounds in one way (+ - * / and comparisons), in one order, never
fused. Compiled counterparts repeat these lines (`gpusyn.backends.numba_ops.fixed_rounding`, ``kernels/counts.cuh``).
"""
import numpy as np

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.693147180559663, 2.8235290563031577e-13   # products of the first with small integers are exact
SQRT_HALF = 0.7071067811865476
# (e^r - 1 - r) / r^2 for abs(r) < 0.502 ln 2, a Chebyshev fit within 1e-16; highest power first.
EXP_TERMS = (2.5100569275813683e-8, 2.762032742826824e-7, 2.75572680728901e-6, 2.4801520792572694e-5,
             1.9841269863303223e-4, 1.3888888917538296e-3, 8.333333333330011e-3, 4.166666666662348e-2,
             0.16666666666666669, 0.5000000000000001)
# fdlibm's e_log.c, highest power first.
LOG_TERMS = (1.479819860511658591e-1, 1.531383769920937332e-1, 1.818357216161805012e-1, 2.222219843214978396e-1,
             2.857142874366239149e-1, 3.999999999940941908e-1, 6.666666666666735130e-1)
# log(k!) - ((k + 1/2) log(k + 1) - (k + 1) + log(2 pi)/2) for k = 0 ... 9.
STIRLING_RESTS = (0.08106146679532726, 0.0413406959554093, 0.027677925684998338, 0.020790672103765093,
                  0.016644691189821193, 0.013876128823070748, 0.01189670994589177, 0.010411265261972096,
                  0.009255462182712733, 0.00833056343336287)


def horner(terms, x):
    """A polynomial, highest power first."""
    total = terms[0]
    for term in terms[1:]:
        total = total * x + term
    return total


def fixed_exp(x):
    """e^x for float64 -700 < x <= 0, within 2 ulp."""
    k = np.floor(x * LOG2_E + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    return np.ldexp(1.0 + (r + r * r * horner(EXP_TERMS, r)), k.astype(np.int64))


def log_of_parts(k, f):
    """log(2^k (1 + f)) for sqrt(1/2) <= 1 + f < sqrt(2), within 1 ulp."""
    s = f / (2.0 + f)
    z = s * s
    half_square = 0.5 * f * f
    correction = s * (half_square + z * horner(LOG_TERMS, z)) + k * LN2_LOW
    return k * LN2_HIGH - ((half_square - correction) - f)


def fixed_log(x):
    """log x for normal float64 x > 0, within 1 ulp."""
    mantissa, exponent = np.frexp(x)
    low = mantissa < SQRT_HALF
    return log_of_parts(exponent - 1.0 * low, np.where(low, 2.0 * mantissa, mantissa) - 1.0)


def log_complement(p):
    """log(1 - p) for float64 0 <= p <= 1/2, within 1 ulp also for small p."""
    large = p > 1 - SQRT_HALF
    return log_of_parts(np.where(large, -1.0, 0.0), np.where(large, 1.0 - 2.0 * p, -p))


def stirling_rest(k):
    """log(k!) - ((k + 1/2) log(k + 1) - (k + 1) + log(2 pi)/2) for whole float64 k >= 0, within 1e-12."""
    inverse = 1.0 / (k + 1.0)
    square = inverse * inverse
    series = (1 / 12 - (1 / 360 - (1 / 1260 - square / 1680) * square) * square) * inverse
    return np.where(k < 10, np.array(STIRLING_RESTS)[np.clip(k, 0, 9).astype(np.int64)], series)
