"""A transmitter's concentration in space."""
import numpy as np

from gpusyn.plots.choice import concentrations, full_traces, pick, pick_rows, rows_at
from gpusyn.plots.lattice import draw_map, map_size, panel_height, write_above
from gpusyn.plots.style import (
    AMOUNT_MAP,
    accent,
    heading,
    label,
    limits,
    page,
    point_note,
    require_point,
    scale_bar,
    subject,
    tints,
)  # fmt: skip

MISSING = "no concentration was recorded at every site, so there is no picture of a field"


def concentration_field(run, quantity=None, times=None, point=0, n_panel=4, plane=None, figure=None):
    """A concentration over space at several times, and cuts along x where most of it is.

    Args:
        run: a `Run`.
        quantity: name of a concentration; the first one if None.
        times: in ms, one or several; `n_panel` times spread over the run if None.
        point: sweep point.
        plane: index along z that is shown of a 3-D lattice; the one with most of it if None.
        figure: Figure or SubFigure to draw into.
    """
    require_point(run, point)
    name = pick(run, quantity, concentrations(run, full_traces(run)), MISSING)
    rows = pick_rows(run, name, times, n_panel)
    values = rows_at(run, name, rows, point)
    if plane is None and values.ndim == 4:
        plane = int(values.sum(axis=(0, 2, 3)).argmax())
    maps, where = _through(run, name, values, plane)
    line = int(maps.sum(axis=(0, 2)).argmax())
    size, colour = map_size(run, name), accent(name.split(".")[0])
    with page(figure, panel_height(size, len(rows)) + 1.35) as figure:
        grid = figure.add_gridspec(2, len(rows) + 1, height_ratios=(panel_height(size, len(rows)) - 0.5, 1.35),
                                   width_ratios=(*[1] * len(rows), 0.055))
        panels = [figure.add_subplot(grid[0, i]) for i in range(len(rows))]
        low, high, ends = limits(maps)
        for axes, field, time in zip(panels, maps, run.time(name)[rows], strict=True):
            image = draw_map(axes, field, size, AMOUNT_MAP, low, high)
            axes.axhline((line + 0.5) * run.spacing(name)[-2], color="white", lw=0.6, ls=(0, (2, 3)), alpha=0.8)
            axes.set(title=f"{time:.4g} ms", xticks=[], yticks=[])
            scale_bar(axes, size[0])
        bar = figure.colorbar(image, cax=figure.add_subplot(grid[0, -1]), extend=ends)
        bar.set_label(label("concentration", run.units(name)))
        bar.outline.set_visible(False)
        _cuts(figure.add_subplot(grid[1, :-1]), run, name, maps[:, line], run.time(name)[rows], colour)
        write_above(figure, heading(subject(run, name), run.units(name)) + where + point_note(run, point))
    return figure


def _through(run, name, values, plane):
    """(row, ny, nx) maps, and which plane of a 3-D lattice they show."""
    if values.ndim == 3:
        return values, ""
    return values[:, plane], f", plane z = {plane * run.spacing(name)[0]:g} µm"


def _cuts(axes, run, name, cuts, times, colour):
    """Concentration along the dashed line, the latest time darkest."""
    x = (np.arange(cuts.shape[1]) + 0.5) * run.spacing(name)[-1]
    for cut, time, shade in zip(cuts, times, tints(colour, len(cuts))[::-1], strict=True):
        axes.plot(x, cut, color=shade, label=f"{time:.4g} ms")
    axes.set(xlabel="x along the dashed line (µm)", xlim=(0, x[-1] + run.spacing(name)[-1] / 2))
    axes.set_ylabel(label("concentration", run.units(name)))
    axes.set_ylim(bottom=min(0, float(cuts.min())))
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.98), ncols=len(cuts), handlelength=1.2, borderpad=0)
