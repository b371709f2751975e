"""The programs that step a population of trees: reactions at every node, between the operations that spread them.

What spreads is stepped by the population's scheme; everything else stands half a step ahead of it, as gates do of a
potential (Hines 1984, Int. J. Bio-Med. Comput. 15:69). Its first step is half a step. Equations of what spreads see
the mean of the two half steps about them. So all schemes but "euler" and "spine" are of second order.

Beside the states there are, for each state x of a mechanism that has spreading states, the arrays

    x:spread   what flows into a node from its neighbours, per ms, before the step (only if x spreads)
    x:change   of the last step; the program leaves the right-hand side of this one there
    x:rate     what the equations gave in the last step, per ms (sbdf2, spine)
    x:carry    what the next step needs of this one (sbdf2_whole)
    x:past     what they gave in the step before it (spine)
    x:middle   the state in the middle of the step (midpoint)

Sources: SBDF2, Ascher, Ruuth & Wetton (1995) SIAM J. Numer. Anal. 32:797, in increments,

    (1 - 2/3 dt L) change = 1/3 change_before + dt (4/3 f - 2/3 f_before) + 2/3 dt L x,

which leaves a state at rest exactly where it is. The first step is (1 - 2/3 dt L) change = dt (f + L x). In float64,
whose rounding does not show, and where no spike asks for the value before, the new values are solved for at once
("sbdf2_whole"): there is less to read, write and compute,

    (1 - 2/3 dt L) x_new = x + (x / 3 + 4/3 dt f + carry),      carry_new = -x / 3 - 2/3 dt f.

Without spikes the explicit schemes, too, move the states at once ("euler_whole", "midpoint_whole").

What all steps of SBDF2 together bring of f is its trapezoidal rule from t = 0 on. What reads the time is therefore seen
as the mean over the middles of the steps before and after: a pulse of whole steps then brings amplitude times duration,
to rounding, whether it begins at 0 or later.
"""
from __future__ import annotations

import re
from functools import partialmethod

from gpusyn.fusing.binding import Values
from gpusyn.fusing.equations import Equations
from gpusyn.fusing.fusion import CLOCKS, Fusion
from gpusyn.program import Program
from gpusyn.quantities import State

IMPLICIT_SHARE = 2.0 / 3.0  # of dt, in the matrix of SBDF2


def moving(mechanism) -> list[str]:
    """The states of a mechanism that its population's scheme steps: all with an equation, if any of them spreads."""
    states = [q for q in mechanism.quantities.values() if isinstance(q, State)]
    if not any(q.spreads for q in states):
        return []
    return [q.name for q in states if f"d_{q.name}" in type(mechanism).functions]


def tree_programs(name, members, inputs, scheme, stored=()) -> list[Program]:
    """The programs of one step, in order; between them lie operations on the trees (`gpusyn.trees.stepping`).

    Args:
        name, members, inputs, stored: as for `gpusyn.fuse.fuse_population`.
        scheme: one of `gpusyn.trees.SCHEMES`, or one of these with "_whole" at its end.
    """
    if scheme == "adaptive":
        from gpusyn.fusing.adaptive_ending import adaptive_programs

        return adaptive_programs(name, members, inputs)
    if scheme == "spine":
        from gpusyn.fusing.spine_steps import spine_programs

        return spine_programs(name, members, inputs, stored)
    programs = [TreeFusion(name, members, inputs).first_stage(scheme, stored)]
    whole = scheme.endswith("_whole")
    if scheme.startswith("midpoint"):
        programs.append(SecondStage(name, members, inputs).second_stage(whole))
    return programs if whole else [*programs, Added(name, members, inputs).last_stage()]


