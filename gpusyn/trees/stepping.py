"""Trees on a device: the calls of one step.

A step of every scheme is: what flows in from neighbours; the program of the population; for "sbdf2" the solve, for
"midpoint" the same again in the middle of the step; and the changes are added. Without spikes the programs of explicit
schemes add them; and "sbdf2" in float64 is the program and the solve alone. Flows between nodes that follow each other
are part of the programs (`gpusyn.trees.neighbours`), but for "spine" and "adaptive".
"""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.fusing.tree_programs import tree_programs
from gpusyn.fusing.trees import IMPLICIT_SHARE, moving
from gpusyn.numerics.trees import solve_calls, spread_calls, spread_on_host
from gpusyn.quantities import path_of
from gpusyn.trees.arrays import EXPLICIT, TreeArrays
from gpusyn.trees.first_step import first_changes
from gpusyn.trees.part import Trees


class TreeStepping(TreeArrays):
    """The stepping of one population of trees."""

    def __init__(self, assembly, trees: Trees):
        super().__init__(assembly, trees)
        self.require_stability()

    def require_stability(self) -> None:
        """Raise a ModelError if an explicit scheme cannot take steps of this length."""
        limit = 1.0 / self.spreading.fastest if self.spreading.fastest else np.inf
        if self.trees.scheme in EXPLICIT and self.model.dt > limit:
            raise ModelError(f"{self.trees.name}.scheme: '{self.trees.scheme}' is stable up to dt = {limit:.3g} ms on "
                             f"these trees, and model.dt is {self.model.dt:g} ms; use 'sbdf2', or smaller steps")

    def start(self) -> None:
        """Before the first step: the history from which it is as good as the others, for the states as they are."""
        if self.form == "sbdf2_whole":
            self.start_carried()
        elif self.form == "sbdf2":
            self.blocks["change"][...] = self.assembly.to_device(self.model.dt * self.inflow(self.host("state")))
        elif self.trees.scheme == "spine":
            for path, values in first_changes(self).items():
                self.assembly.fill(self.assembly.inputs[path], values)

    def start_carried(self) -> None:
        """What the first step, solved as all others are, carries over from the one before it: dt L x / 3 - x / 3."""
        flow = dict(zip(self.spreading.paths, self.model.dt * self.inflow(self.host("state")), strict=True))
        for member, mechanism in self.trees.members.items():
            for name in moving(mechanism):
                path = path_of(self.trees.name, member, name)
                values = self.assembly.backend.to_host(self.assembly.state[path])
                self.assembly.fill(self.assembly.inputs[f"{path}:carry"], (flow.get(path, 0.0) - values) / 3)

    def inflow(self, values: np.ndarray) -> np.ndarray:
        """What flows into every node from its neighbours, per ms; (n_state, n_point, n_node), on the host."""
        return spread_on_host(self.trees.forest, self.spreading.capacity, self.spreading.conductance, values)

    # calls -----------------------------------------------------------------------------------------------------

    def calls(self, inputs) -> list[Call]:
        """The calls of one step."""
        stored = self.stored()
        programs = tree_programs(self.trees.name, self.trees.members, inputs, self.form, stored, self.neighbours)
        self.programs = programs
        bound = [self.bound(program, inputs) for program in programs]
        implicit = IMPLICIT_SHARE * self.model.dt
        if self.form == "sbdf2_whole":
            calls = [*bound, *self.solve("state", implicit)]
        elif self.trees.scheme == "midpoint":
            calls = [*self.flowing("state", bound[0]), *self.flowing("middle", bound[1]), *bound[2:]]
        elif self.trees.scheme == "euler":
            calls = [*self.flowing("state", replace(bound[0], swaps=self.elsewhere)), *bound[1:]]
        else:
            calls = [*self.flowing("state", bound[0]), *self.solve("change", implicit), bound[1]]
        return [self.divided(call) for call in calls]

    def flowing(self, what, program) -> list[Call]:
        """The call of a program that asks for what flows in, with operations before it that write some of this.

        Whichever is first reads what other tasks have written.
        """
        first, *rest = [*self.spread(what), program]
        return [replace(first, waits=True), *rest]

    def divided(self, call) -> Call:
        """The call, knowing how it can be shared out."""
        halved = self.trees.boundary > 0 and self.assembly.n_point == 1
        waits = halved and (call.waits or call.operation == "substitute_halves")
        return replace(call, tasks=2 if halved else self.tasks(), part=self.trees.name, waits=waits)

    def tasks(self) -> int:
        """How many blocks of trees can be stepped independently of each other, 0 if that is not worth while."""
        block = self.trees.together
        return self.assembly.n_point * -(-self.trees.n_site // block) if block else 0

    def stored(self):
        """The outputs that others read in the step, which get arrays of their own."""
        needed = self.model.outputs_needed(self.trees)
        for member, output in needed:
            path = path_of(self.trees.name, member, output)
            self.assembly.state[path] = self.room()
        return needed

    def bound(self, program, inputs) -> Call:
        """The call of one of the programs."""
        assembly = self.assembly
        assembly.programs[program.name] = program
        assembly.part_inputs[self.trees.name] = inputs
        assembly.watched += program.watched
        return assembly.bind(program, self.trees)

    def spread(self, what) -> list[Call]:
        """Operations that write what flows into every node, or what of it programs do not work out."""
        if self.neighbours is not None and not self.neighbours.branched:
            return []
        of = self.spreading
        return [Call(*call) for call in spread_calls(
            self.trees.forest, of.capacity, of.conductance, self.blocks[what], self.blocks["spread"],
            self.assembly.backend, sideways=self.neighbours is not None)]

    def solve(self, what, share) -> list[Call]:
        """Operations that solve (1 - share L) x = what in place."""
        of = self.spreading
        return [Call(*call) for call in solve_calls(
            self.trees.forest, of.capacity, of.conductance, share, self.blocks[what], self.assembly.backend)]
