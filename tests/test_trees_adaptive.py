"""Trees with steps as long as a tolerance allows: the same numbers, few steps at rest, nothing missed, nothing lost."""
from itertools import pairwise

import numpy as np
import pytest
from calcium_cables import Cables, calcium_model
from config_text import SHAPED

import gpusyn as gs
from gpusyn.config import ConfigError, loads
from gpusyn.errors import ModelError
from gpusyn.morphology import gen_beam, gen_branch

pytestmark = pytest.mark.filterwarnings("ignore:10 steps of model.dt, the shortest, were more wrong")
# LSODA on the README wave without IP3 receptors, as in test_dendrite_waves: um/s
SPEED_WITHOUT_IP3 = 1303.912


def bump(scheme, dt, duration, precision="float64"):
    """Calcium along a short cable some time after a stimulus that no step cuts."""
    model = calcium_model(gen_beam(8.0, 0.2, 33), dt, scheme=scheme, er_buffer=14400.0)
    sim = gs.Simulation(model, backend="numpy", precision=precision)
    x = np.linspace(-4.0, 4.0, 33)
    sim.state["dendrite.ca"] = 0.05 + 2.0 * np.exp(-x**2)
    sim.state["dendrite.ip3.ip3"] = 0.04 + np.exp(-x**2)
    sim.run(duration)
    return np.concatenate([sim.state[f"dendrite.{name}"] for name in ("ca", "calbindin", "ca_er")]), sim


def test_steps_of_one_length_are_of_second_order():
    results = [bump(gs.Adaptive(longest=dt), dt, 1.0)[0] for dt in (0.00125, 0.000625, 0.0003125)]
    gaps = [np.abs(a - b).max() for a, b in pairwise(results)]
    assert np.log2(gaps[0] / gaps[1]) == pytest.approx(2.0, abs=0.1)


def test_the_error_falls_with_the_tolerance():
    exact, _ = bump("sbdf2", 0.0005, 3.0)
    wrong, taken = [], []
    for tolerance in (1e-1, 1e-2, 1e-3):
        found, sim = bump(gs.Adaptive(tolerance=tolerance), 0.001, 3.0)
        wrong.append(np.abs(found / exact - 1.0).max())
        taken.append(sim.steps_taken)
        assert wrong[-1] < tolerance
        assert np.abs(sim.ledger.residual("dendrite")) < 1e-12
    assert wrong[0] > 3 * wrong[1] > 9 * wrong[2]
    assert taken[0] < taken[1] < taken[2] < 10_000 / 3


def test_a_wave_and_the_long_rest_after_it():
    """24 ms of a wave, then 1 s: calcium goes back into the ER slowly, and a step is soon long."""
    cables = Cables({"wave": {"ip3r": 0.0, "ip3_source": 0.0}})
    model = calcium_model(cables.forest, 0.0025, scheme="adaptive", **cables.settings)
    record = gs.Record("dendrite.ca", every=0.1, sites=[656, 906])
    sim = gs.Simulation(model, backend="numba", precision="float64", threads=1, recorder=[record])
    sim.run("24 ms")
    rows, time = sim.recorder["dendrite.ca"], sim.recorder.time("dendrite.ca")
    rising = [slice(0, int(np.argmax(row > 2.0)) + 1) for row in rows.T]
    near, far = (np.interp(1.0, row[rise], time[rise]) for row, rise in zip(rows.T, rising, strict=True))
    assert 250 * 64.0 / 999 / (far - near) * 1000.0 == pytest.approx(SPEED_WITHOUT_IP3, rel=5e-3)
    quiet = gs.Simulation(model, backend="numba", precision="float64", threads=1)
    quiet.continue_from(sim)
    quiet.run("1 s")
    assert quiet.steps_taken < 1500  # of 400 000
    assert np.abs(quiet.ledger.residual("dendrite")) < 1e-12


def cell_with(source, dt=0.01, **adaptive):
    """A branched cell without pumps or leaks, in which a source acts."""
    model = gs.Model(dt=dt)
    model.add_trees("dendrite", gen_branch(8.0, 0.3, 21), gs.CalciumCompartment(),
                    scheme=gs.Adaptive(**adaptive), source=source)
    return model


@pytest.mark.parametrize(("source", "level_times_ms"), [
    (gs.CalciumSource(amplitude=0.1, start=500.0, duration=0.5), 0.05),
    (gs.CalciumSource(preset="linear", amplitude=0.1, start=500.13, duration=0.5), 0.025),
    (gs.CalciumSource(preset="exponential", amplitude=0.1, start=500.0, tau=3.0), 0.3),
    (gs.CalciumPulseTrain(amplitude=0.1, start=250.0, frequency=2.0, pulse_duration=0.1, n_pulses=2.0), 0.02),
])
def test_a_pulse_after_a_long_rest_is_not_missed(source, level_times_ms):
    """What enters is the integral of the source over the membrane."""
    model = cell_with(source)
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    sim.run("1 s")
    area = model.populations["dendrite"].geometry["membrane_area"].sum()
    assert sim.ledger["dendrite"]["entered"][0] == pytest.approx(level_times_ms * area, rel=1e-3)
    assert np.abs(sim.ledger.residual("dendrite")) < 1e-12
    assert sim.steps_taken < 1500  # of 100 000


