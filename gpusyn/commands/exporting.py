"""``gpusyn export``: a recorded run in the formats of other programs."""

from __future__ import annotations

import warnings
from pathlib import Path

import typer

from gpusyn.commands.running import run_file
from gpusyn.recording import open as open_run
from gpusyn.recording.vtu import write_vtu


def export(path: Path, folder: Path, fields: str | None, population: str | None, every: str | None, point: int) -> None:
    """Write trees for ParaView and say where; `fields` are names with commas between them."""
    names = None if fields is None else [name.strip() for name in fields.split(",") if name.strip()]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run = open_run(run_file(path))
    for warning in caught:
        typer.echo(str(warning.message), err=True)
    with run:
        index = write_vtu(folder, run, names, population=population, every=every, point=point)
    n_file = len(list((folder / index.stem).glob("*.vtu")))
    typer.echo(f"{n_file} times in {index}")
