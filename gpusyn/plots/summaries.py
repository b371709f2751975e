"""Summaries over the lattice as they change: mean and range, and distributions."""
import numpy as np

from gpusyn.plots.choice import NothingToDraw, pick
from gpusyn.plots.style import AMOUNT_MAP, PALETTE, accent, label, page, point_note, require_point, subject

SIDES = ("mean", "min", "max")


def reduction(run, quantity=None, point=0, figure=None):
    """Mean over the sites of one quantity over time, with the range from the smallest to the largest.

    Args:
        run: a `Run`.
        quantity: name without '.mean'; the first one that was reduced if None.
        point: sweep point.
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    name = pick(run, None, [quantity] if quantity else reduced(run), "no mean over the sites was recorded")
    sides = {side: run[f"{name}.{side}"][:, point] for side in SIDES if f"{name}.{side}" in run}
    if quantity and not sides:
        run[f"{quantity}.mean"]                 # an unknown name is an error with a suggestion
    if "mean" not in sides or len(sides["mean"]) < 2:
        raise NothingToDraw(f"{run.path.name}: fewer than two means of '{name}' were recorded")
    time, colour = run.time(f"{name}.mean"), _colour(run, name)
    with page(figure, 2.6) as figure:
        axes = figure.subplots()
        ranged = len(sides) == len(SIDES)
        if ranged:
            axes.fill_between(time, sides["min"], sides["max"], color=colour, alpha=0.18, lw=0)
        axes.plot(time, sides["mean"], color=colour)
        axes.set(xlabel="Time (ms)", ylabel=label(subject(run, f"{name}.mean"), run.units(f"{name}.mean")))
        axes.set_xlim(time[0], time[-1])
        if min(map(np.min, sides.values())) >= 0:
            axes.set_ylim(bottom=0)
        axes.set_title(f"Mean over sites{' (line) and range (shaded)' if ranged else ''}{point_note(run, point)}")
    return figure


def distribution(run, quantity=None, point=0, figure=None):
    """How one quantity is distributed over the sites, as it changes: share of the sites in each bin.

    Args:
        run: a `Run`.
        quantity: name without '.histogram'; the first one with a histogram if None.
        point: sweep point.
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    name = pick(run, None, [quantity] if quantity else counted(run), "no histogram was recorded")
    key = f"{name}.histogram"
    counts, edges, time = run[key][:, point], run.edges(key), run.time(key)
    if len(counts) < 2:
        raise NothingToDraw(f"{run.path.name}: fewer than two histograms of '{name}' were recorded")
    share = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with page(figure, 2.8) as figure:
        axes = figure.subplots()
        until = np.append(time, 2 * time[-1] - time[-2])        # a row holds from its own time to the next one's
        most = max(float(np.percentile(share, 99.5)), float(share.max()) / 3)
        image = axes.pcolormesh(until, edges, share.T, cmap=AMOUNT_MAP, vmin=0, vmax=most, rasterized=True)
        axes.set(xlabel="Time (ms)", ylabel=label(subject(run, key), run.units(key)))
        axes.set_title(f"Distribution over sites{point_note(run, point)}")
        ends = "max" if share.max() > most else "neither"
        bar = figure.colorbar(image, ax=axes, pad=0.015, aspect=18, extend=ends)
        bar.set_label("Share of sites (% per bin)")
        bar.outline.set_visible(False)
    return figure


def reduced(run):
    """Names whose mean over the sites was recorded."""
    return [name.removesuffix(".mean") for name in run if name.endswith(".mean") and len(run[name]) > 1]


def counted(run):
    """Names of which histograms were recorded."""
    return [name.removesuffix(".histogram") for name in run if name.endswith(".histogram") and len(run[name]) > 1]


def _colour(run, name):
    owner = name.split(".")[0]
    return accent(owner) if owner in run.ledger else PALETTE[0]
