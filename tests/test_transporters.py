"""Transporters: how fast they take up, where they sit, and what it costs."""
import numpy as np
import pytest
from test_transmitters import michaelis_menten

import gpusyn as gs
from gpusyn.transmitters import transporters
from gpusyn.transmitters.localization import with_neighbours

KINDS = [getattr(transporters, name) for name in (
    "GlutamateTransporter", "GABATransporter", "DopamineTransporter", "SerotoninTransporter",
    "NoradrenalineTransporter", "Acetylcholinesterase",
)]


def field(transmitter=None, shape=(1, 1), dt=0.1, **members):
    """A model with one transmitter that neither diffuses nor decays by itself."""
    model = gs.Model(lattice=gs.Lattice(shape), dt=dt)
    still = {"diffusion_coefficient": 0.0, "reuptake_rate": 0.0}
    model.add_transmitter("c", gs.Transmitter(**still) if transmitter is None else transmitter, **members)
    return model


def run(model, duration, backend="numpy", precision="float64", **named):
    simulation = gs.Simulation(model, backend=backend, precision=precision, **named)
    simulation.run(duration)
    return simulation


@pytest.mark.parametrize(("start", "after_10_ms"), [(10.0, 5.67143), (100.0, 90.94874), (1.0, 0.39098)])
def test_uptake_follows_lamberts_function_and_is_paid_for(start, after_10_ms):
    model = field(transporter=gs.GlutamateTransporter(energy_cost=1.5))
    model.set("c.initial_concentration", start)
    simulation = run(model, 10.0)
    left = simulation.state["c.concentration"][0]
    assert left == pytest.approx(after_10_ms, abs=2e-5)
    assert simulation.ledger["c"]["energy"] == pytest.approx(1.5 * (start - left), rel=1e-12)


def test_energy_of_several_transporters_adds_up_and_is_recorded(tmp_path):
    model = field(near=gs.GlutamateTransporter(v_max=2.0), far=gs.GABATransporter(v_max=1.0, k_m=10.0))
    model.set("c.initial_concentration", 10.0)
    ran = gs.run(model, tmp_path, duration="5 ms", backend="numpy", precision="float64", record=["c"], progress=False)
    taken_up = ran.ledger["c"]["taken_up"][0]
    assert taken_up == pytest.approx(10.0 - michaelis_menten(10.0, 5.0, 3.0, 10.0), abs=2e-4)
    assert ran.ledger["c"]["energy"][0] == pytest.approx(taken_up * (2.0 * 1.0 + 1.0 * 2 / 3) / 3.0, rel=1e-12)
    recorded = gs.open(ran.path).ledger["c"]
    assert set(recorded.terms("use")) == {"energy"}
    assert recorded["energy"][-1, 0] == pytest.approx(ran.ledger["c"]["energy"][0], rel=1e-12)
    assert np.abs(recorded.residual()).max() < 1e-12


def test_energy_loses_no_small_steps_in_single_precision(backend):
    """A float32 sum of a hundred thousand equal steps would be wrong by up to a percent."""
    n_step = 100_000 if backend.name == "numba" else 2_000
    model = field(shape=(2, 3), transporter=gs.GlutamateTransporter())
    model.set("c.source", 0.5)
    simulation = run(model, 0.1 * n_step, backend, "float32")
    ledger = simulation.ledger["c"]
    assert ledger["energy"][0] == pytest.approx(ledger["taken_up"][0], rel=1e-6)
    assert ledger["energy"][0] == pytest.approx(6 * 0.5 * 0.1 * n_step - ledger["present"][0], rel=1e-5)


def releasing(localization, edges="reflecting", target=12):
    """25 sites of which one has a synapse."""
    model = field(shape=(5, 5), transporter=gs.GlutamateTransporter(localization=localization))
    model.lattice = gs.Lattice((5, 5), edges=edges)
    model.transmitters["c"].lattice = model.lattice
    model.add_source("cells", gs.Regular(period=1.0))
    model.connect("cells", "c", gs.SparseConnections([0], [target], n_source=25, n_target=25))
    return model


@pytest.mark.parametrize(("localization", "target", "edges", "sites"), [
    ("synaptic", 12, "reflecting", [12]),
    ("perisynaptic", 12, "reflecting", [7, 11, 12, 13, 17]),
    ("perisynaptic", 0, "reflecting", [0, 1, 5]),
    ("perisynaptic", 0, "periodic", [0, 1, 4, 5, 20]),
    ("uniform", 12, "reflecting", range(25)),
])
def test_transporters_sit_where_their_localization_says(localization, target, edges, sites):
    model = releasing(localization, edges, target)
    density = np.broadcast_to(model.values("c.transporter.density"), (1, 25))[0]
    np.testing.assert_array_equal(np.flatnonzero(density), sites)
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    simulation.state["c.concentration"] = np.full(25, 5.0)
    simulation.step(1)
    released = simulation.ledger["c"]["released"][0]
    assert simulation.ledger["c"]["taken_up"][0] > 0
    assert (simulation.state["c.concentration"] < 5.0).sum() == len(sites) - (released > 0)


