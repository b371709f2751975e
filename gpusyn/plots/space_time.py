"""A quantity in space and time: along a way through a tree."""
import numpy as np

from gpusyn.morphology.ways import main_way, way
from gpusyn.plots.choice import NothingToDraw, pick, tree_traces
from gpusyn.plots.lattice import colour_map
from gpusyn.plots.style import label, limits, page, point_note, pretty, require_point, subject

MISSING = "no quantity was recorded at every node of a tree, so there is no picture along it; record dendrite.ca"
OUTSIDE = 0.05                              # per cent of the values beyond the colours: a front fills few nodes
MOST_ROWS, MOST_NODES = 1200, 900           # more than the picture has pixels for


def kymograph(run, quantity=None, start=None, end=None, cell=0, point=0, window=None, figure=None):
    """A quantity along a way through a tree, time from left to right, distance from bottom to top.

    Args:
        run: a `Run`.
        quantity: its name; a concentration if None.
        start, end: nodes of the cell between which the way leads; by default from the soma (or the root, where there
            is none) to the farthest tip.
        cell: number of the cell.
        point: sweep point.
        window: (from, to) in ms; the whole run if None.
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    name = pick(run, quantity, tree_traces(run), MISSING)
    trees = trees_of(run, name)
    shape, first = trees.forest.distinct[trees.forest.which[cell]], trees.forest.node(cell, 0)
    nodes = _chosen_way(shape, start, end)
    distance = shape.distances_from(int(nodes[0]))[nodes]
    time, rows = _rows(run, name, window)
    values = trees.rows(name, rows, point)[:, first + nodes]
    low, high, ends = limits(values, OUTSIDE)
    with page(figure, 3.2) as figure:
        axes = figure.subplots()
        image = axes.pcolormesh(_edges(time), _edges(distance), values.T, cmap=colour_map(run, name), vmin=low,
                                vmax=high, rasterized=True)
        axes.set(xlabel="Time (ms)", ylabel=f"Distance along the dendrite\nfrom node {nodes[0]} ({pretty('um')})")
        cells = f"cell {cell}, " if trees.n_cell > 1 else ""
        axes.set_title(f"{cells}node {nodes[0]} to node {nodes[-1]}{point_note(run, point)}".capitalize())
        bar = figure.colorbar(image, ax=axes, pad=0.015, aspect=18, extend=ends)
        bar.set_label(label(subject(run, name), run.units(name)))
        bar.outline.set_visible(False)
    return figure


def trees_of(run, name):
    """The `RecordedTrees` that a quantity is of.

    Raises:
        NothingToDraw: it is of no tree, or was not recorded at every node.
    """
    population = name.partition(".")[0]
    if population not in run.trees or name not in run.trees[population].quantities():
        raise NothingToDraw(f"{run.path.name}: '{name}' was not recorded at every node of a tree")
    return run.trees[population]


def _chosen_way(shape, start, end):
    """The nodes of the way asked for, thinned out to what can be seen."""
    if start is None and end is None:
        nodes = main_way(shape)
    else:
        usual = main_way(shape)
        nodes = way(shape, usual[0] if start is None else start, usual[-1] if end is None else end)
    if len(nodes) < 2:
        raise NothingToDraw(f"{shape.name}: a way from node {nodes[0]} to itself has no length")
    return nodes[_thinned(len(nodes), MOST_NODES)]


def _rows(run, name, window):
    """Times and indices of the rows that are drawn."""
    time = run.time(name)
    inside = np.flatnonzero((time >= window[0]) & (time <= window[1])) if window else np.arange(len(time))
    if len(inside) < 2:
        raise NothingToDraw(f"{run.path.name}: fewer than two rows of '{name}' were recorded in {window} ms")
    rows = inside[_thinned(len(inside), MOST_ROWS)]
    return time[rows], rows


def _thinned(n, most):
    """At most `most` indices below n, first and last included."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int))


def _edges(centres):
    """Edges between values at these places; the outermost ones are the first and the last place."""
    return np.concatenate([centres[:1], (centres[1:] + centres[:-1]) / 2, centres[-1:]])
