"""Nicotinic receptors do what their rates were chosen for: see the table in `NicotinicReceptor`."""

import numpy as np
import pytest
from receptor_runs import MM, Alone
from test_receptors_markov import time_constants

from gpusyn.receptors import NicotinicReceptor


def half_recovery(receptor, exposure, dt):
    """Time (ms) after which half of the receptors are free again, after `exposure` ms of 1 mM."""
    alone = Alone(receptor)
    alone.run(exposure, MM, dt, "bound_fraction")
    free = 1 - alone.run(40 * exposure, 0.0, 40 * dt, "bound_fraction")[:, 0]
    return 40 * dt * (1 + np.argmax(free > 0.5))


@pytest.mark.parametrize(("preset", "concentration", "dt", "rel"), [
    ("alpha4beta2", 3.0, 0.5, 0.10), ("alpha7", 130.0, 0.005, 0.03),
])
def test_half_of_the_peak(preset, concentration, dt, rel):
    around = concentration * np.geomspace(0.5, 2.0, 21)
    alone = Alone(NicotinicReceptor(preset=preset), n=len(around) + 1)
    peaks = alone.run(600 * dt, np.append(around, 1e5), dt, "open_fraction").max(axis=0)
    assert np.interp(peaks[-1] / 2, peaks[:-1], around) == pytest.approx(concentration, rel=rel)


def test_desensitization_in_1_mM():
    assert time_constants(NicotinicReceptor(), MM)[:2] == pytest.approx([700.0, 70.0], rel=0.03)
    assert time_constants(NicotinicReceptor(preset="alpha7", return_rate=0.1), MM)[0] == pytest.approx(11.0, rel=0.03)


def test_alpha7_channels_stay_open_for_a_tenth_of_a_millisecond_and_recover_in_2_s():
    alpha7 = NicotinicReceptor(preset="alpha7", return_rate=0.1)
    assert 1 / alpha7.closing == 0.1
    assert time_constants(alpha7, 0.0)[0] == pytest.approx(2000.0, rel=0.02)


def test_the_longer_the_exposure_the_slower_the_recovery():
    times = [half_recovery(NicotinicReceptor(), exposure, exposure / 500) for exposure in (100.0, 1000.0, 10000.0)]
    assert times[0] < 250.0 < 4000.0 < times[1] < times[2]


@pytest.mark.parametrize(("preset", "concentration"), [("alpha4beta2", 0.5), ("alpha7", 8.0)])
def test_a_little_for_long_desensitizes_without_opening_many(preset, concentration):
    alone = Alone(NicotinicReceptor(preset=preset))
    opened = alone.run(60e3, concentration, 60.0, "open_fraction")
    assert opened.max() < 0.05
    assert alone.output("desensitized_fraction") > 0.5
    assert alone.run(1.0, MM, 0.01, "open_fraction").max() < 0.25
