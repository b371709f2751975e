"""Spike sources: when they spike, and what they refuse."""

import numpy as np
import pytest

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.recording import RecordingError, write_spikes
from gpusyn.recording.recorder import Recorder
from gpusyn.sources import Poisson, Regular, SpikeFile


def spikes_of(rule, shape, n_step, dt=0.1, seed=5):
    """Times in ms and sites of the spikes of a source, as a recorded simulation gives them."""
    model = gs.Model(lattice=gs.Lattice((2, 2)), dt=dt)
    model.add_source("source", rule, lattice=gs.Lattice(shape))
    model.add_population("neurons", gs.IzhikevichNeuron())
    recorder = Recorder(spikes=["source"])
    simulation = gs.Simulation(model, backend="numpy", seed=seed, recorder=recorder)
    simulation.step(n_step)
    found = recorder.spike_times("source")
    return np.asarray(found.times), np.asarray(found.ids)


def test_a_regular_source_spikes_by_the_clock_and_never_drifts():
    times, sites = spikes_of(Regular(period=0.3, phase=np.array([0.0, 0.1])), (1, 2), 3000)
    for site, phase in ((0, 0), (1, 1)):
        steps = np.rint(times[sites == site] / 0.1).astype(int)
        assert np.array_equal(steps, np.arange(phase + 3 - 1, 3000, 3))


def test_a_poisson_source_has_its_rate_and_its_variance():
    rate, n_site, n_step = 50.0, 400, 2000
    times, sites = spikes_of(Poisson(rate=rate), (20, 20), n_step)
    counts = np.bincount(sites.astype(int), minlength=n_site)
    mean = rate * n_step * 1e-4  # per site in 200 ms
    assert counts.mean() == pytest.approx(mean, abs=5 * np.sqrt(mean / n_site))
    assert counts.var() == pytest.approx(mean, rel=0.4)
    other, _ = spikes_of(Poisson(rate=rate), (20, 20), n_step, seed=6)
    assert len(other) != len(times) or not np.array_equal(other, times)


def test_rates_may_differ_from_site_to_site():
    _, sites = spikes_of(Poisson(rate=np.array([0.0, 1000.0])), (1, 2), 1000)
    assert set(sites.tolist()) == {1}


def test_a_spike_file_is_played_back(tmp_path):
    path = tmp_path / "spikes.h5"
    write_spikes(path, {"input": (np.array([0.5, 0.2, 2.0]), np.array([1, 0, 3]))})
    rule = SpikeFile(path)
    assert rule.n_site() == 4
    times, sites = spikes_of(rule, (1, 4), 50)
    assert times == pytest.approx([0.2, 0.5, 2.0])
    assert sites.tolist() == [0, 1, 3]


def test_a_spike_file_of_several_populations_needs_the_name_of_one(tmp_path):
    path = tmp_path / "spikes.h5"
    write_spikes(path, {"one": (np.array([1.0]), np.array([0])), "two": (np.array([2.0]), np.array([1]))})
    assert SpikeFile(path, "two").n_site() == 2
    with pytest.raises(RecordingError):
        SpikeFile(path).n_site()


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (Poisson(rate=20_000.0), "source.rate: 20000 Hz is more than one spike per step of 0.1 ms; 10000 Hz at most"),
        (Poisson(rate=np.array([1.0, 2.0, 3.0])), "source.rate: 3 values for 4 sites; give one, or one per site"),
        (Regular(period=0.01), "source.period: 0.01 ms is shorter than a step of 0.1 ms"),
    ],
)
def test_a_source_that_cannot_be_is_refused(rule, message):
    with pytest.raises(ModelError) as caught:
        rule.bind(0.1, 4, "source")
    assert message in str(caught.value)


def test_times_too_long_for_whole_steps_are_refused():
    with pytest.raises(ModelError, match=r"source.period: 1e\+12 ms are too many steps"):
        Regular(period=1e12).bind(1e-9, 4, "source")


def test_a_node_that_is_no_site_is_refused(tmp_path):
    path = tmp_path / "spikes.h5"
    write_spikes(path, {"input": (np.array([0.5]), np.array([9]))})
    with pytest.raises(ModelError, match=r"source: node id 9 of spikes\.h5 is no site; there are 4, from 0"):
        SpikeFile(path).bind(0.1, 4, "source")


def test_a_spike_train_spikes_at_its_times():
    import gpusyn as gs

    model = gs.Model(lattice=(1, 2), dt=0.1)
    model.add_population("cells", gs.LeakyIntegrateAndFire(), synapse=gs.ExponentialCurrentSynapse(tau=5.0))
    model.add_source("axon", gs.SpikeTrain([0.5, 1.0], sites=[0, 1]))
    wiring = gs.SparseConnections([0, 1], [0, 1], n_source=2, n_target=2)
    model.connect("axon", "cells.synapse.inward_current", wiring, weight=3.0)
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    simulation.step(6)  # steps 0 to 5: the spike at 0.5 ms arrives at the end of step 5
    assert list(simulation.state["cells.synapse.inward_current"]) == [3.0, 0.0]
    simulation.step(5)
    assert simulation.state["cells.synapse.inward_current"][1] == 3.0
