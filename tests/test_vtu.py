"""Files for ParaView: what stands in them, read by VTK's own rules, and what is refused."""
import base64
import os
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest
from recorded_front import N_ROW, calcium, write_run
from typer.testing import CliRunner

import gpusyn as gs
from gpusyn.cli import app
from gpusyn.recording import RecordingError, UnknownRecordingError

TYPES = {"Float32": "<f4", "Float64": "<f8", "Int16": "<i2", "Int32": "<i4", "Int64": "<i8", "UInt8": "u1"}


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    return write_run(tmp_path_factory.mktemp("front") / "run.h5")


def decoded(element):
    """The numbers of an inline, compressed DataArray: number of blocks, their size, size of the last, packed sizes."""
    text = element.text.strip()
    n_block = int(np.frombuffer(base64.b64decode(text[:12])[:8], "<u8")[0])
    n_header = 4 * -(-8 * (3 + n_block) // 3)                             # letters of the header in base64
    _, size, last, *packed = np.frombuffer(base64.b64decode(text[:n_header]), "<u8").tolist()
    data, blocks, at = base64.b64decode(text[n_header:]), [], 0
    for length in packed:
        blocks.append(zlib.decompress(data[at : at + length]))
        at += length
    assert [len(block) for block in blocks] == [size] * (n_block - bool(last)) + [last] * bool(last)
    values = np.frombuffer(b"".join(blocks), TYPES[element.get("type")])
    return values.reshape(-1, int(element.get("NumberOfComponents", 1))).squeeze()


def read_vtu(path):
    """{where: {name: numbers}} of a .vtu file, and the units of its values."""
    root = ElementTree.parse(path).getroot()
    assert root.attrib == {"type": "UnstructuredGrid", "version": "1.0", "byte_order": "LittleEndian",
                           "header_type": "UInt64", "compressor": "vtkZLibDataCompressor"}
    found = {part: {e.get("Name"): decoded(e) for e in root.iter(part) for e in e.findall("DataArray")}
             for part in ("FieldData", "PointData", "Points", "Cells")}
    piece = root.find("UnstructuredGrid/Piece")
    assert int(piece.get("NumberOfPoints")) == len(found["Points"]["Points"])
    assert int(piece.get("NumberOfCells")) == len(found["Cells"]["types"])
    return found, {e.get("Name"): e.findtext("InformationKey") for e in root.find(".//PointData")}


def read_pvd(path):
    """[(time, file)] of a .pvd file."""
    return [(float(e.get("timestep")), path.parent / e.get("file")) for e in ElementTree.parse(path).iter("DataSet")]


def test_every_time_has_a_file_with_the_tree_and_its_fields(front, tmp_path):
    path, forest = front
    files = read_pvd(gs.write_vtu(tmp_path, path, ["ca", "dendrite.ca_er", "ca.integral", "radius", "cell"]))
    assert [time for time, _ in files] == pytest.approx(0.4 * np.arange(N_ROW // 2))     # the ER's rows are rarer
    found, units = read_vtu(files[10][1])
    assert units == {"ca": "uM", "ca_er": "uM", "ca.integral": "uM ms", "radius": "um", "cell": None}
    assert found["FieldData"]["TimeValue"] == pytest.approx(4.0)
    assert found["PointData"]["ca"] == pytest.approx(calcium(forest, np.array([4.0]))[0], rel=1e-6)
    assert found["PointData"]["ca_er"] == pytest.approx(250.0 - 20.0 * found["PointData"]["ca"], rel=1e-5)
    steps = calcium(forest, 0.2 * np.arange(21))
    assert found["PointData"]["ca.integral"] == pytest.approx(np.trapezoid(steps, dx=0.2, axis=0), rel=1e-5)
    assert np.array_equal(found["PointData"]["radius"], forest.gather("radius"))
    assert np.array_equal(found["PointData"]["cell"], forest.cell_of)
    assert np.array_equal(found["Points"]["Points"].T, [forest.gather(axis) for axis in "xyz"])
    lines = found["Cells"]["connectivity"].reshape(-1, 2)
    assert np.array_equal(forest.parent[lines[:, 1]], lines[:, 0])
    assert np.array_equal(found["Cells"]["offsets"], 2 * np.arange(1, len(lines) + 1))
    assert set(found["Cells"]["types"]) == {3}


def test_an_interval_thins_out_and_a_shorter_series_leaves_nothing_of_a_longer_one(front, tmp_path):
    gs.write_vtu(tmp_path, front[0], ["ca"])
    with gs.open(front[0]) as run:
        files = read_pvd(gs.write_vtu(tmp_path, run, ["ca"], every="2 ms"))
    assert [time for time, _ in files] == pytest.approx([0, 2, 4, 6, 8, 10])
    assert sorted(os.listdir(tmp_path / "dendrite")) == [file.name for _, file in files]


def test_a_sweep_point_and_a_node_by_itself(tmp_path):
    path, forest = write_run(tmp_path / "run.h5", n_point=2)
    found, _ = read_vtu(read_pvd(gs.write_vtu(tmp_path, path, ["ca"], point=1))[20][1])
    assert found["PointData"]["ca"] == pytest.approx(calcium(forest, np.array([4.0]), delay=1.0)[0], rel=1e-6)
    ball = gs.Morphology([-1], 0.0, 0.0, 0.0, 5.0, own_area=314.0, own_volume=523.0, name="ball")
    cells = gs.Forest([gs.gen_beam(n=70_000), ball])                       # arrays longer than a block of bytes
    found, _ = read_vtu(read_pvd(gs.write_vtu(tmp_path, cells, {"area": cells.gather("area")}))[0][1])
    assert found["Cells"]["types"].tolist()[-2:] == [3, 1]
    assert found["Cells"]["connectivity"][-1] == 70_000
    assert np.array_equal(found["PointData"]["area"], cells.gather("area"))


def test_what_cannot_be_written_is_said_and_nothing_is(front, tmp_path):
    cell = gs.gen_beam(n=5)
    for error, words, source, options in (
        (UnknownRecordingError, "did you mean 'dendrite.ca_er'", front[0], {"fields": ["ca_e"]}),
        (UnknownRecordingError, "'dendrite.cable.v' was not recorded at every node", front[0], {"fields": ["v"]}),
        (UnknownRecordingError, "no trees 'axon'", front[0], {"population": "axon"}),
        (RecordingError, "no sweep point 3; there are 0 to 0", front[0], {"point": 3}),
        (gs.ModelError, "every: 0 ms must be above 0", front[0], {"every": 0}),
        (gs.ModelError, r"'c' has shape \(4,\); \(5,\) or \(1, 5\)", cell, {"fields": {"c": np.zeros(4)}}),
        (gs.ModelError, "is no run, morphology or forest", 7, {}),
    ):
        with pytest.raises(error, match=words):
            gs.write_vtu(tmp_path / "new", source, **options)
    assert not (tmp_path / "new").exists()


def test_the_command_exports_a_folder_of_a_run(front, tmp_path):
    done = CliRunner().invoke(app, ["export", str(front[0].parent), "--vtu", str(tmp_path), "--fields", "ca,radius",
                                    "--every", "2 ms"])
    assert done.exit_code == 0, done.output
    assert "6 times in" in done.output
    assert len(read_pvd(tmp_path / "dendrite.pvd")) == 6
    wrong = CliRunner().invoke(app, ["export", str(front[0]), "--vtu", str(tmp_path), "--fields", "calcium"])
    assert wrong.exit_code == 1
    assert "'dendrite.calcium' was not recorded" in wrong.output
