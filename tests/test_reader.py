"""Reading a run back."""
import json
import subprocess
import sys

import h5py
import numpy as np
import pytest
from recorded_run import CONFIG, EDGES, record, row_block, small_layout, spike_rows

import gpusyn.recording
from gpusyn.recording import RecordingError, RunFile, UnknownRecordingError, Writer, decode_spike_bits


@pytest.fixture(params=[1, 3], ids=["single", "sweep"])
def layout(request):
    return small_layout(request.param)


@pytest.fixture
def run(tmp_path, layout):
    with Writer(RunFile.create(tmp_path / "run.h5", layout, CONFIG, {"backend": "numpy"})) as writer:
        record(writer, layout, range(100))
        path = writer.close(summary={"spikes": 12})
    with gpusyn.recording.open(path) as run:
        yield run


def test_recordings_are_lazy_and_come_out_as_arrays(run, layout):
    v = run["neurons.v"]
    expected = row_block(layout, "neurons.v", 0, 50).reshape(v.shape)
    assert v.shape[0] == len(v) == 50
    assert v.ndim == (2 if layout.n_point == 1 else 3)
    assert v.dtype == np.float32
    np.testing.assert_array_equal(v[:], expected)
    np.testing.assert_array_equal(v[-1], expected[-1])
    np.testing.assert_array_equal(v[3:5, ..., 7], expected[3:5, ..., 7])
    np.testing.assert_array_equal(np.asarray(v), expected)
    assert (v.name, v.unit, v.meaning) == ("neurons.v", "mV", "membrane potential")


def test_times_units_sites_and_edges_go_with_the_recordings(run):
    np.testing.assert_allclose(run.time("neurons.v"), np.arange(50) * 0.2)
    assert run.units("neurons.calcium.free") == "uM"
    assert run.meaning("neurons.calcium.free") == "free calcium"
    np.testing.assert_array_equal(run.sites("neurons.calcium.free"), [3, 5, 59])
    assert len(run.sites("neurons.v")) == run.n_site() == 60
    np.testing.assert_array_equal(run.edges("neurons.v.histogram"), EDGES)
    assert run["neurons.v.histogram"].shape == (50, run.n_point, 4)
    assert run["neurons.v.mean"].shape == (50, run.n_point)
    assert "neurons.v" in run
    assert "neurons.w" not in run
    assert run.traces() == ["neurons.calcium.free", "neurons.v"]
    assert {"neurons.v.max", "ledger.glutamate.released"} <= set(run.keys())


def test_spikes_come_by_population_and_point(run, layout):
    decoded = decode_spike_bits(spike_rows(layout, 0, 100), 0, 60)
    for point, (steps, sites) in enumerate(decoded):
        spikes = run.spikes["neurons"].point(point)
        np.testing.assert_allclose(spikes.times, steps * 0.1, rtol=1e-14)
        np.testing.assert_array_equal(spikes.ids, sites)
    if layout.n_point == 1:
        np.testing.assert_array_equal(run.spikes.times, spikes.times)
        np.testing.assert_array_equal(run.spikes.ids, spikes.ids)
    else:
        with pytest.raises(RecordingError, match=r"spikes of 'neurons': name one of the 3 sweep points"):
            _ = run.spikes.times
    with pytest.raises(RecordingError, match=f"no sweep point 9; there are 0 to {layout.n_point - 1}"):
        run.spikes["neurons"].point(9)


def test_ledger_has_roles_and_a_residual(run):
    amounts = run.ledger["glutamate"]
    assert set(amounts.terms("source")) == {"initial", "released"}
    assert set(amounts.terms("fate")) == {"present", "decayed"}
    total = sum(amounts.terms("source").values()) - sum(amounts.terms("fate").values())
    np.testing.assert_allclose(amounts.residual(), total, atol=1e-12)
    assert amounts.unit == "amol"
    assert len(amounts.time) == 50


def test_the_rest_of_the_file_is_read_too(run, layout):
    assert run.config == {"run": {"duration": "10 ms", "seed": 7}}
    assert run.config_text == CONFIG
    assert run.provenance["backend"] == "numpy"
    assert run.provenance["end"]
    assert run.summary == {"spikes": 12}
    assert (run.status, run.reason) == ("finished", "")
    assert run.dt == 0.1
    assert run.lattice_shape() == (6, 10)
    assert run.spacing() == (10.0, 10.0)
    if layout.n_point == 3:
        np.testing.assert_allclose(run.sweep["neurons.nmda.conductance"], [0.1, 0.55, 1.0])
        assert run.sweep.units == {"neurons.nmda.conductance": "nS"}
    else:
        assert len(run.sweep) == 0
    assert "run.h5" in repr(run)
    assert "neurons.v in mV" in repr(run["neurons.v"])
    json.dumps(run.provenance)


def test_unknown_names_get_the_nearest(run):
    with pytest.raises(UnknownRecordingError, match=r"'neurons.vv' was not recorded; did you mean 'neurons.v'\?"):
        run["neurons.vv"]
    with pytest.raises(KeyError, match="no spikes of 'neuron'; did you mean 'neurons'"):
        run.spikes["neuron"]
    with pytest.raises(KeyError, match="no ledger of 'glutamat'; did you mean 'glutamate'"):
        run.ledger["glutamat"]
    with pytest.raises(KeyError, match="no 'decay' in this ledger; did you mean 'decayed'"):
        run.ledger["glutamate"]["decay"]
    with pytest.raises(KeyError, match="'conductance' was not swept"):
        run.sweep["conductance"]
    with pytest.raises(RecordingError, match=r"'neurons\.v' is no histogram"):
        run.edges("neurons.v")


def test_files_that_are_not_ours_are_refused(tmp_path):
    with pytest.raises(RecordingError, match=r"run\.h5: there is no such run file"):
        gpusyn.recording.open(tmp_path / "run.h5")
    (tmp_path / "run.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(50))
    with pytest.raises(RecordingError, match=r"run\.h5: cannot be read as an HDF5 file"):
        gpusyn.recording.open(tmp_path / "run.h5")
    h5py.File(tmp_path / "other.h5", "w").close()
    with pytest.raises(RecordingError, match=r"other\.h5: an HDF5 file, but not a run of gpusyn"):
        gpusyn.recording.open(tmp_path / "other.h5")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file.attrs.update(format="gpusyn run", format_version=99)
    with pytest.raises(RecordingError, match="format 99; this gpusyn reads up to 1"):
        gpusyn.recording.open(tmp_path / "other.h5")


def test_an_unfinished_run_opens_with_a_warning(tmp_path):
    with Writer(RunFile.create(tmp_path / "run.h5", small_layout(), CONFIG)) as writer:
        record(writer, small_layout(), range(30))
        writer.close("failed", "neurons.v is NaN at site 3")
    with pytest.warns(UserWarning, match=r"run\.h5\.part: not finished, status 'failed' \(neurons\.v is NaN"):
        run = gpusyn.recording.open(tmp_path / "run.h5")
    assert run["neurons.v"].shape == (15, 60)
    run.close()
    assert "closed" in repr(run)


def test_importing_the_package_imports_no_hdf5():
    code = "import sys, gpusyn.recording; print({'h5py', 'matplotlib', 'cupy', 'numba'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"
