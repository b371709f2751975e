"""The picture of a cell: what is drawn, in which colours, and what is refused."""
import re

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure

from gpusyn import gen_branch, plots
from gpusyn.errors import ModelError
from gpusyn.morphology import taper


@pytest.fixture(scope="module")
def cell():
    return gen_branch(20.0, taper(1.0, 0.3), 41).with_spines([5, 30], seed=1)


def collections(figure):
    """Segments and discs of the first axes."""
    segments, discs = figure.axes[0].collections[:2]
    return segments, discs


def test_a_cell_is_drawn_to_scale_with_a_legend_of_its_regions(cell, tmp_path):
    figure = plots.draw_morphology(cell)
    segments, discs = collections(figure)
    assert len(segments.get_paths()) == cell.n_node - 1
    corners = segments.get_paths()[0].vertices[:4]                    # the first segment: 0.5 um long, 1 um thick
    assert np.ptp(corners[:, 0]) == pytest.approx(0.5)
    assert np.ptp(corners[:, 1]) == pytest.approx(2.0)
    assert discs.get_offsets() == pytest.approx(np.stack([cell.x, cell.y], axis=1))
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x (µm)", "y (µm)")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["basal", "spine"]
    figure.savefig(tmp_path / "cell.png")
    assert (tmp_path / "cell.png").stat().st_size > 5000


def test_values_become_colours_and_those_that_are_missing_grey(cell):
    values = cell.path_distance.copy()
    values[7] = np.nan
    figure = plots.draw_morphology(cell, values, "distance from the soma", "um", plane="xz", colour_limits=(0, 40))
    _, discs = collections(figure)
    colours = discs.get_facecolors()
    assert np.unique(colours, axis=0).shape[0] > 30
    assert colours[7][:3] == pytest.approx(np.full(3, 0xDD / 255))
    assert figure.axes[1].get_ylabel() == "Distance from the soma (µm)"
    assert figure.axes[0].get_ylabel() == "z (µm)"


def test_the_picture_goes_into_a_figure_of_the_user(cell):
    page = Figure(figsize=(8, 4))
    left, right = page.subfigures(1, 2)
    assert plots.draw_morphology(cell, figure=left) is left
    assert plots.draw_morphology(cell, np.ones(cell.n_node), "potential", "mV", figure=right) is right
    assert len(page.axes) == 3


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"values": [1.0, 2.0]}, ModelError, "values of shape (2,); 'branch' has 65 nodes, and each needs one number"),
        ({"plane": "xw"}, ModelError, "plane 'xw' is unknown; valid: xy, xz, yx, yz, zx, zy"),
        ({"values": np.full(65, np.nan)}, plots.NothingToDraw, "no value of 'branch' is a finite number"),
    ],
)
def test_what_cannot_be_drawn_is_told(cell, arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        plots.draw_morphology(cell, **arguments)
