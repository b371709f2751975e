"""Pictures of trees, and what a run file says of their shapes."""
import numpy as np
import pytest

pytest.importorskip("matplotlib")

from PIL import Image
from recorded_front import N_ROW, PEAK, REST, SPEED, calcium, write_run

import gpusyn as gs
from gpusyn import plots
from gpusyn.morphology.ways import main_way, way
from gpusyn.plots import NothingToDraw
from gpusyn.plots.outline import outline
from gpusyn.plots.sweep import figures_of_merit
from gpusyn.recording import RecordingError, UnknownRecordingError


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    path, forest = write_run(tmp_path_factory.mktemp("front") / "run.h5")
    with gs.open(path) as run:
        yield run, forest


def test_a_run_file_gives_back_the_shapes_of_its_trees(front):
    run, forest = front
    trees = run.trees["dendrite"]
    assert (trees.n_cell, trees.n_node, len(trees.forest.distinct)) == (2, forest.n_node, 1)
    for field in ("parent", "x", "radius", "kind", "volume", "area", "coupling", "path_distance"):
        assert np.array_equal(trees.forest.gather(field) if field != "parent" else trees.forest.parent,
                              forest.gather(field) if field != "parent" else forest.parent)
    er = gs.reticulum(forest.distinct[0])
    assert np.array_equal(trees.geometry.amount_of("er"), np.tile(er.volume, 2))
    assert np.array_equal(trees.geometry.amount_of("cytosol"), np.tile(er.cytosol_volume, 2))
    with pytest.raises(UnknownRecordingError, match="did you mean 'dendrite'"):
        run.trees["dendrit"]


def test_means_integrals_and_crossings_of_a_front(front):
    run, forest = front
    trees, time = run.trees["dendrite"], 0.2 * np.arange(N_ROW)
    ca, er = calcium(forest, time), gs.reticulum(forest.distinct[0])
    half = forest.n_node // 2
    assert trees.mean("ca", cell=1) == pytest.approx(ca[:, half:] @ er.cytosol_volume / er.cytosol_volume.sum())
    assert trees.mean("ca_er", cell=0) == pytest.approx(250 - 20 * ca[::2, :half] @ er.volume / er.volume.sum())
    assert trees.mean("ca", region="basal", within="membrane") == pytest.approx(
        ca @ forest.gather("area") / forest.gather("area").sum())
    assert trees.integral("ca") == pytest.approx(np.trapezoid(ca, time, axis=0), rel=1e-6)
    when = trees.crossing("ca", REST + PEAK / 2.5)
    main = np.arange(10, 20)                                              # where the whole front passes
    assert 1 / np.diff(when[main]) == pytest.approx(SPEED, rel=0.01)
    assert np.isnan(trees.crossing("ca", 7.0)).all()
    with pytest.raises(RecordingError, match="no node of 'dendrite' is of region 'soma'"):
        trees.mean("ca", region="soma")


def test_over_a_sweep_the_extremes_of_trees_are_shown_and_no_rounding(tmp_path):
    path, _ = write_run(tmp_path / "swept.h5", n_point=3)
    with gs.open(path) as run:
        merits = figures_of_merit(run)
        highest = run["dendrite.ca"][:].max(axis=(0, 2))
        assert list(merits) == ["dendrite.ca.highest", "dendrite.ca_er.lowest", "dendrite.cable.v.highest"]
        assert merits["dendrite.ca.highest"][0] == pytest.approx(highest)
        assert merits["dendrite.ca_er.lowest"][0] == pytest.approx(run["dendrite.ca_er"][:].min(axis=(0, 2)))
        assert " ".join(merits["dendrite.ca.highest"][1].split()) == "Highest free calcium in the cytosol (µM)"
        assert "2 cell(s), 122 nodes; recorded at all: dendrite.ca, dendrite.ca_er" in repr(run.trees["dendrite"])


