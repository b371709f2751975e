"""Lattices of spike trains: clocks in whole steps, seeded chance, waits that begin again."""
import numpy as np
import pytest

import gpusyn as ln


def lattice_of(train, rows=1, cols=1, dt=0.1, seed=0, backend="numpy"):
    kinds = {ln.PoissonNeuron: ln.PoissonLattice, ln.RateSpikeTrain: ln.RateSpikeTrainLattice,
             ln.PresetSpikeTrain: ln.PresetSpikeTrainLattice}
    lattice = kinds[type(train)](backend=backend, seed=seed)
    lattice.set_dt(dt)
    lattice.populate(train, rows, cols)
    return lattice


def steps_of(lattice, site=0):
    return np.rint(lattice.get_spike_times()[site] / lattice.dt).astype(int)


@pytest.mark.parametrize(("period", "dt"), [(100.0, 0.1), (100.0, 1.0), (200.0, 0.1)])
def test_a_period_lasts_exactly_so_many_steps(period, dt):
    """T7: steps 99, 199, ... for a period of 100 steps."""
    lattice = lattice_of(ln.RateSpikeTrain(rate=period), dt=dt)
    n = round(period / dt)
    lattice.run_lattice(10 * n)
    np.testing.assert_array_equal(steps_of(lattice), np.arange(1, 11) * n - 1)


def test_a_period_of_zero_is_silence():
    lattice = lattice_of(ln.RateSpikeTrain(rate=0.0))
    lattice.run_lattice(1000)
    assert lattice.get_spike_counts().sum() == 0


def test_waits_begin_again_after_the_last():
    lattice = lattice_of(ln.PresetSpikeTrain(firing_times=[5.0, 10.0]))
    lattice.run_lattice(400)
    np.testing.assert_array_equal(steps_of(lattice), [50, 151, 202, 303, 354])


def test_chance_has_its_rate_and_its_seed(backend):
    """T7: 1e6 draws of 0.01 give 10,000 within five standard deviations; equal seeds give equal spikes."""
    counts = []
    for seed in (1, 1, 2):
        lattice = lattice_of(ln.PoissonNeuron.from_firing_rate(100.0), 50, 100, seed=seed, backend=backend)
        lattice.run_lattice(200)
        counts.append(lattice.get_spike_counts())
    assert abs(counts[0].sum() - 10_000) < 500
    np.testing.assert_array_equal(counts[0], counts[1])
    assert (counts[0] != counts[2]).any()


def test_cells_of_a_lattice_can_differ():
    lattice = lattice_of(ln.RateSpikeTrain(rate=10.0), 2, 2)
    lattice.set_neuron(1, 0, ln.RateSpikeTrain(rate=20.0))
    lattice.run_lattice(1000)
    np.testing.assert_array_equal(lattice.get_spike_counts().ravel(), [10, 10, 5, 10])
    assert lattice.get_neuron(1, 0).rate == 20.0
    assert lattice.history.shape == (1000, 2, 2)
    assert set(np.unique(lattice.history)) == {0.0, 30.0}


def test_clocks_may_start_ahead_of_each_other():
    lattice = lattice_of(ln.RateSpikeTrain(rate=10.0), 2, 2)
    ahead = np.array([[0.0, 2.5], [9.97, 12.0]])
    lattice.apply_given_position(lambda position, train: ln.RateSpikeTrain(rate=10.0, step=ahead[position]))
    lattice.run_lattice(200)
    assert [steps_of(lattice, site).tolist() for site in range(4)] == [[99, 199], [74, 174], [0, 100], [0, 100]]


def test_a_chance_is_that_of_its_own_step():
    for dt in (1.0, 0.1):
        lattice = lattice_of(ln.PoissonNeuron(chance_of_firing=0.5, dt=1.0), 1, 2, dt=dt)
        source = lattice.model.sources["trains"]
        np.testing.assert_allclose(source.rule.bind(dt, 2, "trains").probability, 0.5 * dt)
    lattice.set_dt(4.0)
    with pytest.raises(ln.ModelError, match="chance_of_firing: 500 Hz is more than one spike per step of 4 ms"):
        lattice.run_lattice(1)


@pytest.mark.parametrize(("make", "message"), [
    (lambda: ln.PresetSpikeTrain(firing_times=[5.0, -1.0]), r"firing_times\[1\]: -1 ms"),
    (lambda: ln.PresetSpikeTrain(firing_times="soon"), "must be a list of times in ms"),
    (lambda: ln.PoissonNeuron.from_firing_rate(20_000.0), "20000"),
    (lambda: ln.PoissonLattice().populate(ln.IzhikevichNeuron(), 1, 1), "is not a spike train"),
    (lambda: lattice_of(ln.RateSpikeTrain(), 2, 2).set_neuron(0, 0, ln.PoissonNeuron()), "one kind of spike train"),
])
def test_what_cannot_be_is_refused(make, message):
    with pytest.raises(ln.ModelError, match=message):
        make()
