"""A figure of merit over the points of a sweep."""
import numpy as np

from gpusyn.errors import nearest
from gpusyn.plots.choice import NothingToDraw, duration
from gpusyn.plots.style import AMOUNT_MAP, FAINT, PALETTE, assignment, group_digits, in_words, label, page
from gpusyn.recording.errors import UnknownRecordingError

MOST_PANELS = 6
ROWS = 64  # that are in memory at a time


def sweep_map(run, figure_of_merit=None, figure=None):
    """One number per sweep point: a line for one swept parameter, a heat map for two, panels for a third.

    Args:
        run: a `Run`.
        figure_of_merit: a name from `figures_of_merit(run)`; the first one if None.
        figure: Figure or SubFigure to draw into.
    """
    if run.n_point == 1 or not run.sweep:
        raise NothingToDraw(f"{run.path.name}: nothing was swept")
    merits = figures_of_merit(run)
    if not merits:
        raise NothingToDraw(f"{run.path.name}: no spikes, reductions or summary figures were recorded per sweep point")
    name = next(iter(merits)) if figure_of_merit is None else figure_of_merit
    if name not in merits:
        raise UnknownRecordingError(f"{run.path}: no figure '{name}' per sweep point{nearest(name, merits)}")
    values, text = merits[name]
    swept = [axis for axis in run.sweep if len(np.unique(run.sweep[axis])) > 1] or list(run.sweep)[:1]
    if len(swept) == 1:
        return _line(run, swept[0], values, text, figure)
    return _maps(run, swept, values, text, figure)


def figures_of_merit(run):
    """{name: (values (point,), label with unit)}: the summary's, firing rates, means over time of reductions, extremes.

    Extremes are of what was recorded of trees: the highest, in the ER the lowest. How well a ledger closes is no merit.
    """
    found = {}
    for name, entry in run.summary.get("per_point", {}).items():
        if name.endswith(".residual"):
            continue
        found[name] = np.asarray(entry["values"], float), label(in_words(name), entry["unit"])
    span = duration(run)
    for population, spikes in run.spikes.items():
        counts = np.array([len(spikes.point(point)) for point in range(run.n_point)])
        if span > 0:
            rates = counts / run.n_site(population) / span * 1000
            found[f"{population}.rate"] = rates, f"Mean rate of {population} (Hz)"
    for name in run:
        if name.endswith(".mean") and len(run[name]):
            found[name] = run[name][:].mean(axis=0), label(f"mean {run.meaning(name)}", run.units(name))
    for name in run.traces():
        if name.partition(".")[0] in run.trees and len(run[name]):
            word = "lowest" if run.attribute(name, "within") == "er" else "highest"
            found[f"{name}.{word}"] = _extreme(run, name, word), label(f"{word} {run.meaning(name)}", run.units(name))
    return found


def _extreme(run, name, word):
    """The highest or lowest value of a recorded quantity at each sweep point, (point,)."""
    pick = np.max if word == "highest" else np.min
    rows = [pick(run[name][first:first + ROWS].reshape(-1, run.n_point, run[name].shape[-1]), axis=(0, 2))
            for first in range(0, len(run[name]), ROWS)]
    return pick(rows, axis=0)


def _axis_label(run, name):
    return label(in_words(name), run.sweep.units[name])


def _line(run, name, values, text, figure):
    with page(figure, 2.8, 4.2) as figure:
        axes = figure.subplots()
        x = run.sweep[name]
        order = np.argsort(x, kind="stable")
        axes.plot(x[order], values[order], color=PALETTE[0], marker="o", ms=3.5, mec="white", mew=0.5)
        axes.set(xlabel=_axis_label(run, name), ylabel=text)
        if _is_logarithmic(x):
            axes.set_xscale("log")
        axes.margins(x=0.04)
        group_digits(axes.yaxis)
    return figure


def _maps(run, swept, values, text, figure):
    """Heat maps of the two parameters with most values; a panel for each value of a third."""
    *others, row, column = sorted(swept, key=lambda name: len(np.unique(run.sweep[name])))
    row, column = sorted((row, column), key=list(run.sweep).index, reverse=True)
    panels = [np.ones(run.n_point, bool)]
    if others:
        panels = [run.sweep[others[0]] == value for value in np.unique(run.sweep[others[0]])]
    if len(others) > 1 or len(panels) > MOST_PANELS:
        raise NothingToDraw(f"{run.path.name}: {len(swept)} swept parameters are too many for one picture; "
                            f"it shows two, and a third with up to {MOST_PANELS} values")
    with page(figure, 3.2, 4.4 if len(panels) == 1 else 7.2) as figure:
        shown = np.atleast_1d(figure.subplots(1, len(panels), sharey=True))
        for axes, inside in zip(shown, panels, strict=True):
            image = _map(axes, run, row, column, values, inside, (np.nanmin(values), np.nanmax(values)))
            axes.set_xlabel(_axis_label(run, column))
            if others:
                axes.set_title(assignment(run, others[0], run.sweep[others[0]][inside][0]))
        shown[0].set_ylabel(_axis_label(run, row))
        bar = figure.colorbar(image, ax=list(shown), pad=0.02, aspect=22)
        bar.set_label(text)
        bar.outline.set_visible(False)
    return figure


def _map(axes, run, row, column, values, inside, reach):
    """One square per sweep point, at its place among the values; points that do not exist stay grey."""
    rows, y = np.unique(run.sweep[row][inside], return_inverse=True)
    columns, x = np.unique(run.sweep[column][inside], return_inverse=True)
    grid = np.full((len(rows), len(columns)), np.nan)
    grid[y, x] = values[inside]
    axes.set_facecolor(FAINT)
    image = axes.imshow(grid, origin="lower", aspect="auto", cmap=AMOUNT_MAP, vmin=reach[0], vmax=reach[1])
    for axis, names in ((axes.xaxis, columns), (axes.yaxis, rows)):
        every = -(-len(names) // 8)
        axis.set_ticks(range(0, len(names), every), [_tick(name) for name in names[::every]])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return image


def _tick(value):
    return str(value) if isinstance(value, str) else f"{value:.3g}"


def _is_logarithmic(x):
    """Whether values lie closer to even steps of their logarithm than to even steps."""
    if x.dtype.kind not in "iuf" or len(x) < 3 or np.min(x) <= 0:
        return False
    even = [np.ptp(np.diff(np.sort(values))) / np.ptp(values) for values in (x, np.log(x))]
    return even[1] < even[0]
