"""How each elementary function is computed, written once for both precisions.

Each `<word>_form` takes the constants of a precision (`gpusyn.backends.numba_ops.precision`) and returns a function of
`x` for compiled code. Multiplications that may be fused with an addition are harmless: products that must be exact are
exact, and all others are only more exact when fused.
"""
import numpy as np
from numba.extending import register_jitable

from gpusyn.backends.numba_ops.float_bits import (
    exponent,
    half_power_of_two,
    has_second_bit,
    is_odd,
    magnitude,
    mantissa,
    polynomial,
    scaled,
    select,
    with_sign,
)
from gpusyn.backends.numba_ops.precision import DOUBLE, HALF_PI, OPTIONS, SINE_LIMIT

TWO_OVER_PI = 2 / np.pi
ROUNDING = DOUBLE.rounding


def reduction(precision):
    """x -> k + rounding, r, rest with x = k ln 2 + r + rest, abs(r) <= ln(2)/2 and `rest` the rounding error of r."""
    real = precision.real
    log2_e, rounding = real(1 / np.log(2)), real(precision.rounding)
    high, low = real(precision.ln2_high), real(precision.ln2_low)

    @register_jitable(**OPTIONS)
    def reduce(x):
        rounded = x * log2_e + rounding
        k = rounded - rounding
        upper = x - k * high
        r = upper - k * low
        return rounded, r, (upper - r) - k * low

    return reduce


def exp_form(precision):
    """exp(k ln 2 + r) = 2^k (1 + r + r^2 q(r)); 2^k is added to the exponent bits."""
    real, reduce, q = precision.real, reduction(precision), polynomial(precision.exp_terms)
    lowest, highest = real(precision.exp_lowest), real(precision.exp_highest)
    zero, one, infinity = real(0), real(1), real(np.inf)

    def exp(x):
        rounded, r, _ = reduce(x)
        result = scaled(one + (r + r * r * q(r)), rounded)
        result = select(x < lowest, zero, result)
        return select(x <= highest, result, x * infinity)      # NaN fails every comparison and stays NaN

    return exp


def expm1_form(precision):
    """expm1(k ln 2 + r) = 2 (2^(k-1) expm1(r) + (2^(k-1) - 1/2)): 2^k overflows before e^x does."""
    real, reduce, q = precision.real, reduction(precision), polynomial(precision.exp_terms)
    lowest, highest, half, two = map(real, (precision.expm1_lowest, precision.expm1_highest, 0.5, 2))

    def expm1(x):
        x = select(x < lowest, lowest, x)
        x = select(x > highest, highest, x)
        rounded, r, rest = reduce(x)
        near = r + (r * r * q(r) + rest)
        scale = half_power_of_two(rounded)
        return two * (scale * near + (scale - half))

    return expm1


def log_form(precision):
    """log(2^k (1 + f)) = k ln 2 + 2 artanh(s), s = f / (2 + f). Method and coefficients: fdlibm, e_log.c."""
    real, series = precision.real, polynomial(precision.log_terms)
    smallest, raised, raised_exponent = map(
        real, (precision.smallest_normal, precision.raised, precision.raised_exponent)
    )
    high, low = real(precision.ln2_high), real(precision.ln2_low)
    zero, half, one, two, infinity, nan = map(real, (0, 0.5, 1, 2, np.inf, np.nan))

    def log(x):
        tiny = x < smallest
        normal = select(tiny, x * raised, x)
        k = exponent(normal) - select(tiny, raised_exponent, zero)
        f = mantissa(normal) - one
        s = f / (two + f)
        z = s * s
        half_square = half * f * f
        correction = s * (half_square + z * series(z)) + k * low
        result = k * high - ((half_square - correction) - f)
        result = select(x < infinity, result, x)               # inf and NaN
        result = select(x == zero, -infinity, result)
        return select(x < zero, nan, result)

    return log


def tanh_form(precision):
    """x + x z P(z)/Q(z), z = x^2, below 0.625; else 1 - 2 / (e^(2x) + 1). One division serves both."""
    real, reduce, q = precision.real, reduction(precision), polynomial(precision.exp_terms)
    above, below = polynomial(precision.tanh_above), polynomial(precision.tanh_below)
    highest, border, one, two = map(real, (precision.tanh_highest, 0.625, 1, 2))

    def tanh(x):
        size = magnitude(x)
        size = select(size > highest, highest, size)
        rounded, r, _ = reduce(two * size)
        plus_one = two * half_power_of_two(rounded) * (one + (r + r * r * q(r))) + one
        z = size * size
        small = size < border
        quotient = select(small, size * z * above(z), -two) / select(small, below(z), plus_one)
        return with_sign(select(small, size, one) + quotient, x)

    return tanh


@register_jitable(**OPTIONS)
def quarter_turns(x):
    """x (float64) -> k + rounding, r, rest with x = k pi/2 + r + rest, abs(r) <= pi/4: Cody and Waite (1980)."""
    rounded = x * TWO_OVER_PI + ROUNDING
    k = rounded - ROUNDING
    first = x - k * HALF_PI[0]
    step = k * HALF_PI[1]
    second = first - step
    lost = (first - second) - step
    last = k * HALF_PI[2] - lost
    r = second - last
    return rounded, r, (second - r) - last


def sine_series(precision):
    """r, rest -> sin(r + rest), cos(r + rest) for abs(r) <= pi/4. Method of fdlibm, k_sin.c and k_cos.c."""
    real, sin_terms, cos_terms = precision.real, polynomial(precision.sin_terms), polynomial(precision.cos_terms)
    half, one = real(0.5), real(1)

    @register_jitable(**OPTIONS)
    def series(r, rest):
        z = r * r
        sine = r + (r * z * sin_terms(z) + rest)
        half_square = half * z
        most = one - half_square
        return sine, most + (((one - most) - half_square) + (z * z * cos_terms(z) - r * rest))

    return series


def sine_form(precision, added):
    """Sine of x + `added` quarter turns; arguments are reduced in float64 for both precisions."""
    real, series = precision.real, sine_series(precision)
    nan = real(np.nan)

    def sine(x):
        wide = np.float64(x)
        rounded, r, rest = quarter_turns(wide)
        odd, negative = is_odd(rounded, added), has_second_bit(rounded, added)
        sine, cosine = series(real(r), real(rest))
        result = select(odd, cosine, sine)
        result = select(negative, -result, result)
        return select(magnitude(wide) < SINE_LIMIT, result, nan)

    return sine


def sin_form(precision):
    """sin x."""
    return sine_form(precision, 0)


def cos_form(precision):
    """cos x = sin(x + pi/2)."""
    return sine_form(precision, 1)
