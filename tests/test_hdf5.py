"""The file of a run while it is written: layout, compression, errors, kills and resumption."""
import json
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from recorded_run import CONFIG, contents, record, row_block, small_layout

import gpusyn.recording
from gpusyn.recording import (
    Layout,
    LedgerTerm,
    RecordingError,
    RunFile,
    Trace,
    Writer,
    collect_provenance,
    decode_spike_bits,
)
from gpusyn.recording.errors import MissingCodecError, UnknownRecordingError
from gpusyn.recording.recovery import open_for_reading, part_of


def finished_run(path, layout, steps=range(100), block=8):
    with Writer(RunFile.create(path, layout, CONFIG)) as writer:
        record(writer, layout, steps, block)
        return writer.close("finished", summary={"spikes": 3})


@pytest.mark.parametrize("n_point", [1, 3])
@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_what_is_appended_is_what_the_file_holds(tmp_path, compression, n_point):
    layout = small_layout(n_point, compression)
    with h5py.File(finished_run(tmp_path / "run.h5", layout)) as file:
        for series in layout.series():
            expected = row_block(layout, series.key, 0, 50).reshape(50, *series.row_shape)
            np.testing.assert_array_equal(file[series.path][:], expected)
            np.testing.assert_allclose(file[series.time_path][:], np.arange(50) * 0.2, rtol=1e-14)
            assert file[series.path].attrs["unit"] == series.unit


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_large_lattices_are_stored_in_chunks_of_sixteen_rows(tmp_path, compression):
    layout = Layout((300, 400), (1.0, 1.0), 0.1, 2, (Trace("neurons.v", "mV", "membrane potential"),),
                    compression=compression)
    values = np.random.default_rng(1).normal(size=(37, 2, 120000)).astype("f4")
    with Writer(RunFile.create(tmp_path / "run.h5", layout)) as writer:
        for first in range(0, 37, 5):                           # blocks that do not fit the chunks
            writer.append("neurons.v", first, values[first:first + 5])
        path = writer.close()
    with h5py.File(path) as file:
        assert file["traces/neurons/v"].chunks == (16, 1, 65536)
        np.testing.assert_array_equal(file["traces/neurons/v"][:], values)


def test_own_gzip_chunks_are_those_of_hdf5(tmp_path):
    """The filters written by our threads can be undone by HDF5 alone, and compress smooth rows."""
    layout = small_layout(compression="gzip", lattice_shape=(64, 64))
    with h5py.File(finished_run(tmp_path / "run.h5", layout)) as file:
        dataset = file["traces/neurons/v"]
        assert dataset.compression == "gzip"
        assert dataset.shuffle
        assert dataset.id.get_storage_size() < 0.5 * dataset.size * 4


@pytest.mark.parametrize("compression", ["lz4", "zstd"])
def test_codecs_of_hdf5plugin_round_trip_or_say_what_to_install(tmp_path, compression):
    layout = small_layout(compression=compression)
    try:
        import hdf5plugin  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(MissingCodecError, match=rf"run.h5: compression '{compression}' needs .*gpusyn\[compress\]"):
            RunFile.create(tmp_path / "run.h5", layout)
        assert not any(tmp_path.iterdir())
        return
    with gpusyn.recording.open(finished_run(tmp_path / "run.h5", layout)) as run:
        np.testing.assert_array_equal(run["neurons.v"][:], row_block(layout, "neurons.v", 0, 50).reshape(50, -1))


def ending(file):
    about = json.loads(file["ending"][:].tobytes())
    return about["status"], about["reason"]


def test_only_a_finished_run_gets_its_final_name(tmp_path):
    for status in ("interrupted", "failed", "finished"):
        path = tmp_path / f"{status}.h5"
        with Writer(RunFile.create(path, small_layout(), CONFIG)) as writer:
            assert part_of(path).exists()
            assert not path.exists()
            written = writer.close(status, "because")
        assert written == (path if status == "finished" else part_of(path))
        assert path.exists() == (status == "finished")
        with h5py.File(written) as file:
            assert ending(file) == (status, "because")


def test_an_existing_run_is_not_overwritten_unasked(tmp_path):
    path = finished_run(tmp_path / "run.h5", small_layout())
    with pytest.raises(RecordingError, match=r"run\.h5: a run is already there; choose another name"):
        RunFile.create(path, small_layout())
    RunFile.create(path, small_layout(), overwrite=True).close("interrupted")
    path.unlink()
    with pytest.raises(RecordingError, match=r"run\.h5\.part: a run is already there; resume it"):
        RunFile.create(path, small_layout())


