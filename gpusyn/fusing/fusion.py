"""The order of a step: members advance, the cell follows, then events act."""
from __future__ import annotations

from dataclasses import replace

from gpusyn.fusing.binding import Binding, Values, spiking_member
from gpusyn.fusing.counted import advance_counts
from gpusyn.fusing.equations import Equations, gates_among_odes, with_gates
from gpusyn.numerics import gates
from gpusyn.numerics.odes import INTEGRATORS
from gpusyn.numerics.schemes import step_lines
from gpusyn.program import Program
from gpusyn.quantities import Scheme, State
from gpusyn.translate.derivative import without_dead_code
from gpusyn.translate.pointwise import Pointwise, read

CLOCKS = {"countdown": gates.tick, "stopwatch": gates.tock}


class Fusion(Binding):
    """The fused program of a population's members under construction; see `Binding` for its arguments."""

    def step(self, stored=()) -> Program:
        """Emit the whole step and give back the program; `stored` outputs are of the advanced states, before events."""
        new = Values(dict(self.old.variables))
        for member in self.members:
            if member:
                self.advance(member, self.old, new)
        moved = Values({k: v for k, v in new.variables.items() if k in self.advancing})
        if "" in self.members:
            self.advance("", moved, moved)
        kept = [self.keep(member, output, moved) for member, output in stored]
        spike = self.fire(moved)
        program = self.program(moved, spike)
        program.updates += kept
        return program

    def keep(self, member, output, at) -> tuple[str, str]:
        """The update that stores an output in an array of its own."""
        path, unit = self.path(member, output), self.members[member].quantities[output].unit
        variable = self.find(member, output, at)
        self.argument(self.unused(f"{self.variable(member, output)}_stored"), path, "state", unit)
        return variable, path

    def advance(self, member, at: Values, into: Values) -> None:
        """Advance the states of one member from the values `at` into the variables of `into`.

        With exponential Euler, gates and schemes step first, each exactly, and the differential equations see them
        advanced: gates then stand half a step ahead of the potential, and the whole is of second order (Hines 1984,
        Int. J. Bio-Med. Comput. 15:69). Any other integrator takes gates and equations together, as one system.
        """
        together = gates_among_odes(self.members[member])
        fresh = self.advance_exactly(member, at, together)
        fresh |= self.advance_odes(member, with_gates(self, member, at, fresh), together)
        fresh |= advance_counts(self, member, at)
        into.variables |= {(member, name): variable for name, variable in fresh.items()}

    def advance_exactly(self, member, at, but=()) -> dict[str, str]:
        """The variables of new gates, occupancies and clocks of a member, `but` some, by state."""
        fresh: dict[str, str] = {}
        for quantity in self.members[member].quantities.values():
            if isinstance(quantity, Scheme):
                fresh |= self.advance_scheme(member, quantity, at)
            elif isinstance(quantity, State) and quantity.at == self.only and quantity.name not in but:
                fresh |= self.advance_alone(member, quantity, at)
        return fresh

    def advance_alone(self, member, quantity, at) -> dict[str, str]:
        """The new value of a state that is stepped by itself, exactly: a gate, or a clock; nothing for others."""
        if quantity.kind == "gate":
            return {quantity.name: self.advance_gate(member, quantity, at)}
        if quantity.kind in CLOCKS:
            step = [self.old.variables[member, quantity.name], self.dt()]
            moved = self.call(read(CLOCKS[quantity.kind]), step)
            return {quantity.name: self.let(f"{self.variable(member, quantity.name)}_next", moved)}
        return {}

    def advance_gate(self, member, quantity, at) -> str:
        """The variable of a gate's new value."""
        rates = self.equation(member, f"{quantity.name}_rates")
        variable = self.variable(member, quantity.name)
        both = self.unpack([f"{variable}_opening", f"{variable}_closing"], rates, self.values_of(rates, member, at))
        step = [self.old.variables[member, quantity.name], *both, self.dt()]
        return self.let(f"{variable}_next", self.call(read(gates.relax), step))

    def advance_scheme(self, member, scheme, at, solve=None) -> dict[str, str]:
        """The variables of the new occupancies of a Markov scheme, by state.

        Args:
            solve: function of occupancies, rates and a prefix to lines and variables, in place of one step.
        """
        transitions = self.equation(member, "transitions")
        occupancy = {s: self.old.variables[member, s] for s in scheme.states}
        rates = {}
        for source, target in transitions.keys:
            rates[occupancy[source], occupancy[target]] = f"{self.variable(member, 'rate')}_{source}_{target}"
        self.unpack(list(rates.values()), transitions, self.values_of(transitions, member, at))
        prefix = f"{self.variable(member, '')}_".replace("__", "_").lstrip("_")
        states = list(occupancy.values())
        lines, new = solve(states, rates, prefix) if solve else step_lines(states, rates, self.dt(), prefix)
        for line in lines:
            self.let(*line.split(" = ", 1))
        return {s: new[occupancy[s]] for s in scheme.states}

    def advance_odes(self, member, at, gates_too) -> dict[str, str]:
        """The variables of new states with differential equations, and of the gates that go with them, by state."""
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
        """The spike condition of the population, and what a spike does to every member."""
        member = spiking_member(self.members)
        if member is None:
            return None
        condition = self.equation(member, "spikes")
        spike = self.let("spike", self.call(condition, self.values_of(condition, member, at)))
        self.events("on_spike", spike, at)
        return spike

    def events(self, event, condition, at: Values) -> None:
        """Where `condition` holds, give states the values that `event` says; all are computed before any is given."""
        changed = [change for member in self.members for change in self.changes(member, event, at)]
        for member, key, result in changed:
            if self.members[member].quantities[key].kind == "countdown":
                result = self.call(read(gates.whole_steps), [result, self.dt()])
            old = at.variables[member, key]
            name = old if old.endswith("_next") else self.unused(f"{self.variable(member, key)}_next")
            at.variables[member, key] = self.let(name, f"where({condition}, {result}, {old})")

    def changes(self, member, event, at) -> list[tuple[str, str, str]]:
        """(member, state, variable of its new value) for each state of this program that `event` sets."""
        if not self.has_equation(member, event):
            return []
        pointwise = self.equation(member, event)
        keys = [s.name for s in self.states(self.members[member]) if s.name in (pointwise.keys or ())]
        if not keys:
            return []
        pointwise = part(pointwise, keys)
        results = [f"{self.variable(member, key)}_at_{event.removeprefix('on_')}" for key in keys]
        self.unpack(results, pointwise, self.values_of(pointwise, member, at))
        return [(member, key, result) for key, result in zip(keys, results, strict=True)]

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


def part(pointwise: Pointwise, keys: list[str]) -> Pointwise:
    """A function cut down to some of its results, in the order of `keys`; itself if that is all of them."""
    cut = pointwise if set(keys) == set(pointwise.keys or ()) else without_dead_code(pointwise, keys)
    by_key: dict = dict(zip(cut.keys or (), cut.results, strict=True))
    if list(by_key) == keys:
        return cut
    return replace(cut, results=[by_key[k] for k in keys], keys=tuple(keys))
