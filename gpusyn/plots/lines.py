"""One quantity at some sites over time."""
import numpy as np

from gpusyn.plots.choice import NothingToDraw, pick, potentials
from gpusyn.plots.style import INK, PALETTE, heading, nice_length, page, point_note, pretty, require_point, subject

MISSING = "no quantity was recorded over time at single sites, so there are no traces"
SAMPLED = 256               # sites looked at to choose those that are shown


def traces(run, quantity=None, sites=None, point=0, n_trace=8, window=None, figure=None):
    """A quantity at some sites, one line each, stacked, with a bar for the scale.

    Args:
        run: a `Run`.
        quantity: its name; a membrane potential if None.
        sites: indices into the flattened lattice; if None, `n_trace` from the quietest to the liveliest.
        point: sweep point.
        window: (from, to) in ms; the whole run if None.
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    several = [name for name in run.traces() if len(run[name]) > 1]
    name = pick(run, quantity, potentials(run, several) + several, MISSING)
    time, sites, values = _values(run, name, sites, point, n_trace, window)
    step = max(1.08 * float(np.ptp(values, axis=0).max()), 1e-12)
    with page(figure, 0.9 + 0.42 * len(sites)) as figure:
        axes = figure.subplots()
        offsets = np.arange(len(sites))[::-1] * step
        middle = (values.max(axis=0) + values.min(axis=0)) / 2
        for i, offset in enumerate(offsets):
            axes.plot(time, values[:, i] - middle[i] + offset, color=PALETTE[0], lw=0.7)
        axes.set_yticks(offsets, [_coordinates(run, name, site) for site in sites])
        axes.set(xlabel="Time (ms)", ylabel=_site_label(run, name),
                 xlim=(time[0], time[-1]), ylim=(-0.6 * step, offsets[0] + 0.6 * step))
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_title(heading(subject(run, name), run.units(name)) + point_note(run, point))
        _value_bar(axes, step, run.units(name))
    return figure


def _values(run, name, sites, point, n_trace, window):
    """Times (time,), site indices (n,) and values (time, n) of what is shown."""
    time, stored, recorded = run.time(name), run.sites(name), run[name]
    inside = np.flatnonzero((time >= window[0]) & (time <= window[1])) if window else np.arange(len(time))
    if len(inside) < 2:
        raise NothingToDraw(f"{run.path.name}: fewer than two rows of '{name}' were recorded in {window} ms")
    rows = slice(inside[0], inside[-1] + 1)
    ahead = (rows, point) if run.n_point > 1 else (rows,)
    if sites is None:
        sample = np.unique(np.linspace(0, len(stored) - 1, min(SAMPLED, len(stored))).astype(int))
        values = recorded[(*ahead, sample)]
        lively = np.argsort(values.std(axis=0), kind="stable")
        evenly = np.unique(np.linspace(0, len(lively) - 1, n_trace).round().astype(int))
        chosen = np.sort(lively[evenly])
        return time[rows], stored[sample[chosen]], values[:, chosen]
    places = {int(site): place for place, site in enumerate(stored)}
    missing = [site for site in np.atleast_1d(sites) if int(site) not in places]
    if missing:
        raise NothingToDraw(f"{run.path.name}: '{name}' was not recorded at site {missing[0]}")
    values = np.stack([recorded[(*ahead, places[int(site)])] for site in np.atleast_1d(sites)], axis=1)
    return time[rows], np.atleast_1d(sites), values


def _site_label(run, name):
    if name.partition(".")[0] in run.trees:
        return "Node"
    return f"Site ({', '.join('zyx'[-len(run.lattice_shape(name)):])})"


def _coordinates(run, name, site):
    return ", ".join(str(int(i)) for i in np.unravel_index(int(site), run.lattice_shape(name)))


def _value_bar(axes, step, unit):
    """A vertical bar of a round value at the right of the lowest trace."""
    height = nice_length(step * 0.7)
    where = axes.get_yaxis_transform()
    axes.plot([1.012, 1.012], [-height / 2, height / 2], transform=where, color=INK, lw=1.6, clip_on=False,
              solid_capstyle="butt")
    axes.text(1.022, 0, f"{height:g} {pretty(unit)}", transform=where, color=INK, fontsize=7, va="center")
