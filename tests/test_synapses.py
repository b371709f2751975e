"""Plastic connections in running networks: which spikes act, when and in what order; names, sweeps, limits, memory."""
import numpy as np
import pytest
from relays import Relay, all_pairs, learnt, relayed

import gpusyn as gs
from gpusyn import backends
from gpusyn.mechanism import Mechanism, given, output, parameter, state
from gpusyn.memory_estimate import estimate
from gpusyn.plots.everything import draw_all


def learning_network(**sweep) -> gs.Model:
    """Neurons that learn from a noisy source after several delays, and from each other when they are rewarded."""
    model = gs.Model(lattice=(4, 5), dt=0.1, sweep=gs.Sweep(sweep))
    model.add_population(
        "neurons", gs.IzhikevichNeuron(preset="RS"), synapse=gs.ExponentialCurrentSynapse(tau=5.0),
        drive=gs.ConstantCurrent(amplitude=np.linspace(4.0, 15.0, 20)),
    )
    model.add_transmitter("dopamine", gs.DopamineNeurotransmitter(quantum_size=3000.0, release_probability=0.7))
    model.add_source("clock", gs.Poisson(rate=60.0))
    model.add_source("rewards", gs.Regular(period=15.0), lattice=gs.Lattice((1,)))
    random = np.random.default_rng(1)
    pair = random.choice(400, 150, replace=False)
    kicks = gs.SparseConnections(
        pair // 20, pair % 20, random.uniform(0.5, 1.5, 150), n_source=20, n_target=20, delay=random.integers(0, 3, 150)
    )
    model.connect("clock", "neurons.synapse.inward_current", kicks, weight=3.0, delay=0.2, name="kick",
                  synapse=gs.STDPRule(a_plus=0.1, a_minus=0.12))
    model.connect("neurons", "neurons.synapse.inward_current", gs.Neighbourhood(model.lattice, 1.5), delay=0.3,
                  name="recurrent", synapse=gs.DopamineModulatedSTDP(a_plus=0.2, a_minus=0.2, weight_max=3.0))
    everyone = gs.SparseConnections(np.zeros(20, int), np.arange(20), n_source=1, n_target=20)
    model.connect("rewards", "dopamine", everyone)
    return model


def same_bits(one, other) -> bool:
    return all(np.array_equal(one.state[path], other.state[path]) for path in one.state)


def test_every_backend_learns_the_same_in_one_go_in_pieces_and_after_a_checkpoint(backend, tmp_path):
    reference = learnt(learning_network(), 60.0, seed=5)
    simulation = learnt(learning_network(), 60.0, backend=backend, seed=5)
    assert reference.spike_counts("neurons")[0] > 20
    assert np.array_equal(simulation.spike_counts("neurons"), reference.spike_counts("neurons"))
    for path in reference.state:
        np.testing.assert_allclose(simulation.state[path], reference.state[path], rtol=1e-9, atol=1e-12, err_msg=path)
    assert np.ptp(reference.state["recurrent.weight"]) > 0.01
    pieces = learnt(learning_network(), 7.3, backend=backend, seed=5)
    pieces.run(20.0)
    pieces.save(tmp_path / "now.ckpt")
    resumed = gs.Simulation.resume(tmp_path / "now.ckpt", learning_network(), backend=backend)
    resumed.run(32.7)
    assert same_bits(resumed, simulation)


def test_threads_change_no_bit():
    random = np.random.default_rng(3)
    pre, post = ([random.choice(80, 12, replace=False) / 2 + 1 for _ in range(n)] for n in (9, 700))
    wiring = all_pairs(9, 700, delay=np.arange(6300) % 2)
    results = [learnt(relayed(gs.STDPRule(a_plus=0.3), pre, post, dt=0.5, wiring=wiring), 50.0, backend="numba",
                      precision="float32", threads=n) for n in (1, 2, 3)]
    assert np.ptp(results[0].state["c.weight"]) > 0.1
    assert same_bits(results[0], results[1])
    assert same_bits(results[0], results[2])


# which spikes act, and when ------------------------------------------------------------------------------------


def test_a_spike_delivers_the_weight_from_before_its_own_step():
    simulation = learnt(relayed(gs.STDPRule(a_minus=0.5), [[10.0]], [[9.0]]), 30.0)
    assert simulation.state["cells.received"][0] == 1.0
    assert simulation.state["c.weight"][0] == pytest.approx(1 - 0.5 * np.exp(-1 / 20), rel=1e-12)