def test_without_synapses_transporters_are_everywhere():
    model = field(shape=(3, 3), transporter=gs.GlutamateTransporter())
    assert model.transmitters["c"].members["transporter"].localization == "perisynaptic"
    np.testing.assert_array_equal(model.values("c.transporter.density"), [[1.0]])


def test_a_density_per_site_or_in_a_sweep_is_kept_within_its_places():
    model = releasing("perisynaptic")
    model.set("c.transporter.density", np.linspace(0.0, 2.4, 25))
    np.testing.assert_allclose(model.values("c.transporter.density")[0, [6, 7, 12]], [0.0, 0.7, 1.2])
    model.sweep = gs.Sweep({"c.transporter.density": [1.0, 3.0]})
    swept = model.values("c.transporter.density")
    assert swept.shape == (2, 25)
    np.testing.assert_array_equal(swept.sum(axis=1), [5.0, 15.0])


def test_neighbours_in_three_dimensions_share_a_face():
    sites = np.zeros((3, 4, 5), bool)
    sites[0, 2, 4] = True
    assert with_neighbours(sites, ("reflecting",) * 3).sum() == 5
    assert with_neighbours(sites, ("periodic",) * 3).sum() == 7


def test_dopamine_is_cleared_as_fast_as_in_the_dorsal_striatum():
    """From 1 uM to a half in 0.15273 s, to a tenth in 0.31710 s; the accumbens takes 8/3 as long."""
    model = field(dt=0.5, transporter=gs.DopamineTransporter(preset="dorsal_striatum"))
    model.set("c.initial_concentration", 1.0)
    assert run(model, 152.7258872).state["c.concentration"][0] == pytest.approx(0.5, rel=2e-3)
    assert run(model, 317.1034037).state["c.concentration"][0] == pytest.approx(0.1, rel=5e-3)
    model.transmitters["c"].members["transporter"] = gs.DopamineTransporter(preset="nucleus_accumbens")
    assert run(model, 152.7258872 * 8 / 3).state["c.concentration"][0] == pytest.approx(0.5, rel=2e-3)


@pytest.mark.parametrize(("kind", "time_constant"), [
    (gs.Acetylcholinesterase, 0.5), (gs.NoradrenalineTransporter, 120.0), (gs.GABATransporter, 50.0),
])
def test_little_transmitter_is_cleared_at_first_order(kind, time_constant):
    transporter = kind()
    start = 1e-4 * transporter.k_m
    model = field(dt=time_constant / 50, transporter=transporter)
    model.set("c.initial_concentration", start)
    left = run(model, time_constant).state["c.concentration"][0] / start
    assert left == pytest.approx(np.exp(-1), rel=2e-4)


def test_first_order_uptake_is_exact_and_may_differ_from_site_to_site():
    rate = np.array([0.0, 0.01, 0.1, 3.0])
    model = field(shape=(1, 4), dt=1.0, uptake=gs.FirstOrderUptake(rate=rate))
    model.set("c.initial_concentration", 2.0)
    simulation = run(model, 100.0)
    np.testing.assert_allclose(simulation.state["c.concentration"], 2.0 * np.exp(-rate * 100.0), rtol=1e-12, atol=1e-15)
    assert abs(simulation.ledger.residual("c")[0]) < 1e-14


@pytest.mark.parametrize("dt", [0.1, 10.0])
def test_amounts_of_supply_and_uptake_are_exact_where_the_step_is(dt):
    model = field(dt=dt, uptake=gs.FirstOrderUptake(rate=0.05))
    model.set("c.source", 0.2)
    ledger = run(model, 100.0).ledger["c"]
    steady = 0.2 / 0.05
    assert ledger["supplied"][0] == pytest.approx(0.2 * 100.0, rel=1e-12)
    assert ledger["taken_up"][0] == pytest.approx(0.2 * 100.0 - steady * (1 - np.exp(-5.0)), rel=1e-12)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_transporter_knows_its_transmitter(kind):
    transmitters = {t.transmitter for t in vars(gs.transmitters).values()
                    if isinstance(t, type) and issubclass(t, gs.Transmitter)}
    assert kind.transmitter in transmitters
    assert kind().energy_cost >= 0


def test_an_unknown_localization_is_refused():
    with pytest.raises(gs.ModelError, match="localization: 'perisynptic' is not a choice; did you mean 'perisynaptic'"):
        gs.GlutamateTransporter(localization="perisynptic")
