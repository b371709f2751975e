"""Where the released transmitter went."""
import numpy as np

from gpusyn.plots.choice import NothingToDraw
from gpusyn.plots.style import GREY, INK, accent, group_digits, in_words, page, point_note, pretty, require_point, tints


def ledger(run, transmitter=None, point=0, figure=None):
    """Amounts by fate, stacked, against what was put in; below, what the two sums differ by.

    Args:
        run: a `Run`.
        transmitter: its name; the first one with a ledger if None.
        point: sweep point.
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    if not run.ledger:
        raise NothingToDraw(f"{run.path.name}: no ledger was recorded")
    transmitter = next(iter(run.ledger)) if transmitter is None else transmitter
    amounts = run.ledger[transmitter]
    if amounts.n_row < 2:
        raise NothingToDraw(f"{run.path.name}: the ledger of '{transmitter}' has fewer than two rows")
    fates, sources = (_that_happened(amounts.terms(role), point) for role in ("fate", "source"))
    if not fates or not sources:
        raise NothingToDraw(f"{run.path.name}: there was never any {transmitter}")
    with page(figure, 3.6) as figure:
        upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (3.2, 1)})
        put_in = sum(sources.values())
        _stack(upper, amounts.time, _order(fates), put_in, " + ".join(map(_words, sources)), accent(transmitter))
        upper.set_ylabel(f"Amount of {in_words(transmitter)}\n({pretty(amounts.unit)})")
        upper.set_title(f"Where the {in_words(transmitter)} went{point_note(run, point)}")
        _closure(lower, amounts.time, amounts.residual()[:, point], put_in)
        figure.align_ylabels([upper, lower])
    return figure


def _that_happened(terms, point):
    """{term: (time,) amounts at one sweep point} of those that were ever different from nothing."""
    return {term: values[:, point] for term, values in terms.items() if values[:, point].any()}


def _order(fates):
    """Fates with what is still there first, then by the amount at the end."""
    return dict(sorted(fates.items(), key=lambda item: (item[0] != "present", -item[1][-1])))


def _stack(axes, time, fates, put_in, sources, colour):
    """Stacked areas, named at their right ends."""
    shades = tints(colour, len(fates))
    axes.stackplot(time, *fates.values(), colors=shades, lw=0.4, edgecolor="white")
    axes.plot(time, put_in, color=INK, lw=1.0, ls=(0, (4, 2)))
    tops = np.cumsum([values[-1] for values in fates.values()])
    middles = tops - np.array([values[-1] for values in fates.values()]) / 2
    gap = 0.085 * max(float(tops[-1]), float(put_in[-1]))
    at = -np.inf
    for (term, values), middle, shade in zip(fates.items(), middles, shades, strict=True):
        at = max(middle, at + gap)
        share = 100 * values[-1] / put_in[-1] if put_in[-1] else 0.0
        _end_label(axes, at, f"■ {_words(term)}, {share:.3g} %", shade)
    _end_label(axes, max(float(put_in[-1]), at + gap), f"- - {sources}", INK)
    axes.set(xlim=(time[0], time[-1]), ylim=(0, None))
    group_digits(axes.yaxis)


def _end_label(axes, height, text, colour):
    mark, words = text.split(" ", 1) if text[0] == "■" else (text[:3], text[4:])
    for part, shift, ink in ((mark, 4, colour), (words, 17, INK)):
        axes.annotate(part, (1, height), (shift, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                      color=ink, va="center", fontsize=7, annotation_clip=False)


def _closure(axes, time, residual, put_in):
    """What was not counted, relative to what was put in so far."""
    largest = float(np.max(put_in))
    relative = residual / (largest or 1.0)
    axes.axhline(0, color=GREY, lw=0.6)
    axes.plot(time, relative, color=INK, lw=0.8)
    reach = float(np.abs(relative).max()) or 1e-16
    axes.set(xlabel="Time (ms)", ylabel="Not accounted\n(fraction of total)", ylim=(-1.4 * reach, 1.4 * reach))
    axes.ticklabel_format(axis="y", style="sci", scilimits=(-2, 2))
    axes.annotate(f"largest\n{reach:.1e}", (1, 0.5), (17, 0), xycoords="axes fraction", textcoords="offset points",
                  va="center", fontsize=7, color=INK, annotation_clip=False)


def _words(term):
    return term.replace("_", " ")
