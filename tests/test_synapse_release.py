"""What synapses deliver: the release of each spike; short- and long-term plasticity together.

Expected amounts are those of the reference trains (`release_trains`), computed apart from gpusyn.
"""
from typing import Any

import numpy as np
import pytest
from relays import all_pairs, learnt, one_to_one, relayed, train
from release_trains import TRAINS

import gpusyn as gs
from gpusyn.combined_rules import combined, without_learning
from gpusyn.config import loads
from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, output, state
from gpusyn.vesicles.presets import PRESETS

PULSES = 10


def pulses(rate):
    """Ten pulses from 10 ms on, and one 500 ms after the last."""
    times = 10.0 + np.arange(PULSES) * 1e3 / rate
    return [*times, times[-1] + 500.0]


def amounts(model, duration, name="cells.received", **named):
    """What has arrived at each cell in each step, (step, cell)."""
    simulation = learnt(model, duration, recorder=[name], **named)
    return np.diff(simulation.recorder[name], axis=0, append=np.atleast_2d(simulation.state[name]))


def delivered(model, duration, **named):
    """The amounts that arrive at the first cell, one after the other."""
    found = amounts(model, duration, **named)[:, 0]
    return found[found != 0]


# amounts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dt", [1.0, 2.5])
def test_every_pulse_of_the_reference_trains_delivers_its_release(dt):
    rows = [(PRESETS[which] if isinstance(which, str) else which, *rest) for which, *rest in TRAINS.values()]
    values = {name: np.array([row[0][name] for row in rows]) for name in ("U", "tau_rec", "tau_facil")}
    times = [pulses(row[1]) for row in rows]
    model = relayed(gs.TsodyksMarkram(**values), times, [[]] * len(rows), wiring=one_to_one(len(rows)), weight=8.0,
                    dt=dt, delay=2 * dt)
    found = amounts(model, 1100.0)
    for k, (parameters, _, recovery, _, _, ratios) in enumerate(rows):
        steps = np.flatnonzero(found[:, k])
        assert steps.tolist() == [round(time / dt) + 2 for time in times[k]]
        expected = 8.0 * parameters["U"] * np.array([1.0, *ratios, recovery])
        assert found[steps, k] == pytest.approx(expected, rel=2e-6)


def test_spikes_off_the_grid_of_others_are_exact():
    # intervals of 37.3 and 54.4 ms, tm_offgrid_spikes_exact
    for dt in (0.1, 0.05):
        rule = gs.TsodyksMarkram(U=0.5, tau_rec=800.0, tau_facil=0.0)
        found = delivered(relayed(rule, [[0.0, 37.3, 91.7]], [[]], dt=dt), 100.0)
        assert found == pytest.approx([0.5, 0.2613886881, 0.154972323], rel=1e-8)


def test_what_is_delivered_is_the_same_on_every_backend(backend):
    values = {"U": np.array([0.5, 0.1, 0.3]), "tau_rec": np.array([800.0, 100.0, 50.0])}
    rule = [gs.TsodyksMarkram(**values, tau_facil=300.0), gs.STDPRule(a_plus=0.2, a_minus=0.1)]
    wiring = gs.SparseConnections([0, 0, 1], [0, 1, 1], [2.0, 3.0, 4.0], n_source=2, n_target=2, delay=[1, 3, 0])
    model = relayed(rule, [[5.0, 9.0, 30.0], [7.0, 8.0]], [[6.0, 20.0], [8.0]], wiring=wiring,
                    sweep={"c.weight": [1.0, 2.0]})
    found, expected = (learnt(model, 40.0, backend=b).state["cells.received"] for b in (backend, "numpy"))
    assert found == pytest.approx(expected, rel=1e-12)
    assert (expected > 0).all()
    assert expected[1, 0] > 1.5 * expected[0, 0]


def test_a_field_receives_what_is_released_and_the_ledger_counts_it():
    model = gs.Model(lattice=gs.Lattice((1, 2)), dt=1.0)
    model.add_population("cells", gs.LeakyIntegrateAndFire())
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(diffusion_coefficient=0.0, reuptake_rate=0.0))
    model.add_source("trains", train([[5.0, 25.0], []]), lattice=gs.Lattice((1, 2)))
    model.connect("trains", "glutamate", one_to_one(2), weight=3.0, synapse=gs.TsodyksMarkram(U=0.5, tau_rec=100.0),
                  name="c")
    plain = gs.Model(lattice=gs.Lattice((1, 2)), dt=1.0)
    plain.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(diffusion_coefficient=0.0, reuptake_rate=0.0))
    plain.add_source("trains", train([[5.0], []]), lattice=gs.Lattice((1, 2)))
    plain.connect("trains", "glutamate", one_to_one(2))
    one = learnt(plain, 50.0).state["glutamate.concentration"][0]
    simulation = learnt(model, 50.0)
    vesicles = 3.0 * 0.5 * (1.0 + 1.0 - 0.5 * np.exp(-20 / 100))
    assert simulation.state["glutamate.concentration"] == pytest.approx([vesicles * one, 0.0], rel=1e-12)
    assert simulation.ledger["glutamate"]["released"] == pytest.approx(
        vesicles * learnt(plain, 50.0).ledger["glutamate"]["released"], rel=1e-12)


