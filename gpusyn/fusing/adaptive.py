"""The programs of a step that needs no step before it, knows its own error, and may be long: the scheme "adaptive".

ROS2 with an approximate matrix factorization: with L the Jacobian of spreading and J that of the reactions, in blocks
(the differential equations of a mechanism together, each gate and each Markov scheme by itself) and, below them, how
each differential equation depends on blocks before it; mechanisms that spread are the last blocks,

    (1 - g dt J) (1 - g dt L) k1 = dt F(t1, u)                     g = 1 - 1 / sqrt(2)
    (1 - g dt J) (1 - g dt L) k2 = dt F(t2, u + k1) - 2 k1
    u_new = u + 3/2 k1 + 1/2 k2,                                    wrong = 1/2 (k1 + k2)

of second order whatever J is, so that blocks will do: those below the diagonal let calcium follow its receptors over
long steps. `wrong` is the difference to u + k1, of first order. What flows
from state to state flows in k1 and k2 as well, so that nothing is lost. t1 and t2 are Gauss' points of the step: what
jumps at its ends, and not between them, is seen on one side. Gates are not staggered: all states are of one time.

Beside the states, and of each flux that the ledger counts, are

    x:change   k1; the first program leaves (1 - g dt L) k1 there
    x:second   k2, likewise
    x:first    (1 - g dt L) k1, if x spreads: (k1 - x:first) / g is then dt L k1
    x:spread   L u, if x spreads
    x:lost     what rounding took from the last step, if x has a differential equation

Source: Verwer, Spee, Blom & Hundsdorfer (1999) SIAM J. Sci. Comput. 20:1456.
"""
from __future__ import annotations

from math import sqrt

from gpusyn.fusing.binding import Values
from gpusyn.fusing.chain import slope
from gpusyn.fusing.equations import Equations
from gpusyn.fusing.tree_stages import used
from gpusyn.fusing.trees import TreeFusion
from gpusyn.numerics.odes import implicit_solution
from gpusyn.numerics.schemes import increment_lines
from gpusyn.program import Program
from gpusyn.quantities import Scheme

SHARE = 1.0 - 1.0 / sqrt(2.0)  # g; the other value with which the method forgets stiff parts is 1 + 1 / sqrt(2)
POINTS = (0.5 - 0.5 / sqrt(3.0), 0.5 + 0.5 / sqrt(3.0))  # of the step, where time is looked at


def stepped(mechanism) -> list[str]:
    """The states of a mechanism that have dynamics."""
    return [name for name, q in mechanism.quantities.items()
            if getattr(q, "kind", "") in ("gate", "occupancy") or f"d_{name}" in type(mechanism).functions]


def keeps_rounding(mechanism, name) -> bool:
    """Whether what rounding takes from a step of a state goes into the next: small steps of float32 would be lost."""
    return f"d_{name}" in type(mechanism).functions


