"""SONATA spikes, written and read, with libsonata as the judge."""
import h5py
import numpy as np
import pytest
from recorded_run import CONFIG, record, small_layout

from gpusyn.recording import RecordingError, RunFile, UnknownRecordingError, Writer, read_spikes, write_spikes
from gpusyn.recording.sonata import SORTING

libsonata = pytest.importorskip("libsonata", reason="libsonata (extra neuro) is not installed")


def random_spikes(n=1000, seed=1):
    random = np.random.default_rng(seed)
    return np.sort(np.round(random.uniform(0, 500, n), 1)), random.integers(0, 5000, n)


def test_libsonata_reads_what_we_write(tmp_path):
    times, ids = random_spikes()
    write_spikes(tmp_path / "spikes.h5", {"pyramidal": (times, ids), "basket": (times[:0], ids[:0])})
    reader = libsonata.SpikeReader(str(tmp_path / "spikes.h5"))
    assert sorted(reader.get_population_names()) == ["basket", "pyramidal"]
    population = reader["pyramidal"]
    assert (population.sorting, population.time_units) == ("by_time", "ms")
    found = population.get_dict()
    np.testing.assert_array_equal(found["timestamps"], times)
    assert sorted(zip(found["node_ids"], found["timestamps"], strict=True)) == sorted(zip(ids, times, strict=True))
    window = population.get(tstart=100.0, tstop=110.0)
    assert len(window) == np.count_nonzero((times >= 100) & (times <= 110))


@pytest.mark.parametrize("n_point", [1, 3])
def test_libsonata_reads_the_spikes_of_a_run(tmp_path, n_point):
    layout = small_layout(n_point)
    with Writer(RunFile.create(tmp_path / "run.h5", layout, CONFIG)) as writer:
        record(writer, layout, range(200))
        path = writer.close()
    reader = libsonata.SpikeReader(str(path))
    names = ["neurons"] if n_point == 1 else ["neurons_point0000", "neurons_point0001", "neurons_point0002"]
    assert sorted(reader.get_population_names()) == names
    for name in names:
        times, ids = read_spikes(path, name)
        found = reader[name].get_dict()
        assert len(times) > 100
        assert reader[name].sorting == "by_time"
        np.testing.assert_array_equal(found["timestamps"], times)
        np.testing.assert_array_equal(found["node_ids"], ids)


def test_we_read_what_others_write(tmp_path):
    """Sorted by id, 32-bit times, unsigned 32-bit ids, no units: all allowed, all seen in the wild."""
    with h5py.File(tmp_path / "other.h5", "w") as file:
        group = file.create_group("spikes/cells")
        group.attrs.create("sorting", 1, dtype=SORTING)
        group["timestamps"] = np.array([5.0, 9.0, 1.0], "f4")
        group["node_ids"] = np.array([0, 0, 4], "u4")
    times, ids = read_spikes(tmp_path / "other.h5")
    np.testing.assert_array_equal(times, [1.0, 5.0, 9.0])
    np.testing.assert_array_equal(ids, [4, 0, 0])
    assert times.dtype == np.float64
    assert ids.dtype == np.uint64


def test_spikes_round_trip_sorted_by_time_and_id(tmp_path):
    write_spikes(tmp_path / "s.h5", {"a": ([3.0, 1.0, 3.0], [9, 2, 4])})
    times, ids = read_spikes(tmp_path / "s.h5", "a")
    assert (times.tolist(), ids.tolist()) == ([1.0, 3.0, 3.0], [2, 4, 9])


def broken(path, **datasets):
    with h5py.File(path, "w") as file:
        for name, values in datasets.items():
            file[f"spikes/cells/{name}"] = values
        if "timestamps" in datasets:
            file["spikes/cells/timestamps"].attrs["units"] = datasets.get("units", "ms")


@pytest.mark.parametrize(("datasets", "message"), [
    ({"timestamps": [1.0, 2.0], "node_ids": [1]}, "population 'cells': 2 times but 1 node ids"),
    ({"timestamps": [1.0, -2.0], "node_ids": [1, 2]}, "time 1 is -2.0 ms; times are finite and not negative"),
    ({"timestamps": [np.nan], "node_ids": [1]}, "time 0 is nan ms"),
    ({"timestamps": [1.0], "node_ids": [-1]}, "node ids are whole numbers from 0 on, not int64 from -1 on"),
    ({"timestamps": [1.0], "node_ids": [0.5]}, "node ids are whole numbers from 0 on, not float64"),
    ({"timestamps": [1.0]}, "no dataset 'node_ids'; SONATA asks for timestamps and node_ids"),
])
def test_files_that_are_no_spikes_are_refused_with_the_place(tmp_path, datasets, message):
    broken(tmp_path / "bad.h5", **datasets)
    with pytest.raises(RecordingError, match=message) as raised:
        read_spikes(tmp_path / "bad.h5")
    assert "bad.h5" in str(raised.value)


def test_a_missing_file_group_or_population_is_said(tmp_path):
    with pytest.raises(RecordingError, match=r"none\.h5: there is no such file"):
        read_spikes(tmp_path / "none.h5")
    (tmp_path / "text.h5").write_text("1.0 3\n")
    with pytest.raises(RecordingError, match=r"text\.h5: cannot be read as an HDF5 file"):
        read_spikes(tmp_path / "text.h5")
    h5py.File(tmp_path / "empty.h5", "w").close()
    with pytest.raises(RecordingError, match=r"empty\.h5: no group /spikes"):
        read_spikes(tmp_path / "empty.h5")
    write_spikes(tmp_path / "two.h5", {"a": ([1.0], [0]), "b": ([1.0], [0])})
    with pytest.raises(RecordingError, match="name the population; there are a, b"):
        read_spikes(tmp_path / "two.h5")
    with pytest.raises(UnknownRecordingError, match="no population 'c'; valid: a, b"):
        read_spikes(tmp_path / "two.h5", "c")
    with h5py.File(tmp_path / "two.h5", "r+") as file:
        file["spikes/a/timestamps"].attrs["units"] = "s"
    with pytest.raises(RecordingError, match="times are in 's'; SONATA asks for ms"):
        read_spikes(tmp_path / "two.h5", "a")