class TreeFusion(Fusion):
    """The program of the first stage of a step; arguments as for `Fusion`."""

    def __init__(self, name, members, inputs):
        super().__init__(name, members, inputs)
        self.moving = {member: moving(mechanism) for member, mechanism in members.items() if moving(mechanism)}
        self.step_of_gates = ""
        self.sees_middles = False
        self.extra: list[tuple[str, str]] = []

    def first_stage(self, scheme, stored) -> Program:
        """Everything but what spreads advances by a step; the right-hand sides of what spreads are written."""
        new = self.advance_others()
        at, self.sees_middles = self.between(new), scheme.startswith("sbdf2")
        for member, names in self.moving.items():
            equations = Equations(self, member, names, at)
            getattr(self, f"{scheme}_step")(member, names, equations, equations.derivatives(None))
        kept = [self.keep(member, output, at) for member, output in stored]
        program = self.program(new, None)
        program.updates += self.extra + kept
        return program

    def advance_others(self) -> Values:
        """The values with every state advanced but what the scheme steps; they see what spreads as it was."""
        new = Values(dict(self.old.variables))
        self.step_of_gates = self.let("dt_gates", f"where({self.clock()} == 0.0, 0.5 * {self.dt()}, {self.dt()})")
        for member in self.members:
            if member in self.moving:
                fresh = self.advance_exactly(member, self.old)
                new.variables |= {(member, name): variable for name, variable in fresh.items()}
            else:
                self.advance(member, self.old, new)
        self.step_of_gates = ""
        return Values({name: v for name, v in new.variables.items() if name in self.advancing})

    def dt(self):
        """The variable of the time step; while gates advance, of theirs."""
        return self.step_of_gates or super().dt()

    def clock(self):
        """The variable of the time at the start of the step, ms."""
        return self.argument("t", "t", "time", "ms")

    def advance_alone(self, member, quantity, at):
        """Clocks count whole steps."""
        if quantity.kind not in CLOCKS:
            return super().advance_alone(member, quantity, at)
        short, self.step_of_gates = self.step_of_gates, ""
        fresh = super().advance_alone(member, quantity, at)
        self.step_of_gates = short
        return fresh

    def between(self, new: Values) -> Values:
        """The values in the middle between the old and the `new` ones: at the time of what spreads."""
        middle = Values({})
        for name, old in self.old.variables.items():
            if name not in self.advancing:
                continue
            fresh, kind = new.variables[name], self.members[name[0]].quantities[name[1]].kind
            exact = fresh == old or kind in (*CLOCKS, "count")
            middle.variables[name] = old if exact else self.let(
                self.unused(f"{self.variable(*name)}_now"), f"0.5 * ({old} + {fresh})")
        return middle

    def compute(self, member, quantity, at):
        """The variable of an output; of one that reads the time the mean over the middles of the steps about it."""
        pointwise = self.equation(member, quantity.name)
        if not self.sees_middles or "t" not in pointwise.parameters or "t" in self.members[member].quantities:
            return super().compute(member, quantity, at)
        if "t_after" not in self.assigned:
            half = f"0.5 * {self.dt()}"
            self.let("t_before", f"maximum({self.clock()} - {half}, 0.0)")
            self.let("t_after", f"{self.clock()} + {half}")
        given = dict(zip(pointwise.parameters, self.values_of(pointwise, member, at), strict=True))
        before, after = (self.call(pointwise, list((given | {"t": t}).values())) for t in ("t_before", "t_after"))
        return self.let(self.unused(self.variable(member, quantity.name)), f"0.5 * ({before} + {after})")

    # schemes ---------------------------------------------------------------------------------------------------

    def beside(self, member, name, what) -> str:
        """The argument of an array beside a state."""
        return self.argument(f"{self.variable(member, name)}_{what}", f"{self.path(member, name)}:{what}", "state")

    def put(self, member, name, what, value) -> None:
        """Write an array beside a state."""
        self.beside(member, name, what)
        variable = self.let(f"{self.variable(member, name)}_{what}_next", value)
        self.extra.append((variable, f"{self.path(member, name)}:{what}"))

    def inflow(self, member, name) -> str:
        """What flows in from the neighbours, as a term to add; nothing if the state does not spread."""
        spreads = self.members[member].quantities[name].spreads
        return f" + {self.beside(member, name, 'spread')}" if spreads else ""

    def weights(self) -> tuple[str, str]:
        """The variables of dt times the weights of this step's rates and of the last one's."""
        if "dt_now" not in self.assigned:
            start, dt = f"{self.clock()} == 0.0", self.dt()
            self.let("dt_now", f"where({start}, {dt}, {4 / 3!r} * {dt})")
            self.let("dt_before", f"where({start}, 0.0, {2 / 3!r} * {dt})")
        return "dt_now", "dt_before"

    def sbdf2_step(self, member, names, equations, rates) -> None:
        """Right-hand sides of the implicit solve, and of what the ledger counts."""
        now, before = self.weights()
        for name, rate in zip(names, rates, strict=False):
            change, last = (self.beside(member, name, what) for what in ("change", "rate"))
            flow = self.inflow(member, name)
            weighted = f" + {IMPLICIT_SHARE!r} * {self.dt()} * ({flow[3:]})" if flow else ""
            self.put(member, name, "change",
                     f"{change} * {1 / 3!r} + ({now} * {rate} - {before} * {last}){weighted}")
            self.put(member, name, "rate", rate)
        self.book(member, equations, rates[len(names):])

    def sbdf2_whole_step(self, member, names, equations, rates) -> None:
        """The states as the implicit solve takes them, and what the ledger counts."""
        now, _ = self.weights()
        for name, rate in zip(names, rates, strict=False):
            old, carried = self.old.variables[member, name], self.beside(member, name, "carry")
            third = self.let(f"{self.variable(member, name)}_third", f"{1 / 3!r} * {old}")
            self.move(member, name, f"{old} + ({third} + ({now} * {rate} + {carried}))")
            self.put(member, name, "carry", f"-{third} - {IMPLICIT_SHARE!r} * {self.dt()} * {rate}")
        self.book(member, equations, rates[len(names):])

    def book(self, member, equations, rates) -> None:
        """What the ledger counts of this step of SBDF2."""
        now, _ = self.weights()
        for (name, _), rate in zip(equations.terms, rates, strict=True):
            carried, amount = self.beside(member, name, "carry"), self.unused(f"{self.variable(member, name)}_booked")
            self.let(amount, f"{now} * {rate} + {carried}")
            self.put(member, name, "carry", f"{amount} * {1 / 3!r} - {IMPLICIT_SHARE!r} * {self.dt()} * {rate}")
            self.ledger.append((amount, self.path(member, name)))

    def move(self, member, name, value) -> str:
        """Give a state a new value; its variable."""
        variable = self.let(f"{self.variable(member, name)}_next", value)
        self.extra.append((variable, self.path(member, name)))
        return variable

    def euler_step(self, member, names, equations, rates, whole=False) -> None:
        """The changes of one step of Euler's method, or the states after it."""
        for name, rate in zip(names, rates, strict=False):
            change = f"{self.dt()} * ({rate}{self.inflow(member, name)})"
            if whole:
                self.move(member, name, f"{self.old.variables[member, name]} + {change}")
            else:
                self.put(member, name, "change", change)
        for (name, _), rate in zip(equations.terms, rates[len(names):], strict=True):
            amount = self.let(self.unused(f"{self.variable(member, name)}_booked"), f"{self.dt()} * {rate}")
            self.ledger.append((amount, self.path(member, name)))

    def midpoint_step(self, member, names, equations, rates) -> None:
        """The states in the middle of the step."""
        for name, rate in zip(names, rates, strict=False):
            old = self.old.variables[member, name]
            self.put(member, name, "middle", f"{old} + 0.5 * {self.dt()} * ({rate}{self.inflow(member, name)})")

    euler_whole_step, midpoint_whole_step = partialmethod(euler_step, whole=True), midpoint_step


