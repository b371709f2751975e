"""The recorder: what a row is, and that neither its ring, its rhythm nor the backend changes what is recorded."""
from dataclasses import replace

import numpy as np
import pytest
from small_models import talking_lattice

import gpusyn as gs
from gpusyn.recording.errors import RecordingError, UnknownRecordingError
from gpusyn.recording.record import whole_steps
from gpusyn.recording.recorder import Recorder
from gpusyn.recording.ring import Ring

SHAPE = (4, 6)
N_STEP = 61
EVERYTHING = (
    gs.Record("neurons.v", every=3),
    gs.Record("neurons.nmda.r", every=7, sites=[5, 0, 23]),
    gs.Record("glutamate", every=2),
    gs.Record("gaba", every=3),
    gs.Record("neurons.ampa.r", every=5),
    gs.Record("neurons.ampa.current", every=5),
    gs.Record("neurons.ampa.open_fraction", every=5),
    gs.Record("neurons.noise.injection", every=9),
    gs.Record("neurons.w", every=3, reduce=("mean", "max")),
    gs.Record("neurons.v", every=3, reduce=("mean", "min", "max")),
    gs.Record("gaba", every=6, reduce=gs.histogram(6, 0.0, 0.3)),
)


def everything(every: int) -> list:
    """The same records, all with one rhythm: what Numba compiles for them depends on neither."""
    return [replace(record, every=every) for record in EVERYTHING]


def recorded(backend="numpy", records=EVERYTHING, steps=(N_STEP,), precision="float64", budget=2**20, **options):
    """A simulation of the small lattice after these runs, with a recorder in memory."""
    recorder = Recorder(records, budget=budget, **options)
    simulation = gs.Simulation(talking_lattice(SHAPE), backend=backend, precision=precision, seed=2, recorder=recorder)
    for n_step in steps:
        simulation.step(n_step)
    return simulation


def rows(simulation) -> dict:
    """Everything in memory by name, spikes included."""
    recorder = simulation.recorder
    found = {key: recorder[key] for key in recorder}
    spikes = recorder.spike_times("neurons")
    return found | {"spike times": spikes.times, "spike ids": spikes.ids}


def assert_same_rows(one, other):
    first, second = rows(one), rows(other)
    assert first.keys() == second.keys()
    for key in first:
        np.testing.assert_array_equal(first[key], second[key], err_msg=key)


@pytest.mark.parametrize("every", [1, 3, 8, 10])
def test_a_row_is_the_state_at_its_time_and_the_first_is_the_initial_state(backend, every):
    simulation, states = recorded(backend, everything(every), ()), []
    for _ in range(41):
        states.append((simulation.state["neurons.v"], simulation.state["glutamate.concentration"]))
        simulation.step()
    for k, name in enumerate(("neurons.v", "glutamate.concentration")):
        np.testing.assert_array_equal(simulation.recorder[name], [state[k] for state in states[::every]])
    np.testing.assert_allclose(simulation.recorder.time("neurons.v"), np.arange(0, 41, every) * 0.1, rtol=1e-14)


@pytest.mark.parametrize("every", [3, 8])
def test_a_current_is_what_its_equation_gives_for_the_recorded_states(backend, every):
    recorder = recorded(backend, everything(every), (200,)).recorder
    r, current, opened = (recorder[f"neurons.ampa.{name}"] for name in ("r", "current", "open_fraction"))
    receptor = talking_lattice().populations["neurons"].members["ampa"]
    assert np.abs(current).max() > 0
    expected = receptor.conductance * r * (recorder["neurons.v"] - receptor.reversal_potential)
    np.testing.assert_allclose(current, expected, rtol=1e-12)
    np.testing.assert_array_equal(opened, r)


def test_a_noise_current_is_the_one_that_the_step_draws_however_rarely_it_is_recorded(backend):
    rare, often = (recorded(backend, everything(n)).recorder["neurons.noise.injection"] for n in (10, 1))
    assert np.std(often) > 1
    np.testing.assert_array_equal(rare, often[::10])


def test_every_backend_records_what_numpy_records(backend, precision):
    expected, found = rows(recorded(precision=precision)), rows(recorded(backend, precision=precision))
    tolerance = {"float32": 2e-4, "float64": 1e-9}[precision]
    assert len(expected["spike ids"]) > 10
    for key in expected:
        if key.startswith("spike"):
            np.testing.assert_array_equal(found[key], expected[key])
        elif key.endswith("histogram"):
            np.testing.assert_array_equal(found[key].sum(axis=2), expected[key].sum(axis=2))
        else:
            np.testing.assert_allclose(found[key], expected[key], rtol=tolerance, atol=tolerance, err_msg=key)


