"""Constants of the elementary functions for each precision, and how a function is compiled once for each.

Polynomials of exp: Chebyshev fits of (e^r - 1 - r) / r^2 on |r| < 0.502 ln 2, highest power first. Logarithm, sine and
cosine: fdlibm (Sun Microsystems, 1993) and, in float32, FreeBSD's msun and Cephes (Moshier). tanh: Cephes.
"""
from types import SimpleNamespace

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from gpusyn.backends.numba_ops.compiled import FASTMATH

SINGLE = SimpleNamespace(
    real=np.float32,
    rounding=1.5 * 2.0**23,                    # adding it leaves the nearest whole number in the lowest bits
    smallest_normal=2.0**-126, raised=2.0**25, raised_exponent=25.0,
    ln2_high=0.693145751953125, ln2_low=1.4286068e-06,
    exp_lowest=-87.33654475, exp_highest=88.72283172607422, expm1_lowest=-18.0, expm1_highest=89.0, tanh_highest=10.0,
    exp_terms=(1.989118e-4, 1.3933821e-3, 8.3333105e-3, 4.1666463e-2, 0.16666667, 0.5),
    log_terms=(0.24279078841, 0.28498786688, 0.40000972152, 0.66666662693),
    tanh_above=(-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1),
    tanh_below=(1.0,),
    sin_terms=(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1),
    cos_terms=(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2),
)
DOUBLE = SimpleNamespace(
    real=np.float64,
    rounding=1.5 * 2.0**52,
    smallest_normal=2.0**-1022, raised=2.0**54, raised_exponent=54.0,
    ln2_high=0.693147180559663, ln2_low=2.8235290563031577e-13,
    exp_lowest=-708.3964185322641, exp_highest=709.782712893384, expm1_lowest=-40.0, expm1_highest=710.0,
    tanh_highest=22.0,
    exp_terms=(2.5100569275813683e-8, 2.762032742826824e-7, 2.75572680728901e-6, 2.4801520792572694e-5,
               1.9841269863303223e-4, 1.3888888917538296e-3, 8.333333333330011e-3, 4.166666666662348e-2,
               0.16666666666666669, 0.5000000000000001),
    log_terms=(1.479819860511658591e-1, 1.531383769920937332e-1, 1.818357216161805012e-1, 2.222219843214978396e-1,
               2.857142874366239149e-1, 3.999999999940941908e-1, 6.666666666666735130e-1),
    tanh_above=(-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3),
    tanh_below=(1.0, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3),
    sin_terms=(1.58969099521155010221e-10, -2.50507602534068634195e-8, 2.75573137070700676789e-6,
               -1.98412698298579493134e-4, 8.33333333332248946124e-3, -1.66666666666666324348e-1),
    cos_terms=(-1.13596475577881948265e-11, 2.08757232129817482790e-9, -2.75573143513906633035e-7,
               2.48015872894767294178e-5, -1.38888888888741095749e-3, 4.16666666666666019037e-2),
)
# pi/2 in three pieces; the products of the first two with a 20-bit integer are exact.
HALF_PI = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)
SINE_LIMIT = 2.0**50                           # above, the spacing of float64 reaches a quarter

OPTIONS = {"error_model": "numpy", "fastmath": FASTMATH, "forceinline": True}


def by_precision(build):
    """A word for compiled code that is `build(SINGLE)` for a float32 argument and `build(DOUBLE)` for other numbers.

    Args:
        build: takes the constants of a precision and returns a function of one argument `x`.
    """
    single, double = (register_jitable(**OPTIONS)(build(constants)) for constants in (SINGLE, DOUBLE))

    def word(x):
        raise TypeError(f"{build.__name__}: only compiled code can call it")

    @overload(word, jit_options=OPTIONS)
    def choose(x):
        if x == types.float32:
            return lambda x: single(x)
        if isinstance(x, (types.Number, types.Boolean)):
            return lambda x: double(np.float64(x))
        return None

    return word