class SecondStage(TreeFusion):
    """The program of the second stage of the midpoint rule: the others stand in the middle of the step already."""

    def second_stage(self, whole) -> Program:
        """The changes of the step, or the states after it, from what the equations say in its middle."""
        at = Values({name: v for name, v in self.old.variables.items() if name in self.advancing})
        for member, names in self.moving.items():
            at.variables |= {(member, name): self.beside(member, name, "middle") for name in names}
        self.middle_of_step = self.let("t_middle", f"{self.clock()} + 0.5 * {self.dt()}")
        for member, names in self.moving.items():
            equations = Equations(self, member, names, at)
            self.euler_step(member, names, equations, equations.derivatives(None), whole)
        return Program(f"{self.name}_second", used(self), self.lines, self.extra, self.functions, None, self.ledger, [])

    def find(self, member, name, at):
        """The variable that holds a quantity; the time is that of the middle."""
        if name == "t" and "t" not in self.members[member].quantities:
            return self.middle_of_step
        return super().find(member, name, at)


def used(fusion) -> list:
    """The arguments of a program that its lines or results mention."""
    words = {word for line in fusion.lines for word in re.findall(r"\w+", line)}
    written = {path for _, path in fusion.extra}
    return [a for a in fusion.arguments.values() if a.variable in words or a.path in written]


class Added(TreeFusion):
    """The program that ends a step: every state moves by its change, and then spikes are seen."""

    def last_stage(self) -> Program:
        """The states with their changes added."""
        for member, names in self.moving.items():
            for name in names:
                self.move(member, name, f"{self.old.variables[member, name]} + {self.beside(member, name, 'change')}")
        return self.ended()

    def ended(self) -> Program:
        """The program as it stands, with spikes and what they do."""
        moved = {path: variable for variable, path in self.extra}
        before = {name: moved.get(self.path(*name), old) for name, old in self.old.variables.items()}
        at = Values({name: variable for name, variable in before.items() if name in self.advancing})
        spike = self.fire(at)
        self.extra += [(variable, self.path(*name)) for name, variable in at.variables.items()
                       if name in before and variable != before[name]]
        return Program(f"{self.name}_moved", used(self), self.lines, self.extra, self.functions, spike)