@pytest.mark.parametrize("budget", [1, 3000])
@pytest.mark.parametrize("steps", [(N_STEP,), (1, 2, 30, 28)])
def test_neither_rings_shorter_than_the_run_nor_pieces_change_a_row(backend, budget, steps):
    assert_same_rows(recorded(backend, budget=budget, steps=steps), recorded(backend))


@pytest.mark.parametrize("every", [1, 8])
def test_recording_changes_no_state(backend, every):
    plain = gs.Simulation(talking_lattice(SHAPE), backend=backend, precision="float32", seed=2)
    plain.step(N_STEP)
    simulation = recorded(backend, everything(every), precision="float32")
    for path in plain.state:
        np.testing.assert_array_equal(plain.state[path], simulation.state[path], err_msg=path)


def test_the_threads_of_numba_change_no_row():
    one, three = (rows_of_threads(n) for n in (1, 3))
    for key in one:
        np.testing.assert_array_equal(one[key], three[key], err_msg=key)


def rows_of_threads(threads):
    recorder = Recorder(EVERYTHING)
    simulation = gs.Simulation(talking_lattice((50, 100)), backend="numba", threads=threads, recorder=recorder)
    simulation.step(20)
    return rows(simulation)


def test_summaries_and_histograms_are_those_of_the_rows(backend):
    recorder = recorded(backend, everything(3)).recorder
    whole = recorder["neurons.v"]
    np.testing.assert_allclose(recorder["neurons.v.mean"][:, 0], whole.mean(axis=1), rtol=1e-13)
    np.testing.assert_array_equal(recorder["neurons.v.min"][:, 0], whole.min(axis=1))
    np.testing.assert_array_equal(recorder["neurons.v.max"][:, 0], whole.max(axis=1))
    inside = np.clip(recorder["gaba.concentration"] * (6 / 0.3), 0, 5).astype(int)
    expected = [np.bincount(row, minlength=6) for row in inside]
    np.testing.assert_array_equal(recorder["gaba.concentration.histogram"][:, 0], expected)


def test_spikes_have_the_time_of_the_step_and_are_all_there(backend):
    simulation, expected = recorded(backend, steps=()), []
    for step in range(300):
        simulation.step()
        flags = simulation.backend.to_host(simulation.assembly.spikes["neurons"])[0]
        expected += [(step, site) for site in np.flatnonzero(flags)]
    found = simulation.recorder.spike_times("neurons")
    assert len(found) == simulation.spike_counts("neurons")[0] > 10
    np.testing.assert_allclose(found.times, [step * 0.1 for step, _ in expected], rtol=1e-14)
    np.testing.assert_array_equal(found.ids, [site for _, site in expected])
    assert len(simulation.recorder.spike_times("clock")) > 0


def test_a_sweep_has_an_axis_in_every_recording(backend):
    model = talking_lattice(SHAPE, **{"neurons.ampa.conductance": [0.0, 0.02, 0.5]})
    simulation = gs.Simulation(model, backend=backend, seed=2, precision="float64", recorder=Recorder(EVERYTHING))
    simulation.step(N_STEP)
    found, single = rows(simulation), recorded(backend).recorder
    assert found["neurons.v"].shape == (21, 3, 24)
    assert found["neurons.nmda.r"].shape == (9, 3, 3)
    assert found["neurons.w.mean"].shape == (21, 3)
    assert found["gaba.concentration.histogram"].shape == (11, 3, 6)
    np.testing.assert_array_equal(found["neurons.ampa.current"][:, 0], 0.0)
    np.testing.assert_array_equal(found["neurons.v"][:, 1], single["neurons.v"])
    np.testing.assert_array_equal(
        simulation.recorder.spike_times("neurons", 1).ids, single.spike_times("neurons").ids
    )


@pytest.mark.parametrize(
    ("sites", "expected"),
    [
        ([5, 0, 5], [5, 0, 5]),
        (7, [7]),
        (slice(20, None), [20, 21, 22, 23]),
        ((slice(2), 3), [3, 9]),
        ((1, 2), [8]),
        ([(0, 1), (3, 5)], [1, 23]),
        ([-1], [23]),
        (np.arange(24) % 10 == 3, [3, 13, 23]),
    ],
)
def test_sites_are_chosen_as_numpy_chooses(sites, expected):
    chosen = recorded(records=[gs.Record("neurons.v", sites=sites)]).recorder["neurons.v"]
    np.testing.assert_array_equal(chosen, recorded(records=["neurons.v"]).recorder["neurons.v"][:, expected])


