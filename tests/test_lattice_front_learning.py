"""Plasticity on lattices: weights that move, stop and go on; rewards that turn eligibility into weight."""
import numpy as np
import pytest

import gpusyn as gs


def pair(rule=None, delay_steps=100, reward=None, **settings):
    """Two cells, each connected to the other; the first fires in step 0 and the second `delay_steps` later."""
    lattice = gs.IzhikevichLattice(**{"backend": "numpy", "precision": "float64", **settings})
    lattice.populate(gs.IzhikevichNeuron(), 1, 2)
    lattice.connect(lambda x, y: x != y, 0.5, neurotransmitter=gs.GlutamateNeurotransmitter(quantum_size=0.0),
                    receptor=gs.AMPAReceptor(), plasticity_rule=rule)
    if reward is not None:
        lattice.set_reward_system(reward)
    lattice.update_graph_history = rule is not None
    fire(lattice, 0)
    lattice.run_lattice(delay_steps)
    fire(lattice, 1)
    return lattice


def fire(lattice, col):
    """Let a cell fire in the next step."""
    neuron = lattice.get_neuron(0, col)
    neuron.current_voltage = 40.0
    lattice.set_neuron(0, col, neuron)


def test_a_pair_moves_both_weights_by_the_window():
    lattice = pair(gs.STDPRule())
    lattice.run_lattice(1)
    assert lattice.get_weight((0, 0), (0, 1)) == pytest.approx(0.5 + 0.01 * np.exp(-10 / 20))
    assert lattice.get_weight((0, 1), (0, 0)) == pytest.approx(0.5 - 0.0105 * np.exp(-10 / 20))
    lattice.run_lattice(1)
    history = lattice.weights_history()
    assert history.shape == (102, 2)
    assert history[0].tolist() == [0.5, 0.5]
    assert history[-1] == pytest.approx(lattice.get_weights().toarray()[[0, 1], [1, 0]])


def test_a_rule_of_the_lattice_serves_synapses_that_have_none():
    lattice = pair()
    lattice.plasticity = gs.STDPRule(a_plus=0.02)
    lattice.run_lattice(1)
    fire(lattice, 0)
    lattice.run_lattice(1)
    assert lattice.get_weight((0, 1), (0, 0)) == pytest.approx(0.5 + 0.02 * np.exp(-0.1 / 20))
    with pytest.raises(gs.ModelError, match=r"set lattice.update_graph_history = True before running"):
        lattice.weights_history()


def test_plasticity_can_be_halted_and_goes_on_from_the_weights_it_had():
    lattice = pair(gs.STDPRule())
    lattice.run_lattice(1)
    learned = lattice.get_weights().toarray()
    lattice.do_plasticity = False
    assert lattice.model.connections["neurons_to_glutamate"].synapse is None
    fire(lattice, 0)
    lattice.run_lattice(50)
    np.testing.assert_allclose(lattice.get_weights().toarray(), learned)
    lattice.do_plasticity = True
    fire(lattice, 0)
    lattice.run_lattice(10)
    fire(lattice, 1)
    lattice.run_lattice(1)
    assert lattice.get_weight((0, 0), (0, 1)) == pytest.approx(learned[0, 1] + 0.01 * np.exp(-1 / 20))


@pytest.mark.parametrize("wait", [500, 5000])
def test_a_late_reward_turns_what_is_left_of_eligibility_into_weight(wait):
    rule = gs.DopamineModulatedSTDP(base_stdp=gs.STDPRule(), dopamine_sensitivity=2.0, modulation_window=50.0)
    lattice = pair(rule, reward=gs.RewardSignal(reward_value=1.0, timing_precision=10.0, eligibility_trace_tau=100.0))
    lattice.run_lattice(wait)
    assert lattice.get_weight((0, 0), (0, 1)) == pytest.approx(0.5)
    lattice.run_lattice_with_reward(1.0, 2000)
    expected = 2 * 0.006065 * np.exp(-wait / 1000)
    # The reward lasts: eligibility decays during its 10 ms, by 1 / (1 + 10 / 100) of its effect.
    assert lattice.get_weight((0, 0), (0, 1)) - 0.5 == pytest.approx(expected / 1.1, rel=0.02)


def test_rewards_do_not_shut_receptors_off_from_the_field():
    lattice = pair(gs.DopamineModulatedSTDP(), reward=gs.RewardSignal())
    dopamine = gs.DopamineNeurotransmitter(initial_concentration=0.3, reuptake_rate=0.0, diffusion_coefficient=0.0)
    lattice.add_neurotransmitter(dopamine)
    lattice.add_receptor(gs.D1_Receptor())
    lattice.run_lattice(10)
    assert lattice.state_of("neurons.d1", "r") == pytest.approx(0.003 / 0.004)
    assert lattice.get_weight((0, 0), (0, 1)) == 0.5


def test_rewards_need_a_reward_system():
    lattice = pair()
    with pytest.raises(gs.ModelError, match=r"no reward system; call set_reward_system\(RewardSignal\(\)\) first"):
        lattice.run_lattice_with_reward(1.0)
    with pytest.raises(gs.ModelError, match="STDPRule is no reward"):
        lattice.set_reward_system(gs.STDPRule())
