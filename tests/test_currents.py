"""Injected currents: shapes in time, and the statistics of noise."""

import numpy as np
import pytest
from single_item import Items

from gpusyn.currents import (
    ConstantCurrent,
    OrnsteinUhlenbeckCurrent,
    PulseCurrent,
    RampCurrent,
    SineCurrent,
    WhiteNoiseCurrent,
)
from gpusyn.mechanism import Mechanism, state, total


class Capacitor(Mechanism):
    """Adds up the current that it gets: charge in fC = pA ms."""

    integrator = "euler"
    charge = state("fC", "charge")
    injection = total("injection", "pA", "sum of the injected currents")

    @staticmethod
    def d_charge(injection):
        """Current."""
        return injection


def injected(current, duration, dt=0.1, n=1, seed=0):
    """The current of each step, (n_step, n)."""
    charge = Items({"": Capacitor(), "current": current}, n=n, dt=dt, seed=seed).run(duration, record="charge")
    return np.diff(charge, axis=0, prepend=np.zeros((1, n))) / dt


def test_a_constant_current_differs_between_sites():
    current = injected(ConstantCurrent(amplitude=np.array([1.0, 2.0])), 0.2, n=2)
    assert current == pytest.approx(np.array([[1, 2], [1, 2]]))


@pytest.mark.parametrize("dt", [0.1, 0.05, 0.025])
def test_a_pulse_begins_and_ends_on_its_steps(dt):
    current = injected(PulseCurrent(amplitude=3.0, start=0.7, stop=1.9), 3.0, dt)[:, 0]
    steps = np.flatnonzero(current > 1.5)
    assert (steps[0], steps[-1] + 1) == (round(0.7 / dt), round(1.9 / dt))
    assert current.sum() * dt == pytest.approx(3.0 * 1.2)


def test_a_pulse_without_an_end_goes_on():
    assert injected(PulseCurrent(amplitude=3.0, start=1.0), 5.0)[-1, 0] == pytest.approx(3.0)


def test_edges_do_not_move_late_in_single_precision():
    t = np.float32(0.1) * np.arange(99_990, 100_010, dtype=np.float32)
    on = PulseCurrent.injection(t, np.float32(1), np.float32(10_000), np.float32(10_001))
    assert np.flatnonzero(on)[[0, -1]].tolist() == [10, 19]


def test_a_ramp_is_linear_and_stays_within_its_times():
    current = injected(RampCurrent(amplitude_at_start=-1.0, amplitude_at_stop=3.0, start=1.0, stop=2.0), 3.0)[:, 0]
    assert current[[9, 20]] == pytest.approx([0, 0], abs=1e-12)
    assert current[[10, 15, 19]] == pytest.approx([-1.0, 1.0, 2.6])


def test_a_sine_has_its_frequency_and_phase_after_an_hour():
    sine = SineCurrent(amplitude=2.0, frequency=5.0, phase=0.3, offset=1.0)
    hour = 3.6e6
    t = hour + np.linspace(0, 400, 41)
    values = SineCurrent.injection(t, *sine.values.values())
    assert values == pytest.approx(1 + 2 * np.sin(2 * np.pi * 0.005 * (t - hour) + 0.3), abs=1e-6)


@pytest.mark.parametrize("dt", [0.1, 0.4])
def test_white_noise_spreads_charge_as_the_square_root_of_time(dt):
    n, duration = 4000, 8.0
    charge = Items({"": Capacitor(), "noise": WhiteNoiseCurrent(mean=2.0, sigma=3.0)}, n=n, dt=dt)
    charge.run(duration)
    spread = 3.0 * np.sqrt(duration)  # fC
    assert charge["charge"].mean() == pytest.approx(2.0 * duration, abs=5 * spread / np.sqrt(n))
    assert charge["charge"].std() == pytest.approx(spread, rel=5 / np.sqrt(2 * n))


@pytest.mark.parametrize("dt", [0.1, 1.0])
def test_coloured_noise_has_its_standard_deviation_and_correlation_time(dt):
    n, tau = 4000, 3.0
    current = OrnsteinUhlenbeckCurrent(mean=5.0, sigma=2.0, tau=tau)
    noise = Items({"": Capacitor(), "noise": current}, n=n, dt=dt, seed=3)
    noise.run(30.0)
    first = noise["noise.fluctuation"].copy()
    noise.run(tau)
    second = noise["noise.fluctuation"]
    expected = 2.0 * (1 - (dt / tau) ** 2 / 24)
    assert second.std() == pytest.approx(expected, rel=5 / np.sqrt(2 * n))
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(np.exp(-1), abs=5 / np.sqrt(n))