def test_presynaptic_spikes_act_when_they_arrive():
    # arrivals of one spike at 100 + 3, + 4 and + 8 ms; the neuron spikes at 104 ms
    wiring = gs.SparseConnections([0, 0, 0], [0, 0, 0], n_source=1, n_target=1, delay=[0, 1, 5])
    simulation = learnt(relayed(gs.STDPRule(), [[100.0]], [[104.0]], wiring=wiring, delay=3.0), 150.0)
    change = simulation.state["c.weight"] - 1
    assert change == pytest.approx([0.01 * np.exp(-1 / 20), 0.0, -0.0105 * np.exp(-4 / 20)], rel=1e-12)
    assert simulation.state["c.x"] == pytest.approx(np.exp(-np.array([47.0, 46.0, 42.0]) / 20), rel=1e-12)


def test_a_rule_may_hear_presynaptic_spikes_later_than_they_are_delivered():
    rule = gs.GraupnerBrunel(preset="DP", sigma=0.0, pre_delay=7.0)
    model = relayed(rule, [[10.0]], [[]], delay=2.0)
    early, late = learnt(model, 19.0), learnt(model, 20.0)
    assert (early.state["cells.received"][0], early.state["c.c"][0]) == (1.0, 0.0)
    assert late.state["c.c"][0] == pytest.approx(np.exp(-1 / 20), rel=1e-12)


def test_two_spikes_in_one_step_change_nothing_whatever_the_wiring():
    together = [np.arange(10.0, 100.0, 10.0)] * 3
    for wiring in (all_pairs(3, 3), gs.AllToAll(3), gs.Neighbourhood(gs.Lattice((1, 3)), 2.0)):
        model = relayed(gs.STDPRule(a_plus=0.01, a_minus=0.01), together, together, wiring=wiring)
        # equal amplitudes and times: earlier and later pairs cancel, and the pairs of one step must not count
        assert learnt(model, 120.0).state["c.weight"] == pytest.approx(1.0, abs=1e-12)


def test_a_neighbourhood_learns_as_its_list_does():
    lattice, random = gs.Lattice((3, 4)), np.random.default_rng(2)
    times = [np.round(random.uniform(1, 80, 6)) for _ in range(12)]
    near = gs.Neighbourhood(lattice, 1.5, weight=gs.Gaussian(1.0), edges="periodic")
    one = learnt(relayed(gs.STDPRule(), times, times[::-1], wiring=near), 90.0)
    pre, post = one.model.connections["c"].ends()
    order = random.permutation(pre.size)
    listed = gs.SparseConnections(pre[order], post[order], near.listed().weights[order], n_source=12, n_target=12)
    other = learnt(relayed(gs.STDPRule(), times, times[::-1], wiring=listed), 90.0)
    assert same_bits(one, other)
    assert np.array_equal(np.lexsort((post, pre)), np.arange(pre.size))


# names, values and sweeps --------------------------------------------------------------------------------------


def test_a_sweep_gives_weights_per_point_that_equal_single_runs(backend):
    axes = {"kick.a_plus": [0.05, 0.1], "kick.weight": [2.0, 3.0], "recurrent.dopamine_sensitivity": [1.0, 8.0]}
    model = learning_network(**axes)
    model.sweep.mode = "zip"
    swept = learnt(model, 20.0, backend=backend, seed=2)
    for point in range(2):
        single = learning_network()
        for path, values in axes.items():
            single.set(path, values[point])
        single = learnt(single, 20.0, backend=backend, seed=2)
        assert all(np.array_equal(swept.state[path][point], single.state[path]) for path in single.state)
    assert not np.array_equal(*swept.state["kick.weight"])


def test_weights_start_from_the_wiring_the_factor_and_the_rule():
    wiring = all_pairs(2, 2, [1.0, 2.0, 3.0, 4.0])
    def start(rule, **connect):
        return learnt(relayed(rule, [[], []], [[], []], wiring=wiring, **connect), 0.0).state["c.weight"].tolist()
    assert start(gs.STDPRule(), weight=0.5) == [0.5, 1.0, 1.5, 2.0]
    assert start(gs.STDPRule(weight=0.25)) == [0.25] * 4
    assert start(gs.STDPRule(weight=np.array([4.0, 3.0, 2.0, 1.0])), weight=2.0) == [8.0, 6.0, 4.0, 2.0]
    assert start(gs.GraupnerBrunel(rho_init=0.5)) == [3.0] * 4


