"""SWC files: what is read, what somata mean, every problem with its line, and files written."""
import re
import warnings

import numpy as np
import pytest

from gpusyn import Morphology, gen_branch, gen_tree, read_morphology, read_swc, write_swc
from gpusyn.errors import ModelError
from gpusyn.morphology import rall

Y = "1 3 0 0 0 2 -1\n2 3 0 5 0 1 1\n3 3 0 9 0 1 2\n4 3 4 5 0 0.5 2\n"


@pytest.fixture
def swc(tmp_path):
    """Writes a text as an SWC file and reads it."""
    def read(text, **options):
        path = tmp_path / "cell.swc"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_swc(path, **options)
    return read


def test_a_file_becomes_nodes_in_its_order(swc):
    cell = swc(Y)
    assert cell.name == "cell"
    assert cell.parent.tolist() == [-1, 0, 1, 1]
    assert cell.radius.tolist() == [2.0, 1.0, 1.0, 0.5]
    assert cell.length.tolist() == [0.0, 5.0, 4.0, 4.0]
    assert cell.start_radius.tolist() == [2.0, 2.0, 1.0, 1.0]
    assert cell.area.sum() == pytest.approx(np.pi * (3 * np.sqrt(26) + 2 * 4 + 1.5 * np.sqrt(16.25)), rel=1e-14)


@pytest.mark.parametrize(
    "text",
    [
        Y.replace("\n", "\r\n"), Y.replace("\n", "\r"), Y.replace(" ", "\t"),
        "# name\n\n" + Y.replace("\n", " # here\n\n"), "\ufeff" + Y,
        Y.rstrip("\n"), "   " + Y, Y.replace("1 3 0 0 0", "1.0 3.0 0.0 -0 0e1"),
    ],
    ids=["crlf", "cr", "tabs", "comments", "bom", "no last newline", "indented", "as floats"],
)  # fmt: skip
def test_spellings_of_one_file_are_one_cell(swc, text):
    cell = swc(text)
    assert cell.parent.tolist() == [-1, 0, 1, 1]
    assert cell.sample.tolist() == [1, 2, 3, 4]
    assert (cell.area == swc(Y).area).all()


def test_lengths_scale(swc):
    """The documents' files are in metres by default; ordinary ones are in um."""
    in_metres = "\n".join(" ".join([*row[:2], *(f"{v}e-6" for v in row[2:6]), row[6]])
                          for row in (line.split() for line in Y.splitlines()))
    assert swc(in_metres, scale=1e6).area == pytest.approx(swc(Y).area, rel=1e-14)
    with pytest.raises(ModelError, match="scale 0 um must be positive"):
        swc(Y, scale=0)


def test_children_before_parents_are_put_in_order_with_a_warning(swc):
    with pytest.warns(UserWarning, match=r"cell.swc:1: sample 9 comes before its parent 7; nodes were put in order"):
        cell = swc("9 3 0 9 0 1 7\n7 3 0 5 0 1 2\n2 3 0 0 0 1 -1\n4 3 3 5 0 1 7\n")
    assert cell.parent.tolist() == [-1, 0, 1, 1]
    assert cell.sample.tolist() == [2, 7, 9, 4]
    assert cell.y.tolist() == [0.0, 5.0, 9.0, 5.0]


def test_samples_on_their_parents_are_refused_or_merged(swc):
    text = Y + "5 3 4 5 0 0.4 4\n6 3 4 5 0 0.3 5\n7 3 8 5 0 0.3 6\n"
    with pytest.raises(ModelError) as caught:
        swc(text)
    assert str(caught.value).splitlines()[0] == (
        "cell.swc:5: sample 5: length 0 um, it lies on its parent (cell.swc:4: sample 4); distances must be above 0")
    cell = swc(text, merge=True)
    assert cell.sample.tolist() == [1, 2, 3, 4, 7]
    assert cell.parent.tolist() == [-1, 0, 1, 1, 3]


