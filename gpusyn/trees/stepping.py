"""Trees on a device: the arrays beside what spreads, and the calls of one step.

A step of every scheme is: what flows in from neighbours; the program of the population; for "sbdf2" the solve, for
"midpoint" the same again in the middle of the step; and the changes are added. Without spikes the programs of explicit
schemes add them; and "sbdf2" in float64 is the program and the solve alone.
"""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.fusing.binding import spiking_member
from gpusyn.fusing.spine_steps import explicit_gates
from gpusyn.fusing.trees import IMPLICIT_SHARE, moving, tree_programs
from gpusyn.numerics.trees import solve_calls, spread_calls, spread_on_host
from gpusyn.quantities import path_of
from gpusyn.trees.first_step import first_changes
from gpusyn.trees.part import Trees
from gpusyn.trees.spreading import spreading_of

BESIDE = {"sbdf2": ("spread", "change", "rate"), "sbdf2_whole": ("carry",),
          "midpoint": ("spread", "change", "middle"), "midpoint_whole": ("spread", "middle"),
          "euler": ("spread", "change"), "euler_whole": ("spread",), "spine": ("spread", "change", "rate", "past"),
          "adaptive": ("spread", "change", "second")}
OWN = ("rate", "past", "carry")  # which no operation on trees touches
EXPLICIT = ("euler", "midpoint")


class TreeStepping:
    """The stepping of one population of trees.

    Attributes:
        spreading: what spreads, and how easily.
        form: of the scheme's programs (`gpusyn.fusing.trees`).
        blocks: device arrays (n_state, n_point, n_node) of what spreads: "state", "spread", "change", "middle".
    """

    def __init__(self, assembly, trees: Trees):
        self.assembly, self.trees, self.model = assembly, trees, assembly.model
        self.spreading = spreading_of(self.model, trees)
        self.require_stability()
        scheme, sharp = trees.scheme, assembly.precision == "float64"
        whole = spiking_member(trees.members) is None and (scheme in EXPLICIT or (scheme == "sbdf2" and sharp))
        self.form = f"{scheme}_whole" if whole else scheme
        self.blocks: dict = {}

    def require_stability(self) -> None:
        """Raise a ModelError if an explicit scheme cannot take steps of this length."""
        limit = 1.0 / self.spreading.fastest if self.spreading.fastest else np.inf
        if self.trees.scheme in EXPLICIT and self.model.dt > limit:
            raise ModelError(f"{self.trees.name}.scheme: '{self.trees.scheme}' is stable up to dt = {limit:.3g} ms on "
                             f"these trees, and model.dt is {self.model.dt:g} ms; use 'sbdf2', or smaller steps")

    # arrays ----------------------------------------------------------------------------------------------------

    def allocate(self, inputs) -> None:
        """Put the initial states on the device, and make room for the arrays beside them."""
        starts, assembly = self.assembly.starts(self.trees, inputs), self.assembly
        for what in ("state", *BESIDE[self.form]):
            if what not in OWN:
                self.blocks[what] = self.block()
        for path, start in starts.items():
            if path in self.spreading.paths:
                held = self.row("state", path)
                assembly.fill(held, start)
            else:
                held = assembly.filled((assembly.n_point, self.trees.n_site), start)
            assembly.state[path] = assembly.keep(path, held)
        for member, mechanism in self.trees.members.items():
            self.allocate_beside(member, mechanism)

    def allocate_beside(self, member, mechanism) -> None:
        """Make room beside the states of one mechanism, and beside what flows into them."""
        names, scheme = moving(mechanism), self.trees.scheme
        fluxes = [n for n, q in mechanism.quantities.items() if getattr(q, "into", "") in names]
        beside = dict.fromkeys(names, BESIDE[self.form])
        beside |= dict.fromkeys(fluxes if scheme == "sbdf2" else [], ("carry",))
        beside |= dict.fromkeys(explicit_gates(mechanism) if scheme == "spine" else [], ("change", "rate"))
        for name, kinds in beside.items():
            path = path_of(self.trees.name, member, name)
            for what in kinds:
                spreads = path in self.spreading.paths
                if what == "spread" and not spreads:
                    continue
                held = self.row(what, path) if spreads and what not in OWN else self.room()
                self.assembly.inputs[f"{path}:{what}"] = held
                if what in ("change", *OWN):
                    self.assembly.keep(f"{path}:{what}", held)

    def block(self):
        """Room for what spreads, in one piece."""
        shape = (len(self.spreading.paths), self.assembly.n_point, self.trees.n_site)
        return self.assembly.backend.zeros(shape, self.assembly.real)

    def room(self):
        """An array of one value per item."""
        return self.assembly.backend.zeros((self.assembly.n_point, self.trees.n_site), self.assembly.real)

    def row(self, what, path):
        """The part of a block that belongs to a state."""
        return self.blocks[what][self.spreading.paths.index(path)]

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

    def host(self, what) -> np.ndarray:
        """A host copy of a block, float64."""
        return self.assembly.backend.to_host(self.blocks[what]).astype(np.float64)

    def inflow(self, values: np.ndarray) -> np.ndarray:
        """What flows into every node from its neighbours, per ms; (n_state, n_point, n_node), on the host."""
        return spread_on_host(self.trees.forest, self.spreading.capacity, self.spreading.conductance, values)

    # calls -----------------------------------------------------------------------------------------------------

    def calls(self, inputs) -> list[Call]:
        """The calls of one step."""
        stored = self.stored()
        programs = tree_programs(self.trees.name, self.trees.members, inputs, self.form, stored)
        self.programs = programs
        bound = [self.bound(program, inputs) for program in programs]
        implicit = IMPLICIT_SHARE * self.model.dt
        if self.form == "sbdf2_whole":
            calls = [*bound, *self.solve("state", implicit)]
        elif self.trees.scheme == "midpoint":
            calls = [*self.spread("state"), bound[0], *self.spread("middle"), *bound[1:]]
        elif self.trees.scheme == "euler":
            calls = [*self.spread("state"), *bound]
        else:
            calls = [*self.spread("state"), bound[0], *self.solve("change", implicit), bound[1]]
        return [self.divided(call) for call in calls]

    def divided(self, call) -> Call:
        """The call, knowing how it can be shared out."""
        halved = self.trees.boundary > 0 and self.assembly.n_point == 1
        return replace(call, tasks=2 if halved else self.tasks(), part=self.trees.name,
                       waits=halved and call.operation in ("spread_trees", "substitute_halves"))

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
        """Operations that write what flows into every node."""
        of = self.spreading
        return [Call(*call) for call in spread_calls(
            self.trees.forest, of.capacity, of.conductance, self.blocks[what], self.blocks["spread"],
            self.assembly.backend)]

    def solve(self, what, share) -> list[Call]:
        """Operations that solve (1 - share L) x = what in place."""
        of = self.spreading
        return [Call(*call) for call in solve_calls(
            self.trees.forest, of.capacity, of.conductance, share, self.blocks[what], self.assembly.backend)]
