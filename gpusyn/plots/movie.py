"""A film of one quantity over the lattice."""
import logging
import shutil
from pathlib import Path

import numpy as np

from gpusyn.plots.choice import full_traces, pick, pick_rows, potentials, rows_at
from gpusyn.plots.lattice import MISSING, colour_map, draw_map, flat, map_size
from gpusyn.plots.style import label, limits, page, point_note, require_point, subject

LOG = logging.getLogger("gpusyn")
FILM_DPI, GIF_DPI = 150, 90             # a gif of the size of a film would be tens of megabytes


def lattice_movie(run, path, quantity=None, point=0, fps=25, n_frame=150, plane=None):
    """Film one quantity over the lattice, at most `n_frame` frames spread over the run.

    An mp4 where ffmpeg is on the PATH, in the pixel format that browsers ask for; else a gif, with a warning.

    Args:
        run: a `Run`.
        path: of the film; its ending becomes .mp4 or .gif.
        quantity, point, plane: as for `lattice_map`.
        fps: frames per second of the film.
        n_frame: most frames.

    Returns:
        The path of the film.
    """
    require_point(run, point)
    full = full_traces(run)
    name = pick(run, quantity, potentials(run, full) + full, MISSING)
    rows = pick_rows(run, name, None, n_frame)
    times, size = run.time(name)[rows], map_size(run, name)
    low, high, ends = limits(rows_at(run, name, rows[:: max(1, len(rows) // 20)], point))
    with page(None, *frame_size(size), layout="compressed") as figure:
        axes = figure.subplots()
        first, where = flat(run, name, rows_at(run, name, rows[:1], point), plane)
        image = draw_map(axes, first[0], size, colour_map(run, name), low, high)
        axes.set(xlabel="x (µm)", ylabel="y (µm)")
        bar = figure.colorbar(image, ax=axes, extend=ends, pad=0.02, aspect=25)
        bar.set_label(label(subject(run, name), run.units(name)))
        bar.outline.set_visible(False)
        clock = axes.set_title("0 ms")

        def frames():
            for row, time in zip(rows, times, strict=True):
                image.set_data(flat(run, name, rows_at(run, name, [row], point), plane)[0][0])
                clock.set_text(f"{time:.1f} ms{where}{point_note(run, point)}")
                yield

        return write_film(figure, path, fps, frames())


def write_film(figure, path, fps, frames):
    """Write a film: a frame each time that `frames`, a generator, has changed the figure; gives the film's path."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")            # the layout is settled once, so that nothing jumps
    writer, path, dpi = _writer(Path(path), fps)
    with writer.saving(figure, str(path), dpi):
        for _ in frames:
            writer.grab_frame()
    return path


def frame_size(size):
    """(height, width) in inch, both an even number of pixels, as the film's codec asks."""
    width = 5.6
    height = float(np.clip((width - 1.3) * size[1] / size[0] + 0.75, 2.0, 7.0))
    return tuple(round(inch * FILM_DPI / 2) * 2 / FILM_DPI for inch in (height, width))


def _writer(path, fps):
    """ffmpeg if there is one, else pillow; with the film's path and dots per inch."""
    from matplotlib.animation import FFMpegWriter, PillowWriter

    if shutil.which("ffmpeg"):
        options = ["-pix_fmt", "yuv420p", "-crf", "20", "-movflags", "+faststart"]
        return FFMpegWriter(fps=fps, codec="libx264", extra_args=options), path.with_suffix(".mp4"), FILM_DPI
    LOG.warning("no ffmpeg on the PATH: the film is a gif, which is larger and has fewer colours")
    return PillowWriter(fps=fps), path.with_suffix(".gif"), GIF_DPI
