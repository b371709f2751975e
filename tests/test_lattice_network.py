"""Networks of lattices: ids, connections between lattices, spike trains, rewards, histories, one clock."""
import warnings

import numpy as np
import pytest
from scipy.sparse import issparse

import gpusyn as ln


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def near(x, y):
    return (abs(x[0] - y[0]) + abs(x[1] - y[1]) <= 1) & (x != y)


def cells(id, rows, cols, backend="numpy", **values):
    lattice = ln.IzhikevichLattice(id, backend=backend, seed=2)
    lattice.populate(ln.IzhikevichNeuron(**values), rows, cols)
    return lattice


def noisy_network(backend):
    """Two lattices that excite each other, one of them driven by random trains."""
    first, second = cells(0, 3, 4, backend, preset="RS"), cells(1, 2, 3, backend, preset="FS")
    trains = ln.PoissonLattice(7)
    trains.populate(ln.PoissonNeuron.from_firing_rate(100.0), 3, 4)
    network = ln.LatticeNetwork.generate_network([first, second], [trains])
    excitation = {"neurotransmitter": ln.GlutamateNeurotransmitter(release_probability=0.8, reuptake_rate=0.2),
                  "receptor": ln.AMPAReceptor(conductance=1.0)}
    network.connect(7, 0, lambda x, y: x == y, **excitation)
    network.connect(0, 1, lambda x, y: (x[1] % 3) == y[1], delay=0.5, plasticity_rule=ln.STDPRule(), **excitation)
    network.connect(1, 0, lambda x, y: True, neurotransmitter=ln.GABANeurotransmitter(),
                    receptor=ln.GABA_A_Receptor(conductance=0.5))
    network.connect_internally(0, near, 0.02)
    first.update_grid_history = second.track_concentrations = True
    network.update_graph_history = True
    return network


