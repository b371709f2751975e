"""Release in whole vesicles: moments of what is drawn, statistics, sites that empty and refill."""

import numpy as np
import pytest
from scipy import stats
from single_item import Synapse
from test_draws import chi_square_p

from gpusyn.errors import ModelError
from gpusyn.vesicles import MultiVesicularRelease, QuantalRelease, StochasticTsodyksMarkram, TsodyksMarkram
from gpusyn.vesicles.evaluating import evaluate

N = 1_000_000
# sites, p, q, CV of a quantum: mean and variance of the number, failures, mean, variance and CV of the response, Fano
QUANTAL = {
    "quantal_binomial_N10_p0.5": (10, 0.5, 20.0, 0.3, 5.0, 2.5, 0.0009765625, 100.0, 1180.0, 0.3435112807, 0.5),
    "quantal_binomial_N5_p0.2": (5, 0.2, 12.0, 0.25, 1.0, 0.8, 0.32768, 12.0, 124.2, 0.9287087810, 0.8),
    "quantal_binomial_N1_p0.8": (1, 0.8, 10.0, 0.4, 0.8, 0.16, 0.2, 8.0, 28.8, 0.6708203932, 0.2),
    "quantal_binomial_N30_p0.1": (30, 0.1, 8.0, 0.3, 3.0, 2.7, 0.04239115828, 24.0, 190.08, 0.5744562647, 0.9),
}
# mean, where the crate cuts off; there: probabilities of 0, 1, 2 after it normalises, its mean, what it had kept
CUT_OFF = {
    "mvr_poisson_lam2.0_max10": (2.0, 10, (0.1353364076, 0.2706728153, 0.2706728153), 1.99992362, 0.9999916918),
    "mvr_poisson_lam0.5_max5": (0.5, 5, (0.6065392513, 0.3032696257, 0.07581740641), 0.4999210235, 0.9999858351),
    "mvr_poisson_lam5.0_max10": (5.0, 10, (0.006831506313, 0.03415753156, 0.08539382891), 4.908077148, 0.9863047314),
}


def within_five_sigma(value, expected, deviation, n=N):
    assert abs(value - expected) <= 5 * deviation / np.sqrt(n)


def quantal(n, p, q, cv):
    return QuantalRelease(n_sites=n, release_probability=p, quantal_size=q, quantal_cv=cv)


# statistics ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUANTAL)
def test_quantal_statistics_are_those_of_a_compound_binomial(name):
    *parameters, mean, variance, failures, amplitude, spread, cv, fano = QUANTAL[name]
    release = quantal(*parameters)
    found = [release.expected_release(), release.release_variance(), release.failure_probability(),
             release.expected_amplitude(), release.amplitude_variance(), release.coefficient_of_variation(),
             release.fano_factor()]
    assert found == pytest.approx([mean, variance, failures, amplitude, spread, cv, fano], rel=1e-9)


def test_the_crates_coefficient_of_variation_is_not_ours():
    release = quantal(10, 0.5, 20.0, 0.3)
    assert np.hypot(np.sqrt(2.5) / 5, 0.3) == pytest.approx(0.4358898944)  # without 1 / E[n]
    assert release.coefficient_of_variation() == pytest.approx(0.3435112807)
    assert QuantalRelease(release_probability=0.0).coefficient_of_variation() == np.inf


def test_statistics_of_many_synapses_are_arrays():
    release = QuantalRelease(n_sites=10, release_probability=np.array([0.1, 0.5]), quantal_size=20.0)
    assert release.expected_amplitude() == pytest.approx([20.0, 100.0])
    assert release.coefficient_of_variation()[1] == pytest.approx(0.3435112807)


