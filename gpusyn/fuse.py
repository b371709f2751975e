"""Fuse the mechanisms of a population into one program.

The order within a step: every mechanism's states advance from the values at the start of the step; then the cell
advances, driven by the outputs of the advanced mechanisms at the old potential; then events act. Names bind as pytest
fixtures do: an equation's argument is a quantity of its own mechanism, else of the cell, else of the one other
mechanism that has it, else an input of the population.
"""
from __future__ import annotations

from dataclasses import dataclass, field, replace

from gpusyn.errors import ModelError, nearest
from gpusyn.mechanism import Mechanism
from gpusyn.numerics import gates
from gpusyn.numerics.odes import INTEGRATORS
from gpusyn.numerics.schemes import elimination_lines
from gpusyn.program import Argument, Program
from gpusyn.quantities import Given, Output, Parameter, Scheme, State
from gpusyn.stepping import Equations, gate_derivative, gates_among_odes, with_gates
from gpusyn.translate.derivative import differentiate, without_dead_code
from gpusyn.translate.pointwise import Pointwise, read

Name = tuple[str, str]  # (member, quantity); the cell is the member ""


@dataclass
class Values:
    """Which variable holds each quantity at one moment of the step, and how computed ones came about."""

    variables: dict[Name, str]
    computed: dict[Name, tuple[Pointwise, list]] = field(default_factory=dict)