NUMBERS = "one line per sample has the 7 numbers 'id type x y z radius parent'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"cell.swc: no samples; {NUMBERS}"),
        ("# only\n#comments\n\n", f"cell.swc: no samples; {NUMBERS}"),
        (Y.replace("2 3 0 5", "2 3 zero 5"), f"cell.swc:2: x 'zero' is no number; {NUMBERS}"),
        ("To be, or not to be\n", f"cell.swc:1: 6 columns; {NUMBERS}"),
        (b"\x89PNG\r\n\x1a\n\0\0\xff", f"cell.swc:1: 1 columns; {NUMBERS}"),
        (Y.replace("2 3 0 5 0 1 1", "2 3 0 5 0 1"), f"cell.swc:2: 6 columns; {NUMBERS}"),
        (Y.replace("2 3 0 5 0 1 1", "2 3 0 5 0 1 1 8"), f"cell.swc:2: 8 columns; {NUMBERS}"),
        (Y.replace("2 3 0 5 0 1 1", "2 3 0 5 0 1 1.5"), "cell.swc:2: parent 1.5 must be a whole number"),
        (Y.replace("2 3 0 5 0 1 1", "2 3 0 5 0 1 nan"), "cell.swc:2: parent nan must be a whole number"),
        (Y.replace("2 3 0 5", "2 -3 0 5"), "cell.swc:2: sample 2: type -3 must be from 0 to 32767"),
        ("-4" + Y[1:], "cell.swc:1: sample -4: id -4 must be from 0 to 9007199254740992"),
        (Y.replace("4 3 4 5", "2 3 4 5"), "cell.swc:4: sample 2: this number was given before, in line 2;"),
        (Y.replace("0.5 2", "0.5 8"), "cell.swc:4: sample 4: parent 8 is no sample of this file; near it: 4, 3, 2"),
        (Y.replace("0.5 2", "0.5 -2"), "cell.swc:4: sample 4: parent -2 is no sample of this file"),
        (Y.replace("0.5 2", "0.5 -1"), "cell.swc:4: sample 4: a second root (parent -1) beside cell.swc:1: sample 1;"),
        (Y.replace("0.5 2", "0.5 4"), "cell.swc:4: sample 4: its parents form a cycle, 4 -> 4, so that 1 of 4 nodes"),
        (Y.replace("1 1\n", "1 4\n"), "cell.swc:2: sample 2: its parents form a cycle, 2 -> 4 -> 2, so that 3 of 4"),
        (Y.replace("2 -1", "2 3"), "cell.swc:1: sample 1: its parents form a cycle, 1 -> 3 -> 2 -> 1, so that 4 of 4"),
        (Y.replace("0.5 2", "0 2"), "cell.swc:4: sample 4: radius 0 um; a radius must be above 0"),
        (Y.replace("0.5 2", "-1 2"), "cell.swc:4: sample 4: radius -1 um; a radius must be above 0"),
        (Y.replace("4 5 0", "4 nan 0"), "cell.swc:4: sample 4: x, y, z, radius 4, nan, 0, 0.5; every one"),
        (Y.replace("0.5 2", "inf 2"), "cell.swc:4: sample 4: x, y, z, radius 4, 5, 0, inf; every one must be finite"),
        ("1 1 0 0 0 1 -1\n2 3 0 .4 0 .2 1\n", "cell: node 1: volume 0 um^3, area 0 um^2; a node needs a segment"),
    ],
)
def test_bad_files_are_refused_with_line_value_and_rule(swc, text, message):
    with pytest.raises(ModelError, match="^" + re.escape(message)):
        swc(text)


def test_all_problems_of_a_file_are_told_at_once(swc):
    with pytest.raises(ModelError) as caught:
        swc(Y.replace("0.5 2", "-1 7").replace("9 0 1 2", "nan 0 1 2").replace("5 0 1 1", "5 0 0 1"))
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [f"cell.swc:{n}" for n in (4, 3, 2, 4)]


def test_a_file_that_is_not_there_has_a_neighbour(tmp_path):
    (tmp_path / "pyramidal.swc").write_text(Y)
    with pytest.raises(ModelError, match=r"pyramidl.swc: there is no such file; did you mean 'pyramidal.swc'\?"):
        read_swc(tmp_path / "pyramidl.swc")
    with pytest.raises(ModelError, match=re.escape(f"{tmp_path}: ")):
        read_swc(tmp_path)