def test_drawn_quanta_are_those_that_the_synapse_counts():
    model = relayed(gs.QuantalRelease(n_sites=5, quantal_cv=0.3), [[3.0]] * 40, [[]], wiring=all_pairs(40, 1, 2.0))
    simulation = learnt(model, 10.0, seed=3)
    amplitude = simulation.state["c.amplitude"]
    assert simulation.state["cells.received"][0] == pytest.approx(2.0 * amplitude.sum(), rel=1e-12)
    assert len(set(simulation.state["c.released"])) > 2
    assert simulation.state["c.released"].sum() / 200 == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(("rule", "first"), [
    (gs.VesicleCycle(sites=8.0, release_probability=0.25), 2.0),
    (gs.ThreeStateTsodyksMarkram(U=0.25, tau_in=5.0), 0.25),
])
def test_other_rules_that_release_deliver_it_too(rule, first):
    found = delivered(relayed(rule, [[3.0, 4.0]], [[]], weight=1.5), 10.0)
    assert found[0] == pytest.approx(1.5 * first, rel=1e-9)
    assert found[1] < found[0]


def test_a_spike_that_fails_on_the_way_has_emptied_the_synapse_all_the_same():
    rule = gs.TsodyksMarkram(U=0.5, tau_rec=800.0)
    model = relayed(rule, [[3.0]] * 200, [[]], wiring=all_pairs(200, 1), probability=0.3)
    simulation = learnt(model, 5.0, seed=2)
    assert simulation.state["cells.received"][0] / 0.5 == pytest.approx(60, abs=20)
    assert (simulation.state["c.x"] == 0.5).all()


def test_release_can_be_recorded_beside_the_weight():
    rule = gs.TsodyksMarkram(U=0.5, tau_rec=100.0)
    recorder = learnt(relayed(rule, [[3.0]], [[]], weight=4.0), 10.0, recorder=["c.release", "c.weight"]).recorder
    assert recorder["c.release"][[3, 4]] == pytest.approx(np.array([[2.0], [4.0 * 0.25]]), rel=0.02)
    assert (recorder["c.weight"] == 4.0).all()


# receptors and calcium of the presynaptic cell -----------------------------------------------------------------


class Terminal(Mechanism):
    """A presynaptic cell with a receptor that scales release, and residual calcium."""

    told = state("1", "what it was told")
    gain = state("1", "factor on release", initial=1.0)
    residual = state("uM", "calcium", initial=1.0)

    @staticmethod
    def spikes(told):
        """It was told to."""
        return told > 0.5

    @staticmethod
    def on_spike():
        """Wait for the next."""
        return {"told": 0.0}

    @output("1", "half of what it would be")
    @staticmethod
    def inhibition(gain):
        """An output serves as a state does."""
        return 0.5 * gain


def from_terminals(rule, **states):
    """Amounts that spikes at 5 and 25 ms of two terminals deliver, with the second one's states as given."""
    model = gs.Model(lattice=gs.Lattice((1, 2)), dt=1.0)
    starts: dict[str, Any] = {name: np.array([1.0, value]) for name, value in states.items()}
    model.add_population("terminals", Terminal(**starts))
    model.add_population("cells", gs.LeakyIntegrateAndFire(), synapse=gs.ExponentialCurrentSynapse(tau=1e9))
    model.add_source("orders", train([[5.0, 25.0]] * 2), lattice=gs.Lattice((1, 2)))
    model.connect("orders", "terminals.told", one_to_one(2))
    model.connect("terminals", "cells.synapse.inward_current", one_to_one(2), synapse=rule, name="c")
    found = amounts(model, 40.0, "cells.synapse.inward_current")
    return np.array([row[np.abs(row) > 1e-6] for row in found.T])


