"""`VesiclePool`: what the tests of synapse-models 0.1 mean, with its presets put right."""

import runpy
from pathlib import Path

import numpy as np
import pytest

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.vesicles import CalciumTsodyksMarkram
from gpusyn.vesicles.pool import VesiclePool

MUCH = 1e4  # uM


def train(pool, rate, n=10):
    """What n spikes at a rate (Hz) release, at much calcium."""
    found = []
    for _ in range(n):
        found.append(pool.release(MUCH)[0])
        pool.update(1e3 / rate)
    return np.array(found)


# the crate's tests of its module vesicle -----------------------------------------------------------------------


def test_creation():
    pool = VesiclePool()
    assert (pool.available_fraction, pool.utilization) == (1.0, 0.5)


def test_depressing():
    pool = VesiclePool.depressing()
    probabilities = [pool.release_probability()[0]]
    for _ in range(2):
        pool.release(10.0)
        probabilities.append(pool.release_probability()[0])
    assert probabilities[0] == 0.5
    assert probabilities[0] > probabilities[1] > probabilities[2]


def test_facilitating_raises_the_utilization_and_what_is_released():
    pool = VesiclePool.facilitating()
    before, first = pool.utilization[0], pool.release(10.0)[0]
    assert pool.utilization[0] > before == 0.03
    pool.update(50.0)
    assert pool.release(10.0)[0] > 1.5 * first


def test_recovery():
    pool = VesiclePool()
    pool.release(10.0)
    depleted = pool.available_fraction[0]
    for _ in range(100):
        pool.update(10.0)
    assert pool.available_fraction[0] > depleted


def test_calcium_release_probability():
    low, middle, high = VesiclePool().calcium_release_probability(0.1), *map(
        VesiclePool().calcium_release_probability, (1.0, 10.0))
    assert low < middle == 0.5 < high
    assert high > 0.9


def test_quantal_release_of_the_crates_test():
    release = gs.QuantalRelease(n_sites=10, release_probability=0.5, quantal_size=20.0)
    assert release.expected_release() == 5.0
    assert release.expected_amplitude() == 100.0
    assert release.coefficient_of_variation() > 0


def test_multivesicular_release_of_the_crates_test():
    release = gs.MultiVesicularRelease(mean_vesicles=2.0)
    assert sum(release.probability(k) for k in range(60)) == pytest.approx(1.0, abs=1e-6)
    assert release.expected_release() == pytest.approx(2.0, abs=0.1)


def test_reset():
    pool = VesiclePool.facilitating(3)
    pool.release(10.0)
    pool.reset()
    assert (pool.available_fraction == 1.0).all()
    assert (pool.utilization == 0.03).all()


# where the crate is wrong --------------------------------------------------------------------------------------


def test_facilitating_facilitates_and_depressing_depresses_at_20_hz():
    facilitating, depressing = train(VesiclePool.facilitating(), 20.0), train(VesiclePool.depressing(), 20.0)
    assert facilitating[9] / facilitating[0] == pytest.approx(4.582, abs=1e-3)
    assert depressing[9] / depressing[0] == pytest.approx(0.135, abs=1e-3)
    crate = train(VesiclePool(U=0.15, tau_rec=670.0, tau_facil=17.0), 20.0)  # the crate's "facilitating"
    assert crate[:4] / crate[0] == pytest.approx([1.0, 0.899, 0.781, 0.686], abs=1e-3)


def test_time_passes_exactly_whatever_the_steps():
    # crate_vesicle_pool_test_values: default parameters of the crate, one release, 1 s; its Euler steps give 0.8579
    for steps in (1, 100):
        pool = VesiclePool(U=0.5, tau_rec=800.0, tau_facil=1000.0)
        pool.release(MUCH)
        for _ in range(steps):
            pool.update(1000.0 / steps)
        assert pool.available_fraction == pytest.approx([0.8567476016], rel=1e-9)
        assert pool.utilization == pytest.approx([0.5919698603], rel=1e-9)


