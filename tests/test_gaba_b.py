"""GABA-B receptors: one pulse opens almost nothing, a burst much."""

import numpy as np
import pytest
from receptor_runs import Alone, Trace, value_of
from scipy.integrate import solve_ivp

from gpusyn.receptors import DesensitizingGABA_B_Receptor, GABA_B_Receptor

TAIL = [(300.0, 0.5)]


def burst(preset, pulse, n=10):
    """The most that is open after `n` pulses (uM, ms) at 200 Hz, and when (ms)."""
    alone, (concentration, length) = Alone(GABA_B_Receptor(preset=preset)), pulse
    for _ in range(n):
        alone.run(length, concentration, 0.1, "open_fraction")
        alone.run(5.0 - length, 0.0, 0.1, "open_fraction")
    opened = alone.run(150.0, 0.0, 0.5, "open_fraction")[:, 0]
    return opened.max(), 5.0 * n + 0.5 * (1 + opened.argmax())


@pytest.mark.parametrize(("pulse", "expected"), [
    # cases gabab_DMS98 and gabab_DMS98_1ms_1mM: peak, its time, half decay; of the burst peak and time; supralinearity
    ((500.0, 0.3), (1.55692e-07, 102.06, 174.52, 0.00120953, 127.56, 776.873)),
    ((1000.0, 1.0), (0.000264204, 102.5, 174.25, 0.378111, 125.0, 143.113)),
])
def test_one_pulse_and_a_burst_of_ten(pulse, expected):
    one = Trace(GABA_B_Receptor(preset="Destexhe1998"), pulse, [(1.0, 0.1), *TAIL])
    peak, when = burst("Destexhe1998", pulse)
    found = (one.peak, one.t_peak, one.fall(0.5), peak, when, peak / (10 * one.peak))
    assert found == pytest.approx(expected, rel=0.01)


def test_the_fit_to_whole_cell_currents():
    one = Trace(GABA_B_Receptor(preset="Otis1993"), (500.0, 0.3), [(1.0, 0.1), *TAIL])
    peak, _ = burst("Otis1993", (500.0, 0.3))
    assert (one.peak, peak, peak / (10 * one.peak)) == pytest.approx((1.45e-5, 0.0384, 265), rel=0.01)
    assert 95.0 < one.t_peak < 110.0


def test_receptors_of_spiking_neural_networks_have_its_steady_state_in_1_mM():
    receptor = GABA_B_Receptor(preset="SpikingNeuralNetworks")
    opening, closing = value_of(receptor, "r_rates", gaba=1000.0)
    assert opening / (opening + closing) == pytest.approx(0.77295, abs=5e-6)
    assert 1 / (opening + closing) == pytest.approx(48.31, abs=5e-3)


@pytest.mark.parametrize("preset", ["Destexhe1998", "Otis1993", "SpikingNeuralNetworks"])
def test_bound_fractions_stay_between_0_and_1_at_steps_of_1_ms(preset):
    bound = Alone(GABA_B_Receptor(preset=preset)).run(500.0, 1e6, 1.0, "bound_fraction")
    assert ((bound >= 0) & (bound <= 1)).all()


def test_the_current_is_outward_above_the_potential_of_potassium():
    receptor = GABA_B_Receptor()
    assert value_of(receptor, "current", s=100.0**0.25, v=-65.0) == pytest.approx(0.06 * 0.5 * 30.0)
    assert value_of(receptor, "current", s=1.0, v=-105.0) < 0
    assert value_of(receptor, "desensitized_fraction") == 0


def test_the_desensitizing_receptor_follows_its_equations():
    """Against R' = K1 C (1 - R - D) - K2 R + d2 D, D' = d1 R - d2 D, G' = K3 R - K4 G of gabab3.mod."""
    def slope(_, y):
        r, d, g = y
        return [0.66 * (1 - r - d) - 0.020 * r + 0.0053 * d, 0.017 * r - 0.0053 * d, 0.083 * r - 0.0079 * g]

    times = np.array([1.0, 10.0, 100.0, 1000.0])
    exact = solve_ivp(slope, (0, 1000), [0, 0, 0], t_eval=times, rtol=1e-10, atol=1e-12).y.T
    alone, now, found = Alone(GABA_B_Receptor(preset="DestexheSejnowski1995")), 0.0, []
    for end in times:
        alone.run(end - now, 1000.0, 0.01 if end <= 10 else 0.1, "bound_fraction")
        now = end
        found.append([alone.states()[name][0] for name in ("R", "D", "s")])
    assert np.array(found) == pytest.approx(exact, rel=0.01)


def test_a_long_exposure_desensitizes_and_the_channels_close_again():
    receptor = DesensitizingGABA_B_Receptor()
    alone = Alone(receptor)
    opened = alone.run(2000.0, 1000.0, 1.0, "open_fraction")[:, 0]
    assert alone.output("desensitized_fraction") == pytest.approx(0.017 / (0.017 + 0.0053), rel=0.05)
    assert alone.output("active_fraction") < 0.35
    assert opened.argmax() < len(opened) - 1