def test_dotted_names_reach_the_rule_and_its_states():
    model = relayed(gs.STDPRule(a_plus=0.02), [[]], [[]], weight=1.5)
    assert (model.get("c.a_plus"), model.get("c.weight"), model.get("c.delay")) == (0.02, 1.5, 0.0)
    model.set("c.a_plus", 0.03)
    model.set("c.weight", 2.5)
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    assert (model.connections["c"].synapse.a_plus, simulation.state["c.weight"][0]) == (0.03, 2.5)
    simulation.state["c.weight"] = 7.0
    assert simulation.state["c.weight"].tolist() == [7.0]
    assert model.quantity("c.x").meaning == "trace of the presynaptic spikes"


def test_parameters_may_differ_from_synapse_to_synapse_and_neuron_to_neuron():
    rule = gs.STDPRule(a_plus=np.array([0.1, 0.2, 0.3, 0.4]), tau_plus=np.array([10.0, 20.0]))
    model = relayed(rule, [[10.0], [10.0]], [[15.0], []])
    change = learnt(model, 20.0).state["c.weight"] - 1
    assert change == pytest.approx([0.1 * np.exp(-0.5), 0.0, 0.3 * np.exp(-0.25), 0.0], rel=1e-12)


def test_weights_stay_within_their_limits_in_a_network():
    pre, post = np.arange(5.0, 500.0, 20.0), np.arange(8.0, 500.0, 20.0)
    rule = gs.STDPRule(a_plus=0.2, a_minus=0.3, weight_min=0.4, weight_max=1.7)
    weights = learnt(relayed(rule, [pre, post], [post, pre]), 500.0).state["c.weight"]
    assert weights[[0, 3]].tolist() == [1.7, 0.4]
    assert weights.min() >= 0.4


# recording -----------------------------------------------------------------------------------------------------


def test_weights_are_recorded_synapse_by_synapse_and_summarised():
    records = [gs.Record("c.weight", every=5), gs.Record("c.weight", every=10, reduce=("mean", "max")),
               gs.Record("c.x", every=5)]
    model = relayed(gs.STDPRule(a_plus=0.5), [[10.0], [30.0]], [[12.0], [32.0], []])
    simulation = learnt(model, 50.0, recorder=records)
    history = simulation.recorder["c.weight"]
    assert history.shape == (10, 6)
    assert history[0].tolist() == [1.0] * 6
    assert history[-1] == pytest.approx(simulation.state["c.weight"], rel=1e-12)
    assert simulation.recorder["c.weight.mean"][:, 0] == pytest.approx(history[::2].mean(axis=1), rel=1e-12)
    assert simulation.recorder["c.x"].shape == (10, 2)
    chosen = learnt(model, 50.0, recorder=[gs.Record("c.weight", every=5, sites=[3, 1])]).recorder["c.weight"]
    assert np.array_equal(chosen, history[:, [3, 1]])


def test_a_run_file_says_which_sites_its_synapses_join(tmp_path):
    model = relayed(gs.STDPRule(a_plus=0.5), [[10.0], [30.0]], [[12.0], [32.0], []], sweep={"c.a_minus": [0.1, 0.2]})
    gs.run(model, tmp_path, duration=50.0, backend="numpy", record=["c.weight", "c.y"], progress=False)
    with gs.open(tmp_path / "run.h5") as run:
        assert run["c.weight"].shape == (50, 2, 6)
        assert run["c.y"].shape == (50, 2, 3)
        assert (run.n_site("c.weight"), run.n_site("c.y")) == (6, 3)
        assert [ends.tolist() for ends in run.synapses("c")] == [[0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2]]
        assert run.sweep.units["c.a_minus"] == "1"
        with pytest.raises(KeyError, match="no synapses of 'd' were recorded; valid: c"):
            run.synapses("d")
        draw_all(run, tmp_path / "pictures", movie=False)