def test_a_pool_loses_what_it_releases_and_no_more():
    pool = VesiclePool(4, preset="Tsodyks1998-depressing")
    calcium = np.array([0.0, 0.5, 1.05, 100.0])
    released = pool.release(calcium)
    assert released == pytest.approx(50.0 * pool.calcium_release_probability(calcium))
    assert pool.available_vesicles + released == pytest.approx(np.full(4, 100.0))
    assert pool.available_vesicles + pool.recovering_vesicles == pytest.approx(np.full(4, 100.0))
    assert (released > 0).tolist() == [False, True, True, True]  # less than one is not cut to none
    for _ in range(1000):
        released = pool.release(calcium)
    assert pool.available_fraction.min() >= 0


def test_a_pool_is_the_mechanism_of_models():
    pool, parameters = VesiclePool.facilitating(half=2.0), {"preset": "Tsodyks1998-facilitating", "half": 2.0}
    assert isinstance(pool.mechanism, CalciumTsodyksMarkram)
    assert pool.mechanism.values == CalciumTsodyksMarkram(**parameters).values


def test_pools_differ_from_synapse_to_synapse():
    pool = VesiclePool(5, **gs.spread("Maass2002-EE", 5, seed=1), total_vesicles=8)
    released = pool.release(MUCH)
    assert released.shape == (5,)
    assert np.unique(released).size == 5
    pool.update(30.0)
    assert np.unique(pool.available_fraction).size == 5


@pytest.mark.parametrize(("act", "message"), [
    (lambda: VesiclePool(U=1.2), r"CalciumTsodyksMarkram.U: 1.2 is outside 0.0 to 1.0"),
    (lambda: VesiclePool(tau_rec=0.0), r"tau_rec: 0.0 ms is outside 0.001 to inf"),
    (lambda: VesiclePool(tau_facil=-5.0), r"tau_facil: -5.0 ms is outside 0.0 to inf"),
    (lambda: VesiclePool(preset="Maass2002EE"), r"no preset 'Maass2002EE'; did you mean 'Maass2002-EE'"),
    (lambda: VesiclePool(tau_recovery=5.0), r"has no parameter 'tau_recovery'; did you mean 'tau_rec'"),
    (lambda: VesiclePool(0), r"VesiclePool.n: 0 is not a number of synapses; give 1 or more"),
    (lambda: VesiclePool(3, U=np.array([0.1, 0.2])), r"VesiclePool.U: \(2,\) values for 3 synapses; give one"),
    (lambda: VesiclePool(total_vesicles=0), r"VesiclePool.total_vesicles: 0 must be a positive number"),
    (lambda: VesiclePool().release(-0.5), r"VesiclePool: calcium -0.5 uM is not a concentration; give 0 or more"),
    (lambda: VesiclePool(2).release([1.0, np.nan]), r"VesiclePool: calcium nan uM is not a concentration"),
    (lambda: VesiclePool(2).release([1.0, 2.0, 3.0]), r"VesiclePool: \(3,\) values of calcium for 2 synapses"),
    (lambda: VesiclePool().update(-1.0), r"VesiclePool.update: dt -1.0 ms must be a time from 0 on"),
])
def test_what_cannot_be_is_refused(act, message):
    with pytest.raises(ModelError, match=message):
        act()


# the example ---------------------------------------------------------------------------------------------------


def test_the_examples_trains_and_pools_are_what_it_draws():
    example = runpy.run_path(str(Path(__file__).parent.parent / "examples" / "short_term_presets.py"))
    _, responses = example["trains"]()
    assert responses.shape == (11, 14)
    assert responses[9, 2] == pytest.approx(4.582, abs=1e-3)
    times, found = example["pools"](until=1.0, n=20)
    assert times.tolist() == [0.0, 0.5, 1.0]
    docked = {rule: found[rule]["docked"][2] for rule in found}           # ten spikes, where three_pool_10Hz has a rate
    assert 8 * 0.8**10 < docked["mean"][0] < 8 * 0.8**9 + 8 / 5
    assert docked["whole"].mean() == pytest.approx(docked["mean"][0], abs=5 * 1.3 / np.sqrt(20))
