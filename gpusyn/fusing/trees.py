"""The programs that step a population of trees: reactions at every node, between the operations that spread them.

What spreads is stepped by the population's scheme; everything else stands half a step ahead of it, as gates do of a
potential (Hines 1984, Int. J. Bio-Med. Comput. 15:69). Its first step is half a step. Equations of what spreads see
the mean of the two half steps about them. So all schemes but "euler" and "spine" are of second order.

Beside the states there are, for each state x of a mechanism that has spreading states, the arrays

    x:spread   what flows into a node from its neighbours, per ms, before the step (only if x spreads); where programs
               read those before and after it themselves (`gpusyn.trees.neighbours`), from its others at branch points
    x:before   the state of the node before each, x:after of the one after
    x:change   of the last step; the program leaves the right-hand side of this one there
    x:rate     what the equations gave in the last step, per ms (sbdf2, spine)
    x:carry    what the next step needs of this one (sbdf2_whole)
    x:past     what they gave in the step before it (spine)
    x:middle   the state in the middle of the step (midpoint); x:middle:before, x:middle:after
    x:moved    where the state after the step goes (euler_whole)

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

from gpusyn.fusing.binding import Values
from gpusyn.fusing.equations import Equations
from gpusyn.fusing.flows import inflow
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


class TreeFusion(Fusion):
    """The program of the first stage of a step; arguments as for `gpusyn.fusing.tree_programs.tree_programs`."""

    def __init__(self, name, members, inputs, neighbours=None):
        super().__init__(name, members, inputs)
        self.neighbours = neighbours
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
        variable = f"{self.variable(member, name)}_{what.replace(':', '_')}"
        return self.argument(variable, f"{self.path(member, name)}:{what}", "state")

    def put(self, member, name, what, value) -> None:
        """Write an array beside a state."""
        self.beside(member, name, what)
        variable = self.let(f"{self.variable(member, name)}_{what}_next", value)
        self.extra.append((variable, f"{self.path(member, name)}:{what}"))

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
            flow = inflow(self, member, name)
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

    def euler_step(self, member, names, equations, rates) -> None:
        """The changes of one step of Euler's method."""
        for name, rate in zip(names, rates, strict=False):
            self.put(member, name, "change", f"{self.dt()} * ({rate}{inflow(self, member, name)})")
        self.book_rates(member, equations, rates[len(names):])

    def euler_whole_step(self, member, names, equations, rates) -> None:
        """The states after one step of Euler's method."""
        for name, rate in zip(names, rates, strict=False):
            old, flow = self.old.variables[member, name], inflow(self, member, name)
            moved = f"{old} + {self.dt()} * ({rate}{flow})"
            if flow and self.neighbours is not None:
                self.put(member, name, "moved", moved)  # others read the old one
            else:
                self.move(member, name, moved)
        self.book_rates(member, equations, rates[len(names):])

    def book_rates(self, member, equations, rates) -> None:
        """What the ledger counts of a step of these rates."""
        for (name, _), rate in zip(equations.terms, rates, strict=True):
            amount = self.let(self.unused(f"{self.variable(member, name)}_booked"), f"{self.dt()} * {rate}")
            self.ledger.append((amount, self.path(member, name)))

    def midpoint_step(self, member, names, equations, rates) -> None:
        """The states in the middle of the step."""
        for name, rate in zip(names, rates, strict=False):
            old = self.old.variables[member, name]
            self.put(member, name, "middle", f"{old} + 0.5 * {self.dt()} * ({rate}{inflow(self, member, name)})")

    midpoint_whole_step = midpoint_step
