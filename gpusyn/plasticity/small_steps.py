"""Sums of steps too small for the type: what is less than a grain waits beside the sum until it has grown to one."""
from gpusyn.lang import floor

GRAINS = 16384.0  # per 1: a power of two, so that whole grains are exact in float32


def whole_grains(amount):
    """The part of an amount that is a whole number of grains; the rest is at most half a grain.

    A quantity of about 1 that is changed by whole grains only, while the rest is kept in an array of its own, loses
    nothing: float32 resolves 6e-8 of it, and 4e-12 of the rest. This needs no order of operations that a compiler
    might change.
    """
    return floor(amount * GRAINS + 0.5) / GRAINS
