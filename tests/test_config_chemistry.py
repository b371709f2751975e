"""Configs of what acts on synapses: forms, targets, fields of their own, autoreceptors, rules, drugs, disorders."""

import numpy as np
import pytest
from config_text import RICH

import gpusyn as gs
from gpusyn.config import ConfigError, loads
from gpusyn.lattice import Lattice


@pytest.fixture(scope="module")
def rich():
    return loads(RICH)


def problems(old, new):
    assert RICH.count(old) == 1, old
    with pytest.raises(ConfigError) as caught:
        loads(RICH.replace(old, new), name="x.toml")
    return caught.value.problems


def test_a_preset_may_be_a_form_and_options_are_set(rich):
    members = rich.model.populations["neurons"].members
    assert isinstance(members["ampa"], gs.SevenStateAMPAReceptor)
    assert members["d1"].target == "ampa_conductance"
    assert rich.model.transmitters["glutamate"].members["transporter"].localization == "synaptic"


def test_parts_have_lattices_of_their_own(rich):
    model = rich.model
    assert model.transmitters["dopamine"].lattice == Lattice((3, 4), 2.0, "absorbing")
    assert model.populations["far"].lattice == Lattice((1, 5), 2.0, "periodic")
    assert model.transmitters["serotonin"].lattice == model.populations["far"].lattice
    assert model.transmitters["glutamate"].lattice is model.lattice


def test_connections_have_rules_and_probabilities_that_are_computed(rich):
    excite = rich.model.connections["excite"]
    assert excite.probability == "neurons.d2.release_probability"
    assert (type(excite.synapse), excite.synapse.tau_plus) == (gs.STDPRule, 15.0)
    assert excite.synapse.a_minus.shape == (excite.wiring.n_connections(),)
    assert rich.model.sweep.axes["excite.a_plus"] == [0.01, 0.02]
    assert "excite.x" in [record.path for record in rich.records]


def test_a_source_may_spike_at_given_times(rich):
    reward = rich.model.sources["reward"]
    assert (reward.rule.times.tolist(), reward.rule.sites.tolist(), reward.n_site) == ([20, 30], [0, 2], 3)


def test_drugs_and_disorders_act_on_the_model_and_on_what_is_swept(rich):
    model = rich.model
    assert model.get("serotonin.ssri.start") == 1000.0
    assert model.get("serotonin.reuptake_rate") == 0.0
    assert model.sweep.axes["serotonin.reuptake.rate"] == [0.01, 0.02]  # where the drug can act on it
    assert model.sweep.axes["serotonin.ssri.dose"] == [0, 1]
    assert model.get("dopamine.quantum_size") == pytest.approx(300.0)
    assert np.allclose(model.sweep.axes["dopamine.quantum_size"], [300.0, 600.0])
    assert model.get("neurons.d1.modulation_factor") == pytest.approx(3.0)  # twice as far from 1


def test_the_resolved_config_is_the_same_model(rich):
    again = loads(rich.text)
    assert again.text == rich.text
    assert isinstance(again.model.populations["neurons"].members["ampa"], gs.SevenStateAMPAReceptor)
    assert again.model.get("dopamine.quantum_size") == rich.model.get("dopamine.quantum_size")
    ours, theirs = (config.model.connections["excite"].synapse for config in (again, rich))
    assert np.array_equal(ours.a_minus, theirs.a_minus)
    assert again.model.transmitters["dopamine"].lattice == rich.model.transmitters["dopamine"].lattice


