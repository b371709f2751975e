"""Runs to files: what is left behind when they finish, fail, or are refused."""
import io
import warnings

import numpy as np
import pytest
from small_models import talking_lattice

import gpusyn as gs
from gpusyn.mechanism import parameter, state
from gpusyn.memory_estimate import estimate, readable
from gpusyn.progress import Lines
from gpusyn.recording.errors import RecordingError
from gpusyn.recording.recorder import Recorder
from gpusyn.summary import summarise

RECORDS = (
    gs.Record("neurons.v", every=5),
    gs.Record("neurons.ampa.current", every="1 ms"),
    gs.Record("glutamate", reduce="mean"),
)
REFUSED = (
    {"duration": "0.01 ms"}, {"duration": "3 mV"}, {"record": ["neurons.vv"]}, {"precision": "float16"},
    {"backend": "gpu"}, {"checkpoint_every": "soon"}, {"spikes": ["nobody"]}, {"compression": "zip"},
)


def finished(folder, **options):
    given = {"duration": "30 ms", "backend": "numpy", "seed": 3, "record": RECORDS, "progress": False} | options
    return gs.run(talking_lattice(), folder, **given)


class Exploding(gs.Mechanism):
    """A quantity that grows by a factor `growth` in every millisecond."""

    integrator = "euler"
    x = state("mV", "something that grows", initial=1.0)
    growth = parameter(1.0, "1/ms", "speed of growth")

    @staticmethod
    def d_x(x, growth):
        return growth * x


def exploding_model(**options) -> gs.Model:
    model = gs.Model(lattice=(3, 4), dt=0.1, name="exploding", **options)
    growth = np.full(12, 0.1)
    growth[7] = 5000.0
    model.add_population("cells", Exploding(growth=growth))
    return model


