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
    (lambda network: network.add_lattice(cells(1, 2, 2)), r"id 1 is taken by .* first free one is 2: lattice.id = 2"),
    (lambda network: network.add_lattice(cells(-1, 2, 2)), "id -1 must be a whole number"),
    (lambda network: network.add_lattice(network.get_lattice(0)), "lattice 0 is part of a network already"),
    (lambda network: network.add_lattice(ln.PoissonLattice(3)), "not a lattice of neurons"),
    (lambda network: network.add_spike_train_lattice(cells(3, 1, 1)), "not a lattice of spike trains"),
    (lambda network: network.get_lattice(7), r"of spike trains; get_spike_train_lattice\(7\)"),
    (lambda network: network.get_spike_train_lattice(0), r"of neurons; get_lattice\(0\)"),
    (lambda network: network.connect(0, 7, near), "spike trains, which nothing can drive"),
    (lambda network: network.connect(0, 5, near), "no lattice 5; valid: 0, 1, 7"),
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


# currents between lattices -------------------------------------------------------------------------------------


def clocked(rows=1, cols=1, rate=0.1, **values):
    trains = ln.RateSpikeTrainLattice(2)
    trains.populate(ln.RateSpikeTrain(rate=rate, **values), rows, cols)
    return trains


def currents(network):
    """Currents of the latest step by the name of the junctions, pA."""
    inputs = network.simulation.assembly.inputs
    return {name.removesuffix(".injection"): network.simulation.backend.to_host(array)[0]
            for name, array in inputs.items() if name.endswith(".injection")}


def test_a_cell_sees_the_mean_over_all_that_are_joined_to_it(backend):
    """T21: (-65, -40) and 20 mV, 10 nS, weights 1 and 2 give -1025 pA; a train counts as one more."""
    pre, post = cells(0, 1, 2), cells(1, 1, 1)
    for position, v in (((0, 0), -65.0), ((0, 1), -40.0)):
        pre.set_neuron(*position, ln.IzhikevichNeuron(current_voltage=v))
    post.set_neuron(0, 0, ln.IzhikevichNeuron(current_voltage=20.0))
    network = ln.LatticeNetwork.generate_network([pre, post], precision="float64", backend=backend)
    network.connect(0, 1, lambda x, y: True, lambda x, y: 1.0 + x[1])
    network.run_lattices(1)
    assert currents(network)["neurons_0_gap_1"] == pytest.approx([-1025.0], rel=1e-12)
    network.add_spike_train_lattice(clocked())
    network.connect(2, 1, lambda x, y: True, 4.0)
    network.run_lattices(1)
    assert currents(network)["trains_2_gap_1"] == 0.0   # its first spike comes with this step, and acts in the next
    v, v_pre = (network.simulation.state[f"neurons_{k}.v"].copy() for k in (1, 0))
    network.run_lattices(1)
    assert currents(network)["neurons_0_gap_1"] == pytest.approx(10 / 3 * (v_pre - v) @ [1.0, 2.0], rel=1e-12)
    assert currents(network)["trains_2_gap_1"] == pytest.approx([10 / 3 * 4.0 * 30.0 * np.exp(-1e-5)], rel=1e-12)


def test_trains_come_back_from_a_spike_as_they_are_told():
    network = ln.LatticeNetwork.generate_network([cells(1, 1, 1)], [clocked(1, 2, rate=1000.0, step=999.9, v_th=20.0,
                                                                           refractoriness="exponential_decay", k=50.0)],
                                                 precision="float64")
    network.connect(2, 1, lambda x, y: True)
    network.run_lattices(101)
    assert currents(network)["trains_2_gap_1"] == pytest.approx([10 * 20.0 * np.exp(-10.0 / 50.0)], rel=1e-12)
    network.get_spike_train_lattice(2).set_neuron(0, 1, ln.RateSpikeTrain(refractoriness="delta_dirac"))
    with pytest.raises(ln.ModelError, match="delta_dirac and exponential_decay; electrical synapses need one"):
        network.run_lattices(1)