def test_a_config_gives_what_python_gives():
    text = RICH.partition("[pharmacology")[0].replace("a_minus = { uniform = [0.01, 0.02] }", "a_minus = 0.02")
    config, lattice = loads(text), gs.Lattice((3, 4), 2.0)
    model = gs.Model(lattice)
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(),
                          transporter=gs.GlutamateTransporter(localization="synaptic"))
    model.add_transmitter("dopamine", gs.DopamineNeurotransmitter(), lattice=gs.Lattice((3, 4), 2.0, "absorbing"))
    model.add_population(
        "neurons", gs.IzhikevichNeuron(preset="RS"), ampa=gs.AMPAReceptor(preset="Jonas1993"),
        d1=gs.D1_Receptor(modulation_factor=2.0), d2=gs.D2_Autoreceptor(target=""),
        drive=gs.ConstantCurrent(amplitude=config.model.get("neurons.drive.amplitude")),
    )
    model.connect("neurons", "glutamate", gs.Neighbourhood(lattice, 2.0, name="excite"), name="excite",
                  probability="neurons.d2.release_probability", synapse=gs.STDPRule(tau_plus=15.0, a_minus=0.02))
    runs = [gs.Simulation(one, backend="numpy") for one in (config, model)]
    for run in runs:
        run.step(400)
    for name in runs[1].state:
        assert np.array_equal(runs[0].state[name], runs[1].state[name]), name
    assert len(set(runs[0].state["excite.weight"].ravel())) > 1


