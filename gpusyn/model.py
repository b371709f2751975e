"""What is simulated: populations, transmitters, sources and connections, by name. Nothing here knows a device."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gpusyn import synapses
from gpusyn.calcium.compartment import CalciumCompartment
from gpusyn.errors import ModelError, nearest
from gpusyn.lattice import Lattice
from gpusyn.links import Link, Played, inputs_of
from gpusyn.mechanism import Mechanism
from gpusyn.parts import Connection, Field, GapJunctions, Population, Source
from gpusyn.quantities import SPIKES, Output, Parameter, Quantity, State
from gpusyn.sweep import Sweep
from gpusyn.trees.adaptive import Adaptive
from gpusyn.trees.part import Trees, trees
from gpusyn.units import to_canonical


@dataclass
class Model:
    """Everything that a simulation needs to know, by name; see README for the names' dotted form.

    Args:
        lattice: a `Lattice`, of the transmitters and of populations that have none of their own; a shape will do.
        dt: time step, ms, or as text: "5 us".
        name: of results on disk.
    """

    lattice: Any = field(default_factory=lambda: Lattice((1, 1)))
    dt: float = 0.1
    name: str = "model"
    populations: dict[str, Population] = field(default_factory=dict)
    transmitters: dict[str, Field] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    gap_junctions: dict[str, GapJunctions] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    played: dict[str, Played] = field(default_factory=dict)
    sweep: Sweep = field(default_factory=Sweep)

    def __post_init__(self):
        if not isinstance(self.lattice, Lattice):
            self.lattice = Lattice(self.lattice)
        self.dt = to_canonical(self.dt, "ms", where="model.dt")
        if not self.dt > 0:
            raise ModelError(f"model.dt: {self.dt} ms must be positive")

    def add_population(self, name: str, cell: Mechanism, *, lattice: Lattice | None = None, **mechanisms) -> Population:
        """Add cells of one kind, one per site, each with the named mechanisms.

        Raises:
            ModelError: the name is taken or not an identifier, or a mechanism is a class instead of an instance.
        """
        members = {"": cell, **mechanisms}
        self._check_members(name, members)
        self.populations[self._new(name)] = Population(name, members, lattice or self.lattice)
        return self.populations[name]

    def add_trees(
        self, name: str, cells: Any, cell: Any = None, *, er: Any = None, scheme: str | Adaptive = "sbdf2", **mechanisms
    ) -> Trees:
        """Add cells with a shape: one site per node, what spreads flows along their branches.

        Args:
            cells: a `Morphology`, several, or a `Forest`; nodes are sites in its order, cell by cell.
            cell: the mechanism that the others are about, by default `CalciumCompartment()`.
            er: the ER's radius over the dendrite's, as a number or by region (`gpusyn.morphology.reticulum`), or
                {"volume_fraction": ...} or {"gap": ...}; by default 15/40.
            scheme: one of `gpusyn.trees.SCHEMES`, or an `Adaptive` with its tolerance.

        Raises:
            ModelError: the name is taken, no morphology, a scheme that does not exist, or nothing that spreads.
        """
        members = {"": cell or CalciumCompartment(), **mechanisms}
        self._check_members(name, members)
        made = trees(name, cells, members, er, scheme)
        self.populations[self._new(name)] = made
        return made

    def add_transmitter(
        self, name: str, transmitter: Mechanism, *, lattice: Lattice | None = None, scheme: str = "auto", **mechanisms
    ) -> Field:
        """Add a diffusing transmitter; `mechanisms` act on its concentration (transporters).

        Args:
            lattice: where it diffuses, by default the model's; populations on sites like these can read it.
            scheme: "auto", "explicit" (substeps) or "exact" (any step).
        """
        members = {"": transmitter, **mechanisms}
        self._check_members(name, members)
        if scheme not in ("auto", "explicit", "exact"):
            raise ModelError(f"{name}.scheme: '{scheme}' is unknown{nearest(scheme, ('auto', 'explicit', 'exact'))}")
        self.transmitters[self._new(name)] = Field(name, members, lattice or self.lattice, scheme)
        return self.transmitters[name]

    def add_source(self, name: str, rule: Any, *, lattice: Lattice | None = None) -> Source:
        """Add sites that spike by a rule of their own (`gpusyn.sources`), one per site of `lattice`."""
        self.sources[self._new(name)] = Source(name, rule, lattice or self.lattice)
        return self.sources[name]

    def connect(
        self, pre: str, target: str, wiring: Any, *, weight=1.0, delay=0.0, probability=None, name=None, synapse=None,
        post: str | None = None, delivers: bool = True,
    ):
        """Let spikes of `pre` add to `target`: a transmitter's name, or a state such as "neurons.synapse.current".

        The arguments are those of `Connection`; `synapse` makes the connections plastic: ``synapse=STDPRule()``.

        Raises:
            ModelError: `pre` does not spike, `target` does not exist, or `synapse` is no rule.
        """
        spiking = {**self.populations, **self.sources}
        if pre not in spiking:
            raise ModelError(f"connect: '{pre}' is neither a population nor a source{nearest(pre, spiking)}")
        if not delay >= 0:
            raise ModelError(f"connect: delay {delay} ms must not be negative")
        name = name or self._free_name(f"{pre}_to_{target.replace('.', '_')}")
        connection = Connection(self._new(name), pre, self.target_path(target), wiring, weight, delay, probability,
                                synapses.checked_rule(name, synapse), post, delivers)
        self.connections[name] = connection
        return connection

    def couple(
        self, population: str, wiring: Any, *, source="", conductance=1.0, drives=False, weights="", name=None
    ) -> GapJunctions:
        """Couple the cells of a population electrically along `wiring`, to one another or to those of `source`.

        The arguments are those of `GapJunctions`.

        Raises:
            ModelError: there is no such population, or no such connection with a rule.
        """
        for cells in (population, source or population):
            if cells not in self.populations:
                raise ModelError(f"couple: '{cells}' is not a population{nearest(cells, self.populations)}")
        plastic = [c.name for c in self.connections.values() if c.synapse is not None]
        if weights and weights not in plastic:
            raise ModelError(f"couple: '{weights}' is not a connection with a rule{nearest(weights, plastic)}")
        name = self._new(name or self._free_name(f"{population}_gap"))
        self.gap_junctions[name] = GapJunctions(name, population, wiring, conductance, source, drives, weights)
        return self.gap_junctions[name]

    def link(
        self, name: str, source: str, population: str, wiring: Any, *, weight: float = 1.0, into: str = ""
    ) -> Link:
        """Let members of `population` read, as `name`, what `source` is along `wiring` at the start of every step.

        The arguments are those of `Link`; a transmitter's name stands for its concentration.

        Raises:
            ModelError: there is no such source or population, or the wiring does not join the two, or cannot be linked.
        """
        source = f"{source}.concentration" if source in self.transmitters else source
        self._require_population("link", population)
        owner, mechanism, quantity = self.owner(source)
        if not isinstance(mechanism.quantities[quantity], State | Output) or not hasattr(owner, "n_site"):
            known = [n for n, q in mechanism.quantities.items() if isinstance(q, State | Output)]
            raise ModelError(f"{name}.source: '{source}' is neither a state nor an output{nearest(quantity, known)}")
        made = Link(self._new(name), source, population, wiring, weight, into)
        listed, n_target = made.listed(), self.populations[population].n_site
        if (listed.n_source, listed.n_target) != (owner.n_site, n_target):
            raise ModelError(f"{name}.wiring: joins {listed.n_source} sites to {listed.n_target}; "
                             f"'{owner.name}' has {owner.n_site} and '{population}' {n_target}")
        self.links[name] = made
        return made

    def play(self, name: str, population: str, times: Any, values: Any, *, into: str = "") -> Played:
        """Let members of `population` read, as `name`, values from a table; the arguments are those of `Played`."""
        self._require_population("play", population)
        n_site = self.populations[population].n_site
        self.played[name] = Played(self._new(name), population, times, values, n_site, into)
        return self.played[name]

    def _require_population(self, action, name):
        if name not in self.populations:
            raise ModelError(f"{action}: '{name}' is not a population{nearest(name, self.populations)}")

    # names -----------------------------------------------------------------------------------------------------

    def _all(self) -> dict[str, Any]:
        return {**self.populations, **self.transmitters, **self.sources, **self.connections, **self.gap_junctions,
                **self.links, **self.played}

    def _new(self, name):
        if not name.isidentifier():
            raise ModelError(f"'{name}' cannot be a name: use letters, digits and _")
        if name in self._all():
            raise ModelError(f"'{name}' is already the name of a {type(self._all()[name]).__name__.lower()}")
        return name

    def _free_name(self, wanted):
        return free_name(wanted, self._all())

    def _check_members(self, name, members):
        for member, mechanism in members.items():
            place = f"{name}.{member}" if member else name
            if isinstance(mechanism, type) and issubclass(mechanism, Mechanism):
                members[member] = mechanism()
            elif not isinstance(mechanism, Mechanism):
                raise ModelError(f"{place}: {mechanism!r} is not a mechanism; pass e.g. AMPAReceptor()")

    def owner(self, path: str) -> tuple[Any, Mechanism, str]:
        """The population, transmitter or synapses, the mechanism and the quantity that a dotted name means.

        Raises:
            ModelError: some part of the name does not exist; the message suggests the nearest.
        """
        first, _, rest = path.partition(".")
        owners = {**self.populations, **self.transmitters}
        if first in self.connections and self.connections[first].synapse is not None:
            return synapses.owner(self, self.connections[first], rest)
        if first not in owners:
            raise ModelError(f"'{path}': there is no '{first}'{nearest(first, self._all())}")
        members = owners[first].members
        member, _, quantity = rest.rpartition(".")
        if member not in members:
            raise ModelError(f"'{path}': '{first}' has no '{member}'{nearest(member, [m for m in members if m])}")
        known = [n for n, q in members[member].quantities.items() if isinstance(q, Parameter | State | Output)]
        if quantity not in known:
            kind = type(members[member]).__name__
            raise ModelError(f"'{path}': {kind} has no '{quantity}'{nearest(quantity, known)}")
        return owners[first], members[member], quantity

    def quantity(self, path: str) -> Quantity:
        """The declaration (unit, meaning, default) of a dotted name."""
        _, mechanism, name = self.owner(path)
        return mechanism.quantities[name]

    def inputs_of(self, part: Population | Field) -> dict[str, tuple[str, str]]:
        """What a part's equations may read beside its own quantities, by name: (dotted name, unit).

        Concentrations on sites like the part's own, spikes of sources on such sites, currents of gap junctions, and
        what is linked or played to the part.
        """
        if isinstance(part, Field):
            return {}
        fields = {field.name: (f"{field.name}.concentration", "uM") for field in self.transmitters.values()
                  if field.lattice.same_sites(part.lattice)}
        flags = {source.name: (f"{source.name}.spikes", SPIKES) for source in self.sources.values()
                 if source.lattice.same_sites(part.lattice)}
        junctions = [gap.name for gap in self.gap_junctions.values() if gap.population == part.name]
        return fields | flags | {name: (f"{name}.injection", "pA") for name in junctions} | inputs_of(self, part)

    def outputs_needed(self, population: Population) -> list[tuple[str, str]]:
        """The outputs of a population, as (member, output), that connections draw releases with, or rules read.

        Raises:
            ModelError: a connection's probability names something else.
        """
        found: dict[tuple[str, str], None] = {}
        for connection in self.connections.values():
            if isinstance(connection.probability, str):
                place = f"{connection.name}.probability"
                owner, _, name = self.owner(connection.probability)
                if owner.name != connection.pre or not isinstance(self.quantity(connection.probability), Output):
                    raise ModelError(f"{place}: '{connection.probability}' is not an output of '{connection.pre}'")
                if owner.name == population.name:
                    found[connection.probability.split(".", 1)[1].rpartition(".")[0], name] = None
        return list(found | dict.fromkeys(synapses.outputs_read(self, population)))

    def target_path(self, target: str) -> str:
        """The full dotted name of what a connection adds to."""
        if target in self.transmitters:
            return f"{target}.concentration"
        if not isinstance(self.quantity(target), State):
            raise ModelError(f"connect: target '{target}' is not a state that spikes can add to")
        return target

    def set(self, path: str, value: Any) -> None:
        """Set a parameter or an initial value by its dotted name; a connection's weight, delay or probability too."""
        first, _, rest = path.partition(".")
        for part in (self.connections.get(first), self.gap_junctions.get(first), self.links.get(first)):
            if part is not None and not synapses.belongs_to_rule(part, rest):
                if rest not in ("weight", "delay", "probability", "conductance") or not hasattr(part, rest):
                    raise ModelError(f"'{path}': '{first}' has no '{rest}'{nearest(rest, vars(part))}")
                setattr(part, rest, value)
                return
        _, mechanism, name = self.owner(path)
        mechanism.set(name, value)

    def get(self, path: str) -> Any:
        """The value of a parameter, or the initial value of a state, by its dotted name."""
        first, _, rest = path.partition(".")
        part = self.connections.get(first) or self.gap_junctions.get(first) or self.links.get(first)
        if part is not None and not synapses.belongs_to_rule(part, rest):
            return getattr(part, rest)
        _, mechanism, name = self.owner(path)
        return mechanism.get(name)

    def check_sweep(self) -> None:
        """Raise a ModelError if the sweep varies anything but a parameter, a weight, a conductance or the seed."""
        for path in self.sweep.axes:
            first, _, rest = path.partition(".")
            if path == "seed" or (first in {**self.connections, **self.links} and rest == "weight"):
                continue
            if first in self.gap_junctions and rest == "conductance":
                continue
            owner, mechanism, name = self.owner(path)
            quantity = mechanism.quantities[name]
            if not isinstance(quantity, Parameter):
                known = [n for n, q in mechanism.quantities.items() if isinstance(q, Parameter)]
                start = getattr(quantity, "initial", None)  # a state that starts from a parameter: that can be swept
                hint = f"; did you mean '{start}'?" if start in known else nearest(name, known)
                raise ModelError(f"sweep: '{path}' is not a parameter of {owner.name} and cannot be swept{hint}")

    @property
    def n_point(self) -> int:
        """Number of sweep points, at least 1."""
        return self.sweep.n_point

    def values(self, path: str) -> np.ndarray:
        """A parameter's values, broadcastable to (n_point, n_site): what the sweep says, else what the model says."""
        if path in self.sweep.axes:
            return self._placed(path, self.sweep.values(path))
        first, _, rest = path.partition(".")
        owner, value = self._all()[first], np.asarray(self.get(path))
        value = value if value.dtype == np.float32 else value.astype(np.float64, copy=False)  # large arrays as they are
        if value.ndim == 0:
            return self._placed(path, value.reshape(1, 1))
        sizes = (owner.n_site,) if hasattr(owner, "n_site") else synapses.sizes(self, owner, rest)
        if value.size not in sizes:
            there = " or ".join(map(str, sizes))
            raise ModelError(f"'{path}': {value.shape} values for {there} sites; give one, or one per site")
        return self._placed(path, value.reshape(1, -1))

    def _placed(self, path, values):
        """The values, or what a mechanism with a method `placed` makes of them: it knows where in the model it is."""
        first, _, rest = path.partition(".")
        member, _, name = rest.rpartition(".")
        part = {**self.populations, **self.transmitters}.get(first)
        if isinstance(part, Trees):
            values = part.placed(part.members[member], name, values)
        placed = getattr(part.members.get(member), "placed", None) if part is not None else None
        return values if placed is None else placed(self, part, name, values)


def free_name(wanted: str, taken) -> str:
    """A name that is not taken yet: the one that is wanted, with a number if need be."""
    number, name = 2, wanted
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