def test_a_live_reader_sees_rows_while_the_writer_is_at_work(tmp_path):
    layout = small_layout(compression="none")
    with Writer(RunFile.create(tmp_path / "run.h5", layout, CONFIG)) as writer:
        record(writer, layout, range(20))
        writer.flush()
        with pytest.warns(UserWarning, match="not finished, status 'running'"):
            run = gpusyn.recording.open(tmp_path / "run.h5")
        assert run["neurons.v"].shape == (10, 60)
        record(writer, layout, range(20, 60))
        writer.flush()
        run.refresh()
        np.testing.assert_array_equal(run["neurons.v"][:], row_block(layout, "neurons.v", 0, 30).reshape(30, -1))
        run.close()


def test_errors_of_the_writing_thread_reach_the_simulation(tmp_path):
    writer = Writer(RunFile.create(tmp_path / "run.h5", small_layout(), CONFIG))
    writer.append("neurons.v", 4, np.zeros((1, 1, 60), "f4"))
    with pytest.raises(RecordingError, match=r"neurons.v: rows from 4 on were appended, but the next row is 0"):
        writer.flush()
    with pytest.raises(RecordingError, match="next row is 0"):
        writer.append("neurons.v", 0, np.zeros((1, 1, 60), "f4"))
    with pytest.raises(RecordingError, match="next row is 0"):
        writer.close()
    writer.abandon()
    assert not (tmp_path / "run.h5").exists()


def test_a_writer_left_by_an_exception_marks_its_run_as_failed(tmp_path):
    with pytest.raises(ZeroDivisionError), Writer(RunFile.create(tmp_path / "run.h5", small_layout(), CONFIG)):
        raise ZeroDivisionError("voltage is NaN")
    with h5py.File(tmp_path / "run.h5.part") as file:
        assert ending(file) == ("failed", "voltage is NaN")


def test_wrong_rows_and_names_are_refused_with_the_place(tmp_path):
    file = RunFile.create(tmp_path / "run.h5", small_layout(), CONFIG)
    with pytest.raises(UnknownRecordingError, match=r"run.h5: 'neurons.vv' was not declared; .* 'neurons.v'\?"):
        file.append("neurons.vv", 0, np.zeros((1, 60)))
    with pytest.raises(RecordingError, match=r"neurons.v: rows of shape \(7,\) were appended where a row is \(60,\)"):
        file.append("neurons.v", 0, np.zeros((1, 7)))
    with pytest.raises(UnknownRecordingError, match="declared for population 'neuron'; did you mean 'neurons'"):
        file.append_spikes("neuron", 0, [1], [2])
    with pytest.raises(RecordingError, match="status 'done' is not one of finished, interrupted, failed"):
        file.close("done")
    file.abandon()


@pytest.mark.parametrize(("changes", "message"), [
    ({"traces": (Trace("voltage", "mV", "v"),)}, "recorded name 'voltage' must read"),
    ({"traces": (Trace("n.v", "mV", "v"),) * 2}, "recorded twice: n.v"),
    ({"traces": (Trace("n.v", "mV", "v", sites=np.array([60])),)}, "n.v: recorded sites must be one or more of 0..59"),
    ({"compression": "gzp"}, "unknown compression 'gzp'; did you mean 'gzip'"),
    ({"ledger": (LedgerTerm("glu", "lost", "amol", "sink", ""),)}, "glu.lost: role 'sink' is not one of source, fate"),
    ({"lattices": {"n": ((4,), (1.0,))}, "traces": (Trace("n.v", "mV", "v", sites=[4]),)}, "one or more of 0..3"),
    ({"spacing": (1.0,)}, r"spacing \(1.0,\) needs one length per axis of lattice \(6, 10\)"),
])
def test_impossible_layouts_are_refused(changes, message):
    with pytest.raises(RecordingError, match=message):
        Layout(**{"lattice_shape": (6, 10), "spacing": (1.0, 1.0), "dt": 0.1, **changes})


@pytest.mark.parametrize("n_point", [1, 3])
@pytest.mark.parametrize("n_site", [1, 8, 63, 64, 65, 1000])
def test_spike_bits_decode_to_sorted_steps_and_sites(n_site, n_point):
    flags = np.random.default_rng(n_site).random((40, n_point, n_site)) < 0.1
    decoded = decode_spike_bits(np.packbits(flags, axis=-1, bitorder="little"), 100, n_site)
    for point, (steps, sites) in enumerate(decoded):
        expected_rows, expected_sites = np.nonzero(flags[:, point])
        np.testing.assert_array_equal(steps, expected_rows + 100)
        np.testing.assert_array_equal(sites, expected_sites)


def test_spike_bits_beyond_the_lattice_are_an_error():
    with pytest.raises(RecordingError, match="set for site 7, but the lattice ends at site 4"):
        decode_spike_bits(np.full((1, 1, 1), 0x80, np.uint8), 0, 5)
    with pytest.raises(RecordingError, match=r"uint8 \(row, point, 2 bytes or more\), not uint8 \(1, 1, 1\)"):
        decode_spike_bits(np.zeros((1, 1, 1), np.uint8), 0, 9)


