"""Heat maps of one quantity over the lattice."""
import numpy as np

from gpusyn.plots.choice import full_traces, pick, pick_rows, potentials, rows_at
from gpusyn.plots.style import AMOUNT_MAP, POTENTIAL_MAP, WIDTH, label, limits, page, point_note, require_point, subject

MISSING = "no quantity was recorded at every site, so there is no map; record one, for instance neurons.v"


def lattice_map(run, quantity=None, times=None, point=0, n_panel=4, plane=None, figure=None):
    """One quantity over the lattice, a panel per time, all on one colour scale.

    Args:
        run: a `Run`.
        quantity: its name; a membrane potential if None.
        times: in ms, one or several; `n_panel` times spread over the run if None.
        point: sweep point.
        plane: index along z that is shown of a 3-D lattice; the middle one if None.
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    full = full_traces(run)
    name = pick(run, quantity, potentials(run, full) + full, MISSING)
    rows = pick_rows(run, name, times, n_panel)
    maps, where = flat(run, name, rows_at(run, name, rows, point), plane)
    size, note = map_size(run, name), where + point_note(run, point)
    with page(figure, panel_height(size, len(rows)) + (0.17 if note else 0), layout="compressed") as figure:
        panels = np.atleast_1d(figure.subplots(1, len(rows), sharex=True, sharey=True))
        low, high, ends = limits(maps)
        for axes, values, time in zip(panels, maps, run.time(name)[rows], strict=True):
            image = draw_map(axes, values, size, colour_map(run, name), low, high)
            axes.set(title=f"{time:.4g} ms", xlabel="x (µm)")
        panels[0].set_ylabel("y (µm)")
        bar = figure.colorbar(image, ax=list(panels), extend=ends, pad=0.015, aspect=22)
        bar.set_label(label(subject(run, name), run.units(name)))
        bar.outline.set_visible(False)
        write_above(figure, note)
    return figure


def flat(run, name, values, plane):
    """(row, ny, nx) maps out of (row, *lattice) values, and which plane of a 3-D lattice they show."""
    if values.ndim == 3:
        return values, ""
    plane = values.shape[1] // 2 if plane is None else plane
    return values[:, plane], f", z = {plane * run.spacing(name)[0]:g} µm"


def map_size(run, name):
    """Width and height of a quantity's lattice in um."""
    (ny, nx), (dy, dx) = run.lattice_shape(name)[-2:], run.spacing(name)[-2:]
    return nx * dx, ny * dy


def panel_height(size, n_panel, width=WIDTH):
    """Height of a figure whose `n_panel` maps fill its width, inch."""
    return float(np.clip((width - 1.4) / n_panel * size[1] / size[0] + 0.68, 1.6, 6.5))


def draw_map(axes, values, size, cmap, low, high):
    """One map with y downwards, as matrices are printed; sites are squares, not interpolated."""
    image = axes.imshow(values, cmap=cmap, vmin=low, vmax=high, extent=(0, size[0], size[1], 0))
    axes.tick_params(length=2)
    axes.spines[:].set_visible(False)
    return image


def colour_map(run, name):
    """The colour map of a potential or of an amount."""
    return POTENTIAL_MAP if run.units(name) == "mV" else AMOUNT_MAP


def write_above(figure, note):
    """A line above all panels, where there is something to say."""
    if note:
        figure.suptitle(note.removeprefix(", "), x=0.01, ha="left", fontsize=8)