THREE = "1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n"
DENDRITE = "4 3 8 0 0 1 1\n5 3 12 0 0 0.5 4\n"


@pytest.mark.parametrize("soma", ["1 1 0 0 0 5 -1\n", THREE], ids=["one sample", "three samples"])
def test_one_sample_or_three_are_a_sphere_that_neurites_leave_at_its_surface(swc, soma):
    cell = swc(soma + DENDRITE)
    assert cell.kind.tolist() == [1, 3, 3]
    assert cell.own_area[0] == pytest.approx(4 * np.pi * 25, rel=1e-15)
    assert cell.own_volume[0] == pytest.approx(4 / 3 * np.pi * 125, rel=1e-15)
    assert cell.length.tolist() == [0.0, 3.0, 4.0]
    assert cell.start_radius.tolist() == [5.0, 1.0, 1.0]
    assert cell.volume.sum() == pytest.approx(4 / 3 * np.pi * 125 + 3 * np.pi + 4 / 3 * np.pi * 1.75, rel=1e-14)
    # a disc of radius 1 lets 4 pass from a sphere; then 3 um of cylinder
    assert 1.0 / cell.coupling[1] == pytest.approx(1 / 4 + 3 / np.pi, rel=1e-14)
    assert cell.path_distance.tolist() == [0.0, 8.0, 12.0]
    fine = cell.refine(0.5)
    assert fine.volume.sum() == pytest.approx(cell.volume.sum(), rel=1e-13)
    assert fine.x[1] == pytest.approx(5.5)
    assert fine.path_distance[fine.node(5)] == pytest.approx(12.0, rel=1e-14)
    assert (1.0 / fine.coupling[1:]).sum() == pytest.approx((1.0 / cell.coupling[1:]).sum(), rel=1e-13)


def test_a_first_sample_within_the_soma_has_no_membrane_before_it(swc):
    cell = swc("1 1 0 0 0 5 -1\n" + DENDRITE.replace("4 3 8", "4 3 3"))
    assert cell.length.tolist() == [0.0, 0.0, 9.0]
    assert cell.coupling[1] == pytest.approx(4.0, rel=1e-14)


CHAIN = "1 1 0 0 0 3 -1\n2 1 0 4 0 3 1\n3 1 0 8 0 3 2\n4 4 0 12 0 1 3\n5 3 7 4 0 1 2\n6 2 0 -9 0 0.5 1\n"


def test_a_soma_of_cylinders_lets_neurites_leave_sideways_and_one_go_on(swc):
    cell = swc(CHAIN)
    assert cell.length.tolist() == [0.0, 4.0, 4.0, 4.0, 4.0, 6.0]
    assert cell.start_radius.tolist() == [3.0, 3.0, 3.0, 3.0, 1.0, 0.5]     # the apical one goes on, as a taper
    assert cell.access == pytest.approx(np.pi / 4 * np.array([0, 0, 0, 0, 1.0, 0.5]))
    plain = swc(CHAIN, soma="samples")
    assert plain.start_radius.tolist() == [3.0, 3.0, 3.0, 3.0, 3.0, 3.0]
    assert plain.length.tolist() == [0.0, 4.0, 4.0, 4.0, 7.0, 9.0]
    assert swc(CHAIN, soma="cylinders").area.tolist() == cell.area.tolist()