def test_ways_along_a_tree(front):
    _, forest = front
    cell = forest.distinct[0]
    assert main_way(cell).tolist() == list(range(41))
    assert way(cell, 22, 43).tolist() == [22, 21, 20, 41, 42, 43]
    assert way(cell, 5, 5).tolist() == [5]
    with pytest.raises(gs.ModelError, match="no node 99; valid: 0 to 60"):
        way(cell, 0, 99)
    tree = gs.gen_tree(3, n=4)
    assert len(main_way(tree)) == 3 * 4 + 1                                # from the root to a tip, over two branches
    assert tree.path_distance[main_way(tree)[-1]] == pytest.approx(3 * 32.0)


def test_the_kymograph_shows_distance_against_time(front):
    run, forest = front
    figure = plots.kymograph(run, start=40, end=45, cell=1, window=(2.0, 8.0))
    axes, bar = figure.axes
    image = axes.collections[0]
    nodes = forest.offset[1] + np.array([*range(40, 19, -1), 41, 42, 43, 44, 45])
    rows = calcium(forest, 0.2 * np.arange(10, 41))
    assert np.asarray(image.get_array()) == pytest.approx(rows[:, nodes].T, rel=1e-5)
    assert axes.get_xlim() == pytest.approx((2.0, 8.0))
    assert axes.get_ylim() == pytest.approx((0.0, 25.0))
    assert axes.get_xlabel() == "Time (ms)"
    assert axes.get_ylabel() == "Distance along the dendrite\nfrom node 40 (µm)"
    assert bar.get_ylabel() == "Free calcium in the cytosol (µM)"
    for quantity, words in (("dendrite.cable.v", "not recorded at every node"),):
        with pytest.raises(NothingToDraw, match=words):
            plots.kymograph(run, quantity)


def test_trees_are_coloured_on_one_scale(front):
    run, forest = front
    figure = plots.tree_map(run, times=[4.0, 8.0], cell=0)
    first, second, bar = figure.axes
    assert (first.get_title("left"), second.get_title("left")) == ("4 ms", "8 ms")
    assert bar.get_ylabel() == "Free calcium in the cytosol (µM)"
    assert (first.get_ylabel(), second.get_xlabel()) == ("y (µm)", "x (µm)")
    bright = [axes.collections[1].get_facecolors()[:, :3].sum(axis=1).argmax() for axes in (first, second)]
    assert forest.distinct[0].path_distance[bright] == pytest.approx([8.0, 16.0])
    with pytest.raises(gs.ModelError, match="plane 'xx' is unknown"):
        plots.tree_map(run, plane="xx")


def test_of_very_many_nodes_only_those_that_can_be_seen_are_drawn():
    forest = gs.Forest([gs.gen_beam(n=5), gs.gen_branch(length=100.0, radius=1.0, n=20_001)])
    drawn, sites = outline(forest, [0, 1])
    assert 7500 < len(sites) < 8100
    main, side = 5 + 20_000, forest.n_node - 1
    assert {0, 4, 5, 5 + 10_000, main, side} <= set(sites.tolist())      # ends and the branch point
    places = np.stack([forest.gather("x"), forest.gather("y")], axis=1)[sites]
    segments = drawn.parent >= 0
    length = np.hypot(*(places[segments] - places[drawn.parent[segments]]).T)
    assert length.sum() == pytest.approx(64.0 + 150.0)                  # nothing is missing
    assert np.count_nonzero(~segments) == 2


def test_a_run_with_trees_is_drawn_whole(tmp_path):
    path, _ = write_run(tmp_path / "run.h5", n_point=2)
    with gs.open(path) as run:
        drawn = plots.draw_all(run, tmp_path / "plots", point=1, movie=False)
        film = plots.tree_movie(run, tmp_path / "film", n_frame=4)
    assert {file.stem for file in drawn} == {
        "kymograph_dendrite.ca", "tree_map_dendrite.ca", "kymograph_dendrite.ca_er", "tree_map_dendrite.ca_er",
        "traces_dendrite.cable.v", "sweep_map_dendrite.ca.highest", "sweep_map_dendrite.ca_er.lowest",
        "sweep_map_dendrite.cable.v.highest",
    }  # fmt: skip
    assert film.stat().st_size > 5_000
    for file in (file for file in drawn if "sweep" not in file.stem):
        pixels = np.asarray(Image.open(file).convert("L"))
        assert pixels.shape[1] == 1200
        assert np.mean(pixels < 250) > 0.02
