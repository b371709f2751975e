"""What members need of each other: all that is missing is said before a run, also where nobody reads the result."""
import warnings

import pytest

import gpusyn as gs
from gpusyn.config import ConfigError, loads
from gpusyn.morphology import gen_beam

MISSING_CA = "d.pmca needs 'ca', which nothing in 'd' provides: free calcium in the cytosol, uM; "
TREE = """
[run]
duration = 1
dt = 0.01
[trees.d]
kind = "Cable"
beam = { length = 10, radius = 0.5, n = 5 }
[trees.d.pmca]
kind = "PMCA"
[trees.d.serca]
kind = "SERCA"
"""
CELLS = """
[run]
duration = 1
[transmitters.glutamat]
kind = "GlutamateNeurotransmitter"
[populations.cells]
kind = "IzhikevichNeuron"
ampa = { kind = "AMPAReceptor" }
pool = { kind = "CalciumPartOfCurrent", current = "ampa.curent" }
"""


def trees(*cell, **members):
    model = gs.Model(dt=0.01)
    model.add_trees("d", gen_beam(10.0, 0.5, 5), *cell, **members)
    return model


def cells(cell=None, **members):
    model = gs.Model(lattice=(2, 3))
    model.add_population("n", cell or gs.IzhikevichNeuron(), **members)
    return model


def refused(model):
    """The message with which a model is refused."""
    with pytest.raises(gs.ModelError) as caught:
        gs.Simulation(model, backend="numpy")
    return str(caught.value)


def problems(text):
    """The problems of a config, as lines."""
    with pytest.raises(ConfigError) as caught:
        loads(text, name="x.toml")
    return caught.value.problems


# nothing provides it ---------------------------------------------------------------------------------------------


def test_a_pump_whose_flux_nobody_reads_still_needs_its_calcium():
    assert refused(trees(gs.Cable(), pmca=gs.PMCA())) == f"{MISSING_CA}CalciumCompartment() has one"
    model = trees(gs.Cable(), pmca=gs.PMCA())
    model.play("ca", "d", [0.0, 1.0], [0.1, 0.2])
    with pytest.warns(UserWarning, match="PMCA changes nothing here"):
        gs.Simulation(model, backend="numpy")


def test_all_that_is_missing_is_said_at_once():
    lines = refused(cells(ampa=gs.AMPAReceptor(), graded=gs.GradedAMPA(), serca=gs.SERCA())).split("\n")
    place = "which nothing in 'n' provides: "
    assert lines == [
        f"n.ampa needs 'glutamate', {place}glutamate that the receptor sees, uM; add a transmitter 'glutamate', "
        "e.g. GlutamateNeurotransmitter()",
        f"n.graded needs 'pre_v', {place}presynaptic potential, mV; a link or a played table called 'pre_v' can",
        f"n.serca needs 'ca', {place}free calcium in the cytosol, uM; CalciumCompartment() has one",
        f"n.serca needs 'ca_er', {place}free calcium in the endoplasmic reticulum, uM; CalciumCompartment() has one",
    ]


def test_a_receptor_of_a_cell_without_a_potential_is_told_who_has_one():
    model = cells(gs.CalciumCompartment(), ampa=gs.AMPAReceptor())
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter())
    assert refused(model) == (
        "n.ampa needs 'v', which nothing in 'n' provides: membrane potential of the cell, mV; e.g. "
        "AdaptiveExponentialIntegrateAndFire(), AdaptiveLeakyIntegrateAndFire() or HodgkinHuxley() has one")


def test_a_near_miss_is_suggested_if_its_unit_fits():
    model = cells(ampa=gs.AMPAReceptor())
    model.add_transmitter("glutamat", gs.GlutamateNeurotransmitter())
    assert refused(model).endswith("glutamate that the receptor sees, uM; did you mean 'glutamat'?")


