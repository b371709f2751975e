"""Trees coloured by one quantity, at several times."""
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.plots.choice import pick, pick_rows, tree_traces
from gpusyn.plots.lattice import colour_map, write_above
from gpusyn.plots.morphology import LONGEST_BAR, PLANES, colours, frame, paint, shapes
from gpusyn.plots.outline import MOST_NODES, outline
from gpusyn.plots.space_time import MISSING, OUTSIDE, trees_of
from gpusyn.plots.style import WIDTH, label, limits, page, point_note, require_point, subject

MOST_CELLS = 100
THINNEST = 1.2              # points: the front of a wave is seen on thin branches too
NARROWEST = 0.05            # height of what is shown, relative to its width, at least
FEW = 0.8                   # inch: axes that are lower have three ticks
FLAT, TALL = 0.2, 1.4      # height over width below which panels are stacked, and above which all stand side by side


def tree_map(run, quantity=None, times=None, cell=None, point=0, n_panel=4, plane="xy", figure=None):
    """Trees seen from one side, coloured by a quantity, a panel per time, all on one colour scale.

    Radii are to scale, but for thin branches, which are as wide as can be seen.

    Args:
        run: a `Run`.
        quantity: its name; a concentration if None.
        times: in ms, one or several; `n_panel` times spread over the run if None.
        cell: number of the cell; if None, one cell of each shape.
        point: sweep point.
        plane: the two axes that are drawn, "xy", "xz" ...
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    name = pick(run, quantity, tree_traces(run), MISSING)
    seen = Seen(run, name, cell, plane)
    rows = pick_rows(run, name, times, n_panel)
    values = seen.values(rows, point)
    low, high, ends = limits(values, OUTSIDE)
    n_column = seen.columns(len(rows))
    height = seen.panel_height(n_column) * -(-len(rows) // n_column)
    with page(figure, float(np.clip(height + 0.35, 1.4, 8.0)), layout="compressed") as figure:
        grid = figure.subplots(-(-len(rows) // n_column), n_column, sharex=True, sharey=True, squeeze=False)
        norm, shades = colours(low, high, colour_map(run, name))
        for axes, one, time in zip(grid.ravel(), values, run.time(name)[rows], strict=False):
            paint(seen.draw(axes), one, norm, shades)
            axes.set_title(f"{time:.4g} ms")
            if seen.panel_height(n_column) < FEW:
                axes.locator_params(axis="y", nbins=2)
        _label(grid, len(rows), plane)
        colour_bar(figure, list(grid.ravel()), norm, shades, ends, label(subject(run, name), run.units(name)))
        write_above(figure, point_note(run, point))
    return figure


class Seen:
    """The cells of a run that are drawn, from one side."""

    def __init__(self, run, name, cell, plane, most=MOST_NODES):
        if plane not in PLANES:
            raise ModelError(f"tree picture: plane '{plane}' is unknown{nearest(plane, PLANES)}")
        self.name, self.plane, self.trees = name, plane, trees_of(run, name)
        forest = self.trees.forest
        first = np.unique(forest.which, return_index=True)[1]
        cells = np.sort(first)[:MOST_CELLS] if cell is None else [_known(forest, cell)]
        self.shape, self.sites = outline(forest, cells, most)
        self.places = np.stack([getattr(self.shape, axis) for axis in plane], axis=1)
        self.limits = frame(self.places, self.shape.radius, NARROWEST)

    @property
    def size(self):
        """Width and height of what is shown, um."""
        return np.diff(self.limits, axis=1)[:, 0]

    def values(self, rows, point):
        """(row, node) values of the nodes that are drawn."""
        return self.trees.rows(self.name, rows, point)[:, self.sites].astype(np.float64)

    def draw(self, axes):
        """Put the shapes into axes, not yet coloured."""
        (left, right), (low, high) = self.limits
        axes.set(xlim=(left, right), ylim=(low, high), aspect="equal")
        return shapes(axes, self.shape, self.places, THINNEST)

    @property
    def flat(self):
        """Whether it is much wider than high."""
        return self.size[1] < FLAT * self.size[0]

    def columns(self, n_panel):
        """How many panels stand side by side."""
        return 1 if self.flat else min(n_panel, 2 if self.size[1] < TALL * self.size[0] else 4)

    def panel_height(self, n_column):
        """Height of a panel, inch, its title and labels included."""
        return (WIDTH - 1.5) / n_column * self.size[1] / self.size[0] + 0.33


def _known(forest, cell):
    """The number of a cell that there is."""
    forest.node(cell, 0)
    return cell


def colour_bar(figure, axes, norm, shades, ends, text, below=False):
    """A bar for shapes that `paint` has coloured, beside them or below."""
    from matplotlib.cm import ScalarMappable

    place: dict[str, Any] = {"location": "bottom", "aspect": 24, "shrink": 0.6, "pad": 0.05}
    if not below:
        place = {"aspect": 20, "shrink": min(1.0, LONGEST_BAR / figure.bbox.height * figure.dpi), "pad": 0.015}
    bar = figure.colorbar(ScalarMappable(norm, shades), ax=axes, extend=ends, **place)
    bar.set_label(text.replace("\n", " ") if below else text)
    bar.outline.set_visible(False)


def _label(grid, n_used, plane):
    for axes in grid.ravel()[n_used:]:
        axes.set_visible(False)
    for axes in grid[-1]:
        axes.set_xlabel(f"{plane[0]} (µm)")
    for axes in grid[:, 0]:
        axes.set_ylabel(f"{plane[1]} (µm)")
