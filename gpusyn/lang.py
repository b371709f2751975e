"""The words that equations may use, and what each of them means in plain NumPy.

A mechanism's functions are ordinary Python that uses these words, arithmetic, comparisons joined by ``&`` and ``|``,
and other such functions. NumPy runs them as they stand; `gpusyn.translate` turns them into Numba and CUDA source.
"""
import numpy as np

from gpusyn.numerics.inversion import binomial as binomial
from gpusyn.numerics.inversion import poisson as poisson

exp, expm1, log, tanh = np.exp, np.expm1, np.log, np.tanh
sqrt, sin, cos, floor = np.sqrt, np.sin, np.cos, np.floor
absolute, minimum, maximum = np.abs, np.minimum, np.maximum


def where(condition, if_true, if_false):
    """`if_true` where `condition` holds, else `if_false`; both are evaluated."""
    return np.where(condition, if_true, if_false)


def clip(x, low, high):
    """`x` limited to the interval from `low` to `high`."""
    return np.minimum(np.maximum(x, low), high)


def power(x, exponent):
    """`x ** exponent` for any real exponent; NaN for negative `x`, 1 for 0**0.

    For small whole exponents write ``x**3``.
    """
    return np.where(x >= 0, np.power(np.abs(x), exponent), np.nan)


def exprel(x):
    """(e^x - 1) / x, with its limit 1 at zero: the form in which removable singularities of rates are written.

    ``0.1 * (v + 40) / (1 - exp(-(v + 40) / 10))`` is ``1 / exprel(-(v + 40) / 10)``, also at v = -40.
    """
    near_zero = absolute(x) < 1e-5  # there 1 + x/2 is exact to 2e-11
    return where(near_zero, 1 + 0.5 * x, expm1(x) / where(near_zero, 1.0, x))


# Words that every target implements itself; all else is written with them.
PRIMITIVES = {
    "exp": 1, "expm1": 1, "log": 1, "tanh": 1, "sqrt": 1, "sin": 1, "cos": 1, "floor": 1, "absolute": 1,
    "minimum": 2, "maximum": 2, "power": 2, "where": 3, "clip": 3, "binomial": 3, "poisson": 2,
}
