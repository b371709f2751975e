"""How many of a whole number of things change in a step, written in the vocabulary of equations."""
from gpusyn.lang import binomial, expm1, where


def leaving(number, rate, dt, chance):
    """How many of `number` leave within `dt` (ms), when each of them leaves at `rate` (1/ms)."""
    return binomial(number, -expm1(-dt * rate), chance)


def bound_for(left, rate, rates, chance):
    """How many of those that `left` go one way, at `rate` (1/ms), when `rates` (1/ms) is the sum of all ways open."""
    return binomial(left, rate / where(rates > 0, rates, 1.0), chance)