@pytest.mark.parametrize(("old", "new", "message"), [
    ('preset = "Jonas1993"', 'preset = "Jonas93"',
     "neurons.ampa.preset: 'Jonas93' is not a preset; did you mean 'Jonas1993'?"),
    ('localization = "synaptic"', 'localization = "synaptc"',
     "transporter.localization: 'synaptc' is not a choice; did you"),
    ('localization = "synaptic"', "localization = 3",
     "glutamate.transporter.localization: 3 is not text, true or false"),
    ('target = "ampa_conductance"', 'target = "ampa_conductanse"',
     "neurons.d1.target: there is no 'ampa_conductanse' in"),
    ('lattice = { edges = "absorbing" }', 'lattice = { edge = "absorbing" }',
     "dopamine.lattice.edge: unknown key; did you"),
    ('lattice = { edges = "absorbing" }', 'lattice = { edges = "absrbing" }',
     "dopamine.lattice.edges: 'absrbing' is unknown"),
    ('lattice = { edges = "absorbing" }', "lattice = { shape = [0] }",
     "dopamine.lattice.shape: [0] must be 1 to 3 whole"),
    ('lattice = { edges = "absorbing" }', 'lattice = "wied"',
     "dopamine.lattice: there is no lattice 'wied'; did you mean"),
    ('lattice = { edges = "absorbing" }', "lattice = {}\nshape = [2, 2]",
     "dopamine.shape: give either `shape` or `lattice`"),
    ("shape = [1, 5]", "shape = [1, -5]", "wide.shape: [1, -5] must be 1 to 3 whole numbers"),
    ("d2.release_probability", "d2.release_probabilty",
     "excite.probability: 'neurons.d2.release_probabilty': D2_Autoreceptor"),
    ('"neurons.d2.release_probability"', '"far.v"',
     "excite.probability: 'far.v' is not an output of 'neurons'; valid:"),
    ('"neurons.d2.release_probability"', '"half"', "excite.probability: 'half' is not a number with a unit"),
    ('"neurons.d2.release_probability"', "1.5", "excite.probability: 1.5 must be at most 1"),
    ('kind = "STDPRule"', 'kind = "STDPRul"', "excite.synapse.kind: there is no 'STDPRul'; did you mean 'STDPRule'?"),
    ('kind = "STDPRule"', 'kind = "AMPAReceptor"',
     "excite.synapse.kind: AMPAReceptor has neither a state nor an output"),
    ('tau_plus = "15 ms"', 'tau_pluss = "15 ms"', "excite.synapse.tau_pluss: unknown key; STDPRule has no 'tau_pluss'"),
    ('tau_plus = "15 ms"', 'tau_plus = "15 mV"', "excite.synapse.tau_plus: '15 mV' is an electric potential"),
    ("a_minus = { uniform = [0.01, 0.02] }", "a_minus = { values = [1, 2] }", "synapse.a_minus: 2 values for 34 sites"),
    ('"neighbourhood", radius = "2 um"', '"neighbourhood", radius = 1', "excite.wiring: it connects nothing; a rule"),
    ("synapse = {", 'post = "neuron"\nsynapse = {',
     "excite.post: there is no population 'neuron'; did you mean 'neurons'?"),
    ("synapse = {", 'post = "far"\nsynapse = {',
     "excite.post: 'far' has 5 cells, and 'glutamate.concentration' 12 sites"),
    ('"excite.a_plus"', '"excite.a_plos"', "sweep.excite.a_plos: STDPRule has no 'a_plos'; did you mean"),
    ('"excite.x"', '"excite.z"', "record[0].quantity: 'excite.z': STDPRule has no 'z'"),
    ('"serotonin_transporter"', '"serotonn_transporter"', "ssri.target: nothing is called 'serotonn_transporter' here"),
    ('target = "serotonin_transporter"', 'target = "ampa"\nmechanism = "agonsm"',
     "ssri.mechanism: 'agonsm' is unknown; did"),
    ('start = "1 s"', "potency = 2", "ssri.potency: 2.0 must be above 0 and at most 1"),
    ('start = "1 s"', 'start = "1 mV"', "ssri.start: '1 mV' is an electric potential"),
    ('times = ["20 ms", 30]', 'times = ["20 mV", 30]', "reward.times[0]: '20 mV' is an electric potential"),
    ('times = ["20 ms", 30]', "times = [-1, 30]", "reward.times[0]: -1 ms must be from 0 to 1e+12 ms"),
    ('times = ["20 ms", 30]', "times = 3", "reward.times: 3 is not a list of times"),
    ('times = ["20 ms", 30]', "", "reward.times: is missing"),
    ("sites = [0, 2]", "sites = [0]\nshape = [1, 1]\nsite = 3", "reward.site: unknown key; did you mean 'sites'?"),
    ("sites = [0, 2]", "sites = [0, 1, 2]", "reward.sites: [0, 1, 2] is not a site, or a list of one"),
    ("sites = [0, 2]", "sites = 3\nshape = [1, 1]", "reward.sites[0]: 3 must be from 0 to 0"),
    ("[pharmacology.ssri]", "[pharmacology.cell]", "cell: 'cell' cannot be the name of a mechanism; choose another"),
    ('{ dopamine = "30 percent" }', "{ dopamin = 0.3 }", "neurotransmitter_deficit: there is no dopamin here"),
    ('{ dopamine = "30 percent" }', "{ dopamine = 3 }",
     "neurotransmitter_deficit: dopamine = 3.0 must be the fraction"),
    ('{ dopamine = "30 percent" }', '{ dopamine = "x" }', "neurotransmitter_deficit: dopamine: 'x' is not a number"),
    ('"receptor_upregulation"', '"upregulation"', "compensatory_mechanisms: 'upregulation' is unknown; did you mean"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_key(old, new, message):
    found = problems(old, new)
    assert any(message in one for one in found), found
    assert all(one.startswith("x.toml:") for one in found)
    assert len(found) <= 3, found


def test_what_depends_on_something_broken_is_not_complained_about():
    (found,) = problems('kind = "SerotoninNeurotransmitter"', 'kind = "SerotoninNeurotransmiter"')
    assert "serotonin.kind: there is no 'SerotoninNeurotransmiter'" in found
    (found,) = problems('kind = "D2_Autoreceptor"', 'kind = "D2_Autorecptor"')
    assert "neurons.d2.kind: there is no 'D2_Autorecptor'" in found


def test_a_connection_that_connects_nothing_is_noted():
    text = RICH.partition("[pharmacology")[0].replace('radius = "2 um"', "radius = 1")
    plain = "\n".join(line for line in text.split("\n") if not line.startswith("synapse"))
    assert loads(plain).notes == ["excite.wiring: it connects nothing"]


def test_a_checkpoint_of_such_a_config_continues_bit_for_bit(rich, tmp_path):
    whole = gs.Simulation(rich, backend="numpy")
    whole.step(150)
    whole.save(tmp_path / "half.ckpt")
    whole.step(150)
    resumed = gs.Simulation.resume(tmp_path / "half.ckpt")
    resumed.step(150)
    for name in whole.state:
        assert np.array_equal(whole.state[name], resumed.state[name]), name