def test_presynaptic_receptors_act_on_release_and_spare_what_is_kept_back():
    plain = gs.TsodyksMarkram(U=0.5, tau_rec=200.0)
    free, held = from_terminals(gs.TsodyksMarkram(U=0.5, tau_rec=200.0, release_gain="gain"), gain=0.4)
    assert free == pytest.approx(from_terminals(plain)[0], rel=1e-7)
    assert held == pytest.approx([0.2, 0.2 * (1 - 0.2 * np.exp(-20 / 200))], rel=1e-6)
    output_read = gs.TsodyksMarkram(U=0.5, tau_rec=200.0, release_gain="inhibition")
    assert from_terminals(output_read)[0][0] == pytest.approx(0.25, rel=1e-6)


def test_residual_calcium_acts_on_release():
    rule = gs.CalciumTsodyksMarkram(U=0.5, tau_rec=200.0, calcium="residual", half=1.0, cooperativity=4.0)
    low, high = from_terminals(rule, residual=3.0)
    assert low[0] == pytest.approx(0.5 * 0.5, rel=1e-6)
    assert high[0] == pytest.approx(0.5 * 81 / 82, rel=1e-6)


# short- and long-term plasticity together ----------------------------------------------------------------------

PRE, POST = [[10.0, 47.0, 102.0]], [[15.0, 100.0], [48.0]]
STDP = {"a_plus": 0.3, "a_minus": 0.2}


def both(rules, duration=150.0, **named):
    """Amounts, and weights over time, of rules on synapses between trains."""
    model = relayed(rules, PRE, POST, wiring=all_pairs(1, 2, 3.0), **named)
    return amounts(model, duration), learnt(model, duration, recorder=["c.weight"]).recorder["c.weight"]


def test_a_weight_that_learns_scales_what_depression_leaves():
    released, _ = both(gs.TsodyksMarkram(U=0.5, tau_facil=300.0))
    _, weights = both(gs.STDPRule(**STDP))
    rules = [gs.TsodyksMarkram(U=0.5, tau_facil=300.0), gs.STDPRule(**STDP)]
    for together in (rules, rules[::-1], [gs.STDPRule(**STDP), gs.TsodyksMarkram(U=0.5, tau_facil=300.0)]):
        found, learning = both(together)
        assert learning == pytest.approx(weights, rel=1e-12)
        assert found == pytest.approx(released / 3.0 * weights, rel=1e-9)
    assert np.ptp(weights[:, 0]) > 0.1


def test_two_rules_may_move_one_weight():
    pair, oja = gs.STDPRule(a_plus=3e-3, a_minus=2e-3), gs.OjaRule(eta=1e-5)  # so small that they add up
    changes = [both(rules, 60.0)[1][-1] - 3.0 for rules in (pair, oja, [pair, oja])]
    assert changes[2] == pytest.approx(changes[0] + changes[1], rel=0.01)
    assert (np.abs(changes) > 1e-4).all()


def test_names_that_two_rules_use_get_their_rules_in_front():
    rule = combined([gs.TsodyksMarkram(U=0.3), gs.STDPRule(a_plus=0.2, weight_max=5.0)])
    assert {"tsodyks_markram_x", "stdp_rule_x", "u", "y", "weight", "release"} <= set(rule.quantities)
    assert "x" not in rule.quantities
    assert (rule.U, rule.a_plus, rule.weight_max) == (0.3, 0.2, 5.0)
    assert combined([gs.STDPRule(a_plus=0.2)]).a_plus == 0.2
    kept = without_learning(rule)
    assert (type(kept), kept.U) == (gs.TsodyksMarkram, 0.3)
    assert without_learning(gs.STDPRule()) is None


@pytest.mark.parametrize("kind", ["STDPRule", "NearestSTDPRule", "DopamineModulatedSTDP", "BCMRule", "GraupnerBrunel"])
@pytest.mark.parametrize("release", ["TsodyksMarkram", "QuantalRelease", "VesicleCycle", "StochasticVesicleCycle"])
def test_any_rule_that_releases_goes_with_any_that_learns(release, kind):
    named = {"pre_delay": 0.0} if kind == "GraupnerBrunel" else {}
    named |= {"integrator": "heun"} if release == "VesicleCycle" else {}
    model = relayed([getattr(gs, release)(), getattr(gs, kind)(**named)], PRE, POST, wiring=all_pairs(1, 2))
    model.add_transmitter("dopamine", gs.DopamineNeurotransmitter())
    assert learnt(model, 20.0).state["cells.received"].shape == (2,)


