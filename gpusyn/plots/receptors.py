"""Open fractions of receptors over time."""
import numpy as np

from gpusyn.plots.choice import NothingToDraw
from gpusyn.plots.style import PALETTE, page, point_note, require_point


def receptor_states(run, quantities=None, point=0, figure=None):
    """Fraction of each kind of receptor that is open: the mean over sites, and the range where it was recorded.

    Args:
        run: a `Run`.
        quantities: names of traces or of reduced quantities ('neurons.nmda.r'); if None, everything without a unit
            whose meaning speaks of 'open'.
        point: sweep point.
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    names = open_fractions(run) if quantities is None else list(quantities)
    if not names:
        raise NothingToDraw(f"{run.path.name}: no open fraction of a receptor was recorded")
    with page(figure, 2.6) as figure:
        axes = figure.subplots()
        ends = []
        for name, colour in zip(names, _cycle(len(names)), strict=True):
            time, mean, low, high = _over_sites(run, name, point)
            if low is not None and high is not None:
                axes.fill_between(time, low, high, color=colour, alpha=0.15, lw=0)
            axes.plot(time, mean, color=colour)
            ends.append((float(mean[-1]), _short_name(name), colour))
        axes.set(xlabel="Time (ms)", ylabel="Fraction of receptors open\n(dimensionless)", xlim=(time[0], time[-1]))
        axes.set_ylim(bottom=0)
        ranged = any(f"{name}.max" in run for name in names)
        axes.set_title(f"Mean over sites{' (line) and range (shaded)' if ranged else ''}{point_note(run, point)}")
        _name_lines(axes, ends)
    return figure


def open_fractions(run):
    """Names whose mean over sites can be shown, each once."""
    open_ones = [name for name in run if run.units(name) in ("", "1") and "open" in run.meaning(name).lower()
                 and (name in run.traces() or name.endswith(".mean")) and len(run[name]) > 1]
    return sorted({name.removesuffix(".mean") for name in open_ones})


def _over_sites(run, name, point):
    """Times, mean, minimum and maximum over the sites; the last two are None where only the sites were recorded."""
    if f"{name}.mean" in run:
        sides = [run[f"{name}.{side}"][:, point] if f"{name}.{side}" in run else None for side in ("min", "max")]
        low, high = sides if sides[0] is not None and sides[1] is not None else (None, None)
        return run.time(f"{name}.mean"), run[f"{name}.mean"][:, point], low, high
    recorded = run[name]
    means = [np.mean(recorded[(row, point) if run.n_point > 1 else row]) for row in range(len(recorded))]
    return run.time(name), np.array(means), None, None


def _short_name(name):
    """'neurons.nmda.r' -> 'NMDA', 'neurons.gaba_a.r' -> 'GABA A'."""
    parts = name.split(".")
    return parts[-2].upper().replace("_", " ") if len(parts) > 2 else parts[-1].replace("_", " ")


def _cycle(n):
    return [PALETTE[i % len(PALETTE)] for i in range(n)]


def _name_lines(axes, ends):
    """Names at the right ends of the lines, pushed apart where they would overlap."""
    low, high = axes.get_ylim()
    gap, at = (high - low) * 0.075, -np.inf
    for value, name, colour in sorted(ends):
        at = max(value, at + gap)
        axes.annotate(name, (1, at), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                      color=colour, va="center", fontsize=7, annotation_clip=False)