class Fusion:
    """The fused program of `members` under construction.

    Args:
        name: of the population; the first part of every dotted name.
        members: mechanisms by name; "" is the cell, if there is one.
        inputs: arrays that equations may read: name -> (path, unit).
        only: states to advance (their `at`); others are read through an index ("pre", "post") in synapses.
    """

    def __init__(self, name, members: dict[str, Mechanism], inputs: dict[str, tuple[str, str]], only="item"):
        self.name, self.members, self.inputs, self.only = name, members, inputs, only
        self.arguments: dict[str, Argument] = {}
        self.lines: list[str] = []
        self.functions: dict[str, Pointwise] = {}
        self.ledger: list[tuple[str, str]] = []
        self.old = Values({})
        for member, mechanism in members.items():
            for state in self.states(mechanism):
                self.old.variables[member, state.name] = self.state_argument(member, state)

    # names -----------------------------------------------------------------------------------------------------

    def variable(self, member, name):
        return f"{member}_{name}" if member else name

    def path(self, member, name):
        return ".".join(part for part in (self.name, member, name) if part)

    def argument(self, variable, path, kind, unit="1", at="item"):
        known = self.arguments.get(variable)
        if known and known.path != path:
            raise ModelError(f"{self.name}: '{known.path}' and '{path}' would both be called {variable}; rename one")
        self.arguments.setdefault(variable, Argument(variable, path, kind, unit, at))
        return variable

    def states(self, mechanism, at=None):
        return [q for q in mechanism.quantities.values() if isinstance(q, State) and q.at == (at or self.only)]

    def state_argument(self, member, state):
        return self.argument(self.variable(member, state.name), self.path(member, state.name), "state", state.unit)

    # lines -----------------------------------------------------------------------------------------------------

    def let(self, name, value):
        self.lines.append(f"{name} = {value}")
        return name

    def function(self, pointwise: Pointwise) -> Pointwise:
        """Make a function known to the program; a second one of the same name gets a number."""
        number, named = 1, pointwise
        while self.functions.get(named.name, named) != named:
            number += 1
            named = replace(pointwise, name=f"{pointwise.name}_{number}")
        self.functions[named.name] = named
        return named

    def call(self, pointwise, values):
        return f"{self.function(pointwise).name}({', '.join(values)})"

    def unpack(self, names: list[str], pointwise, values) -> list[str]:
        """Assign the results of a function to variables; a lone result of several is returned bare."""
        if len(names) == 1 and pointwise.keys is not None:
            pointwise = replace(pointwise, keys=None)
        self.let(", ".join(names), self.call(pointwise, values))
        return names

    def equation(self, member, name) -> Pointwise | None:
        cls = type(self.members[member])
        if name.startswith("d_") and f"{name[2:]}_rates" in cls.functions:
            return gate_derivative(cls, name[2:])
        return read(cls.functions[name], f"{cls.__name__}_{name}") if name in cls.functions else None

    # looking up values -----------------------------------------------------------------------------------------

    def values_of(self, pointwise, member, at: Values) -> list[str]:
        return [self.find(member, parameter, at) for parameter in pointwise.parameters]

    def find(self, member, name, at: Values) -> str:
        """The variable that holds `name` as an equation of `member` sees it, computed now if need be."""
        mechanism = self.members[member]
        quantity = mechanism.quantities.get(name)
        if name.endswith("_before") and quantity is None:
            return self.old.variables[member, name.removesuffix("_before")]
        if (member, name) in at.variables:
            return at.variables[member, name]
        if name == "t" and quantity is None:
            return self.argument("t", "t", "time", "ms")
        if isinstance(quantity, Parameter):
            return self.argument(self.variable(member, name), self.path(member, name), "parameter", quantity.unit)
        if isinstance(quantity, Output):
            return self.compute(member, name, at)
        if isinstance(quantity, State):  # of the neuron at the other end of a synapse
            return self.argument(
                self.variable(member, name), self.path(member, name), "input", quantity.unit, quantity.at
            )
        at.variables[member, name] = self.find_given(member, quantity, at)
        return at.variables[member, name]

    def compute(self, member, name, at):
        pointwise = self.equation(member, name)
        values = self.values_of(pointwise, member, at)
        variable = self.unused(self.variable(member, name))
        at.variables[member, name] = self.let(variable, self.call(pointwise, values))
        at.computed[member, name] = (pointwise, [(member, p) for p in pointwise.parameters])
        return variable

    def unused(self, wanted):
        taken = {line.split(" = ")[0] for line in self.lines} | set(self.arguments)
        number, name = 2, wanted
        while name in taken:
            name, number = f"{wanted}_{number}", number + 1
        return name

    def find_given(self, member, quantity: Given, at):
        if quantity.kind == "total":
            return self.total(member, quantity, at)
        if quantity.kind in ("noise", "uniform"):
            return self.draw(member, quantity)
        target = self.binding(member, quantity)
        if target is not None:
            return self.find(*target, at)
        name = self.members[member].bindings.get(quantity.name, quantity.name)
        for known, (path, _) in self.inputs.items():
            if name in (known, path):
                return self.argument(self.variable("", known), path, "input", quantity.unit, quantity.at)
        if quantity.default is not None:
            return repr(float(quantity.default))
        raise ModelError(self.missing(member, name))

    def missing(self, member, name):
        choices = [*self.inputs, *(n for m in self.members.values() for n in _readable(m))]
        place = self.path(member, "").rstrip(".")
        return f"{place} needs '{name}', which nothing in '{self.name}' provides{nearest(name, choices)}"

    def binding(self, member, quantity: Given) -> Name | None:
        """The member and quantity that a given is bound to, if it is one of this population."""
        wanted = self.members[member].bindings.get(quantity.name, quantity.name)
        if "." in wanted:
            other, name = wanted.removeprefix(f"{self.name}.").rsplit(".", 1)
            if other in self.members and name in _readable(self.members[other]):
                return other, name
        if "" in self.members and member != "" and wanted in _readable(self.members[""]):
            return "", wanted
        owners = [m for m, mechanism in self.members.items() if m not in ("", member) and wanted in _readable(mechanism)]
        if len(owners) > 1 and wanted not in self.inputs:
            names = " or ".join(f"'{self.path(o, wanted)}'" for o in owners)
            raise ModelError(f"{self.path(member, quantity.name)}: several mechanisms have '{wanted}'; bind it to {names}")
        return (owners[0], wanted) if len(owners) == 1 else None

    def total(self, member, quantity, at):
        terms = [self.find(m, quantity.sums, at) for m, mechanism in self.members.items()
                 if isinstance(mechanism.quantities.get(quantity.sums), Output)]
        terms += [self.argument(f"{name}_{quantity.sums}", path, "input", quantity.unit)
                  for name, (path, _) in self.inputs.items() if path.endswith(f".{quantity.sums}")]
        at.computed[member, quantity.name] = (None, [(m, quantity.sums) for m, mechanism in self.members.items()
                                                     if isinstance(mechanism.quantities.get(quantity.sums), Output)])
        if not terms:
            return "0.0"
        return self.let(self.unused(f"{self.variable(member, quantity.name)}"), " + ".join(terms))

    def draw(self, member, quantity):
        kind = "normal" if quantity.kind == "noise" else "uniform"
        variable = self.argument(self.variable(member, quantity.name), self.path(member, quantity.name), kind)
        if kind == "uniform":
            return variable
        return self.let(self.unused(f"{variable}_now"), f"{variable} / sqrt({self.dt()})")

    def dt(self):
        return self.argument("dt", "dt", "dt", "ms")

    # derivatives -----------------------------------------------------------------------------------------------

    def slope(self, member, name, state: Name, at: Values) -> str | None:
        """d(equation `name` of `member`) / d(state): the chain rule over everything computed on the way."""
        pointwise = self.equation(member, name)
        return self.chain(pointwise, [(member, p) for p in pointwise.parameters], state, at)

    def chain(self, pointwise, names, state, at):
        terms = []
        for parameter, (member, name) in zip(pointwise.parameters, names, strict=True):
            inner = self.rate_of(member, name, state, at)
            partial = differentiate(pointwise, parameter) if inner is not None else None
            if partial is not None:
                values = [self.find(names[0][0], p, at) for p in partial.parameters]
                outer = self.call(partial, values)
                terms.append(outer if inner == "1.0" else f"{outer} * {inner}")
        return self.let(self.unused("slope"), " + ".join(terms)) if terms else None

    def rate_of(self, member, name, state, at):
        """d(quantity as `member` sees it) / d(state), as a variable, "1.0", or None for zero."""
        quantity = self.members[member].quantities.get(name)
        if isinstance(quantity, Given) and quantity.kind == "given":
            target = self.binding(member, quantity)
            return None if target is None else self.rate_of(*target, state, at)
        if (member, name) == state:
            return "1.0"
        if isinstance(quantity, Output):
            pointwise = self.equation(member, name)
            return self.chain(pointwise, [(member, p) for p in pointwise.parameters], state, at)
        if isinstance(quantity, Given) and quantity.kind == "total":
            parts = [self.rate_of(*term, state, at) for term in at.computed[member, name][1]]
            parts = [p for p in parts if p is not None]
            return self.let(self.unused("slope"), " + ".join(parts)) if parts else None
        return None

    # the step --------------------------------------------------------------------------------------------------

    def step(self) -> Program:
        """Emit the whole step and give back the program."""
        new = Values(dict(self.old.variables))
        for member in self.members:
            if member:
                self.advance(member, self.old, new)
        moved = Values({k: v for k, v in new.variables.items() if k in self.old.variables})
        if "" in self.members:
            self.advance("", moved, moved)
        spike = self.fire(moved)
        return self.program(moved, spike)

    def advance(self, member, at: Values, into: Values) -> None:
        """Advance the states of one member from the values `at` into the variables of `into`.

        With exponential Euler, gates and schemes step first, each exactly, and the differential equations see them
        advanced: gates then stand half a step ahead of the potential, and the whole is of second order (Hines 1984,
        Int. J. Bio-Med. Comput. 15:69). Any other integrator takes gates and equations together, as one system.
        """
        mechanism, fresh = self.members[member], {}
        together = gates_among_odes(mechanism)
        for quantity in mechanism.quantities.values():
            if isinstance(quantity, Scheme):
                fresh |= self.advance_scheme(member, quantity, at)
            elif isinstance(quantity, State) and quantity.at == self.only and quantity.kind == "gate":
                if quantity.name not in together:
                    fresh[quantity.name] = self.advance_gate(member, quantity, at)
            elif isinstance(quantity, State) and quantity.at == self.only and quantity.kind == "countdown":
                tick = self.call(read(gates.tick), [self.old.variables[member, quantity.name]])
                fresh[quantity.name] = self.let(f"{self.variable(member, quantity.name)}_next", tick)
        fresh |= self.advance_odes(member, with_gates(self, member, at, fresh), together)
        into.variables |= {(member, name): variable for name, variable in fresh.items()}

    def advance_gate(self, member, quantity, at):
        rates = self.equation(member, f"{quantity.name}_rates")
        variable = self.variable(member, quantity.name)
        both = self.unpack([f"{variable}_opening", f"{variable}_closing"], rates, self.values_of(rates, member, at))
        step = [self.old.variables[member, quantity.name], *both, self.dt()]
        return self.let(f"{variable}_next", self.call(read(gates.relax), step))

    def advance_scheme(self, member, scheme, at):
        transitions = self.equation(member, "transitions")
        occupancy = {s: self.old.variables[member, s] for s in scheme.states}
        rates = {}
        for source, target in transitions.keys:
            rates[occupancy[source], occupancy[target]] = f"{self.variable(member, 'rate')}_{source}_{target}"
        self.unpack(list(rates.values()), transitions, self.values_of(transitions, member, at))
        prefix = f"{self.variable(member, '')}_".replace("__", "_").lstrip("_")
        lines, new = elimination_lines(list(occupancy.values()), rates, self.dt(), prefix)
        self.lines += lines
        return {s: new[occupancy[s]] for s in scheme.states}

    def advance_odes(self, member, at, gates_too):
        mechanism = self.members[member]
        names = [s.name for s in self.states(mechanism)
                 if f"d_{s.name}" in type(mechanism).functions or s.name in gates_too]
        if not names:
            return {}
        equations = Equations(self, member, names, at)
        steps = INTEGRATORS[mechanism.integrator](equations)
        fresh = {
            name: self.let(f"{self.variable(member, name)}_next", f"{self.old.variables[member, name]} + {step}")
            for name, step in zip(names, steps, strict=False)
        }
        self.ledger += equations.booked(steps, fresh)
        return fresh

    def fire(self, at: Values) -> str | None:
        """The spike condition of the cell, and what a spike does to every member."""
        if "" not in self.members or self.equation("", "spikes") is None:
            return None
        condition = self.equation("", "spikes")
        spike = self.let("spike", self.call(condition, self.values_of(condition, "", at)))
        self.events("on_spike", spike, at)
        return spike

    def events(self, event, condition, at: Values) -> None:
        """Where `condition` holds, give states the values that `event` says; all are computed before any is given."""
        given_values = []
        for member, mechanism in self.members.items():
            pointwise = self.equation(member, event)
            keys = [s.name for s in self.states(mechanism) if pointwise and s.name in pointwise.keys]
            if not keys:
                continue
            pointwise = self.part(pointwise, keys)
            results = [f"{self.variable(member, key)}_at_{event.removeprefix('on_')}" for key in keys]
            self.unpack(results, pointwise, self.values_of(pointwise, member, at))
            given_values += [(member, key, result) for key, result in zip(keys, results, strict=True)]
        for member, key, result in given_values:
            if self.members[member].quantities[key].kind == "countdown":
                result = self.call(read(gates.whole_steps), [result, self.dt()])
            old = at.variables[member, key]
            name = old if old.endswith("_next") else self.unused(f"{self.variable(member, key)}_next")
            at.variables[member, key] = self.let(name, f"where({condition}, {result}, {old})")

    def part(self, pointwise, keys):
        """The function cut down to some of its results, in the order of `keys`; itself if that is all of them."""
        cut = pointwise if set(keys) == set(pointwise.keys) else without_dead_code(pointwise, keys)
        order = [cut.keys.index(k) for k in keys]
        if order == list(range(len(cut.keys))):
            return cut
        return replace(cut, results=[cut.results[i] for i in order], keys=tuple(keys))

    def program(self, at: Values, spike) -> Program:
        """What has been emitted, with every state of the members as an update."""
        updates, watched = [], []
        for member, mechanism in self.members.items():
            for quantity in self.states(mechanism):
                path = self.path(member, quantity.name)
                if at.variables[member, quantity.name] != self.old.variables[member, quantity.name]:
                    updates.append((at.variables[member, quantity.name], path))
                if quantity.not_negative:
                    watched.append(path)
        name = self.name if self.only == "item" else f"{self.name}_{self.only}"
        return Program(name.replace(".", "_"), list(self.arguments.values()), self.lines, updates,
                       self.functions, spike, self.ledger, watched)


