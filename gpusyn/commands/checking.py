"""``gpusyn check``: what a config would simulate, without allocating any of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import typer

from gpusyn import backends, memory_estimate
from gpusyn.commands.running import BYTES_PER_MB, print_table
from gpusyn.config import Config, load
from gpusyn.config.programs import program_of
from gpusyn.fusing.fusion import Fusion
from gpusyn.numerics.diffusion import choose_scheme
from gpusyn.recording.recorder import Recorder
from gpusyn.transport import transport_of
from gpusyn.trees.part import SCHEMES, Trees

Rows = Iterator[tuple[str, str]]


def check(path: str, sets: Iterable[str], options: Mapping[str, Any]) -> None:
    """Print sizes, connections, steps, what is recorded, memory by part and the schemes chosen."""
    config = load(path, sets, options)
    recorder = Recorder(config.records, spikes=config.output.spikes, budget=int(config.output.memory * BYTES_PER_MB))
    backend = backends.get(config.run.backend, config.run.threads)
    estimate = memory_estimate.estimate(config.model, config.run.precision, backend, recorder)
    print_table(time_rows(config), model_rows(config), record_rows(config), memory_rows(config, backend, estimate))
    for note in config.notes:
        typer.echo(f"note: {note}")
    fits = "fits" if estimate.total <= estimate.free else "does NOT fit"
    typer.echo(f"{path}: no problems; {memory_estimate.readable(estimate.total)}, which {fits} on {backend.name}")


def time_rows(config: Config) -> Rows:
    """Duration, steps, precision, seed."""
    run = config.run
    yield "duration", f"{run.duration:g} ms in {round(run.duration / run.dt)} steps of {run.dt:g} ms"
    yield "precision", run.precision
    yield "seed", str(run.seed)
    yield "sweep points", str(config.model.n_point)
    for path, values in config.model.sweep.axes.items():
        yield f"  {path}", f"{len(values)} values, {min(values):g} to {max(values):g}"


def model_rows(config: Config) -> Rows:
    """What there is, and how it is wired."""
    model = config.model
    yield "lattice", sites(model.lattice)
    for name, population in model.populations.items():
        place = shape(population) if isinstance(population, Trees) else sites(population.lattice)
        yield name, f"{place}; {members(population)}; {updates(model, population)}"
    for name, field in model.transmitters.items():
        yield name, f"{members(field)}; {choose_scheme(transport_of(model, field), field.scheme).reason}"
    for name, source in model.sources.items():
        yield name, f"{type(source.rule).__name__}, {source.n_site} sites"
    for name, connection in model.connections.items():
        yield name, wired(connection)
    for name, gap in model.gap_junctions.items():
        yield name, f"{gap.population}: {gap.wiring.n_connections() // 2} gap junctions, {gap.conductance:g} nS"
    for name, link in model.links.items():
        n_connection = link.listed().n_connections()
        yield name, f"{link.population} reads {link.source} along {n_connection} connections, times {link.weight:g}"
    for name, played in model.played.items():
        first, last = played.times[[0, -1]]
        yield name, f"{played.population} reads a table of {played.times.size} times, {first:g} to {last:g} ms"


def wired(connection) -> str:
    """A connection in words."""
    delay = f", delay {connection.delay:g} ms" if connection.delay else ""
    chance = connection.probability
    drawn = f", released with {chance}" if isinstance(chance, str) else ""
    rule = f", {type(connection.synapse).__name__}" if connection.synapse is not None else ""
    ends, wiring = f"{connection.pre} to {connection.target}", connection.wiring
    return f"{ends}: {wiring.n_connections()} connections{delay}{drawn}{rule} ({wiring.describe()})"


def sites(lattice) -> str:
    """A lattice in words."""
    shape = " x ".join(map(str, lattice.shape))
    edges = ", ".join(dict.fromkeys(lattice.edges))
    return f"{shape} = {lattice.n_site} sites, {lattice.spacing:g} um apart, edges {edges}"


def shape(trees: Trees) -> str:
    """Cells with a shape in words."""
    forest = trees.forest
    length = sum(forest.distinct[k].length.sum() for k in forest.which)
    cells = "1 cell" if forest.n_cell == 1 else f"{forest.n_cell} cells"
    return f"{cells}, {forest.n_node} nodes, {length:.6g} um; {trees.scheme}: {SCHEMES[trees.scheme]}"


def members(part) -> str:
    """The mechanisms of a part."""
    return ", ".join(f"{name} {type(one).__name__}".strip() for name, one in part.members.items())


def updates(model, population) -> str:
    """How much one launch does."""
    if isinstance(population, Trees):
        fusion = Fusion(population.name, population.members, model.inputs_of(population))
        return f"{len(fusion.old.variables)} states per node"
    program = program_of(model, population)
    return f"{len(program.updates)} states per cell"


def record_rows(config: Config) -> Rows:
    """What is recorded, how often, and how many bytes of rows that makes."""
    yield "spikes", "all" if config.output.spikes else "none"
    dt, n_step = config.model.dt, round(config.run.duration / config.run.dt)
    for record in config.records:
        unit = config.model.quantity(record.path).unit
        where = "all sites" if record.sites is None else "chosen sites"
        if record.reduce is not None:
            where = ", ".join(record.reduce) if isinstance(record.reduce, tuple) else f"{record.reduce.n_bin} bins"
        rows = 1 + (n_step - 1) // int(record.every) if n_step else 0
        yield record.key, f"{rows} rows, every {int(record.every) * dt:g} ms, {where}, {unit}"
    if config.records or config.output.spikes:
        yield "compression", config.output.compression


def memory_rows(config: Config, backend, estimate) -> Rows:
    """Bytes by part."""
    chosen = backends.choose()[1] if config.run.backend == "auto" else "asked for"
    yield "backend", f"{backend.description} ({chosen})"
    for name, size in estimate.parts.items():
        yield name, memory_estimate.readable(size)
    yield "sum", memory_estimate.readable(estimate.total)
    yield "free", memory_estimate.readable(estimate.free)