@pytest.mark.parametrize(("rules", "message"), [
    ([], "c.synapse: an empty list of rules; name at least one"),
    ([gs.STDPRule(), gs.STDPRule()], "c.synapse: STDPRule and STDPRule are two rules of one kind"),
    ([gs.TsodyksMarkram(), gs.QuantalRelease()], "TsodyksMarkram and QuantalRelease each say what a spike releases"),
    ([gs.GraupnerBrunel(), gs.STDPRule()], "GraupnerBrunel computes the weight, which STDPRule would change"),
    ([gs.VesicleCycle(), gs.OjaRule()], "VesicleCycle heun and OjaRule exponential_euler differ. Give one to both"),
    ([gs.TsodyksMarkram(weight=2.0), gs.STDPRule(weight=1.0)], "different values, 2.0 and 1.0; it is one"),
    ([gs.STDPRule(), 3], "c.synapse: 3 is not a mechanism"),
])
def test_rules_that_do_not_fit_together_are_refused(rules, message):
    with pytest.raises(ModelError) as caught:
        relayed(rules, PRE, POST)
    assert message in str(caught.value)


def test_release_and_calcium_after_a_delay_of_its_own_are_refused():
    model = relayed([gs.TsodyksMarkram(), gs.GraupnerBrunel()], PRE, POST)
    with pytest.raises(ModelError, match=r"c\.pre_delay: 13\.7 ms; a rule that says what a spike gives acts when it"):
        learnt(model, 1.0)


# the lattice and the config ------------------------------------------------------------------------------------


def glutamate_of_a_spike(lattice):
    """What all fields rise by when the first cell fires in the next step."""
    neuron = lattice.get_neuron(0, 0)
    neuron.current_voltage = 40.0
    lattice.set_neuron(0, 0, neuron)
    before = lattice.simulation.ledger["glutamate"]["released"]
    lattice.run_lattice(1)
    return lattice.simulation.ledger["glutamate"]["released"] - before


@pytest.mark.parametrize("learns", [True, False])
def test_synapses_of_a_lattice_depress_whether_or_not_they_learn(learns):
    lattice = gs.IzhikevichLattice(backend="numpy", precision="float64")
    lattice.populate(gs.IzhikevichNeuron(), 1, 2)
    glutamate = gs.GlutamateNeurotransmitter(diffusion_coefficient=0.0, reuptake_rate=0.0)
    lattice.connect(lambda x, y: x != y, 2.0, neurotransmitter=glutamate, receptor=gs.AMPAReceptor(),
                    plasticity_rule=[gs.TsodyksMarkram(U=0.4, tau_rec=1e6), gs.STDPRule()])
    lattice.do_plasticity = learns
    lattice.run_lattice(1)
    first, second = glutamate_of_a_spike(lattice), glutamate_of_a_spike(lattice)
    assert second / first == pytest.approx(0.6, rel=1e-3)


CONFIG = """
[run]
duration = "20 ms"
dt = "1 ms"
[lattice]
shape = [1, 2]
[populations.cells]
kind = "LeakyIntegrateAndFire"
synapse = { kind = "ExponentialCurrentSynapse", tau = "1 s" }
[sources.trains]
kind = "SpikeTrain"
times = [5.0]
sites = [0]
[connections.c]
from = "trains"
to = "cells.synapse.inward_current"
weight = "10 pA"
wiring = { kind = "all_to_all", include_self = true }
synapse = RULES
"""
RULES = '[{ kind = "TsodyksMarkram", U = 0.3 }, { kind = "STDPRule", weight_max = 12 }]'


def read(rules):
    return loads(CONFIG.replace("RULES", rules))


def test_a_config_may_list_several_rules_and_set_any_of_their_values():
    simulation = gs.Simulation(read(RULES).model, backend="numpy", precision="float64")
    simulation.run(6.0)
    assert simulation.state["cells.synapse.inward_current"] == pytest.approx([3.0, 3.0], rel=1e-9)
    again = loads(read(RULES).text)
    assert (again.model.get("c.U"), again.model.get("c.weight_max")) == (0.3, 12.0)


@pytest.mark.parametrize(("rules", "message"), [
    (RULES.replace("STDPRule", "STDPRul"), "there is no 'STDPRul'; did you mean 'STDPRule'?"),
    (RULES.replace("U = 0.3", "U = 3"), "3 must be at most 1"),
    (RULES.replace('"STDPRule", weight_max = 12', '"QuantalRelease"'), "each say what a spike releases"),
    ("[]", "an empty list of rules"),
    ("[3]", "synapse"),
])
def test_wrong_lists_of_rules_in_a_config_are_told(rules, message):
    with pytest.raises(gs.GpusynError) as caught:
        read(rules)
    assert message in str(caught.value)
