"""Modulation by name: gains multiply, additions add, whatever the shape of the dynamics that reads the quantity."""
from typing import ClassVar

import numpy as np
import pytest

import gpusyn as gs
from gpusyn.mechanism import Mechanism, gate, given, option, output, parameter, state
from gpusyn.modulation import Modulator
from gpusyn.receptors import AMPAReceptor


class Gain(Modulator):
    """A constant factor."""

    factor = parameter(1.0, "1", "the factor")

    @output("1", "factor on the target")
    @staticmethod
    def gain(factor):
        return 1.0 * factor


class Extra(Modulator):
    """A constant amount."""

    amount = parameter(0.0, "uM", "the amount")

    @output("uM", "added to the target")
    @staticmethod
    def addition(amount):
        return 1.0 * amount


class FallingGain(Modulator):
    """A factor that falls with time, kept as a state."""

    s = state("1", "factor", initial=1.0)
    rate = parameter(0.1, "1/ms", "rate")

    @staticmethod
    def d_s(s, rate):
        return -rate * s

    @output("1", "factor on the target")
    @staticmethod
    def gain(s):
        return s


class Tank(Mechanism):
    """A level that decays; the outflow is a quantity of its own, so that integrators meet it at every stage."""

    level = state("1", "level", initial=1.0)
    rate = parameter(0.1, "1/ms", "rate")

    @output("1/ms", "outflow")
    @staticmethod
    def outflow(level, rate):
        return rate * level

    @staticmethod
    def d_level(outflow):
        return -outflow


class Bound(Mechanism):
    """Occupancy of a site."""

    r = gate("occupancy", initial=0.0)
    ligand = given("uM", "ligand")
    binding_rate = parameter(0.1, "1/(uM ms)", "binding")
    unbinding_rate = parameter(0.1, "1/ms", "unbinding")
    where_from = option("glutamate", "what the ligand is", ("glutamate", "gaba"))

    @staticmethod
    def r_rates(ligand, binding_rate, unbinding_rate):
        return binding_rate * ligand, unbinding_rate


class Bath(Mechanism):
    """A constant concentration."""

    c = parameter(1.0, "uM", "concentration")

    @output("uM", "ligand")
    @staticmethod
    def ligand(c):
        return 1.0 * c


def cells(dt=0.1, shape=(1, 3), **members):
    model = gs.Model(lattice=shape, dt=dt)
    model.add_population("cells", gs.IzhikevichNeuron(), **members)
    return model


def ampa_current(**modulators):
    model = cells(ampa=AMPAReceptor(glutamate="bath.ligand"), bath=Bath(c=2.0), **modulators)
    simulation = gs.Simulation(model, backend="numpy", precision="float64", recorder=["cells.ampa.current"])
    simulation.step(1)
    return simulation.recorder["cells.ampa.current"][0, 0]


def test_gains_of_several_modulators_multiply(backend):
    plain, gained = ampa_current(), ampa_current(
        one=Gain(target="ampa_conductance", factor=1.5), two=Gain(target="ampa.conductance", factor=0.7),
    )
    assert gained / plain == pytest.approx(1.05, rel=1e-14)
    model = cells(ampa=AMPAReceptor(glutamate="bath.ligand"), bath=Bath(c=2.0), one=Gain(target="ampa_conductance"))
    model.sweep = gs.Sweep({"cells.one.factor": [1.0, 1.5]})
    simulation = gs.Simulation(model, backend=backend, precision="float64", recorder=["cells.ampa.current"])
    simulation.step(1)
    currents = simulation.recorder["cells.ampa.current"][0, :, 0]
    np.testing.assert_allclose(currents, [plain, 1.5 * plain], rtol=1e-12)


def test_an_addition_to_a_ligand_shifts_the_steady_state_and_gains_act_on_the_sum():
    site = {"site": Bound(r="steady"), "bath": Bath(c=1.0)}
    for modulators, ligand in [
        ({}, 1.0), ({"more": Extra(target="site_ligand", amount=2.0)}, 3.0),
        ({"more": Extra(target="site.ligand", amount=2.0), "less": Gain(target="site_ligand", factor=0.5)}, 1.5),
    ]:
        simulation = gs.Simulation(cells(**site, **modulators), backend="numpy", precision="float64")
        assert simulation.state["cells.site.r"][0] == pytest.approx(ligand / (ligand + 1.0), rel=1e-12)


