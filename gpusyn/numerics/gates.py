"""Exact steps of two-state gates and of time in whole steps, written in the vocabulary of equations."""
from gpusyn.lang import expm1, exprel, floor, maximum, where

TINY = 1e-30  # 1/ms, smaller than any rate: one vector instruction keeps 0/0 away


def relax(x, opening, closing, dt):
    """A gate after `dt` (ms) of constant opening and closing rates (1/ms), exact for any `dt`.

    dx/dt = opening (1 - x) - closing x. The increment is computed, not the new value: 1e5 small float32 steps then
    end with an error of 5e-6 instead of 2e-4.
    """
    rate = opening + closing
    steady = opening / where(rate > TINY, rate, TINY)  # without rates the gate stays, whatever this is
    return x + (x - steady) * expm1(-dt * rate)


def steady(opening, closing):
    """The steady state of a gate; 0 if neither rate is positive."""
    rate = opening + closing
    return opening / where(rate > 0, rate, 1.0)


def exponential_step(slope, derivative, dt):
    """Increment of x in `dt` when dx/dt = derivative + slope (x - x now): exact for linear equations."""
    return dt * exprel(dt * slope) * derivative


def tick(steps):
    """A countdown (in steps) one step later."""
    return maximum(steps - 1.0, 0.0)


def whole_steps(time, dt):
    """A duration in ms as the nearest whole number of steps."""
    return floor(time / dt + 0.5)