def test_a_weight_that_a_rule_computes_is_recorded_too():
    rule = gs.GraupnerBrunel(preset="DP", sigma=0.0, rho_init=0.6)
    simulation = learnt(relayed(rule, [[5.0]], [[9.0]]), 40.0, recorder=["c.weight", "c.rho"])
    rho, weight = simulation.recorder["c.rho"], simulation.recorder["c.weight"]
    assert np.ptp(rho) > 0
    assert weight == pytest.approx(1.0 + rho * 4.0, rel=1e-12)


# limits and errors ---------------------------------------------------------------------------------------------


def test_a_synapse_takes_16_bytes():
    n = 300
    model = relayed(gs.STDPRule(), [[]] * n, [[]] * n, wiring=gs.AllToAll(n, include_self=True))
    plastic = estimate(model, "float32", backends.get("numpy"))
    model.connections["c"].synapse = None
    assert plastic.total - estimate(model, "float32", backends.get("numpy")).total < 16.6 * n * n
    assert plastic.parts["c"] == 4 * (n * n + 2 * n)  # weights and traces


def test_an_impossible_weight_stops_the_run_and_names_the_synapse():
    simulation = learnt(relayed(gs.STDPRule(), [[], []], [[], []]), 1.0)
    simulation.state["c.weight"] = [1.0, 1.0, np.nan, 1.0]
    with pytest.raises(gs.SimulationError, match=r"c\.weight became nan 1 at synapse 2 \(from site 1 to site 0\)"):
        simulation.run(5.0)


class Gated(Mechanism):
    """A weight that grows with what the neurons hold."""

    weight = state("1", "weight", initial=1.0)
    reading = given("1", "what is read after the synapse", at="post")
    offset = given("1", "what is read before it", default=0.0, at="pre")
    speed = parameter(1.0, "1/ms", "speed")

    @staticmethod
    def d_weight(reading, offset, speed):
        return speed * (reading + offset)


class Doubling(Mechanism):
    """An output of the cell to read."""

    told = given("1", "what the cell was told")
    start = parameter(0.25, "1", "offset")

    @output("1", "twice what the cell was told, and more")
    @staticmethod
    def doubled(told, start):
        return 2.0 * told + start


def test_rules_read_fields_states_and_outputs_at_either_end():
    def change(members=None, **bound):
        model = relayed(Gated(**bound), [[]], [[], []], members=members)
        model.add_transmitter("dopamine", gs.DopamineNeurotransmitter(concentration=np.array([3.0, 5.0]),
                                                                      diffusion_coefficient=0.0, reuptake_rate=0.0))
        simulation = gs.Simulation(model, backend="numpy", precision="float64")
        simulation.state["cells.received"] = [0.5, 0.75]
        simulation.step()
        return (simulation.state["c.weight"] - 1).tolist()
    assert change(reading="dopamine") == [3.0, 5.0]
    assert change(reading="cells.received") == change(reading="received") == [0.5, 0.75]
    assert change({"part": Doubling()}, reading="part.doubled") == [0.25, 0.25]


def test_a_rule_reads_the_presynaptic_cells_too():
    model = gs.Model(lattice=(1, 2), dt=1.0)
    model.add_population("cells", Relay())
    model.connect("cells", "cells.told", gs.AllToAll(2), synapse=Gated(reading="received", offset="cells.received"),
                  name="c")
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    simulation.state["cells.received"] = [1.0, 10.0]
    simulation.step()
    assert simulation.state["c.weight"].tolist() == [12.0, 12.0]
    simulation.step()
    assert simulation.state["c.weight"].tolist() == [23.0, 23.0]