@pytest.mark.parametrize(("integrator", "order"), [("heun", 2), ("rk4", 4), ("euler", 1)])
def test_integrators_keep_their_order_with_outputs_and_modulators(integrator, order):
    def error(dt):
        members = {"tank": Tank(integrator=integrator), "falling": FallingGain(target="tank_rate", rate=0.0, s=0.5)}
        simulation = gs.Simulation(cells(dt, **members), backend="numpy", precision="float64")
        simulation.run(8.0)
        return abs(simulation.state["cells.tank.level"][0] - np.exp(-0.1 * 0.5 * 8.0))

    assert np.log2(error(0.8) / error(0.4)) == pytest.approx(order, abs=0.15)


def test_a_target_of_the_cell_is_a_bare_name():
    simulation = gs.Simulation(cells(slow=Gain(target="c_m", factor=2.0)), backend="numpy", precision="float64")
    plain = gs.Simulation(cells(), backend="numpy", precision="float64")
    start = plain.state["cells.v"][0]
    plain.step(1), simulation.step(1)
    assert simulation.state["cells.v"][0] - start == pytest.approx((plain.state["cells.v"][0] - start) / 2, rel=1e-9)


@pytest.mark.parametrize(("target", "message"), [
    ("ampa_conductence", r"cells\.m\.target: there is no 'ampa_conductence' in 'cells'; did you mean 'ampa_conduct"),
    ("m_factor", r"cells\.m\.target: 'm_factor' is its own; it cannot be modulated"),
    ("gap_conductance", r"'gap_conductance' is read by no equation; it cannot be modulated"),
])
def test_a_target_that_cannot_be_is_refused(target, message):
    model = cells(ampa=AMPAReceptor(glutamate="bath.ligand"), bath=Bath(), m=Gain(target=target))
    with pytest.raises(gs.ModelError, match=message):
        gs.Simulation(model, backend="numpy")


class Fed(Mechanism):
    """What nothing feeds unless it is told."""

    level = state("1", "level")
    food = given("1/ms", "food", default=0.0)

    @staticmethod
    def d_level(food):
        return food


def test_a_binding_that_was_asked_for_must_exist_even_where_there_is_a_default():
    gs.Simulation(cells(fed=Fed()), backend="numpy")
    with pytest.raises(gs.ModelError, match=r"cells\.fed needs 'bath\.ligant', which nothing in 'cells' provides"):
        gs.Simulation(cells(fed=Fed(food="bath.ligant"), bath=Bath()), backend="numpy")


def test_options_are_checked_and_kept():
    site = Bound(where_from="gaba")
    assert site.where_from == "gaba"
    assert repr(site) == "Bound(where_from='gaba')"
    with pytest.raises(gs.ModelError, match=r"Bound\.where_from: 'gabba' is not a choice; did you mean 'gaba'\?"):
        site.where_from = "gabba"
    with pytest.raises(gs.ModelError, match=r"Gain\.target: 3 must be of the kind of ''"):
        Gain(target=3)


def test_a_cell_cannot_ask_for_another_time_step_than_the_models():
    model = gs.Model(lattice=(1, 1), dt=0.1)
    model.add_population("cells", gs.IzhikevichNeuron(dt=0.5))
    with pytest.raises(gs.ModelError, match=r"cells\.dt: 0\.5 ms, but model\.dt is 0\.1 ms"):
        gs.Simulation(model, backend="numpy")


class LooseBound(Bound):
    """The same with other rates."""

    presets: ClassVar = {"Loose": {"unbinding_rate": 5.0}}


class BoundWithForms(Bound):
    """One preset is a class of its own."""

    presets: ClassVar = {"Tight": {"unbinding_rate": 0.01}}
    forms: ClassVar = {"Loose": LooseBound}


def test_a_preset_may_be_a_class_of_its_own():
    assert type(BoundWithForms(preset="Tight")) is BoundWithForms
    loose = BoundWithForms(preset="Loose", binding_rate=0.3)
    assert type(loose) is LooseBound
    assert (loose.unbinding_rate, loose.binding_rate) == (5.0, 0.3)
    with pytest.raises(gs.ModelError, match="no preset 'Losse'; did you mean 'Loose'"):
        BoundWithForms(preset="Losse")


class Shy(Mechanism):
    """Releases with half its parameter."""

    p = parameter(0.8, "1", "probability")

    @output("1", "probability that a spike releases")
    @staticmethod
    def release_probability(p):
        return 0.5 * p


def releasing(probability, p=0.8):
    model = gs.Model(lattice=(50, 50), dt=0.1)
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(diffusion_coefficient=0.0, reuptake_rate=0.0))
    model.add_population("cells", gs.IzhikevichNeuron(v=40.0), shy=Shy(p=p))
    model.connect("cells", "glutamate", gs.Neighbourhood((50, 50), 0, include_self=True), probability=probability)
    return model