def test_a_population_with_a_lattice_of_its_own_is_recorded_whole():
    model = talking_lattice(SHAPE)
    model.add_population("others", gs.LeakyIntegrateAndFire(), lattice=gs.Lattice((7, 11)))
    recorder = Recorder(["others.v", gs.Record("others.v", reduce="mean"), gs.Record("neurons.v", sites=[23])])
    gs.Simulation(model, backend="numpy", recorder=recorder).step(5)
    assert recorder["others.v"].shape == (5, 77)
    assert recorder["neurons.v"].shape == (5, 1)


def test_the_ledger_is_recorded_in_rows_that_close(backend):
    simulation = recorded(backend, steps=(25, 36), ledger="2 ms")
    recorder = simulation.recorder
    np.testing.assert_allclose(recorder.time("ledger.glutamate.released"), [0.0, 2.0, 4.0, 6.0])
    amounts = {kind: recorder[f"ledger.gaba.{kind}"][:, 0] for kind in simulation.ledger["gaba"]}
    assert amounts["supplied"][-1] > 0
    gained = amounts["initial"] + amounts["released"] + amounts["supplied"]
    lost = amounts["present"] + amounts["taken_up"] + amounts["decayed"] + amounts["escaped"]
    np.testing.assert_allclose(gained, lost, rtol=1e-12)


def test_an_interval_is_whole_steps_or_refused():
    assert whole_steps(4, 0.025, "x") == whole_steps("0.1 ms", 0.025, "x") == whole_steps(0.1, 0.025, "x") == 4
    with pytest.raises(RecordingError, match=r"0\.26 ms is not a whole number of steps of 0\.1 ms; 0\.3 ms is"):
        recorded(records=[gs.Record("neurons.v", every="0.26 ms")])
    with pytest.raises(RecordingError, match="x: 0 steps; at least 1"):
        whole_steps(0, 0.1, "x")


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (gs.Record("neurons.vv"), "'neurons.vv': IzhikevichNeuron has no 'vv'; did you mean"),
        (gs.Record("neuron.v"), "there is no 'neuron'; did you mean 'neurons'"),
        (gs.Record("neurons.a"), "neurons.a is a parameter: it does not change"),
        (gs.Record("neurons.v", sites=[24]), r"neurons.v.sites: .*24.*the lattice is \(4, 6\), its sites are 0 to 23"),
        (gs.Record("neurons.v", sites=[]), "chooses no site"),
        (gs.Record("neurons.v", sites="soma"), r"neurons.v.sites: 'soma' is no list of sites; only trees have regions"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_its_name(record, message):
    with pytest.raises((gs.GpusynError), match=message):
        recorded(records=[record])


def test_summaries_are_checked_when_they_are_declared():
    with pytest.raises(RecordingError, match=r"neurons\.v\.reduce: 'meen' is unknown; did you mean 'mean'"):
        gs.Record("neurons.v", reduce="meen")
    with pytest.raises(RecordingError, match="a summary is over all sites"):
        gs.Record("neurons.v", sites=[1], reduce="mean")
    with pytest.raises(RecordingError, match="low below high"):
        gs.histogram(4, 1.0, 1.0)
    with pytest.raises(gs.ModelError, match=r"record spikes of 'neuron': .*did you mean 'neurons'"):
        recorded(spikes=["neuron"])


def test_a_recording_that_was_not_made_is_named_with_the_nearest():
    recorder = recorded().recorder
    with pytest.raises(UnknownRecordingError, match=r"'neurons.vw' was not recorded; did you mean 'neurons.v'"):
        recorder["neurons.vw"]
    with pytest.raises(UnknownRecordingError, match="no spikes of 'cells' were recorded"):
        recorder.spike_times("cells")


def test_records_survive_json():
    for record in EVERYTHING:
        resolved = record.resolved(record.path, gs.Lattice(SHAPE), 0.1)
        again = gs.Record.from_json(resolved.as_json())
        assert (again.path, again.every, again.reduce) == (resolved.path, resolved.every, resolved.reduce)
        np.testing.assert_array_equal(again.sites, resolved.sites)


@pytest.mark.parametrize("every", [1, 3, 10])
@pytest.mark.parametrize("step", [0, 1, 29, 30])
def test_a_ring_has_room_for_exactly_its_rows(every, step):
    ring = Ring(every, (1,), np.float64, np.zeros((4, 1)))
    room = ring.room(step)
    assert ring.first_row(step + room) - ring.first_row(step) == 4
    assert ring.first_row(step + room + 1) - ring.first_row(step) == 5