def test_a_transmitter_on_other_sites_must_be_linked():
    model = cells(ampa=gs.AMPAReceptor())
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(), lattice=gs.Lattice((5, 5)))
    assert refused(model).endswith("uM; the transmitter 'glutamate' has other sites: link its concentration to 'n', "
                                   "and bind 'glutamate' to the link")


def test_a_binding_is_looked_for_under_the_name_that_was_given():
    model = cells(gs.IzhikevichNeuron(), part=gs.CalciumPartOfCurrent(current="ampa.curent"), ampa=gs.AMPAReceptor())
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter())
    assert refused(model) == ("n.part needs 'ampa.curent', which nothing in 'n' provides: current of which calcium "
                              "carries a part, outward > 0, pA; did you mean 'ampa.current'?")


def test_two_mechanisms_with_one_name_are_refused_where_nobody_reads_the_result():
    model = cells(gs.CalciumCompartment(), a=gs.ConstantCurrent(), part=gs.CalciumPartOfCurrent(current="injection"),
                  b=gs.ConstantCurrent())
    assert refused(model) == ("n.part.current: several mechanisms have 'injection'; bind it to 'n.a.injection' or "
                              "'n.b.injection'")


def test_what_has_a_default_may_be_absent():
    gs.Simulation(trees(gs.CalciumCompartment(), ip3r=gs.IP3Receptor(), vdcc=gs.LTypeCalciumChannel()), backend="numpy")


def test_a_total_cannot_be_bound():
    with pytest.raises(gs.ModelError, match="CalciumCompartment has no parameter 'from_outside'; valid: ca,"):
        gs.CalciumCompartment(from_outside="pump.flux_from_outside")


def test_a_config_says_it_at_the_line_of_the_member():
    rest = "which nothing in 'd' provides: "
    assert problems(TREE) == [
        f"x.toml:8: d.pmca: needs 'ca', {rest}free calcium in the cytosol, uM; CalciumCompartment() has one",
        f"x.toml:10: d.serca: needs 'ca', {rest}free calcium in the cytosol, uM; CalciumCompartment() has one",
        f"x.toml:10: d.serca: needs 'ca_er', {rest}free calcium in the endoplasmic reticulum, uM; CalciumCompartment() "
        "has one",
    ]
    rest = "which nothing in 'cells' provides: "
    assert problems(CELLS) == [
        f"x.toml:8: cells.ampa: needs 'glutamate', {rest}glutamate that the receptor sees, uM; did you mean "
        "'glutamat'?",
        f"x.toml:9: cells.pool: needs 'ampa.curent', {rest}current of which calcium carries a part, outward > 0, pA; "
        "did you mean 'ampa.current'?",
    ]


# nobody adds it up -----------------------------------------------------------------------------------------------


def test_a_source_that_nobody_adds_up_is_warned_of_unless_it_is_recorded():
    model = trees(gs.Cable(), source=gs.CalciumSource(amplitude=1.0))
    message = (r"^d\.source: CalciumSource changes nothing here: nothing in 'd' adds up its flux_from_outside, as "
               r"CalciumCompartment\(\) does$")
    with pytest.warns(UserWarning, match=message):
        gs.Simulation(model, backend="numpy")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gs.Simulation(model, backend="numpy", recorder=["d.source.level"])
        gs.Simulation(trees(source=gs.CalciumSource(amplitude=1.0)), backend="numpy")
        gs.Simulation(trees(gs.Cable(), pulse=gs.PulseCurrent(amplitude=1.0)), backend="numpy")


def test_a_config_notes_what_changes_nothing():
    text = TREE.split("[trees.d.pmca]")[0] + '[trees.d.source]\nkind = "CalciumSource"\namplitude = 1\n'
    message = "d.source: CalciumSource changes nothing here: nothing in 'd' adds up its flux_from_outside, as "
    assert loads(text).notes == [f"{message}CalciumCompartment() does"]
    assert loads(f'{text}[[record]]\nquantity = "d.source.level"\n').notes == []
