"""Transmitters: supply, saturable uptake, and clearance from a cell's own cleft."""

import numpy as np
import pytest
from scipy.special import lambertw
from single_item import Items

import gpusyn as gs
from gpusyn.currents import PulseCurrent
from gpusyn.neurons import LeakyIntegrateAndFire
from gpusyn.receptors import AMPAReceptor
from gpusyn.transmitters import (
    AcetylcholineNeurotransmitter,
    CleftTransmitter,
    DopamineNeurotransmitter,
    DSerine,
    GABANeurotransmitter,
    GlutamateNeurotransmitter,
    Glycine,
    MichaelisMentenUptake,
    NoradrenalineNeurotransmitter,
    SerotoninNeurotransmitter,
    SubstanceP,
    Transmitter,
    VoltageDrivenTransmitter,
)


def michaelis_menten(start, t, v_max, k_m):
    """Concentration after time t of saturable uptake alone: Lambert's W, Schnell & Mendoza (1997)."""
    return k_m * lambertw(start / k_m * np.exp((start - v_max * t) / k_m)).real


@pytest.mark.parametrize(("start", "after_10_ms"), [(10.0, 5.67143), (100.0, 90.94874), (1.0, 0.39098)])
def test_uptake_follows_lamberts_function(start, after_10_ms):
    assert michaelis_menten(start, 10.0, 1.0, 10.0) == pytest.approx(after_10_ms, abs=5e-6)
    transmitter = Transmitter(initial_concentration=start)
    items = Items({"": transmitter, "transporter": MichaelisMentenUptake()}, dt=0.1)
    items.run(10.0)
    assert items["concentration"] == pytest.approx(after_10_ms, abs=2e-5)  # second order in the step


def test_what_is_taken_up_is_counted():
    items = Items({"": Transmitter(initial_concentration=10.0, source=0.3), "transporter": MichaelisMentenUptake()})
    items.run(20.0)
    change = items.ledger["p.supplied"] - items.ledger["p.taken_up"]
    assert items["concentration"] - 10.0 == pytest.approx(change, rel=1e-13)
    assert items.ledger["p.supplied"] == pytest.approx(0.3 * 20.0, rel=0.05)


@pytest.mark.parametrize(("v_max", "steady"), [(1.0, 1.1111), (0.2, 10.0)])
def test_blocked_transporters_let_the_concentration_rise(v_max, steady):
    items = Items({"": Transmitter(source=0.1), "transporter": MichaelisMentenUptake(v_max=v_max)}, dt=1.0)
    items.run(3000.0)
    assert items["concentration"] == pytest.approx(steady, abs=5e-5)


def test_two_transporters_take_up_side_by_side():
    members = {"": Transmitter(initial_concentration=10.0), "a": MichaelisMentenUptake(), "b": MichaelisMentenUptake()}
    items = Items(members, dt=0.05)
    items.run(5.0)
    assert items["concentration"] == pytest.approx(michaelis_menten(10.0, 5.0, 2.0, 10.0), abs=2e-5)


def test_reuptake_and_diffusion_are_not_stepped_twice():
    items = Items(Transmitter(initial_concentration=10.0, reuptake_rate=0.5))
    items.run(5.0)
    assert items["concentration"] == 10.0


@pytest.mark.parametrize(("kind", "numbers"), [
    (GlutamateNeurotransmitter, (0.5, 5000, 0.1, 0.01, 0)),
    (GABANeurotransmitter, (0.3, 3000, 0.08, 0.02, 0)),
    (DopamineNeurotransmitter, (0.1, 1000, 0.05, 0.005, 0)),
    (AcetylcholineNeurotransmitter, (0.3, 5000, 0.4, 2.0, 0)),
    (SerotoninNeurotransmitter, (0.1, 4700, 0.18, 1 / 80, 0)),
    (NoradrenalineNeurotransmitter, (0.1, 1000, 0.15, 1 / 120, 0)),
])
def test_transmitters_have_the_numbers_of_the_tutorial_and_the_crate(kind, numbers):
    t = kind()
    assert numbers == (
        t.release_probability, t.quantum_size, t.diffusion_coefficient, t.reuptake_rate, t.initial_concentration
    )


@pytest.mark.parametrize(("kind", "level"), [(Glycine, 1.0), (DSerine, 6.5)])
def test_co_agonists_stay_at_their_level(kind, level):
    """Supply and loss take turns, so that the level is off by a step's worth of loss."""
    model = gs.Model(lattice=(2, 3), dt=0.1)
    model.add_transmitter(kind.transmitter, kind())
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    simulation.run(300.0)
    np.testing.assert_allclose(simulation.state[f"{kind.transmitter}.concentration"], level, rtol=1.1e-3)


@pytest.mark.parametrize("scheme", ["explicit", "exact"])
def test_first_order_clearance_of_a_field_is_exact_or_converges(scheme):
    """0.367879 after 100 ms at 0.01/ms; explicit steps of 0.1 ms come to (1 - 0.001)^1000 = 0.367695."""
    model = gs.Model(lattice=(3, 3), dt=0.1)
    model.add_transmitter("c", Transmitter(initial_concentration=1.0, reuptake_rate=0.01), scheme=scheme)
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    simulation.run(100.0)
    expected = {"explicit": 0.367695, "exact": 0.367879}[scheme]
    np.testing.assert_allclose(simulation.state["c.concentration"], expected, rtol=0, atol=1e-6)