def test_a_run_of_a_network_in_pieces_is_the_run(backend):
    n_step = 60 if backend.name == "cuda-on-host" else 600
    whole, pieces = noisy_network(backend), noisy_network(backend)
    whole.run_lattices(n_step)
    for part in (1, n_step // 3, n_step - 1 - n_step // 3):
        pieces.run_lattices(part)
    assert set(whole.simulation.state) >= {"neurons_0.v", "neurons_1.v", "glutamate_0.concentration"}
    for name in whole.simulation.state:
        np.testing.assert_array_equal(pieces.simulation.state[name], whole.simulation.state[name], err_msg=name)
    assert pieces.get_lattice(0).history.shape == (n_step, 3, 4)
    np.testing.assert_array_equal(pieces.get_lattice(0).history, whole.get_lattice(0).history)
    assert pieces.get_lattice(1).get_concentration_history("glutamate").shape == (n_step, 6)
    assert pieces.weights_history(0, 1).shape == (n_step, 24)
    if n_step > 100:
        assert sum(map(len, whole.get_spike_train_lattice(7).get_spike_times())) > 20
        assert sum(map(len, whole.get_lattice(1).get_spike_times())) > 0


def test_weights_between_lattices_are_sparse_and_all_of_them_in_one_matrix():
    network = noisy_network("numpy")
    weights = network.get_weights(0, 1)
    assert issparse(weights)
    assert weights.shape == (12, 6)
    source, target = np.divmod(np.arange(12), 4)[1] % 3, np.arange(6) % 3
    np.testing.assert_array_equal(weights.toarray() > 0, source[:, None] == target)
    assert network.connecting_weights.shape == (30, 30)
    assert network.ids == [0, 1, 7]
    np.testing.assert_allclose(network.get_weights(0, 0, "electrical").sum(), 0.02 * 34)  # 17 pairs, both ways


@pytest.mark.parametrize(("wrong", "message"), [
    (lambda network: network.add_lattice(cells(1, 2, 2)), "id"),
    (lambda network: network.connect(0, 7, near), "spike trains, which nothing can drive"),
    (lambda network: network.connect(0, 5, near), "5"),
    (lambda network: network.get_lattice(0).run_lattice(5), r"run_lattices\(5\)"),
    (lambda network: network.get_lattice(0).populate(ln.IzhikevichNeuron(), 5, 5), "network"),
    (lambda network: network.run_lattices_with_reward(1.0), "no lattice has a reward system"),
    (lambda network: network.run_lattices(-1), "whole number"),
    (lambda network: network.weights_history(1, 0), "no plastic synapses lead from lattice 1 to 0"),
])
def test_what_a_network_cannot_do_is_refused(wrong, message):
    with pytest.raises(ln.ModelError, match=message):
        wrong(noisy_network("numpy"))


def test_networks_and_lattices_without_cells_run():
    network = ln.LatticeNetwork()
    network.run_lattices(10)
    network.add_lattice(ln.IzhikevichLattice(0))
    network.add_lattice(cells(1, 1, 2))
    network.run_lattices(10)
    assert network.get_lattice(1).get_spike_counts().sum() == 0


def test_with_both_flags_off_nothing_moves():
    network = noisy_network("numpy")
    network.electrical_synapse = network.chemical_synapse = False
    start = network.simulation.state["neurons_0.v"].copy()
    network.run_lattices(50)
    assert network.simulation.steps_done == 0
    np.testing.assert_array_equal(network.simulation.state["neurons_0.v"], start)


def test_a_lattice_and_its_transpose_do_the_same():
    """T25: no index is mistaken for another in lattices that are not square."""
    def history(rows, cols):
        lattice = cells(4, rows, cols, preset="RS")
        drive = np.arange(21.0).reshape(3, 7)
        lattice.add_current(ln.ConstantCurrent(amplitude=(drive if rows == 3 else drive.T).ravel()))
        network = ln.LatticeNetwork.generate_network([lattice], precision="float64")
        network.connect_internally(4, near, 0.05)
        lattice.update_grid_history = True
        network.run_lattices(400)
        return lattice.history

    np.testing.assert_allclose(history(3, 7), history(7, 3).transpose(0, 2, 1), rtol=0, atol=1e-6)


def test_the_upstream_example_of_plasticity():
    """T23: two regular trains drive one cell through plastic electrical synapses; only its own spikes count there."""
    neuron = cells(1, 1, 1, c_m=50.0, gap_conductance=1.0)
    trains = ln.PresetSpikeTrainLattice(0)
    trains.populate(ln.PresetSpikeTrain(firing_times=[50.0]), 1, 2)
    trains.set_neuron(0, 1, ln.PresetSpikeTrain(firing_times=[60.0]))
    network = ln.LatticeNetwork.generate_network([neuron], [trains], precision="float64", backend="numpy")
    network.connect(0, 1, lambda x, y: True, 1.5, plasticity_rule=ln.NearestSTDPRule(preset="lixirnet", a_minus=0.0))
    network.run_lattices(10_000)
    assert neuron.get_spike_counts().sum() == 12
    assert network.get_weights(0, 1).toarray().ravel() == pytest.approx([1.737225, 3.108417], abs=2e-6)


def test_a_reward_teaches_every_lattice_that_has_a_reward_system():
    network = ln.LatticeNetwork(precision="float64", backend="numpy")
    for id in (0, 1):
        network.add_lattice(cells(id, 1, 2))
    rule = ln.DopamineModulatedSTDP(base_stdp=ln.STDPRule())
    silent = ln.GlutamateNeurotransmitter(quantum_size=0.0)
    network.connect(0, 1, lambda x, y: (x[1] == 0) & (y[1] == 1), neurotransmitter=silent, receptor=ln.AMPAReceptor(),
                    plasticity_rule=rule)
    network.get_lattice(1).set_reward_system(ln.RewardSignal())
    for id, cell, wait in ((0, 0, 10.0), (1, 1, 0.0)):
        neuron = network.get_neuron(id, 0, cell)
        neuron.current_voltage = neuron.v_th
        network.set_neuron(id, 0, cell, neuron)
        network.run_lattices(round(wait / 0.1))
    before = network.get_weights(0, 1).sum()
    network.run_lattices(10)
    assert network.get_weights(0, 1).sum() == pytest.approx(before, abs=1e-12)
    network.run_lattices_with_reward(1.0, 3000)
    assert network.get_weights(0, 1).sum() - before > 0.005


def test_mean_potential_and_eeg():
    lattice = cells(0, 2, 3, preset="RS")
    lattice.add_current(ln.ConstantCurrent(amplitude=np.arange(6.0)))
    lattice.update_average_history = lattice.update_grid_history = True
    lattice.run_lattice(200)
    mean = lattice.history.reshape(200, 6).mean(axis=1)
    np.testing.assert_allclose(lattice.get_average_history(), mean, rtol=1e-5)
    np.testing.assert_allclose(lattice.get_eeg_history(), 6 * (mean - 0.007) / (4 * np.pi * 251.0 * 0.8), rtol=1e-5)


# one cell by itself --------------------------------------------------------------------------------------------


def test_a_cell_with_a_constant_current_spikes_when_it_should():
    """T1: the first spikes at 40 pA."""
    run = ln.run_static_input(ln.IzhikevichNeuron(), 40.0, 4000)
    assert run.voltages.shape == (4000,)
    np.testing.assert_allclose(run.spikes, [1660, 2672, 3692], atol=1)


def test_a_cell_is_stepped_by_hand():
    cell = ln.SingleCell(ln.IzhikevichNeuron(preset="RS"), ln.AMPAReceptor())
    spikes = sum(cell.iterate_and_spike(10.0) for _ in range(500))
    assert spikes == len(ln.run_static_input(ln.IzhikevichNeuron(preset="RS"), 10.0, 500).spikes) > 0
