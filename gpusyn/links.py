"""What one population reads of another, and what it reads from a table: arrays that members bind to by name."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gpusyn.backends.numpy_ops.playing import row_at
from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.outputs import outputs_program
from gpusyn.quantities import Output
from gpusyn.wiring import GapJunctions, SparseConnections

UNFINISHED = 1e-6  # of a step, by which round-off may put the time of a step before an entry of a table


@dataclass
class Link:
    """What sites of `population` read of others: in every step, before the populations advance,

        name_i = weight * sum over connections j -> i of w_ji source_j

    with the source as it stands at the start of the step, added in the order of the list.

    Args:
        source: dotted name of a state, of a transmitter's concentration, or of an output of a population.
        wiring: from the source's sites to those of the population; its connections all exist and have no delay.
        weight: factor on the wiring's weights, where units or volumes differ.
        into: the name of the sums ("calcium_influx", "current") that it adds to; by default the source's own name, so
            that an output that is summed at home is summed here too.

    Raises:
        ModelError: a weight that is not one finite number.
    """

    name: str
    source: str
    population: str
    wiring: Any
    weight: float = 1.0
    into: str = ""

    def __post_init__(self):
        if np.ndim(self.weight) or not np.isfinite(self.weight):
            raise ModelError(f"{self.name}.weight: {self.weight!r} must be one finite number; weights that differ are "
                             "the wiring's")

    @property
    def path(self) -> str:
        """The dotted name of the array."""
        return f"{self.name}.{self.into or self.source.rpartition('.')[2]}"

    def listed(self) -> SparseConnections:
        """The wiring as a list, its masks in the weights.

        Raises:
            ModelError: connections with a delay or a chance.
        """
        if getattr(self.wiring, "chances", None) is not None:
            raise ModelError(f"{self.name}.wiring: a link carries values, and no chance decides of them; draw the "
                             "connections, in SparseConnections")
        listed = self.wiring.listed()
        if listed.delays.any():
            raise ModelError(f"{self.name}.wiring: delay {listed.delays.max()} steps; a link has none, use 0")
        sources, targets, weights = listed.sources(), listed.indices, listed.weights
        for mask, ends in ((listed.from_sites, sources), (listed.to_sites, targets)):
            weights = weights if mask is None else weights * mask[ends]
        return SparseConnections(sources, targets, weights, n_source=listed.n_source, n_target=listed.n_target,
                                 name=self.name)

    def gathered(self, source: np.ndarray) -> np.ndarray:
        """What the sites read of (1 or n_point, 1 or n_source) values, on the host, without `weight`."""
        listed = self.listed()
        read = np.zeros((len(source), listed.n_target))
        weights = np.broadcast_to(listed.weights, listed.indices.shape)
        source = np.broadcast_to(source, (len(source), listed.n_source))
        for row, values in zip(read, source, strict=True):
            np.add.at(row, listed.indices, weights * values[listed.sources()])
        return read


@dataclass
class Played:
    """A table that the sites of `population` read: linear between its times, held before the first and after the last.

    Args:
        times: (n_time,) ms, ascending; where two are equal the value jumps, and the later entry holds from then on.
        values: (n_time,) or (n_time, n_site).
        into: the name of the sums ("injection", "current") that it adds to, if any.

    Raises:
        ModelError: times that descend or are no times, or another number of values.
    """

    name: str
    population: str
    times: Any
    values: Any
    n_site: int
    into: str = ""

    def __post_init__(self):
        self.times = np.atleast_1d(np.asarray(self.times, np.float64))
        self.values = np.asarray(self.values, np.float64)
        self.values = self.values.reshape(1) if self.values.ndim == 0 else self.values
        if self.times.ndim != 1 or not self.times.size:
            raise ModelError(f"{self.name}.times: shape {self.times.shape}; give a list of times in ms")
        fits = [(self.times.size,), (self.times.size, self.n_site)]
        if self.values.shape not in fits:
            raise ModelError(f"{self.name}.values: shape {self.values.shape} for {self.times.size} times; it must be "
                             f"{fits[0]}, or {fits[1]} for one column per site of '{self.population}'")
        for place, numbers in (("times", self.times), ("values", self.values)):
            if not np.isfinite(numbers).all():
                entry = int(np.flatnonzero(~np.isfinite(numbers))[0])
                raise ModelError(f"{self.name}.{place}: {numbers.flat[entry]} at entry {entry} must be finite")
        back = np.flatnonzero(np.diff(self.times) < 0)
        if back.size:
            entry = int(back[0]) + 1
            raise ModelError(f"{self.name}.times: {self.times[entry]:g} ms at entry {entry} follows "
                             f"{self.times[entry - 1]:g} ms; times must ascend")

    @property
    def path(self) -> str:
        """The dotted name of the array."""
        return f"{self.name}.{self.into or 'played'}"

    def first(self) -> np.ndarray:
        """What it was before it began, (1, 1 or n_site)."""
        return self.values[:1].reshape(1, -1)

    def calls(self, into, dt: float, upload) -> list[Call]:
        """The operation that writes the values of a step.

        Args:
            into: (n_point, n_site) on the device, overwritten.
            upload: copies a host array to the device.
        """
        n_point, n_site = into.shape
        columns = 1 if self.values.ndim == 1 else n_site
        return [Call("play_table", [
            upload(self.times), upload(self.values.astype(into.dtype).reshape(-1)), into, float(dt), UNFINISHED * dt,
            n_point, n_site, self.times.size, columns,
        ])]


def inputs_of(model, part) -> dict[str, tuple[str, str]]:
    """What links and tables give a population, by name: (dotted name, unit); tables take the unit of their reader."""
    links = [link for link in model.links.values() if link.population == part.name]
    tables = [played for played in model.played.values() if played.population == part.name]
    return {link.name: (link.path, model.quantity(link.source).unit) for link in links} | {
        played.name: (played.path, "") for played in tables}


def allocate_inputs(assembly) -> None:
    """Make room for what populations read of others and from tables."""
    model = assembly.model
    for part in (*model.links.values(), *model.played.values()):
        held = room(assembly, model.populations[part.population])
        assembly.inputs[part.path] = assembly.keep(part.path, held)


def at_start(assembly, path: str) -> np.ndarray:
    """What an input is at the start of a run; broadcasts to (n_point, n_site). Outputs, spikes and currents are 0."""
    model = assembly.model
    for played in model.played.values():
        if played.path == path:
            return row_at(played.times, played.values.reshape(played.times.size, -1), 0.0, 0.0)[None]
    for link in model.links.values():
        if link.path == path and link.source in assembly.state:
            source = np.asarray(assembly.start_values(link.source), np.float64)
            return link.gathered(source) * model.values(f"{link.name}.weight")
    return np.zeros((1, 1))


def first_sources(model) -> list:
    """The populations, those that others are linked to before these, so that what these read has started."""
    left, order = dict(model.populations), []
    while left:
        waits = {link.population for link in model.links.values()
                 if link.source.partition(".")[0] in left and link.source.partition(".")[0] != link.population}
        name = next((name for name in left if name not in waits), next(iter(left)))
        order.append(left.pop(name))
    return order


def input_calls(assembly) -> list[Call]:
    """The operations that write what populations read of others and from tables, at the start of a step."""
    model, backend, calls = assembly.model, assembly.backend, []
    for played in model.played.values():
        calls += played.calls(assembly.inputs[played.path], model.dt, backend.asarray)
    found, before = linked_values(assembly)
    nothing: dict = {}
    for link in model.links.values():
        into, source = assembly.inputs[link.path], found[link.source]
        if into.shape not in nothing:
            nothing[into.shape] = backend.zeros(into.shape, assembly.real)
        weight = assembly.to_device(np.atleast_1d(assembly.values(f"{link.name}.weight")[:, 0]))
        before += GapJunctions(link.listed()).calls(
            nothing[into.shape], into, weight, upload=backend.asarray, v_source=source)
    return calls + before


def linked_values(assembly) -> tuple[dict[str, Any], list[Call]]:
    """The device arrays of what is linked, by dotted name, and the calls that compute those that are outputs."""
    model, calls = assembly.model, []
    sources = dict.fromkeys(link.source for link in model.links.values())
    found = {path: assembly.state[path] for path in sources if not isinstance(model.quantity(path), Output)}
    for part in model.populations.values():
        wanted = [path for path in sources if path not in found and path.partition(".")[0] == part.name]
        if not wanted:
            continue
        names = [tuple(path.split(".", 1)[1].rpartition(".")[::2]) for path in wanted]
        program = replace(outputs_program(part.name, part.members, model.inputs_of(part), names),
                          name=f"{part.name}_linked")
        found |= {path: room(assembly, part) for path in wanted}
        calls.append(assembly.bind(program, part, {path: found[path] for path in wanted}))
    return found, calls


def room(assembly, part):
    """An array of one value per item of a population."""
    return assembly.backend.zeros((assembly.n_point, part.n_site), assembly.real)