def test_substance_p_outlasts_the_fast_transmitters():
    """Its half-life is two minutes."""
    items = {kind: np.log(2) / kind().reuptake_rate for kind in (SubstanceP, GlutamateNeurotransmitter)}
    assert items[SubstanceP] == pytest.approx(120e3, rel=0.01)
    assert items[SubstanceP] > 1000 * items[GlutamateNeurotransmitter]


def releasing(shares, backend, n_spike=500, n_site=20, probability=0.5):
    """Cells that fire every millisecond and release several transmitters, each its share of the vesicles."""
    model = gs.Model(lattice=(1, n_site), dt=1.0)
    model.add_source("cells", gs.Regular(period=1.0))
    for name, share in shares.items():
        kept = {"diffusion_coefficient": 0.0, "reuptake_rate": 0.0, "release_probability": probability}
        model.add_transmitter(name, Transmitter(**kept))
        own = gs.SparseConnections(np.arange(n_site), np.arange(n_site), n_source=n_site, n_target=n_site, name=name)
        model.connect("cells", name, own, weight=share)
    simulation = gs.Simulation(model, backend=backend, precision="float64", seed=5)
    simulation.step(n_spike + 1)
    return simulation


def test_release_has_the_quantum_of_its_share_and_succeeds_by_chance(backend):
    """10 000 spikes at probability 0.5: 5000 +- 250 releases of quantum / (N_A V) each; shares of 0.8 and 0.2."""
    step = 5000 / (6.02214076e23 * 1e-15) * 1e6  # uM
    first = releasing({"glutamate": 0.8, "substance_p": 0.2}, backend)
    released = {name: first.ledger[name]["released"][0] / step for name in ("glutamate", "substance_p")}
    numbers = {"glutamate": released["glutamate"] / 0.8, "substance_p": released["substance_p"] / 0.2}
    for number in numbers.values():
        assert number == pytest.approx(round(number), rel=1e-9)
        assert abs(number - 5000) < 250
    assert released["glutamate"] / released["substance_p"] == pytest.approx(4.0, rel=0.1)
    assert numbers["glutamate"] != numbers["substance_p"]  # every connection draws for itself
    again = releasing({"glutamate": 0.8, "substance_p": 0.2}, backend)
    np.testing.assert_array_equal(again.state["glutamate.concentration"], first.state["glutamate.concentration"])
    sure = releasing({"glutamate": 0.8, "substance_p": 0.2}, backend, n_spike=10, probability=1.0)
    assert sure.ledger["glutamate"]["released"][0] == pytest.approx(4 * sure.ledger["substance_p"]["released"][0])


@pytest.mark.parametrize(("name", "value"), [
    ("release_probability", 1.5), ("quantum_size", -1.0), ("diffusion_coefficient", -0.1), ("release_volume", 0.0),
])
def test_impossible_numbers_are_refused(name, value):
    with pytest.raises(ValueError, match=f"GlutamateNeurotransmitter.{name}: {value}"):
        GlutamateNeurotransmitter(**{name: value})


@pytest.mark.parametrize("dt", [0.1, 1.0])
def test_clearance_is_exact_at_any_step(dt):
    items = Items({"cleft": CleftTransmitter()}, dt=dt)
    items["cleft.concentration"] = 1.0
    items.run(100.0)
    assert items["cleft.concentration"] == pytest.approx(np.exp(-1), rel=1e-12)


def test_a_step_of_clearance_leaves_its_exponential():
    """0.95123 in 0.1 ms at a time constant of 2 ms (0.04877 is what spiking-neural-networks 0.24 leaves)."""
    items = Items({"cleft": CleftTransmitter(clearance=0.5)}, dt=0.1)
    items["cleft.concentration"] = 1.0
    items.step()
    assert items["cleft.concentration"] == pytest.approx(0.95123, abs=5e-6)


def test_spikes_fill_the_cleft_and_open_the_receptors_that_see_it():
    members = {
        "": LeakyIntegrateAndFire(), "drive": PulseCurrent(amplitude=500.0, stop=20.0), "cleft": CleftTransmitter(),
        "ampa": AMPAReceptor(preset="Destexhe1998", conductance=0.0, glutamate="cleft.concentration"),
    }
    items = Items(members)
    (spikes,) = items.run(20.0)
    assert len(spikes) == 1
    since = 20.0 - spikes[0] * items.dt
    assert items["cleft.concentration"] == pytest.approx(1000 * np.exp(-0.01 * since), rel=1e-12)
    assert items["ampa.r"] > 0.8


def test_transmitter_driven_by_the_potential_has_destexhes_sigmoid():
    v = np.array([-65.0, 0.0, 2.0, 20.0, 40.0])
    millimolar = VoltageDrivenTransmitter.concentration(v, 1000.0, 2.0, 5.0) / 1000
    assert millimolar == pytest.approx([1.515e-6, 0.40131, 0.5, 0.97340, 0.99950], rel=4e-4)