@pytest.mark.parametrize("name", CUT_OFF)
def test_poisson_probabilities_are_not_cut_off(name):
    mean, most, normalised, cut_mean, kept = CUT_OFF[name]
    release = MultiVesicularRelease(mean_vesicles=mean)
    below = np.array([release.probability(k) for k in range(most + 1)])
    assert below.sum() == pytest.approx(kept, rel=1e-9)
    assert (below / below.sum())[:3] == pytest.approx(normalised, rel=1e-9)
    assert (below * np.arange(most + 1)).sum() / below.sum() == pytest.approx(cut_mean, rel=1e-9)
    k = np.arange(200)
    everything = np.array([release.probability(int(i)) for i in k])  # 200! overflows any integer type
    assert everything.sum() == pytest.approx(1.0, abs=1e-12)
    assert (everything * k).sum() == pytest.approx(mean, rel=1e-12)
    assert release.expected_release() == release.release_variance() == mean


def test_multivesicular_release_adds_over_sites():
    release = MultiVesicularRelease(n_sites=3, mean_vesicles=0.5, quantal_size=2.0, quantal_cv=0.0)
    assert (release.expected_release(), release.expected_amplitude(), release.amplitude_variance()) == (1.5, 3.0, 6.0)
    assert release.failure_probability() == pytest.approx(np.exp(-1.5))
    assert MultiVesicularRelease(mean_vesicles=0.0).probability(0) == 1.0


# what is drawn -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUANTAL)
def test_a_million_quantal_releases_have_the_moments(name):
    *parameters, mean, variance, failures, amplitude, spread, _, _ = QUANTAL[name]
    synapses = Synapse(quantal(*parameters), n=N, dt=1.0, seed=4)
    synapses.step(pre=True)
    check_moments(synapses.state["released"], synapses.state["amplitude"], parameters, mean, variance, failures)
    vesicles, responses = quantal(*parameters).sample(N, seed=5)
    check_moments(vesicles, responses, parameters, mean, variance, failures)
    within_five_sigma(responses.mean(), amplitude, np.sqrt(spread))


def check_moments(k, response, parameters, mean, variance, failures):
    n, p, q, cv = parameters
    within_five_sigma(k.mean(), mean, np.sqrt(variance))
    within_five_sigma(k.var(), variance, np.sqrt(variance * (1 - 6 * p * (1 - p)) + 2 * variance**2))
    within_five_sigma((k == 0).mean(), failures, np.sqrt(failures))
    assert set(np.unique(k)) <= set(range(n + 1))
    scatter = (response - q * k)[k > 0] / (q * cv * np.sqrt(k[k > 0]))
    within_five_sigma(scatter.mean(), 0.0, 1.0, scatter.size)
    within_five_sigma(scatter.var(), 1.0, np.sqrt(2), scatter.size)


def test_sites_with_several_docked_vesicles_release_a_binomial_number_of_all():
    """Three sites with four vesicles at p = 0.3: mean 3.6, variance 2.52, failures 0.7^12."""
    release = QuantalRelease(n_sites=3, vesicles_per_site=4, release_probability=0.3)
    k, _ = release.sample(N, seed=8)
    assert (release.expected_release(), release.release_variance()) == pytest.approx((3.6, 2.52))
    within_five_sigma(k.mean(), 3.6, np.sqrt(2.52))
    within_five_sigma(k.var(), 2.52, np.sqrt(2.52 * (1 - 6 * 0.21) + 2 * 2.52**2))
    within_five_sigma((k == 0).mean(), release.failure_probability(), np.sqrt(0.7**12))
    assert set(np.unique(k)) <= set(range(13))


@pytest.mark.parametrize("mean", [0.5, 5.0, 50.0])
def test_a_million_multivesicular_releases_have_the_moments(mean):
    k, _ = MultiVesicularRelease(mean_vesicles=mean).sample(N, seed=6)
    within_five_sigma(k.mean(), mean, np.sqrt(mean))
    within_five_sigma(k.var(), mean, np.sqrt(mean * (1 + 2 * mean)))
    assert k.max() > 3 * mean if mean < 10 else k.max() > mean + 4 * np.sqrt(mean)


def test_samples_depend_on_their_seed_alone():
    release = QuantalRelease()
    np.testing.assert_array_equal(release.sample(10, seed=1)[1], release.sample(1000, seed=1)[1][:10])
    assert (release.sample(10, seed=1)[1] != release.sample(10, seed=2)[1]).all()


