"""The words of equations, for compiled CPU code: polynomials and selects in place of the C library's functions.

A loop that calls the C library is not vectorised; one that calls these is, because they have no branch, no call and no
integer wider or narrower than their lanes. Float32 arguments give float32, all others float64. Errors are given in ulp,
units in the last place of the exact result, and hold with and without fused multiply-add. Everywhere NaN gives NaN, and
the sign of a zero is not kept. Results too small to be normal numbers (below 1.2e-38 in float32, 2.2e-308 in float64)
are flushed to zero by `exp` and, in float64, `power`; subnormal arguments are read exactly by all.
"""
import numpy as np
from numba import njit, types
from numba.extending import overload

from gpusyn.backends.numba_ops import float_bits
from gpusyn.backends.numba_ops.compiled import FASTMATH
from gpusyn.backends.numba_ops.elementary_forms import cos_form, exp_form, expm1_form, log_form, sin_form, tanh_form
from gpusyn.backends.numba_ops.elementary_powers import power_float64
from gpusyn.backends.numba_ops.precision import OPTIONS, by_precision

_exp, _expm1, _log, _tanh, _sin, _cos = map(
    by_precision, (exp_form, expm1_form, log_form, tanh_form, sin_form, cos_form)
)


def _compiled(function):
    return njit(error_model="numpy", fastmath=FASTMATH, forceinline=True, nogil=True, cache=True)(function)


@_compiled
def exp(x):
    """e^x within 1.5 ulp; 0 where the result is below the smallest normal number, inf above the largest."""
    return _exp(x)


@_compiled
def expm1(x):
    """e^x - 1 within 2 ulp, also near 0; -1 far below 0, inf above the largest number."""
    return _expm1(x)


@_compiled
def log(x):
    """Natural logarithm within 1 ulp; -inf at 0, NaN below 0, inf at inf; exact for subnormal arguments."""
    return _log(x)


@_compiled
def tanh(x):
    """Hyperbolic tangent within 2 ulp, also near 0; 1 and -1 far from 0."""
    return _tanh(x)


@_compiled
def sin(x):
    """Sine within 2 ulp for abs(x) <= 1.6e6.

    Up to 2^50 it is the sine of an argument that differs from x by at most one unit in the last place of a float64; NaN
    beyond.
    """
    return _sin(x)


@_compiled
def cos(x):
    """Cosine within 2 ulp for abs(x) <= 1.6e6; beyond, as `sin`."""
    return _cos(x)


@_compiled
def sqrt(x):
    """Correctly rounded square root; NaN below 0."""
    return float_bits.square_root(float_bits.as_real(x))


@_compiled
def floor(x):
    """The largest whole number not above x, as a floating-point number."""
    return float_bits.floor(float_bits.as_real(x))


@_compiled
def absolute(x):
    """x without its sign."""
    return float_bits.magnitude(float_bits.as_real(x))


@_compiled
def where(condition, if_true, if_false):
    """`if_true` where `condition` holds, else `if_false`; both are evaluated, nothing branches."""
    return float_bits.select(condition, if_true, if_false)


@_compiled
def minimum(a, b):
    """The smaller of two numbers; NaN if either is NaN."""
    return float_bits.select((a < b) | (a != a), a, b)


@_compiled
def maximum(a, b):
    """The larger of two numbers; NaN if either is NaN."""
    return float_bits.select((a > b) | (a != a), a, b)


@_compiled
def at_least(x, bound):
    """`maximum` with a bound that is a number: one instruction instead of four; NaN stays NaN."""
    return float_bits.select(bound > x, bound, x)


@_compiled
def at_most(x, bound):
    """`minimum` with a bound that is a number."""
    return float_bits.select(bound < x, bound, x)


@_compiled
def clip(x, low, high):
    """x limited to the interval from `low` to `high`; NaN stays NaN."""
    return minimum(maximum(x, low), high)


@_compiled
def power(x, exponent):
    """x^exponent for x >= 0; NaN for x < 0, also for whole exponents; 1 for exponent 0.

    Float32: within 1 ulp, subnormal results included; float64: within 2 ulp. Zero to a positive power is 0, to a
    negative one inf.
    """
    return _power(x, exponent)


def _power(x, exponent):
    raise TypeError("only compiled code can call it")


@overload(_power, jit_options=OPTIONS)
def _choose_power(x, exponent):
    def single(x, exponent):
        base, p = np.float64(x), np.float64(exponent)
        result = float_bits.select(p == 0.0, 1.0, _exp(p * _log(base)))
        return np.float32(float_bits.select((base >= 0.0) & (p == p), result, np.nan))

    def double(x, exponent):
        return power_float64(np.float64(x), np.float64(exponent))

    return single if x == types.float32 and exponent == types.float32 else double