def test_a_soma_can_be_made_a_sphere_of_its_surface_or_of_its_outline(swc):
    ball = swc(CHAIN, soma="sphere")
    assert ball.kind.tolist() == [1, 4, 3, 2]
    assert 4 * np.pi * ball.radius[0] ** 2 == pytest.approx(2 * np.pi * 3 * 8, rel=1e-14)
    assert (ball.x[0], ball.y[0]) == (0.0, 4.0)
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    rows = [f"{k + 1} 1 {10 * np.cos(a)} {10 * np.sin(a)} 0 0.1 {k or -1}" for k, a in enumerate(turns)]
    outline = swc("\n".join([*rows, "9 3 30 0 0 1 1"]), soma="contour")
    assert outline.radius[0] == pytest.approx(10.0, rel=1e-12)
    assert outline.length[1] == pytest.approx(20.0, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "soma", "message"),
    [
        (CHAIN, "spehre", "soma 'spehre' is unknown; did you mean 'sphere'?"),
        (CHAIN.replace("3 1 0 8", "3 4 0 8").replace("4 4 0 12", "4 1 0 12"), "sphere", "are one piece with the root"),
        (Y.replace("2 3", "2 1"), "sphere", "soma 'sphere' needs soma samples (type 1) that are one piece"),
        ("1 1 0 0 0 5 -1\n" + DENDRITE, "contour", "soma 'contour' needs at least 3 soma samples; there are 1"),
    ],
)
def test_somata_that_cannot_be_meant_so_are_refused(swc, text, soma, message):
    with pytest.raises(ModelError, match=re.escape(message)):
        swc(text, soma=soma)


def synthetic():
    """The cell of the reference row swc_synthetic, from its recipe: 361 samples, soma, axon, trunk, branches, basal."""
    rows = [(1, 0.125 * k, 0.0, 0.6 - 0.05 * k, k) for k in range(9)]
    rows += [(2, -0.125 * k, 0.0, 0.2, 1 if k == 1 else 8 + k) for k in range(1, 33)]
    rows += [(4, 1.0 + 0.125 * k, 0.0, 0.2, 9 if k == 1 else 40 + k) for k in range(1, 97)]
    for side, first in ((1.0, 138), (-1.0, 218)):
        rows += [(4, 13.0 + 0.103167 * k, side * 0.07058025 * k, 0.2 - 0.0005 * k, 137 if k == 1 else first + k - 2)
                 for k in range(1, 81)]
    rows += [(3, 0.0, -0.125 * k, 0.18, 1 if k == 1 else 296 + k) for k in range(1, 65)]
    return "\n".join(f"{n} {kind} {x} {y} 0 {r} {up or -1}" for n, (kind, x, y, r, up) in enumerate(rows, start=1))


def test_the_synthetic_reference_cell(swc):
    """Row swc_synthetic: 361 nodes; probe_nodes, probe_xyz_um, types and parents of the dendrite references."""
    cell = swc(synthetic(), soma="samples")
    assert cell.n_node == 361
    probes = {0: (0, 0, 1), 8: (1, 0, 1), 20: (-1.5, 0, 2), 41: (1.125, 0, 4), 136: (13, 0, 4),
              216: (21.25336, 5.64642, 4), 296: (21.25336, -5.64642, 4), 297: (0, -0.125, 3),
              360: (0, -8, 3)}  # fmt: skip
    for node, (x, y, kind) in probes.items():
        assert (cell.x[node], cell.y[node]) == pytest.approx((x, y), abs=1e-5)
        assert cell.kind[node] == kind
    assert cell.parent[:12].tolist() == [-1, 0, 1, 2, 3, 4, 5, 6, 7, 0, 9, 10]
    assert cell.spacing[1:] == pytest.approx(np.full(360, 0.125), abs=2e-5)
    assert cell.path_distance[360] == pytest.approx(8.0)
    assert {cell.n_node for cell in (cell, swc(synthetic()))} == {361}


def test_what_is_written_is_read_again_to_the_last_digit(tmp_path):
    rng = np.random.default_rng(5)
    n = 50
    cell = Morphology([-1, *(rng.integers(0, k) for k in range(1, n))], *rng.normal(size=(3, n)), rng.random(n) + 0.1,
                      kind=rng.integers(2, 5, n), name="noise")
    path = write_swc(cell, tmp_path / "noise.swc")
    again = read_swc(path)
    for field in ("parent", "x", "y", "z", "radius", "kind", "length", "area", "volume"):
        assert (getattr(again, field) == getattr(cell, field)).all(), field
    assert path.read_text().startswith("# noise, written by gpusyn; um\n# id type x y z radius parent\n1 ")
    assert [file.name for file in tmp_path.iterdir()] == ["noise.swc"]