def _readable(mechanism) -> list[str]:
    """What others may read of a mechanism: states and outputs."""
    return [n for n, q in mechanism.quantities.items() if isinstance(q, State | Output)]


def fuse_population(name, members, inputs) -> Program:
    """The program that steps a population: see `Fusion`."""
    return Fusion(name, members, inputs).step()


def fuse_synapses(name, mechanism, inputs) -> dict[str, Program]:
    """Programs of a synapse set: "pre" and "post" for traces kept per neuron (if any), "item" for the synapses.

    Traces are advanced at the start of a step, from the spikes of the step before: a synapse therefore sees them
    without the spikes of its own step, and two spikes in one step do not change a weight whatever their order.
    """
    programs = {}
    for end in ("pre", "post"):
        if any(isinstance(q, State) and q.at == end for q in mechanism.quantities.values()):
            programs[end] = _fuse_traces(name, mechanism, inputs, end)
    fusion = Fusion(name, {"": mechanism}, inputs)
    values = Values(dict(fusion.old.variables))
    fusion.advance("", values, values)
    for end in ("pre", "post"):
        if fusion.equation("", f"on_{end}") is not None:
            flag = fusion.argument(f"{end}_spike", f"{name}.{end}_spike", "flag", "1", end)
            fusion.events(f"on_{end}", flag, values)
    programs["item"] = fusion.program(values, None)
    return programs


def _fuse_traces(name, mechanism, inputs, end):
    fusion = Fusion(name, {"": mechanism}, inputs, only=end)
    values = Values(dict(fusion.old.variables))
    flag = fusion.argument(f"{end}_spike", f"{name}.{end}_spike", "flag", "1")
    fusion.events(f"on_{end}", flag, values)
    fusion.old = Values({k: v for k, v in values.variables.items()})
    fusion.advance("", values, values)
    fusion.old = Values({("", s.name): s.name for s in fusion.states(mechanism)})
    return fusion.program(values, None)