@pytest.mark.parametrize(("message", "rule", "named"), [
    (r"c\.synapse: 'STDPRule' is not a mechanism; pass e\.g\. STDPRule\(\)", "STDPRule", {}),
    (r"c\.synapse: Relay has neither a state nor an output called 'weight'", Relay(), {}),
    (r"c\.wiring: it connects nothing; a rule needs synapses to act on", None, {"wiring": all_pairs(0, 0)}),
    (r"c\.wiring: connects 2 to 2 sites; 'trains' has 1 and 'cells' 1", None, {"wiring": all_pairs(2, 2)}),
    (r"c\.weight: starts at 3, beyond weight_max = 2", gs.STDPRule(weight_max=2.0), {"weight": 3.0}),
    (r"c\.weight: 2 values for 1 synapses", gs.STDPRule(weight=np.ones(2)), {}),
    (r"'c\.a_plus': \(3,\) values for 1 sites", gs.STDPRule(a_plus=np.ones(3)), {}),
    (r"c\.post: 'cell' is not a population; did you mean 'cells'\?", None, {"post": "cell"}),
    (r"c\.dopamine: 'dopamine' is nothing that postsynaptic neurons can read", gs.DopamineModulatedSTDP(), {}),
    (r"c\.reading: 'recieved' is nothing .*; did you mean 'received'\?", Gated(reading="recieved"), {}),
    (r"c\.pre_delay: all synapses and sweep points share one delay", gs.GraupnerBrunel(),
     {"sweep": {"c.pre_delay": [1.0, 2.0]}}),
    (r"sweep: 'c\.x' is not a parameter of c and cannot be swept", None, {"sweep": {"c.x": [1.0]}}),
])
def test_what_cannot_be_is_refused_with_its_place_and_the_way_out(message, rule, named):
    with pytest.raises(gs.ModelError, match=message):
        gs.Simulation(relayed(gs.STDPRule() if rule is None else rule, [[]], [[]], **named), backend="numpy")


class Silent(Mechanism):
    """A cell without spikes."""

    received = state("1", "what it received")

    @staticmethod
    def d_received(received):
        """It keeps all."""
        return 0.0 * received


def test_postsynaptic_cells_must_spike_if_the_rule_waits_for_that():
    def model(rule, name="c"):
        made = gs.Model(lattice=(1, 1), dt=1.0)
        made.add_population("cells", Silent())
        made.add_source("trains", gs.SpikeTrain([1.0]))
        made.connect("trains", "cells.received", all_pairs(1, 1), synapse=rule, name=name)
        return made
    with pytest.raises(gs.ModelError, match=r"c\.synapse: STDPRule waits for spikes of 'cells', and Silent never"):
        gs.Simulation(model(gs.STDPRule()), backend="numpy")
    assert learnt(model(Gated(reading="received")), 3.0).state["c.weight"][0] == 3.0


def test_programs_of_a_connection_and_of_a_population_have_different_names():
    model = relayed(gs.STDPRule(), [[]], [[]])
    model.add_population("c_flow", Relay())
    with pytest.raises(gs.ModelError, match="c: 'c_flow' is also the name of a program of this connection; rename one"):
        gs.Simulation(model, backend="numpy")


def test_a_parameter_of_traces_has_a_value_per_neuron():
    with pytest.raises(gs.ModelError, match=r"'c\.tau_plus': 4 values for 2 presynaptic neurons; give one"):
        gs.Simulation(relayed(gs.STDPRule(tau_plus=np.full(4, 9.0)), [[], []], [[], []]), backend="numpy")


def test_presynaptic_values_need_one_delay():
    model = gs.Model(lattice=(1, 2), dt=1.0)
    model.add_population("cells", Relay())
    rule = Gated(reading="received", offset="received")
    model.connect("cells", "cells.told", all_pairs(2, 2, delay=[0, 1, 2, 3]), synapse=rule, name="c")
    with pytest.raises(gs.ModelError, match=r"c\.offset: read at presynaptic neurons .* after several delays"):
        gs.Simulation(model, backend="numpy")


def test_a_transmitter_does_not_tell_whose_spikes_are_postsynaptic_unless_one_population_is_there():
    model = gs.Model(lattice=(1, 2), dt=1.0)
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter())
    model.add_population("cells", Relay())
    model.connect("cells", "glutamate", gs.AllToAll(2), synapse=gs.STDPRule(), name="c")
    assert learnt(model, 2.0).state["c.weight"].shape == (2,)
    model.add_population("others", Relay())
    with pytest.raises(gs.ModelError, match=r"c\.post: whose spikes are postsynaptic\? .*\('cells' or 'others'\)"):
        gs.Simulation(model, backend="numpy")
    model.connections["c"].post = "others"
    assert learnt(model, 2.0).state["c.y"].shape == (2,)


def test_a_name_that_several_things_have_must_be_bound():
    model = relayed(Gated(reading="level"), [[]], [[]], members={"one": gs.RewardSignal(), "two": gs.RewardSignal()})
    with pytest.raises(gs.ModelError, match=r"c\.reading: several things are called 'level'; bind it to cells\.one"):
        gs.Simulation(model, backend="numpy")