@pytest.mark.parametrize("text", ["1 1 0 0 0 5 -1\n" + DENDRITE, CHAIN], ids=["sphere", "cylinders"])
def test_somata_and_what_leaves_them_are_read_again(swc, tmp_path, text):
    cell = swc(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = read_swc(write_swc(cell, tmp_path / "again.swc"))
    assert (again.area == cell.area).all()
    assert (again.coupling == cell.coupling).all()


def test_what_swc_cannot_hold_is_told(tmp_path):
    tree = gen_tree(2, 10.0, rall(1.0), 4)
    with pytest.warns(UserWarning, match="tree.swc: 2 of 13 nodes have a step in radius or a body of their own"):
        write_swc(tree, tmp_path / "tree.swc")
    with pytest.warns(UserWarning, match="2 of 752 nodes"):
        write_swc(gen_branch(n=501, radius=0.2).extract(range(750)).with_spines([3]), tmp_path / "spine.swc")
    with pytest.raises(FileNotFoundError):
        write_swc(gen_branch(), tmp_path / "missing" / "cell.swc")


ASC = """("CellBody" (Color Red) (CellBody) (3 0 0 1) (0 3 0 1) (-3 0 0 1) (0 -3 0 1))
((Color Cyan) (Dendrite) (5 0 0 2) (9 0 0 1) ((12 3 0 1) (15 6 0 0.5) | (12 -3 0 1) (15 -6 0 0.5)))
"""


def test_other_formats_come_through_morphio(tmp_path):
    pytest.importorskip("morphio")
    path = tmp_path / "cell.asc"
    path.write_text(ASC)
    cell = read_morphology(path)
    assert cell.own_area[0] == pytest.approx(4 * np.pi * 9, rel=1e-6)
    assert cell.parent.tolist() == [-1, 0, 1, 2, 3, 2, 5]
    assert cell.radius.tolist() == [pytest.approx(3.0), 1.0, 0.5, 0.5, 0.25, 0.5, 0.25]
    assert cell.length[:4] == pytest.approx([0.0, 2.0, 4.0, np.sqrt(18)], rel=1e-6)
    path.write_text("(no such thing")
    with pytest.raises(ModelError, match=r"^cell.asc: [^\x1b]+$"):
        read_morphology(path)


def test_morphio_finds_the_same_cells(swc, tmp_path):
    """Points and lengths, and the soma's surface; MorphIO reads single precision."""
    morphio = pytest.importorskip("morphio")
    for text in (synthetic(), CHAIN, THREE + DENDRITE):
        cell = swc(text)
        found = morphio.Morphology(str(tmp_path / "cell.swc"), warning_handler=morphio.WarningHandlerCollector())
        inside = cell.kind == 1
        outside = ~inside & ~inside[cell.parent]
        lengths = sum(np.linalg.norm(np.diff(section.points.astype(float), axis=0), axis=1).sum()
                      for section in found.iter())
        assert cell.length[outside].sum() == pytest.approx(lengths, rel=1e-5)
        soma = swc(text, soma="sphere")
        assert soma.own_area[0] == pytest.approx(found.soma.surface, rel=1e-5)


def test_formats_are_told_apart(tmp_path, swc):
    swc(Y)
    assert read_morphology(tmp_path / "cell.swc", soma="samples").n_node == 4
    with pytest.raises(ModelError, match=r"format '.hoc' is unknown; valid: .asc, .h5, .swc"):
        read_morphology(tmp_path / "cell.hoc")
    with pytest.raises(ModelError, match=r"cell.asc: soma: only SWC files take options"):
        read_morphology(tmp_path / "cell.asc", soma="sphere")


def test_without_morphio_the_message_says_what_to_install(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "morphio", None)
    with pytest.raises(ModelError, match=re.escape("reading .asc needs MorphIO: pip install 'gpusyn[neuro]'")):
        read_morphology(tmp_path / "cell.asc")