def test_each_site_releases_with_the_probability_that_its_population_computes(backend):
    p = np.repeat([0.0, 0.8, 2.0], [500, 1000, 1000])
    simulation = gs.Simulation(releasing("cells.shy.release_probability", p), backend=backend, seed=3)
    simulation.step(1)
    released = simulation.state["glutamate.concentration"] > 0
    assert not released[:500].any()
    assert released[1500:].all()
    assert abs(released[500:1500].mean() - 0.4) < 5 * np.sqrt(0.4 * 0.6 / 1000)


def test_a_probability_that_is_no_output_of_the_releasing_population_is_refused():
    with pytest.raises(gs.ModelError, match=r"'cells\.shy\.p' is not an output of 'cells'"):
        gs.Simulation(releasing("cells.shy.p"), backend="numpy")
    with pytest.raises(gs.ModelError, match="has no 'release_probabilty'; did you mean 'release_probability'"):
        gs.Simulation(releasing("cells.shy.release_probabilty"), backend="numpy")


def test_a_transmitter_may_have_a_lattice_of_its_own(backend):
    model = gs.Model(lattice=(3, 3), dt=0.1)
    model.add_transmitter("dopamine", gs.DopamineNeurotransmitter(initial_concentration=2.0),
                          lattice=gs.Lattice((4, 5), edges="absorbing"))
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(initial_concentration=1.0))
    far, near = Bound(ligand="dopamine", r="steady"), Bound(ligand="glutamate", r="steady")
    model.add_population("far", gs.IzhikevichNeuron(), lattice=gs.Lattice((4, 5)), site=far)
    model.add_population("near", gs.IzhikevichNeuron(), site=near)
    simulation = gs.Simulation(model, backend=backend, precision="float64", recorder=["dopamine"])
    simulation.step(5)
    assert simulation.recorder["dopamine.concentration"].shape == (5, 20)
    assert simulation.state["far.site.r"].shape == (20,)
    assert simulation.state["near.site.r"].shape == (9,)
    escaped = simulation.ledger["dopamine"]["escaped"][0]
    assert escaped > 0
    assert abs(simulation.ledger.residual("dopamine")[0]) < 1e-12
    near.ligand = "dopamine"
    with pytest.raises(gs.ModelError, match=r"near\.site needs 'dopamine', which nothing in 'near' provides"):
        gs.Simulation(model, backend=backend)


def talking(weight=1.0, **transporters):
    model = gs.Model(lattice=(4, 4), dt=0.1)
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(), **transporters)
    model.add_population("cells", gs.IzhikevichNeuron(preset="RS"), ampa=AMPAReceptor(),
                         drive=gs.ConstantCurrent(amplitude=10.0), noise=gs.WhiteNoiseCurrent(sigma=3.0))
    model.connect("cells", "glutamate", gs.Neighbourhood((4, 4), 1), weight=weight, delay=0.5)
    return model


def test_a_simulation_that_continues_another_goes_on_as_that_would(backend, precision):
    first, whole = (gs.Simulation(talking(), backend=backend, precision=precision, seed=4) for _ in range(2))
    whole.step(1000), first.step(400)
    second = gs.Simulation(talking(), backend=backend, precision=precision, seed=4)
    second.continue_from(first)
    second.step(600)
    assert second.steps_done == 1000
    for name in whole.state:
        np.testing.assert_array_equal(second.state[name], whole.state[name], err_msg=name)
    np.testing.assert_allclose(second.ledger["glutamate"]["decayed"], whole.ledger["glutamate"]["decayed"], rtol=1e-12)


def test_the_ledger_closes_when_a_changed_model_continues():
    first = gs.Simulation(talking(uptake=gs.MichaelisMentenUptake()), backend="numpy", precision="float64", seed=4)
    first.step(500)
    second = gs.Simulation(talking(weight=2.0), backend="numpy", precision="float64", seed=4)
    second.continue_from(first)
    second.step(500)
    third = gs.Simulation(talking(uptake=gs.MichaelisMentenUptake()), backend="numpy", precision="float64", seed=4)
    third.continue_from(second)
    third.step(500)
    assert third.ledger["glutamate"]["taken_up"][0] > 0
    assert abs(second.ledger.residual("glutamate")[0]) < 1e-12
    assert abs(third.ledger.residual("glutamate")[0]) < 1e-12