def opened(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return gs.open(path)


def test_a_finished_run_holds_what_a_recorder_in_memory_holds(tmp_path, backend):
    summary = finished(tmp_path / "run", backend=backend)
    simulation = gs.Simulation(talking_lattice(), backend=backend, seed=3, recorder=Recorder(RECORDS))
    simulation.run("30 ms")
    with gs.open(summary.path) as run:
        assert run.status == "finished"
        for key in simulation.recorder:
            np.testing.assert_array_equal(run[key][:], simulation.recorder[key], err_msg=key)
            np.testing.assert_array_equal(run.time(key), simulation.recorder.time(key))
        spikes = simulation.recorder.spike_times("neurons")
        np.testing.assert_array_equal(run.spikes["neurons"].times, spikes.times)
        np.testing.assert_array_equal(run.spikes["neurons"].ids, spikes.ids)
    assert summary.spikes["neurons"] == len(spikes) > 0
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["run.h5"]


def test_the_file_says_what_was_run_and_how(tmp_path):
    path = finished(tmp_path / "run", precision="float64").path
    with gs.open(path) as run:
        assert run.config["model"]["neurons.ampa.conductance"] == 0.02
        assert run.provenance["seed"] == 3
        assert run.provenance["precision"] == "float64"
        assert run.provenance["backend_reason"] == "asked for"
        assert len(run.provenance["kernel_digests"]["neurons"]) == 64
        assert "recording.cu" in run.provenance["kernel_digests"]
        assert run.units("neurons.ampa.current") == "pA"
        assert run.units("glutamate.concentration.mean") == "uM"


def test_the_ledger_is_a_time_series_that_closes(tmp_path):
    summary = finished(tmp_path / "run", duration="60 ms", precision="float64")
    with gs.open(summary.path) as run:
        amounts = run.ledger["glutamate"]
        assert len(amounts.time) >= 200
        assert amounts["released"][-1, 0] > 0
        scale = sum(values[-1] for values in amounts.terms("source").values())
        assert np.abs(amounts.residual()).max() < 1e-12 * scale.max()
    assert abs(summary.residuals["glutamate"][0]) < 1e-12


def test_the_summary_is_stored_and_told(tmp_path):
    summary = finished(tmp_path / "run")
    assert (summary.status, summary.exit_code, summary.steps) == ("finished", 0, 300)
    assert summary.simulated == pytest.approx(30.0)
    assert summary.rates["neurons"] == [pytest.approx(summary.spikes["neurons"] / 54 / 0.03)]
    assert summary.memory > 54 * 4 * 10
    with gs.open(summary.path) as run:
        assert run.summary["spikes"] == summary.spikes
        assert run.summary["per_point"]["neurons.rate"] == {"values": summary.rates["neurons"], "unit": "Hz"}
        assert run.summary["ledger"]["glutamate"]["released"] == summary.ledger["glutamate"]["released"]
    told = str(summary)
    for word in ("finished", "300 steps", "steps/s", "x real time", "spikes of neurons", "Hz", "glutamate", "run.h5"):
        assert word in told


def test_a_sweep_has_its_figures_per_point(tmp_path):
    model = talking_lattice(**{"neurons.drive.amplitude": [0.0, 20.0]})
    summary = gs.run(model, tmp_path / "run", duration="40 ms", backend="numpy", progress=False)
    with gs.open(summary.path) as run:
        slow, fast = run.summary["per_point"]["neurons.rate"]["values"]
        assert fast > slow
        np.testing.assert_array_equal(run.sweep["neurons.drive.amplitude"], [0.0, 20.0])
        assert len(run.spikes["neurons"].point(1)) > len(run.spikes["neurons"].point(0))


def test_a_result_is_replaced_only_by_force(tmp_path):
    first = finished(tmp_path / "run")
    with pytest.raises(RecordingError, match=r"run\.h5: a run is already there; choose another folder, or force"):
        finished(tmp_path / "run", seed=4)
    with gs.open(first.path) as run:
        assert run.provenance["seed"] == 3
    finished(tmp_path / "run", seed=4, force=True)
    with gs.open(first.path) as run:
        assert run.provenance["seed"] == 4


def test_results_go_to_runs_and_the_name_by_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    finished(None)
    assert (tmp_path / "runs" / "talking" / "run.h5").exists()


@pytest.mark.parametrize("wrong", REFUSED, ids=str)
def test_a_refused_run_writes_nothing_and_removes_nothing(tmp_path, wrong):
    with pytest.raises(gs.GpusynError):
        finished(tmp_path / "new", **wrong)
    assert not (tmp_path / "new").exists()
    finished(tmp_path / "old")
    with pytest.raises(gs.GpusynError):
        finished(tmp_path / "old", **wrong, force=True)
    assert gs.open(tmp_path / "old" / "run.h5").status == "finished"


def test_an_impossible_value_stops_the_run_with_its_name_site_and_time(tmp_path, backend):
    message = r"cells\.x became (inf|nan) mV at site \(1, 3\), between t = [\d.]+ ms and [\d.]+ ms; it must be finite"
    with pytest.raises(gs.SimulationError, match=message):
        gs.run(exploding_model(), tmp_path / "run", duration=100, backend=backend, record=["cells.x"], progress=False)
    assert not (tmp_path / "run" / "run.h5").exists()
    with opened(tmp_path / "run" / "run.h5") as run:
        assert run.status == "failed"
        assert run.reason.startswith("cells.x became")
        rows = run["cells.x"][:]
    np.testing.assert_array_equal(rows[0], 1.0)
    np.testing.assert_allclose(rows[1, 7], 501.0, rtol=1e-5)


def test_an_impossible_value_is_named_with_its_sweep_point(backend):
    model = exploding_model(sweep=gs.Sweep({"cells.growth": [0.1, 5000.0]}))
    simulation = gs.Simulation(model, backend=backend)
    with pytest.raises(gs.SimulationError, match=r"at site \(0, 0\), sweep point 1, between"):
        simulation.run("100 ms")


def test_a_negative_concentration_stops_the_simulation_and_a_corrected_one_goes_on(backend):
    simulation = gs.Simulation(talking_lattice(), backend=backend, precision="float64")
    simulation.step(3)
    good, bad = (np.full(54, value) for value in (0.5, 0.5))
    bad[40] = -2.0
    simulation.state["neurons.nmda.r"] = bad
    with pytest.raises(gs.SimulationError, match=r"nmda\.r became -1\.\d+ 1 at site \(4, 4\).*finite and not negative"):
        simulation.step(1)
    simulation.state["neurons.nmda.r"] = good
    simulation.step(1)


def test_what_does_not_fit_is_refused_with_the_sum_it_made(tmp_path, monkeypatch):
    from gpusyn.backends.numpy_ import NumpyBackend

    monkeypatch.setattr(NumpyBackend, "free_memory", lambda self: 10_000)
    with pytest.raises(gs.ModelError) as refused:
        finished(tmp_path / "run")
    first, *table = str(refused.value).splitlines()
    assert first.startswith("talking needs 1.6 MB on numpy, where 9.8 KB are free; make it smaller")
    parts = {line.split("  ")[0] for line in table}
    assert {"neurons", "glutamate", "neurons parameters", "deliver_offsets", "recorder", "sum", "free"} <= parts
    assert not (tmp_path / "run").exists()


def test_the_estimate_counts_what_a_simulation_takes(backend):
    model, records = talking_lattice(**{"neurons.ampa.conductance": [0.01, 0.02]}), [gs.Record("neurons.v")]
    told = estimate(model, "float32", backend, Recorder(records))
    simulation = gs.Simulation(model, backend=backend, recorder=Recorder(records))
    n_state = sum(path.startswith("neurons.") for path in simulation.state)
    assert told.parts["neurons"] >= n_state * simulation.state["neurons.v"].nbytes
    assert told.total == summarise(simulation, "", 1.0, "finished").memory


def test_the_estimate_of_a_large_model_allocates_none_of_it():
    from gpusyn.backends.numpy_ import NumpyBackend

    model = gs.Model(lattice=(300_000, 300_000))
    model.add_population("neurons", gs.IzhikevichNeuron(), noise=gs.WhiteNoiseCurrent())
    told = estimate(model, "float32", NumpyBackend(), Recorder(["neurons.v"]))
    assert told.total > 4 * 2 * 300_000**2
    assert "GB" in told.table()
    with pytest.raises(gs.ModelError, match="make it smaller, sweep fewer points, or use float32"):
        gs.Simulation(model, backend="numpy")


def test_bytes_are_told_in_the_unit_that_suits_them():
    told = [readable(n) for n in (0, 1023, 1024, 5 * 1024**2, 3 * 1024**4)]
    assert told == ["0 B", "1023 B", "1.0 KB", "5.0 MB", "3072.0 GB"]


def test_off_a_terminal_progress_is_one_line_per_five_percent():
    stream = io.StringIO()
    lines = Lines(1000, 0.1, stream=stream)
    for step in range(1, 1001):
        lines.update(step)
    told = stream.getvalue().splitlines()
    assert len(told) == 20
    assert told[0].startswith("  5 %  t = 5 of 100 ms, ")
    assert told[-1].startswith("100 %")


def test_progress_of_a_resumed_run_begins_where_it_stopped():
    stream = io.StringIO()
    lines = Lines(1000, 0.1, first=620, stream=stream)
    lines.update(640)
    lines.update(650)
    assert stream.getvalue().startswith(" 65 %")