class Stage(TreeFusion):
    """The program of one of the two stages: right-hand sides, and what of the solution touches one node only."""

    def __init__(self, name, members, inputs, number: int):
        super().__init__(name, members, inputs)
        self.number, self.what = number, ("change", "second")[number]
        self.found: dict[tuple[str, str], str] = {}
        self.slopes: dict = {}

    def whole(self) -> Program:
        """All of it."""
        self.share = self.let("dt_share", f"{SHARE!r} * {self.dt()}")
        at, spreads_last = self.values_at_stage(), sorted(self.members, key=lambda member: member in self.moving)
        for member in spreads_last:
            mechanism = self.members[member]
            kinds = {n: getattr(mechanism.quantities[n], "kind", "") for n in stepped(mechanism)}
            self.equations(member, [n for n, kind in kinds.items() if kind not in ("gate", "occupancy")], at)
            for gate in [n for n, kind in kinds.items() if kind == "gate"]:
                self.gate(member, gate, at)
            for scheme in [q for q in mechanism.quantities.values() if isinstance(q, Scheme)]:
                self.scheme(member, scheme, at)
        return Program(f"{self.name}_stage_{self.number + 1}", used(self), self.lines, self.extra, self.functions)

    def values_at_stage(self) -> Values:
        """The states in which equations are looked at: u, or u + k1."""
        at = Values({name: v for name, v in self.old.variables.items() if name in self.advancing})
        for member, mechanism in self.members.items() if self.number else ():
            for name in stepped(mechanism):
                at.variables[member, name] = self.let(
                    self.unused(f"{self.variable(member, name)}_middle"),
                    f"{self.old.variables[member, name]} + {self.beside(member, name, 'change')}")
        return at

    def find(self, member, name, at):
        """The variable that holds a quantity; the time is that of the stage."""
        if name != "t" or "t" in self.members[member].quantities:
            return super().find(member, name, at)
        if "t_stage" not in self.assigned:
            self.let("t_stage", f"{self.clock()} + {POINTS[self.number]!r} * {self.dt()}")
        return "t_stage"

    def right(self, member, name, rate) -> str:
        """The right-hand side of a state that changes at `rate`, or of a flux, as a text."""
        side = f"{self.dt()} * {rate}"
        return f"{side} - 2.0 * {self.beside(member, name, 'change')}" if self.number else side

    def flow(self, member, name) -> str:
        """What is to be added to the right-hand side of a state that spreads, for dt L of where it is looked at."""
        if not self.members[member].quantities[name].spreads:
            return ""
        flow = f" + {self.dt()} * {self.beside(member, name, 'spread')}"
        first, change = (self.beside(member, name, what) for what in ("first", "change"))
        return f"{flow} + {1 / SHARE!r} * ({change} - {first})" if self.number else flow

    def equations(self, member, names, at) -> None:
        """The differential equations of one mechanism, and the fluxes in them."""
        if not names:
            return
        system = Equations(self, member, names, at)
        rates = system.derivatives(None)
        passed = [self.passed_on(member, f"d_{name}", at) for name in names]
        right = [system.let(f"b_{i}", self.right(member, name, rate) + self.flow(member, name) + passed[i])
                 for i, (name, rate) in enumerate(zip(names, rates, strict=False))]
        solution, along = implicit_solution(system, self.share, right)
        for i, (name, _) in enumerate(system.terms, len(names)):
            own = f" + {self.share} * (0.0{along[i]})" if along[i] else ""
            amount = self.right(member, name, rates[i]) + own + self.passed_on(member, name, at)
            self.put(member, name, self.what, amount)
        for name, value in zip(names, solution, strict=True):
            self.solved(member, name, value)
            if not self.number and self.members[member].quantities[name].spreads:
                self.put(member, name, "first", value)

    def passed_on(self, member, equation, at) -> str:
        """What is to be added to a right-hand side for states of other mechanisms that are solved for already."""
        terms = [(slope(self, member, equation, name, at), value) for name, value in self.found.items()]
        terms = [f" + {by_state} * {value}" for by_state, value in terms if by_state is not None]
        return f" + {self.share} * (0.0{''.join(terms)})" if terms else ""

    def solved(self, member, name, value) -> None:
        """Write what has been solved for; equations that come later see it."""
        self.put(member, name, self.what, value)
        self.found[member, name] = self.extra[-1][0]

    def gate(self, member, name, at) -> None:
        """One gate."""
        rates, variable = self.equation(member, f"{name}_rates"), self.variable(member, name)
        opening, closing = self.unpack([f"{variable}_opening", f"{variable}_closing"], rates,
                                       self.values_of(rates, member, at))
        x = at.variables[member, name]
        rate = f"({opening} * (1.0 - {x}) - {closing} * {x})"
        self.solved(member, name,
                    f"({self.right(member, name, rate)}) / (1.0 + {self.share} * ({opening} + {closing}))")

    def scheme(self, member, scheme, at) -> None:
        """One Markov scheme: what leaves a state arrives in another."""
        transitions, own = self.equation(member, "transitions"), self.old.variables
        rates = {key: f"{self.variable(member, 'rate')}_{key[0]}_{key[1]}" for key in transitions.keys}
        self.unpack(list(rates.values()), transitions, self.values_of(transitions, member, at))
        net = dict.fromkeys(scheme.states, "0.0")
        for (source, target), rate in rates.items():
            flow = self.let(self.unused(f"{rate}_flow"), f"{rate} * {at.variables[member, source]}")
            net[source], net[target] = f"{net[source]} - {flow}", f"{net[target]} + {flow}"
        right = {own[member, s]: self.let(f"{self.variable(member, s)}_right", self.right(member, s, f"({net[s]})"))
                 for s in scheme.states}
        named = {(own[member, source], own[member, target]): rate for (source, target), rate in rates.items()}
        prefix = f"{self.variable(member, '')}_".replace("__", "_").lstrip("_")
        lines, found = increment_lines(list(right), right, named, self.share, prefix)
        for line in lines:
            self.let(*line.split(" = ", 1))
        for s in scheme.states:
            self.solved(member, s, found[own[member, s]])