def test_a_train_that_fires_after_the_cell_weakens_its_synapse():
    """Upstream cannot: there only spikes of neurons change weights."""
    neuron, trains = cells(1, 1, 1), clocked(rate=100.0, step=99.0)                       # its spike comes in step 9
    neuron.set_neuron(0, 0, ln.IzhikevichNeuron(current_voltage=31.0))                    # and this one's in step 0
    network = ln.LatticeNetwork.generate_network([neuron], [trains], precision="float64")
    network.connect(2, 1, lambda x, y: True, 1.5, plasticity_rule=ln.STDPRule())
    network.run_lattices(20)
    assert network.get_weights(2, 1)[0, 0] == pytest.approx(1.5 - 0.0105 * np.exp(-0.9 / 20.0), abs=1e-9)
    network.do_plasticity = False
    held = network.get_weights(2, 1).toarray()
    network.run_lattices(2000)
    np.testing.assert_array_equal(network.get_weights(2, 1).toarray(), held)
    network.do_plasticity, network.electrical_synapse = True, False
    network.run_lattices(1)
    np.testing.assert_array_equal(network.get_weights(2, 1).toarray(), held)
    network.electrical_synapse = True
    network.run_lattices(1)
    np.testing.assert_array_equal(network.get_weights(2, 1).toarray(), held)


# lattices that come and go -------------------------------------------------------------------------------------


def test_a_lattice_goes_on_in_a_network_from_where_it_stood():
    alone, joining = (cells(5, 2, 2) for _ in range(2))
    for lattice in (alone, joining):
        lattice.add_current(ln.ConstantCurrent(amplitude=40.0))
    joining.run_lattice(300)
    network = ln.LatticeNetwork.generate_network([cells(0, 1, 1)])
    network.run_lattices(7)
    network.add_lattice(joining)
    network.run_lattices(500)
    alone.run_lattice(800)
    np.testing.assert_array_equal(joining.state_of("neurons", "v"), alone.state_of("neurons", "v"))


def test_a_lattice_takes_the_place_of_another():
    network = noisy_network("numpy")
    network.run_lattices(30)
    old, new = network.get_lattice(1), cells(9, 2, 3)
    network.set_lattice(1, new)
    assert network.get_lattice(1) is new
    assert new.id == 1
    np.testing.assert_array_equal(network.simulation.state["neurons_1.v"], np.full(6, -65.0))
    assert network.get_weights(0, 1).nnz == 24
    old.run_lattice(3)
    assert old.running.steps_done == 3
    with pytest.raises(ln.ModelError, match="3 rows and 3 columns in the place of 2 and 3"):
        network.set_lattice(1, cells(4, 3, 3))


def test_clocks_and_histories_start_over():
    network = noisy_network("numpy")
    network.run_lattices(100)
    network.reset_timing()
    network.reset_history()
    network.run_lattices(40)
    trains = network.get_spike_train_lattice(7)
    assert network.get_lattice(0).history.shape[0] == trains.get_spike_history().shape[0] == 40
    np.testing.assert_array_equal(trains.get_spike_history().sum(axis=0), trains.get_spike_counts())
    np.testing.assert_array_equal(trains.get_spike_counts().ravel(), [len(times) for times in trains.spike_times])


def test_kinds_of_neurons_can_be_mixed_in_one_step():
    axon, trains = ln.HodgkinHuxleyLattice(1), ln.PoissonLattice(2)
    axon.populate(ln.HodgkinHuxley(), 1, 2)
    trains.populate(ln.PoissonNeuron.from_firing_rate(50.0), 1, 1)
    network = ln.LatticeNetwork.generate_network([cells(0, 1, 2)])
    with pytest.raises(ln.ModelError, match=r"steps of 0.01 ms, the network of 0.1 ms; lattice.set_dt\(0.1\)"):
        network.add_lattice(axon)
    network.set_dt(0.01)
    network.add_lattice(axon)
    trains.set_dt(0.01)
    network.add_spike_train_lattice(trains)
    network.run_lattices(10)
    assert network.model.dt == 0.01


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