def test_a_table_is_followed_through_its_bends():
    """A triangle and a jump after a long rest."""
    model = cell_with(gs.CalciumSource(), longest=64.0)
    del model.populations["dendrite"].members["source"]
    model.play("channel", "dendrite", [300.0, 300.5, 301.0, 600.0, 600.0, 600.2, 600.2], [0, 1, 0, 0, 2, 2, 0],
               into="calcium_influx")
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    sim.run("1 s")
    volume = model.populations["dendrite"].geometry["cytosol_volume"].sum()
    assert sim.ledger["dendrite"]["entered"][0] == pytest.approx(0.9 * volume, rel=1e-9)
    assert sim.steps_taken < 1000


def test_rows_are_of_their_times():
    """A cosine that fits a sealed cable decays as exp(-D k^2 t)."""
    model = gs.Model(dt=0.01)
    model.add_trees("dendrite", gen_beam(4.0, 0.3, 65), gs.CalciumCompartment(
        calbindin_total=0.0, calreticulin_total=0.0), scheme=gs.Adaptive(tolerance=1e-4))
    sim = gs.Simulation(model, backend="numpy", precision="float64",
                        recorder=[gs.Record("dendrite.ca", every=0.37), gs.Record("dendrite.ca", 1.0, reduce="mean")])
    x = np.linspace(0.0, 4.0, 65)
    sim.state["dendrite.ca"] = 2.0 + np.cos(np.pi * x / 4.0)
    sim.run(20.0)
    time, rows = sim.recorder.time("dendrite.ca"), sim.recorder["dendrite.ca"]
    assert time == pytest.approx(0.37 * np.arange(time.size))
    exact = 2.0 + np.exp(-0.22 * (np.pi / 4.0) ** 2 * time)[:, None] * np.cos(np.pi * x / 4.0)
    assert np.abs(rows - exact).max() < 1e-3
    assert sim.steps_taken < 500  # of 2000


def test_all_backends_agree(backend, precision):
    """Two sweep points that share their steps."""
    source = np.zeros(41)
    source[7] = 0.3
    model = calcium_model(gen_beam(4.0, 0.2, 41), 0.01, scheme=gs.Adaptive(tolerance=0.01), source=source,
                          sweep={"dendrite.ryr.density": [2.0, 4.0]})
    one, other = (gs.Simulation(model, backend=b, precision=p) for b, p in (("numpy", "float64"), (backend, precision)))
    for sim in (one, other):
        sim.run(3.0)
    assert 30 < other.steps_taken < 250
    for name in ("ca", "ca_er", "calbindin", "ryr.O1", "ip3.ip3"):
        rtol = 1e-9 if precision == "float64" else 5e-3
        np.testing.assert_allclose(other.state[f"dendrite.{name}"], one.state[f"dendrite.{name}"], rtol=rtol, atol=1e-7)


def test_a_resumed_run_is_the_whole_run(tmp_path):
    source = np.zeros(21)
    source[7] = 5.0
    model = calcium_model(gen_beam(4.0, 0.2, 21), 0.01, scheme=gs.Adaptive(longest="0.64 ms"), source=source)
    whole, pieces = (gs.Simulation(model, backend="numpy") for _ in range(2))
    whole.step(20 * 64)
    pieces.step(7 * 64)
    pieces.save(tmp_path / "now.ckpt")
    again = gs.Simulation.resume(tmp_path / "now.ckpt", model)
    again.step(13 * 64)
    for path in whole.state:
        np.testing.assert_array_equal(again.state[path], whole.state[path], err_msg=path)


def action_potential(scheme, duration, every, dt=0.005):
    """A stimulus of 2 ms at one end of an axon of 500 um: the potential in its middle, and the simulation."""
    model = gs.Model(dt=dt)
    model.add_trees("axon", gen_beam(500.0, 1.0, 51), gs.Cable(), na=gs.SodiumChannel(), k=gs.PotassiumChannel(),
                    leak=gs.MembraneLeak(), scheme=scheme,
                    clamp=gs.CurrentClamp(amplitude=500.0 * np.eye(51)[0], start=1.0, duration=2.0))
    sim = gs.Simulation(model, backend="numpy", precision="float64",
                        recorder=[gs.Record("axon.v", sites=[25], every=every)])
    sim.run(duration)
    return sim.recorder["axon.v"][:, 0], sim


