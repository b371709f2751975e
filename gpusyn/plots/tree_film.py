"""A film of trees coloured by one quantity."""
from gpusyn.plots.choice import pick, pick_rows, tree_traces
from gpusyn.plots.lattice import colour_map
from gpusyn.plots.morphology import colours, paint
from gpusyn.plots.movie import frame_size, write_film
from gpusyn.plots.space_time import MISSING, OUTSIDE
from gpusyn.plots.style import label, limits, page, point_note, require_point, subject
from gpusyn.plots.tree import Seen, colour_bar

MOST_NODES = 2500           # that are drawn: a frame takes a tenth of a second


def tree_movie(run, path, quantity=None, cell=None, point=0, fps=25, n_frame=150, plane="xy"):
    """Film trees coloured by a quantity, at most `n_frame` frames spread over the run.

    Args:
        run: a `Run`.
        path: of the film; its ending becomes .mp4, or .gif where there is no ffmpeg.
        quantity, cell, point, plane: as for `tree_map`.
        fps: frames per second of the film.
        n_frame: most frames.

    Returns:
        The path of the film.
    """
    require_point(run, point)
    name = pick(run, quantity, tree_traces(run), MISSING)
    seen, rows = Seen(run, name, cell, plane, MOST_NODES), pick_rows(run, name, None, n_frame)
    low, high, ends = limits(seen.values(rows[:: max(1, len(rows) // 20)], point), OUTSIDE)
    norm, shades = colours(low, high, colour_map(run, name))
    with page(None, *frame_size(seen.size), layout="compressed") as figure:
        axes = figure.subplots()
        drawn, clock = seen.draw(axes), axes.set_title("0 ms")
        axes.set(xlabel=f"{plane[0]} (µm)", ylabel=f"{plane[1]} (µm)")
        if seen.flat:
            axes.locator_params(axis="y", nbins=2)
        colour_bar(figure, axes, norm, shades, ends, label(subject(run, name), run.units(name)), below=seen.flat)

        def frames():
            for row, time in zip(rows, run.time(name)[rows], strict=True):
                paint(drawn, seen.values([row], point)[0], norm, shades)
                clock.set_text(f"{time:.1f} ms{point_note(run, point)}")
                yield

        return write_film(figure, path, fps, frames())
