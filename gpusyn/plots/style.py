"""How pictures look: one type size, colours that the colour-blind can tell apart, labels that carry units."""
from contextlib import contextmanager
from textwrap import wrap
from typing import Any, Literal

import numpy as np

from gpusyn.recording.errors import RecordingError

WIDTH = 7.2                 # inch: the full width of a printed page (183 mm); 1200 pixels at DPI
DPI = 1200 / WIDTH
LINE = 32                   # letters that fit along an axis
INK, GREY, FAINT = "#222222", "#777777", "#dddddd"
# Okabe & Ito (2008), jfly.uni-koeln.de/color: distinct for all common kinds of colour vision.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#555555")
ACCENTS = {
    "glutamate": "#D55E00", "gaba": "#0072B2", "dopamine": "#009E73", "acetylcholine": "#CC79A7",
    "serotonin": "#E69F00", "noradrenaline": "#56B4E9",
}  # fmt: skip
ABBREVIATIONS = ("ampa", "nmda", "gaba", "stdp", "ip3", "ryr", "er", "camp", "pka")
CLOSE = 0.05                # of the colour scale: outliers that are no farther out belong to it
POTENTIAL_MAP, AMOUNT_MAP = "magma", "viridis"          # perceptually uniform, and monotonic in grey

RC: dict[Any, Any] = {
    "font.family": "sans-serif", "font.sans-serif": ["Arial", "Helvetica", "Liberation Sans", "DejaVu Sans"],
    "font.size": 8, "axes.titlesize": 8, "axes.labelsize": 8, "xtick.labelsize": 7, "ytick.labelsize": 7,
    "legend.fontsize": 7, "legend.frameon": False, "mathtext.default": "regular",
    "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.linewidth": 0.6, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.major.size": 2.5,
    "ytick.major.size": 2.5, "lines.linewidth": 1.0, "axes.spines.top": False, "axes.spines.right": False,
    "axes.titlelocation": "left", "figure.facecolor": "white", "savefig.facecolor": "white",
}  # fmt: skip
CONCENTRATIONS = ("M", "mM", "uM", "nM", "pM")
PRETTY = (("um", "µm"), ("uM", "µM"), ("us", "µs"), ("^2", "²"), ("^3", "³"), ("*", "·"))


@contextmanager
def page(figure=None, height=3.6, width=WIDTH, layout: Literal["constrained", "compressed"] = "constrained"):
    """The figure to draw into: the given one, or a new one in the house style."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(RC):
        yield figure if figure is not None else Figure(figsize=(width, height), dpi=DPI, layout=layout)


def pretty(unit):
    """'um^2/ms' -> 'µm²/ms'; '1' -> 'dimensionless'."""
    if unit in ("", "1"):
        return "dimensionless"
    for plain, printed in PRETTY:
        unit = unit.replace(plain, printed)
    return unit


def heading(meaning, unit):
    """'membrane potential', 'mV' -> 'Membrane potential (mV)'."""
    return f"{meaning[:1].upper()}{meaning[1:]} ({pretty(unit)})"


def label(meaning, unit):
    """The same for an axis, in lines that are not longer than one; the unit stays in one piece."""
    text = heading(meaning, unit)
    if len(text) <= LINE:
        return text
    return "\n".join(wrap(f"{meaning[:1].upper()}{meaning[1:]}", LINE)) + f"\n({pretty(unit)})"


def subject(run, name):
    """What a recording is, its transmitter named: 'glutamate concentration', 'GABA concentration'."""
    owner, meaning = name.partition(".")[0], run.meaning(name)
    if run.units(name) not in CONCENTRATIONS or owner.lower() in meaning.lower() or owner in {*run.spikes, *run.trees}:
        return meaning
    return f"{in_words(owner)} {meaning}"


def accent(name):
    """The colour of a transmitter: its own if it is a usual one, else always the same one for the same name."""
    return ACCENTS.get(name.lower(), PALETTE[sum(map(ord, name)) % len(PALETTE)])


def tints(colour, n):
    """`n` shades from `colour` to a light tint of it, dark first."""
    from matplotlib.colors import to_rgb

    base = np.array(to_rgb(colour))
    return [tuple(base + (1 - base) * part) for part in np.linspace(0, 0.7, n)]


def limits(values, outside=0.5):
    """Colour limits that a few outliers cannot stretch, and which ends of the colour bar to open.

    `outside` is how many per cent of the values may lie beyond either limit; what is close to it does not.
    """
    values = values[np.isfinite(values)]
    low, high = np.percentile(values, [outside, 100 - outside])
    if not high > low:
        low, high = values.min(), values.max()
    close = CLOSE * (high - low)
    low = values.min() if low - values.min() < close else low
    high = values.max() if values.max() - high < close else high
    if not high > low:
        spread = abs(low) * 0.05 or 1.0
        low, high = low - spread, high + spread
    ends = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}
    return low, high, ends[bool(values.min() < low), bool(values.max() > high)]


def nice_length(length):
    """The largest 1, 2 or 5 times a power of ten that is not above `length`."""
    power = 10.0 ** np.floor(np.log10(length))
    return max(step * power for step in (1, 2, 5) if step * power <= length * (1 + 1e-9))


def scale_bar(axes, extent, colour="white"):
    """A bar of a round length in um inside a map whose axes are in um; `extent` is the map's width."""
    from matplotlib.patheffects import withStroke

    length = nice_length(extent * 0.3)
    x, y = extent * 0.05, axes.get_ylim()[0] * 0.94
    rim = [withStroke(linewidth=2.6, foreground="black", alpha=0.55)]
    axes.plot([x, x + length], [y, y], color=colour, lw=1.8, solid_capstyle="butt", path_effects=rim)
    axes.annotate(f"{length:g} µm", (x + length / 2, y), (0, 3), textcoords="offset points", color=colour, ha="center",
                  va="bottom", fontsize=7, path_effects=rim)


def require_point(run, point):
    """Refuse a sweep point that the run does not have."""
    if not 0 <= point < run.n_point:
        raise RecordingError(f"{run.path}: no sweep point {point}; there are 0 to {run.n_point - 1}")


def point_note(run, point):
    """', conductance = 0.5 nS' for a point of a sweep, nothing without a sweep."""
    if run.n_point == 1:
        return ""
    words = [assignment(run, name, run.sweep[name][point]) for name in run.sweep]
    return ", " + ", ".join(words) if words else f", sweep point {point}"


def assignment(run, name, value):
    """'nmda conductance = 0.5 nS' for a value of a swept parameter."""
    unit = run.sweep.units[name]
    return f"{in_words(name)} = {_short(value)} {'' if unit in ('', '1') else pretty(unit)}".strip()


def in_words(name):
    """'neurons.nmda.mg_concentration' -> 'NMDA mg concentration': the last two parts of a dotted name."""
    words = " ".join(name.split(".")[-2:]).replace("_", " ").split()
    return " ".join(word.upper() if word in ABBREVIATIONS else word for word in words)


def group_digits(axis):
    """Write the numbers of an axis with thin spaces between thousands."""
    axis.set_major_formatter(lambda value, _: f"{value:,.6g}".replace(",", "\N{THIN SPACE}"))


def _short(value):
    return value if isinstance(value, str) else f"{value:.3g}"
