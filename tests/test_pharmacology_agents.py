"""Drugs in a pharmacologist's words: what they become, where they go, and what their potency means."""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.pharmacology.targets import places_of

SSRI = gs.PharmacologicalAgent(
    target="serotonin_transporter", mechanism="inhibition", potency=0.8, time_course="chronic"
)


def brain(dt=2.0):
    """Two populations and three transmitters; dopamine has first-order reuptake only."""
    model = gs.Model(lattice=(1, 3), dt=dt)
    model.add_transmitter("serotonin", gs.SerotoninNeurotransmitter(reuptake_rate=0.0, source=0.1),
                          transporter=gs.SerotoninTransporter(v_max=1.0, k_m=10.0))
    model.add_transmitter("dopamine", gs.DopamineNeurotransmitter(source=0.01))
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(initial_concentration=[0.1, 1.0, 10.0],
                                                                    diffusion_coefficient=0.0, reuptake_rate=0.0))
    model.add_population("cells", gs.LeakyIntegrateAndFire(), ampa=gs.AMPAReceptor(), nmda=gs.NMDA_Receptor(),
                         d1=gs.D1_Receptor())
    model.add_population("others", gs.LeakyIntegrateAndFire(), fast=gs.AMPAReceptor(preset="Jonas1993"))
    return model


def after(model, duration, path):
    simulation = gs.Simulation(model, backend="numpy", precision="float64", recorder=[gs.Record(path, every=1)])
    simulation.run(duration)
    return simulation.recorder[path][-1]


def test_an_ssri_raises_serotonin_ninefold():
    """Potency 0.8 leaves v_max 0.2: with a supply of 0.1 uM/ms the steady level goes from 1.1111 to 10 uM."""
    model = brain()
    assert after(model, 1500.0, "serotonin.concentration")[0] == pytest.approx(10 / 9, rel=1e-4)
    assert gs.apply_pharmacology(model, SSRI) == ["serotonin.drug"]
    drug = model.transmitters["serotonin"].members["drug"]
    assert isinstance(drug, gs.ReuptakeInhibitor)
    assert drug.target == "transporter.v_max"
    assert drug.half_effect == pytest.approx(0.25)
    assert after(model, 3000.0, "serotonin.concentration")[0] == pytest.approx(10.0, rel=1e-3)


@pytest.mark.parametrize(("dose", "hill", "left"), [(1.0, 1.0, 0.2), (10.0, 1.0, 0.2 / 8.2), (1.0, 3.0, 0.2),
                                                   (0.0, 1.0, 1.0), (0.5, 2.0, 0.5)])
def test_potency_is_the_effect_of_the_standard_dose(dose, hill, left):
    agent = gs.PharmacologicalAgent("serotonin_transporter", dose=dose, hill=hill)
    drug = agent.mechanism_for("transporter", gs.SerotoninTransporter())
    effect = drug.effect(drug.drug_concentration(0.0, drug.dose, 0.0, drug.onset, drug.elimination_rate),
                         drug.half_effect, drug.hill, drug.efficacy)
    assert drug.gain(effect) == pytest.approx(left, rel=1e-12)


def test_a_drug_of_full_potency_stops_uptake():
    model = brain()
    gs.apply_pharmacology(model, gs.PharmacologicalAgent("serotonin_transporter", potency=1.0))
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    simulation.run(100.0)
    assert simulation.ledger["serotonin"]["taken_up"][0] == 0.0
    assert simulation.ledger["serotonin"]["energy"][0] == 0.0


def test_an_acute_drug_starts_when_it_is_given_and_passes():
    model = brain()
    agent = gs.PharmacologicalAgent("serotonin_transporter", time_course="acute", start=300.0, onset=20.0,
                                    elimination_rate=0.02)
    gs.apply_pharmacology(model, agent)
    simulation = gs.Simulation(model, backend="numpy", precision="float64", recorder=["serotonin"])
    simulation.run(1500.0)
    level = simulation.recorder["serotonin.concentration"][:, 0]
    assert level[:150].max() == pytest.approx(10 / 9, rel=1e-4)
    assert level[150:].max() > 1.5 * 10 / 9
    assert level[-1] == pytest.approx(10 / 9, rel=0.01)