def test_an_action_potential_is_that_of_fixed_steps_and_rest_costs_little():
    fixed, _ = action_potential("sbdf2", 8.0, 80, dt=0.00125)
    found, sim = action_potential(gs.Adaptive(tolerance=1e-3), 8.0, 20)
    assert fixed.max() > 40
    np.testing.assert_allclose(found, fixed, atol=0.5)  # mV, on flanks of 500 mV/ms
    taken, before = action_potential(gs.Adaptive(tolerance=1e-3), 8.0, 1600)[1].steps_taken, sim.time
    _, longer = action_potential(gs.Adaptive(tolerance=1e-3), before + 200.0, 41600)
    assert longer.steps_taken - taken < 200  # of 40 000
    with pytest.raises(ModelError, match="'axon': no spikes are counted there"):
        longer.spike_counts("axon")


class Startled(gs.Mechanism):
    """A flux that every spike raises."""

    level = gs.state("uM um/ms", "a flux")

    @staticmethod
    def on_spike(level):
        """By one."""
        return {"level": level + 1.0}


class Sudden(gs.Mechanism):
    """A flux that reads the time and does not say when it jumps."""

    @gs.output("uM um/ms", "a flux")
    @staticmethod
    def flux_from_outside(t):
        """Grows."""
        return 1e-6 * t


def with_poisson(model):
    model.add_source("spikes", gs.Poisson(rate=1.0))


def with_a_second_kind_of_steps(model):
    model.add_trees("other", gen_beam(4.0, 0.3, 9))


@pytest.mark.parametrize(("change", "message"), [
    (with_poisson, r"^spikes: 'dendrite' takes adaptive steps, which no source can follow; use scheme 'sbdf2'"),
    (with_a_second_kind_of_steps, r"^other: .*give it the scheme 'adaptive', or all trees 'sbdf2'"),
    (lambda model: model.populations["dendrite"].members.update(source=Sudden()),
     r"^dendrite.source: Sudden reads the time t, .*next_jump\(value, t\)"),
    (lambda model: model.populations["dendrite"].members.update(noise=gs.WhiteNoiseCurrent()),
     r"^dendrite.noise.*: a noise goes by steps of model.dt; .*WhiteNoiseCurrent cannot follow"),
    (lambda model: model.populations["dendrite"].members.update(startled=Startled()),
     r"^dendrite.startled: Startled answers to spikes, in steps of model.dt; .*it cannot follow; use 'sbdf2'"),
    (lambda model: setattr(model, "dt", 25.0), r"at most 20 ms are shorter than model.dt, which is 25 ms"),
])
def test_complaints(change, message):
    model = cell_with(gs.CalciumSource())
    change(model)
    with pytest.raises(ModelError, match=message):
        gs.Simulation(model, backend="numpy")


@pytest.mark.parametrize(("settings", "message"), [
    ({"tolerance": 2}, r"Adaptive.tolerance: 2 must be between 0 and 1"),
    ({"longest": "-1 ms"}, r"Adaptive.longest: '-1 ms' must be a positive time"),
    ({"longest": "1 mV"}, r"Adaptive.longest: '1 mV' is .*"),
])
def test_settings_that_are_none(settings, message):
    with pytest.raises(ModelError, match=message):
        gs.Adaptive(**settings)


def test_a_tolerance_that_model_dt_cannot_meet_is_said_once():
    with pytest.warns(UserWarning, match=r"10 steps of model.dt, the shortest, .* t = 0.09 ms \S+ times") as told:
        _, sim = bump(gs.Adaptive(tolerance=1e-4), 0.01, 0.5)
    assert len(told) == 1
    assert sim.runner.missed > 10


def test_a_config_says_how_much_is_tolerated():
    """As a word, or with its settings; a wrong one is named."""
    config = loads(SHAPED.replace('"euler"', '{ tolerance = 1e-4, longest = "5 ms" }'))
    part = config.model.populations["dendrite"]
    assert (part.scheme, part.adaptive) == ("adaptive", gs.Adaptive(tolerance=1e-4, longest=5.0))
    assert loads(config.text).text == config.text
    assert loads(SHAPED.replace('"euler"', '"adaptive"')).model.populations["dendrite"].adaptive == gs.Adaptive()
    for wrong, message in (("tolerence = 1e-4", "unknown key 'tolerence'; did you mean 'tolerance'"),
                           ("tolerance = 3", "tolerance: 3 must be between 0 and 1")):
        with pytest.raises(ConfigError) as caught:
            loads(SHAPED.replace('"euler"', f"{{ {wrong} }}"))
        assert f"dendrite.scheme: {message}" in str(caught.value)