def test_presynaptic_receptors_scale_the_probability():
    synapses = Synapse(QuantalRelease(n_sites=1, release_probability=0.8), n=N, inputs={"release_gain": 0.5})
    synapses.step(pre=True)
    within_five_sigma(synapses.state["released"].mean(), 0.4, np.sqrt(0.24))


# sites that empty and refill -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("preset", "rate"), [("Tsodyks1998-depressing", 20.0), ("Maass2002-EI", 50.0)])
def test_the_mean_over_many_synapses_is_tsodyks_and_markrams(preset, rate):
    n_sites, n, dt = 8, 50_000, 1e3 / rate
    stochastic = Synapse(StochasticTsodyksMarkram(preset=preset, n_sites=n_sites), n=n, dt=dt, seed=7)
    mean_field = Synapse(TsodyksMarkram(preset=preset), dt=dt)
    for _ in range(10):
        u, x = (evaluate(mean_field.rule, name, mean_field.state)[0] for name in ("utilisation", "available"))
        stochastic.step(pre=True)
        mean_field.step(pre=True)
        k = stochastic.state["released"]
        within_five_sigma(k.mean(), n_sites * u * x, np.sqrt(n_sites * u * x), n)
        variance = n_sites * u * x * (1 - u * x)  # every site by itself is full and releases with u x
        within_five_sigma(k.var(), variance, np.sqrt(2 * variance**2 + variance), n)
        assert chi_square_p(k.astype(int), lambda k, p=u * x: stats.binom.pmf(k, n_sites, p)) > 1e-4


def test_vesicles_are_whole_and_within_their_sites_through_any_train():
    synapses = Synapse(StochasticTsodyksMarkram(preset="Maass2002-II", n_sites=5), n=200, dt=1.0, seed=8)
    for step in range(300):
        before = synapses.state["docked"].copy()
        synapses.step(pre=step % 3 == 0)
        docked, released = synapses.state["docked"], synapses.state["released"]
        assert np.array_equal(docked, np.floor(docked))
        assert (docked >= 0).all()
        assert (docked + (released if step % 3 == 0 else 0.0) <= 5).all()
        if step % 3:
            np.testing.assert_array_equal(docked, before)  # between spikes nothing needs drawing


def test_empty_sites_refill_with_the_time_constant_at_any_interval():
    for interval in (10.0, 800.0):
        synapses = Synapse(StochasticTsodyksMarkram(U=1.0, n_sites=1, tau_rec=400.0), n=100_000, dt=10.0, seed=9)
        synapses.run(interval + 10.0, pre=[0.0, interval])
        refilled = -np.expm1(-interval / 400.0)
        within_five_sigma(synapses.state["released"].mean(), refilled, np.sqrt(refilled * (1 - refilled)), 100_000)


# errors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "message"), [
    (lambda: QuantalRelease(release_probability=1.5), r"QuantalRelease.release_probability: 1.5 is outside 0.0 to 1.0"),
    (lambda: QuantalRelease(n_sites=-1), r"QuantalRelease.n_sites: -1 is outside 0.0 to inf"),
    (lambda: QuantalRelease(n_sites=2.5), r"QuantalRelease.n_sites: 2.5 must be a whole number; did you mean 2 or 3"),
    (lambda: StochasticTsodyksMarkram(docked=[1.0, 1.5]), r"docked: 1.5 must be a whole number; did you mean 1 or 2"),
    (lambda: QuantalRelease(n_site=3), r"QuantalRelease has no parameter 'n_site'; did you mean 'n_sites'"),
    (lambda: MultiVesicularRelease(mean_vesicles=-0.1), r"mean_vesicles: -0.1 vesicles is outside 0.0 to inf"),
    (lambda: StochasticTsodyksMarkram(tau_rec=0.0), r"tau_rec: 0.0 ms is outside 0.001 to inf"),
])
def test_what_cannot_be_is_refused(make, message):
    with pytest.raises(ModelError, match=message):
        make()
