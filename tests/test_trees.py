"""Populations of trees: nothing is lost at branches and tapers, rest is rest, second order in time and space."""
from itertools import pairwise

import numpy as np
import pytest
from calcium_cables import calcium_model

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.morphology import Forest, Morphology, gen_beam, gen_branch, gen_tree


def crooked_tree(n=60, seed=3):
    """A tree with branches anywhere and radii from 0.1 to 0.5 um."""
    draw = np.random.default_rng(seed)
    parent = np.array([-1] + [int(draw.integers(max(0, k - 6), k)) for k in range(1, n)])
    return Morphology(parent, *np.cumsum(draw.normal(0, 0.4, (3, n)), axis=1), radius=draw.uniform(0.1, 0.5, n))


@pytest.mark.parametrize("scheme", ["sbdf2", "midpoint", "euler"])
def test_calcium_is_conserved_at_branches_and_changes_of_radius(scheme):
    cells, source = Forest([crooked_tree(), gen_tree(3, 12.0, 0.3, 6)]), np.zeros(60 + gen_tree(3, 12.0, 0.3, 6).n_node)
    source[[7, 70]] = 5.0
    model = calcium_model(cells, 0.001, scheme=scheme, source=source, er_buffer=14400.0)
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    steps = 500
    sim.step(steps)
    amounts = sim.ledger["dendrite"]
    assert np.abs(sim.ledger.residual("dendrite")) < 1e-12 * steps
    assert abs(amounts["entered"][0]) > 1e-4 * amounts["initial"][0]
    assert sim.state["dendrite.ca"].max() > 0.2


def test_single_precision_loses_next_to_nothing():
    source = np.zeros(60)
    source[7] = 5.0
    sim = gs.Simulation(calcium_model(crooked_tree(), 0.005, source=source, er_buffer=14400.0), backend="numpy")
    sim.step(2000)
    assert np.abs(sim.ledger.residual("dendrite")) < 1e-5


@pytest.mark.parametrize("scheme", ["sbdf2", "midpoint", "euler", "spine"])
def test_a_dendrite_at_rest_stays_at_rest(scheme):
    """100 ms; required are 1e-9 uM."""
    model = calcium_model(crooked_tree(20), 0.02 if scheme in ("sbdf2", "spine") else 0.001, scheme=scheme,
                          er_buffer=14400.0)
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    sim.step(5000)
    for name, start in (("ca", 0.05), ("ca_er", 250.0)):
        assert np.abs(sim.state[f"dendrite.{name}"] - start).max() < 1e-9, name


def at_the_end(scheme, dt):
    """Calcium along a cable, 1 ms after a stimulus that no step cuts."""
    cell = gen_beam(8.0, 0.2, 33)
    model = calcium_model(cell, dt, scheme=scheme, er_buffer=14400.0)
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    x = np.linspace(-4.0, 4.0, 33)
    sim.state["dendrite.ca"] = 0.05 + 2.0 * np.exp(-x**2)
    sim.state["dendrite.ip3.ip3"] = 0.04 + np.exp(-x**2)
    sim.run(1.0)
    return np.concatenate([sim.state["dendrite.ca"], sim.state["dendrite.calbindin"], sim.state["dendrite.ca_er"]])


@pytest.mark.parametrize("scheme", ["sbdf2", "midpoint"])
def test_second_order_in_time(scheme):
    results = [at_the_end(scheme, dt) for dt in (0.00125, 0.000625, 0.0003125)]
    gaps = [np.abs(a - b).max() for a, b in pairwise(results)]
    assert np.log2(gaps[0] / gaps[1]) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_second_order_in_space(precision):
    """A cosine that fits a sealed cable decays as exp(-D k^2 t)."""
    wrong = []
    for n in (17, 33, 65):
        model = gs.Model(dt=0.002)
        model.add_trees("dendrite", gen_beam(4.0, 0.3, n), gs.CalciumCompartment(
            calbindin_total=0.0, calreticulin_total=0.0))
        sim = gs.Simulation(model, backend="numpy", precision=precision)
        x = np.linspace(0.0, 4.0, n)
        sim.state["dendrite.ca"] = 2.0 + np.cos(np.pi * x / 4.0)
        sim.run(4.0)
        exact = 2.0 + np.cos(np.pi * x / 4.0) * np.exp(-0.22 * (np.pi / 4.0) ** 2 * 4.0)
        wrong.append(np.abs(sim.state["dendrite.ca"] - exact).max())
    assert np.log2(wrong[0] / wrong[1]) == pytest.approx(2.0, abs=0.1)
    if precision == "float64":
        assert np.log2(wrong[1] / wrong[2]) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("scheme", ["sbdf2", "midpoint", "spine"])
def test_all_backends_agree(backend, precision, scheme):
    """Two different cells, two sweep points: cuts and all."""
    source = np.zeros(60 + 41)
    source[[7, 80]] = 5.0
    model = calcium_model(Forest([crooked_tree(), gen_beam(4.0, 0.2, 41)]), 0.002, scheme=scheme, source=source,
                          sweep={"dendrite.ryr.density": [2.0, 4.0], "dendrite.ca_diffusion": [0.1, 0.22]})
    one, other = (gs.Simulation(model, backend=b, precision=p) for b, p in (("numpy", "float64"), (backend, precision)))
    one.step(300)
    other.step(120)
    other.step(180)
    for name in ("ca", "ca_er", "calbindin", "ryr.O1", "ip3.ip3"):
        rtol = 1e-10 if precision == "float64" else 2e-3
        np.testing.assert_allclose(other.state[f"dendrite.{name}"], one.state[f"dendrite.{name}"], rtol=rtol, atol=1e-7)


def test_a_run_in_pieces_and_a_resumed_run_are_the_whole_run(tmp_path):
    source = np.zeros(60)
    source[7] = 5.0
    model = calcium_model(crooked_tree(), 0.005, source=source)
    whole, pieces = (gs.Simulation(model, backend="numpy") for _ in range(2))
    whole.step(60)
    pieces.step(25)
    pieces.save(tmp_path / "now.ckpt")
    again = gs.Simulation.resume(tmp_path / "now.ckpt", model)
    again.step(35)
    for path in whole.state:
        np.testing.assert_array_equal(again.state[path], whole.state[path], err_msg=path)


def test_complaints():
    model = gs.Model(dt=0.005)
    with pytest.raises(ModelError, match=r"dendrite.scheme: 'sbdf' is unknown.*sbdf2"):
        model.add_trees("dendrite", gen_beam(), scheme="sbdf")
    with pytest.raises(ModelError, match=r"dendrite.er: 'ratoi' is no law of an ER's size; did you mean 'ratio'\?"):
        model.add_trees("dendrite", gen_beam(), er={"ratoi": 0.4})
    with pytest.raises(ModelError, match="nothing spreads along the trees"):
        model.add_trees("dendrite", gen_beam(), gs.IzhikevichNeuron())
    with pytest.raises(ModelError, match=r"stable up to dt = 0.00\d+ ms on these trees, and model.dt is 0.02 ms"):
        gs.Simulation(calcium_model(gen_branch(64.0, 0.2, 1000), 0.02, scheme="euler"), backend="numpy")
