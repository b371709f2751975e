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


def tick(left, dt):
    """A countdown (ms) one step of `dt` (ms) later.

    It is rounded to whole steps anew in every step, so errors do not add up: up to two million steps end on time.
    """
    return maximum(floor(left / dt - 0.5), 0.0) * dt


def tock(passed, dt):
    """A stopwatch (ms) one step of `dt` (ms) later, in whole steps: exact over two million of them."""
    return (floor(passed / dt + 0.5) + 1.0) * dt


def whole_steps(time, dt):
    """A duration in ms, rounded to whole steps of `dt` (ms)."""
    return floor(time / dt + 0.5) * dt