def test_first_order_reuptake_becomes_a_member_that_a_drug_can_act_on():
    """Halved reuptake doubles the steady level: 0.01 / 0.005 = 2 uM becomes 4."""
    model = brain()
    model.populations.clear()
    model.sweep = gs.Sweep({"dopamine.reuptake_rate": [0.005, 0.01]})
    plain = after(model, 1500.0, "dopamine.concentration")[:, 0]
    model = brain()
    model.populations.clear()
    model.sweep = gs.Sweep({"dopamine.reuptake_rate": [0.005, 0.01]})
    none = gs.PharmacologicalAgent("dopamine_transporter", dose=0.0, potency=0.5, name="cocaine")
    assert gs.apply_pharmacology(model, none) == ["dopamine.cocaine"]
    assert list(model.sweep.axes) == ["dopamine.reuptake.rate"]
    assert model.get("dopamine.reuptake_rate") == 0.0
    assert model.get("dopamine.reuptake.rate") == 0.005
    found = after(model, 1500.0, "dopamine.concentration")[:, 0]
    np.testing.assert_allclose(found, plain, rtol=2.1e-2)  # the field's steps of 2 ms are off by rate dt
    model.set("dopamine.cocaine.dose", 1.0)
    np.testing.assert_allclose(after(model, 4000.0, "dopamine.concentration")[:, 0], [4.0, 2.0], rtol=1e-3)
    again = gs.PharmacologicalAgent("dopamine_reuptake", mechanism="competitive_inhibition", potency=0.5)
    assert gs.apply_pharmacology(model, again) == ["dopamine.drug"]
    np.testing.assert_allclose(after(model, 6000.0, "dopamine.concentration")[:, 0], [8.0, 4.0], rtol=1e-3)


def test_reuptake_means_every_way_back_and_transporter_the_saturating_ones():
    model = brain()
    model.set("serotonin.reuptake_rate", 0.01)
    assert [p.member for p in places_of(model, "serotonin_transporter")] == ["transporter"]
    assert [p.member for p in places_of(model, "serotonin_reuptake")] == ["transporter", "reuptake"]
    assert gs.apply_pharmacology(model, gs.PharmacologicalAgent("serotonin_reuptake")) == [
        "serotonin.drug", "serotonin.drug_2"]
    enzyme = gs.Model(lattice=(1, 1))
    enzyme.add_transmitter("ach", gs.AcetylcholineNeurotransmitter(reuptake_rate=0.0),
                           acetylcholinesterase=gs.Acetylcholinesterase())
    assert [p.member for p in places_of(enzyme, "acetylcholinesterase")] == ["acetylcholinesterase"]


def test_antagonism_of_a_receptor_reaches_it_in_every_population():
    """Potency 0.8 is k_b = 0.25 standard doses: the EC50 of AMPA, 0.5 uM, becomes 2.5 uM."""
    model = brain()
    agent = gs.PharmacologicalAgent("ampa_receptor", mechanism="antagonism", name="cnqx")
    assert gs.apply_pharmacology(model, agent) == ["cells.cnqx", "others.cnqx"]
    ligand = np.array([0.1, 1.0, 10.0])
    np.testing.assert_allclose(after(model, 1000.0, "cells.ampa.bound_fraction"), ligand / (ligand + 2.5), rtol=1e-6)


def test_agonism_binds_its_potency_alone():
    model = brain()
    model.set("glutamate.initial_concentration", 0.0)
    gs.apply_pharmacology(model, gs.PharmacologicalAgent("ampa_receptor", mechanism="antagonism", dose=0.0))
    agent = gs.PharmacologicalAgent("cells.ampa", mechanism="agonism", potency=0.7)
    gs.apply_pharmacology(model, agent)
    np.testing.assert_allclose(after(model, 1000.0, "cells.ampa.bound_fraction"), 0.7, rtol=1e-9)