@pytest.mark.parametrize("n_point", [1, 3])
@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_an_interrupted_and_resumed_recording_equals_an_uninterrupted_one(tmp_path, compression, n_point):
    layout = small_layout(n_point, compression)
    whole = finished_run(tmp_path / "whole.h5", layout, range(2000), block=64)
    path = tmp_path / "run.h5"
    with Writer(RunFile.create(path, layout, CONFIG)) as writer:
        record(writer, layout, range(701), block=39)
        rows = json.loads(json.dumps(writer.flush(durable=True)))           # as a checkpoint keeps them
        record(writer, layout, range(701, 1500), block=39)
        writer.close("interrupted", "SIGTERM", {"spikes": 1})
    with Writer(RunFile.reopen(path, rows)) as writer:
        record(writer, layout, range(701, 2000), block=61)
        writer.close()
    with h5py.File(whole) as first, h5py.File(path) as second:
        expected, found = contents(first), contents(second)
        assert expected.keys() == found.keys()
        for name in expected:
            np.testing.assert_array_equal(found[name], expected[name], err_msg=name)
        assert ending(second) == ("finished", "")
        assert dict(first["traces/neurons/v"].attrs) == dict(
            second["traces/neurons/v"].attrs)
    assert not part_of(path).exists()


def test_a_checkpoint_beyond_the_recording_is_refused(tmp_path):
    path = tmp_path / "run.h5"
    RunFile.create(path, small_layout(), CONFIG).close("interrupted")
    with pytest.raises(RecordingError, match="/traces/neurons/v has 0 rows, fewer than the 5 of the checkpoint"):
        RunFile.reopen(path, {"/traces/neurons/v": 5})
    with pytest.raises(RecordingError, match="rows of /traces/neurons/w, which this recording lacks"):
        RunFile.reopen(path, {"/traces/neurons/w": 5})
    with pytest.raises(RecordingError, match="there is no unfinished run to continue"):
        RunFile.reopen(tmp_path / "other.h5", {})


ROOT = Path(__file__).parents[1]
VICTIM = """
import json, sys
from gpusyn.recording import RunFile, Writer
from recorded_run import CONFIG, record, small_layout
layout = small_layout(2, sys.argv[2])
with Writer(RunFile.create(sys.argv[1], layout, CONFIG)) as writer:
    record(writer, layout, range(100))
    print(json.dumps(writer.flush(durable=True)), flush=True)
    step = 100
    while True:
        record(writer, layout, range(step, step + 50))
        if step % 500 == 0:
            writer.flush()
        step += 50
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_a_killed_run_stays_readable_and_continues_to_the_same_recording(tmp_path, compression, seed):
    """SIGKILL at a random moment of writing; then the file is read, cut back to the checkpoint, and continued."""
    path, layout = tmp_path / "run.h5", small_layout(2, compression)
    victim = subprocess.Popen([sys.executable, "-c", VICTIM, str(path), compression], stdout=subprocess.PIPE, text=True,
                              env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"})
    rows = json.loads(victim.stdout.readline())
    time.sleep(np.random.default_rng(seed).uniform(0, 1.0))
    victim.kill()
    victim.communicate()
    assert not path.exists()
    with pytest.raises(OSError, match="h5clear"):
        h5py.File(part_of(path))
    with open_for_reading(part_of(path)) as file:
        n = file["traces/neurons/v"].shape[0]
        expected = row_block(layout, "neurons.v", 0, n)
        assert n >= 50
        np.testing.assert_array_equal(file["traces/neurons/v"][:50], expected[:50])
        if compression == "none":                               # gzip rows are in the file only once their chunk is
            np.testing.assert_array_equal(file["traces/neurons/v"][:], expected)
    with Writer(RunFile.reopen(path, rows)) as writer:
        record(writer, layout, range(100, 600))
        writer.close()
    with h5py.File(finished_run(tmp_path / "whole.h5", layout, range(600))) as first, h5py.File(path) as second:
        expected, found = contents(first), contents(second)
        for name in expected:
            np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


def test_provenance_names_versions_and_no_folders():
    found = collect_provenance(backend="numba", backend_reason="no CUDA device answers", seed=7, precision="float32",
                               kernel_digests={"wiring.cu": "ab"}, steps=10,
                               argv=["/home/someone/gpusyn", "run", "/home/someone/m.toml", "--out=/home/someone/x"])
    assert found["argv"] == ["gpusyn", "run", "m.toml", "--out=x"]
    assert found["packages"]["numpy"] == np.__version__
    assert "someone" not in json.dumps(found)
    assert found["steps"] == 10
