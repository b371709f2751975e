"""Spike raster and population rate."""
import numpy as np

from gpusyn.plots.choice import NothingToDraw, duration
from gpusyn.plots.style import FAINT, GREY, INK, PALETTE, page, point_note, require_point

DENSE = 1_000_000           # spikes beyond which single points would only be a grey smear


def spike_raster(run, population=None, point=0, window=None, figure=None):
    """Every spike as a point, neurons by site, above the rate of the population.

    Beyond a million spikes the points give way to counts per bin of time and site.

    Args:
        run: a `Run`.
        population: its name; the first one with spikes if None.
        point: sweep point.
        window: (from, to) in ms; the whole run if None.
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    population, times, sites = _spikes(run, population, point)
    start, end = window or (0.0, duration(run))
    n_site = run.n_site(population)
    inside = (times >= start) & (times <= end)
    times, sites = times[inside], sites[inside]
    if not len(times):
        raise NothingToDraw(f"{run.path.name}: '{population}' fired no spike from {start:g} to {end:g} ms")
    with page(figure, 4.2) as figure:
        upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (3, 1)})
        if len(times) > DENSE:
            _counts(figure, upper, times, sites, (start, end), n_site)
        else:
            _points(upper, times, sites)
        upper.set(ylabel=f"{population.capitalize()} (site)", xlim=(start, end), ylim=(-0.5, n_site - 0.5))
        upper.set_title(f"{len(times):,} spikes of {n_site:,} sites{point_note(run, point)}")
        _rate(lower, times, (start, end), n_site, run.dt)
        figure.align_ylabels([upper, lower])
    return figure


def _spikes(run, population, point):
    if not run.spikes:
        raise NothingToDraw(f"{run.path.name}: no spikes were recorded")
    names = [population] if population else sorted(run.spikes, key=lambda name: not len(run.spikes[name].point(point)))
    spikes = run.spikes[names[0]].point(point)
    return names[0], spikes.times, spikes.ids.astype(np.int64)


def _points(axes, times, sites):
    """One mark per spike, smaller and fainter the more there are."""
    few = np.clip(1 - np.log10(len(times) / 1e3) / 3, 0, 1)
    axes.plot(times, sites, linestyle="none", marker="o", ms=0.6 + 1.2 * few, mew=0, color=INK,
              alpha=0.35 + 0.55 * few, rasterized=True)


def _counts(figure, axes, times, sites, window, n_site):
    counts, *_ = np.histogram2d(sites, times, bins=(min(n_site, 300), 600), range=((0, n_site), window))
    image = axes.imshow(counts, origin="lower", aspect="auto", extent=(*window, -0.5, n_site - 0.5), cmap="Greys",
                        vmax=np.percentile(counts, 99.8) or 1)
    bar = figure.colorbar(image, ax=axes, pad=0.01, aspect=30)
    bar.set_label("Spikes per bin (count)")
    bar.outline.set_visible(False)


def _rate(axes, times, window, n_site, dt):
    """Population rate in Hz, in at most 150 bins of whole steps, none narrower than 1 ms."""
    span = window[1] - window[0]
    width = np.ceil(max(1.0, span / 150) / dt * (1 - 1e-9)) * dt
    edges = np.append(window[0] + width * np.arange(max(1, int(np.ceil(span / width - 1e-9)))), window[1])
    # A step belongs to the bin that it begins in: half a step keeps rounding from moving it.
    rate = np.histogram(times + dt / 2, np.append(edges[:-1], edges[-1] + dt))[0] / np.diff(edges) / n_site * 1000
    axes.stairs(rate, edges, fill=True, color=FAINT)
    axes.stairs(rate, edges, color=PALETTE[0], lw=0.9)
    mean = len(times) / n_site / (window[1] - window[0]) * 1000
    axes.axhline(mean, color=GREY, lw=0.6, ls=(0, (4, 3)))
    axes.annotate(f"mean {mean:.3g} Hz", (1, mean), (-2, 2), xycoords=("axes fraction", "data"), fontsize=7, color=GREY,
                  textcoords="offset points", ha="right", va="bottom")
    axes.set(xlabel="Time (ms)", ylabel="Rate (Hz)", ylim=(0, max(rate.max() * 1.08, mean * 1.5)))