@pytest.mark.parametrize(("mechanism", "kind", "target"), [
    ("inhibition", gs.ReuptakeInhibitor, "nmda.conductance"),
    ("noncompetitive_antagonism", gs.NoncompetitiveAntagonist, "nmda.conductance"),
    ("positive_modulation", gs.PositiveModulator, "nmda.glutamate"),
    ("agonism", gs.Agonist, "nmda.glutamate"),
])
def test_what_each_word_becomes_on_a_receptor(mechanism, kind, target):
    model = brain()
    gs.apply_pharmacology(model, gs.PharmacologicalAgent("nmda_receptor", mechanism=mechanism))
    drug = model.populations["cells"].members["drug"]
    assert type(drug) is kind
    assert drug.target == target
    gs.Simulation(model, backend="numpy").step(2)


def test_a_dotted_name_may_go_down_to_the_quantity():
    model = brain()
    agent = gs.PharmacologicalAgent("cells.d1.modulation_factor", mechanism="inhibition", potency=0.5)
    assert gs.apply_pharmacology(model, agent) == ["cells.drug"]
    assert model.populations["cells"].members["drug"].target == "d1.modulation_factor"
    gs.Simulation(model, backend="numpy").step(2)


@pytest.mark.parametrize(("target", "message"), [
    ("serotonin_transporte", "nothing is called 'serotonin_transporte' here, so that the drug changes nothing; did you "
                             "mean 'serotonin_transporter'"),
    ("gaba_transporter", "nothing is called 'gaba_transporter' here"),
    ("glutamate_transporter", "nothing is called 'glutamate_transporter' here"),
    ("neurons.ampa", "nothing is called 'neurons.ampa' here"),
    ("cells.ampa.conductence", "nothing is called 'cells.ampa.conductence' here"),
])
def test_a_target_that_is_not_there_is_a_warning_and_changes_nothing(target, message):
    model = brain()
    before = {name: list(part.members) for name, part in {**model.populations, **model.transmitters}.items()}
    with pytest.warns(UserWarning, match=message) as caught:
        assert gs.apply_pharmacology(model, gs.PharmacologicalAgent(target)) == []
    assert caught[0].filename == __file__
    assert {n: list(p.members) for n, p in {**model.populations, **model.transmitters}.items()} == before


@pytest.mark.parametrize(("target", "mechanism", "message"), [
    ("serotonin_transporter", "agonism", r"'agonism' does not act on 'transporter', a SerotoninTransporter; valid: "
                                         r"competitive_inhibition, inhibition, positive_modulation"),
    ("dopamine_reuptake", "antagonism", r"'antagonism' does not act on 'reuptake', a FirstOrderUptake"),
    ("d1_receptor", "inhibition", r"'inhibition' does not act on 'd1', a D1_Receptor; valid: agonism, antagonism, "
                                  r"positive_modulation"),
    ("others.fast", "agonism", r"'fast', a \w+, does not bind in one step"),
])
def test_a_drug_that_does_not_act_there_is_refused(target, mechanism, message):
    model = brain()
    with pytest.raises(gs.ModelError, match=message):
        gs.apply_pharmacology(model, gs.PharmacologicalAgent(target, mechanism=mechanism))
    assert model.get("dopamine.reuptake_rate") == 0.005


def test_a_member_that_is_neither_receptor_nor_transporter_needs_a_quantity():
    model = brain()
    model.add_population("driven", gs.LeakyIntegrateAndFire(), drive=gs.ConstantCurrent(amplitude=10.0))
    with pytest.raises(gs.ModelError, match=r"name what of it the drug changes: 'driven\.drive\.<quantity>'"):
        gs.apply_pharmacology(model, gs.PharmacologicalAgent("driven.drive"))
    gs.apply_pharmacology(model, gs.PharmacologicalAgent("driven.drive.amplitude", potency=0.5))
    gs.Simulation(model, backend="numpy").step(2)


@pytest.mark.parametrize(("values", "message"), [
    ({"mechanism": "inhibiton"}, "mechanism: 'inhibiton' is unknown; did you mean 'inhibition'"),
    ({"time_course": "cronic"}, "time_course: 'cronic' is unknown; did you mean 'chronic'"),
    ({"potency": 1.2}, "potency: 1.2 must be above 0 and at most 1"),
    ({"potency": 0.0}, "potency: 0.0 must be above 0"),
    ({"dose": -1.0}, "dose: -1.0 must not be negative"),
])
def test_an_impossible_agent_is_refused(values, message):
    with pytest.raises(gs.ModelError, match=message):
        gs.PharmacologicalAgent("serotonin_transporter", **values)
