"""x^p in float64 with a logarithm of 63 bits: with one of 53, x^p would be wrong by 100 units near its limits.

Numbers of more than 53 bits are sums of two; a `head` keeps 26 bits, so that products of two heads are exact, fused or
not. Method: fdlibm's e_pow.c, here around log x = k ln 2 + 2 artanh(s) without tables or branches.
"""
import numpy as np
from numba.extending import register_jitable

from gpusyn.backends.numba_ops.elementary_forms import exp_form
from gpusyn.backends.numba_ops.float_bits import exponent, head, mantissa, polynomial, select
from gpusyn.backends.numba_ops.precision import DOUBLE, OPTIONS

TWO_THIRDS, TWO_THIRDS_HEAD, TWO_THIRDS_REST = 0.6666666666666666, 0.6666666567325592, 9.934107462565104e-09
# (artanh(s)/s - 1 - s^2/3) 3/s^4 as a polynomial of s^2 for abs(s) < 0.1716, a Chebyshev fit within 3e-18.
artanh_rest = polynomial((
    0.1758649059127012, 0.17559189696845096, 0.20002213198218508, 0.2307689233051077, 0.2727272750414977,
    0.3333333333247915, 0.4285714285714406, 0.6,
))
SMALLEST_NORMAL, RAISED, RAISED_EXPONENT = DOUBLE.smallest_normal, DOUBLE.raised, DOUBLE.raised_exponent
LN2_HIGH, LN2_LOW = DOUBLE.ln2_high, DOUBLE.ln2_low
LARGEST_EXPONENT = 1e25          # beyond it every x but 1 has left the range, and products would overflow
_exp = register_jitable(**OPTIONS)(exp_form(DOUBLE))


@register_jitable(**OPTIONS)
def long_log(x):
    """log x of a positive finite float64 as a head and a rest, together right to 2^-63 of the logarithm."""
    tiny = x < SMALLEST_NORMAL
    normal = select(tiny, x * RAISED, x)
    k = exponent(normal) - select(tiny, RAISED_EXPONENT, 0.0)
    f = mantissa(normal) - 1.0
    s = f / (2.0 + f)
    s_head, below_head = head(s), head(2.0 + f)
    s_rest = ((f - s_head * below_head) - s_head * (f - (below_head - 2.0))) / (2.0 + f)
    z, z_head = s * s, s_head * s_head
    r = z * z * artanh_rest(z) + s_rest * (s_head + s)
    series_head = head(3.0 + z_head + r)                         # artanh(s) = s/3 (3 + s^2 + r)
    series_rest = r - ((series_head - 3.0) - z_head)
    u, v = s_head * series_head, s_rest * series_head + series_rest * s
    product_head = head(u + v)
    product_rest = v - (product_head - u)
    upper = TWO_THIRDS_HEAD * product_head
    lower = TWO_THIRDS_REST * product_head + product_rest * TWO_THIRDS + k * LN2_LOW
    whole = k * LN2_HIGH
    log_head = head((upper + lower) + whole)
    return log_head, lower - ((log_head - whole) - upper)


@register_jitable(**OPTIONS)
def power_float64(x, p):
    """x^p within 2 ulp for x >= 0."""
    bounded = select(p > LARGEST_EXPONENT, LARGEST_EXPONENT, p)
    bounded = select(bounded < -LARGEST_EXPONENT, -LARGEST_EXPONENT, bounded)
    log_head, log_rest = long_log(x)
    p_head = head(bounded)
    upper = p_head * log_head
    lower = (bounded - p_head) * log_head + bounded * log_rest
    total = upper + lower
    result = _exp(total)
    result = select(result < np.inf, result + result * (lower - (total - upper)), result)
    outwards = select(p > 0.0, np.inf, 0.0)
    inwards = select(p > 0.0, 0.0, np.inf)
    result = select(x == np.inf, outwards, select(x == 0.0, inwards, result))
    result = select(p == 0.0, 1.0, result)
    return select((x >= 0.0) & (p == p), result, np.nan)
