"""A step as SPINE takes it, for comparison with it: SBDF2 with what it gets wrong, which makes it of first order.

    receptors of the ER    backward Euler with the calcium of the step's start; fluxes see the new occupancies
    calcium channels       gates exactly, with the potential of the step's start; fluxes see the new gates
    channels of the cable  gates by the explicit part of SBDF2; currents see the old gates
    what spreads           SBDF2, but the reactions "of the step before" are those of two steps before, except for the
                           potential; the first step is Euler's, whose changes `TreeStepping.start` computes
    free calcium           is raised to 0.005 uM where it is lower, which makes calcium

Source: SPINE, github.com/zmiksis/SPINE, commit 8635f0e, read and measured.
"""
from __future__ import annotations

from gpusyn.fusing.equations import gate_derivative
from gpusyn.fusing.flows import inflow
from gpusyn.fusing.tree_stages import Added
from gpusyn.fusing.trees import IMPLICIT_SHARE, TreeFusion
from gpusyn.numerics.schemes import elimination_lines
from gpusyn.program import Program
from gpusyn.quantities import Output, State

LEAST_CALCIUM = 0.005  # uM


def spine_programs(name, members, inputs, stored=()) -> list[Program]:
    """The programs of one step; see `gpusyn.fusing.tree_programs.tree_programs`."""
    first = SpineFusion(name, members, inputs).first_stage("spine", stored)
    return [first, SpineAdded(name, members, inputs).last_stage()]


def explicit_gates(mechanism) -> list[str]:
    """The gates of a mechanism, if its current is one of the cable equation's."""
    if not isinstance(mechanism.quantities.get("current_density"), Output):
        return []
    return [q.name for q in mechanism.quantities.values() if isinstance(q, State) and q.kind == "gate"]


class SpineFusion(TreeFusion):
    """The program of the first part of a step: everything but the solve."""

    def advance_others(self):
        """The values with receptors advanced; of gates, the changes."""
        new = super().advance_others()
        for member, mechanism in self.members.items():
            for gate in explicit_gates(mechanism):
                derivative = gate_derivative(type(mechanism), gate)
                rate = self.let(self.unused(f"d_{self.variable(member, gate)}"),
                                self.call(derivative, self.values_of(derivative, member, self.old)))
                self.step_with(member, gate, rate, self.beside(member, gate, "rate"))
                new.variables[member, gate] = self.old.variables[member, gate]
        return new

    def dt(self):
        """The variable of the time step, ms; nothing is staggered."""
        return self.argument("dt", "dt", "dt", "ms")

    def advance_gate(self, member, quantity, at):
        """Gates of the cable's channels are stepped with what spreads."""
        if quantity.name in explicit_gates(self.members[member]):
            return self.old.variables[member, quantity.name]
        return super().advance_gate(member, quantity, at)

    def advance_scheme(self, member, scheme, at, solve=None):
        """Backward Euler."""
        return super().advance_scheme(member, scheme, at, solve or (
            lambda states, rates, prefix: elimination_lines(states, rates, self.dt(), prefix)))

    def between(self, new):
        """Fluxes see what has advanced, currents the old gates."""
        return type(new)(dict(new.variables))

    def spine_step(self, member, names, equations, rates) -> None:
        """Right-hand sides of the implicit solve."""
        for name, rate in zip(names, rates, strict=False):
            last = self.beside(member, name, "rate")
            if self.members[member].quantities[name].within != "membrane":
                last, latest = self.beside(member, name, "past"), last
                self.put(member, name, "past", f"where({self.clock()} == 0.0, {rate}, {latest})")
            self.step_with(member, name, rate, last)

    def step_with(self, member, name, rate, last) -> None:
        """The right-hand side of one state from what its equation gives, and gave."""
        change, flow, dt = self.beside(member, name, "change"), inflow(self, member, name), self.dt()
        spread = f" + {IMPLICIT_SHARE!r} * {dt} * ({flow[3:]})" if flow else ""
        later = f"{change} * {1 / 3!r} + {dt} * ({4 / 3!r} * {rate} - {2 / 3!r} * {last}){spread}"
        self.put(member, name, "change", f"where({self.clock()} == 0.0, {change}, {later})")
        self.put(member, name, "rate", rate)


class SpineAdded(Added):
    """The program that ends a step."""

    def last_stage(self) -> Program:
        """The states with their changes added, and calcium raised."""
        for member, mechanism in self.members.items():
            for name in [*self.moving.get(member, ()), *explicit_gates(mechanism)]:
                old = self.old.variables[member, name]
                value = f"{old} + {self.beside(member, name, 'change')}"
                if name == "ca" and mechanism.quantities[name].within == "cytosol":
                    value = f"maximum({value}, {LEAST_CALCIUM})"
                moved = self.move(member, name, value)
                self.put(member, name, "change", f"{moved} - {old}")
        return self.ended()
