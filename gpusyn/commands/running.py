"""``gpusyn run``, ``resume`` and ``plot``: a run to files, its summary and its pictures."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer

from gpusyn import running as runs
from gpusyn.config import load
from gpusyn.errors import GpusynError
from gpusyn.summary import Summary

LOG = logging.getLogger("gpusyn")
BYTES_PER_MB = 1_000_000


def run(
    path: str, sets: Iterable[str], options: Mapping[str, Any], *, out: Path | None, force: bool, plots: bool,
    quiet: bool, log_json: bool,
) -> int:  # fmt: skip
    """Run a config into a folder, print the summary, draw the pictures; gives the exit code."""
    config = load(path, sets, options)
    say = Voice(quiet, log_json)
    for note in config.notes:
        say.note(note)
    settings = config.run
    summary = runs.run(
        config, out, duration=settings.duration, backend=settings.backend, precision=settings.precision,
        seed=settings.seed, threads=settings.threads, record=config.records, spikes=config.output.spikes,
        checkpoint_every=f"{settings.checkpoint_every} min", compression=config.output.compression,
        budget=int(config.output.memory * BYTES_PER_MB), force=force, progress=say.progress,
    )  # fmt: skip
    return finish(summary, say, plots and config.plots.draw, config.plots.movie)


def resume(folder: Path, *, plots: bool, quiet: bool, log_json: bool) -> int:
    """Continue a run in its folder; gives the exit code."""
    say = Voice(quiet, log_json)
    summary = runs.resume(folder, progress=say.progress)
    wanted = plots_of(summary.path)
    return finish(summary, say, plots and wanted.get("draw", True), wanted.get("movie", True))


def plots_of(path: str) -> dict[str, Any]:
    """The section ``[plots]`` of the config that a run file holds."""
    from gpusyn.recording import open as open_run

    with open_run(path) as recorded:
        return recorded.config.get("plots", {})


def finish(summary: Summary, say: Voice, plots: bool, movie: bool) -> int:
    """Print what a run came to, and draw it if it has finished."""
    say.summary(summary)
    if summary.status == "interrupted":
        say.note(f"interrupted; continue with: gpusyn resume {Path(summary.path).parent}")
    elif plots and summary.status == "finished":
        say.pictures(draw(Path(summary.path), Path(summary.path).parent / "plots", movie))
    return summary.exit_code


def plot(path: Path, out: Path | None) -> None:
    """Draw all pictures of a run file, or of the one in a folder."""
    file = run_file(path)
    Voice(quiet=False, as_json=False).pictures(draw(file, out or file.parent / "plots"))


def run_file(path: Path) -> Path:
    """The run file at this path, or in this folder: a finished one, else one that was begun.

    Raises:
        GpusynError: there is none.
    """
    if not path.is_dir():
        return path
    for name in ("run.h5", "run.h5.part"):
        if (path / name).exists():
            return path / name
    raise GpusynError(f"{path}: there is no run.h5 in this folder")


def draw(path: Path, folder: Path, movie: bool = True) -> Any:
    """All pictures of a run file, into a folder."""
    from gpusyn.plots import draw_all
    from gpusyn.recording import open as open_run

    with open_run(path) as recorded:
        return draw_all(recorded, folder, movie=movie)


class Voice:
    """How a run speaks: a table for people, JSON lines for programs, or not at all."""

    def __init__(self, quiet: bool, as_json: bool):
        self.quiet, self.as_json = quiet, as_json
        self.progress = not quiet and not as_json

    def event(self, name: str, **about) -> None:
        """One line of JSON on standard output."""
        typer.echo(json.dumps({"event": name, **about}))

    def note(self, text: str) -> None:
        """Something worth knowing, on standard error."""
        if self.as_json:
            self.event("note", text=text)
        elif not self.quiet:
            typer.echo(text, err=True)

    def summary(self, summary: Summary) -> None:
        """What the run came to."""
        if self.as_json:
            self.event("summary", status=summary.status, reason=summary.reason, path=summary.path, **summary.as_json())
        elif not self.quiet:
            print_table(summary.rows())

    def pictures(self, drawn) -> None:
        """Which pictures were made."""
        if self.as_json:
            self.event("plots", paths=[str(path) for path in drawn], left_out=drawn.left_out)
        elif not self.quiet:
            folder = drawn.paths[0].parent if drawn.paths else ""
            typer.echo(
                f"{len(drawn)} picture{'s' * (len(drawn) > 1)} in {folder}" if drawn.paths
                else "no pictures: nothing was recorded to draw"
            )
        for name, reason in drawn.left_out.items():
            LOG.info("no %s: %s", name, reason)


def print_table(*blocks: Iterable[tuple[str, str]]) -> None:
    """Names and values as a table, with a line between blocks."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False)
    for rows in blocks:
        for name, value in rows:
            table.add_row(Text(name), Text(value, overflow="fold"))
        table.add_section()
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 120
    Console(width=width).print(table)
