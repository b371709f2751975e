"""The command line: what may be typed. What commands do stands in `gpusyn.commands`, imported when it is asked for.

Exit codes: 0 done, 1 failed, 2 the config or the command line is wrong and nothing was written, 75 interrupted with a
checkpoint that ``gpusyn resume`` continues.
"""

from __future__ import annotations

import functools
import io
import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from gpusyn._version import __version__
from gpusyn.errors import GpusynError, ModelError

FAILED, WRONG, INTERRUPTED = 1, 2, 75

app = typer.Typer(
    name="gpusyn",
    help="Simulate synaptic biochemistry on lattices: on CUDA, on a laptop's cores, or in plain NumPy.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ConfigPath = Annotated[
    str, typer.Argument(metavar="CONFIG", help="A TOML file, or the name of one that gpusyn brings.")
]
Overrides = Annotated[
    list[str],
    typer.Option(
        "--set", metavar="NAME=VALUE", help='Change one value: --set neurons.ampa.conductance="2 nS". May be repeated.'
    ),
]
Backend = Annotated[str | None, typer.Option(help="auto, numpy, numba, cuda or cuda-on-host; instead of the file's.")]
Precision = Annotated[str | None, typer.Option(help="float32 or float64; instead of the file's.")]
Seed = Annotated[int | None, typer.Option(help="Seed of all random numbers; instead of the file's.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads of the numba backend; one per core by default.")]
NoPlots = Annotated[bool, typer.Option("--no-plots", help="Draw no pictures.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
LogJson = Annotated[bool, typer.Option("--log-json", help="One JSON object per line instead of bars and tables.")]


def plainly(function):
    """The command with its errors as one plain message and an exit code instead of a traceback."""

    @functools.wraps(function)
    def command(*args, **named):
        try:
            code = function(*args, **named)
        except GpusynError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(WRONG if isinstance(error, ModelError) else FAILED) from None
        except BrokenPipeError:  # whoever reads, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(FAILED) from None
        except OSError as error:
            typer.echo(f"error: {error.filename or ''}: {error.strerror or error}", err=True)
            raise typer.Exit(FAILED) from None
        raise typer.Exit(code or 0)

    return command


def print_version(wanted: bool) -> None:
    """Print the version and leave, if it was asked for."""
    if wanted:
        typer.echo(f"gpusyn {__version__}")
        raise typer.Exit


@app.callback()
def gpusyn(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print it.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say what is decided on the way, and why.")] = False,
):
    """Set how much is said."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(message)s")


@app.command()
@plainly
def run(
    config: ConfigPath,
    sets: Overrides = [],  # noqa: B006 - typer reads it and copies it
    backend: Backend = None,
    precision: Precision = None,
    seed: Seed = None,
    threads: Threads = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where results go; runs/<name>/ by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing result.")] = False,
    no_plots: NoPlots = False,
    quiet: Quiet = False,
    log_json: LogJson = False,
):
    """Run a simulation, record it, draw it."""
    from gpusyn.commands.running import run

    chosen = {"backend": backend, "precision": precision, "seed": seed, "threads": threads}
    return run(config, sets, chosen, out=out, force=force, plots=not no_plots, quiet=quiet, log_json=log_json)


@app.command()
@plainly
def resume(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of an interrupted run.")],
    no_plots: NoPlots = False,
    quiet: Quiet = False,
    log_json: LogJson = False,
):
    """Continue an interrupted run from its last checkpoint, bit for bit."""
    from gpusyn.commands.running import resume

    return resume(folder, plots=not no_plots, quiet=quiet, log_json=log_json)


@app.command()
@plainly
def check(config: ConfigPath, sets: Overrides = [], precision: Precision = None):  # noqa: B006
    """Say what a config would simulate: sizes, memory, steps, schemes. Allocates nothing."""
    from gpusyn.commands.checking import check

    check(config, sets, {"precision": precision})


@app.command()
@plainly
def show(
    config: ConfigPath,
    part: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A population or transmitter; all by default.")
    ] = None,
    sets: Overrides = [],  # noqa: B006
    python: Annotated[bool, typer.Option("--python", help="The fused Python of one step (the default).")] = False,
    numba: Annotated[bool, typer.Option("--numba", help="The Python that Numba compiles.")] = False,
    cuda: Annotated[bool, typer.Option("--cuda", help="The generated CUDA C.")] = False,
    quantities: Annotated[
        bool, typer.Option("--quantities", help="Every quantity: value, unit, meaning, source.")
    ] = False,
    resolved: Annotated[
        bool, typer.Option("--config", help="The config with every value and unit written out.")
    ] = False,
    precision: Precision = None,
):
    """Print the equations of a config as they run."""
    from gpusyn.commands.showing import show

    wanted = {"python": python, "numba": numba, "cuda": cuda, "quantities": quantities, "config": resolved}
    show(config, sets, part, [form for form, asked in wanted.items() if asked], {"precision": precision})


@app.command()
@plainly
def plot(
    path: Annotated[Path, typer.Argument(metavar="RUN", help="run.h5, or the folder that holds it.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where pictures go; beside the file by default.")
    ] = None,
):
    """Draw all pictures of a recorded run."""
    from gpusyn.commands.running import plot

    plot(path, out)


@app.command()
@plainly
def export(
    path: Annotated[Path, typer.Argument(metavar="RUN", help="run.h5, or the folder that holds it.")],
    vtu: Annotated[Path, typer.Option("--vtu", metavar="DIR", help="Where files for ParaView go: .vtu and .pvd.")],
    fields: Annotated[
        str | None, typer.Option(metavar="A,B", help="What to write, as in ca,ca_er,v,radius; everything by default.")
    ] = None,
    every: Annotated[
        str | None, typer.Option(metavar="TIME", help='Interval between files: "0.5 ms"; every row by default.')
    ] = None,
    population: Annotated[str | None, typer.Option(help="Which trees, where there are several.")] = None,
    point: Annotated[int, typer.Option(min=0, help="Point of a sweep.")] = 0,
):
    """Write the trees of a recorded run in the formats of other programs."""
    from gpusyn.commands.exporting import export

    export(path, vtu, fields, population, every, point)


@app.command()
@plainly
def info():
    """Say what is installed and what can run here: backends, devices, caches, kernels."""
    from gpusyn.commands.information import info

    typer.echo(info())


def main() -> None:
    """Entry point of the ``gpusyn`` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no Greek still gets its table
    app()
