"""Trees on a device: the arrays beside what spreads, and the calls of one step.

A step of every scheme is: what flows in from neighbours; the program of the population; for "sbdf2" the solve, for
"midpoint" the same again in the middle of the step; and the changes are added.
"""
from __future__ import annotations

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.fusing.trees import IMPLICIT_SHARE, moving, tree_programs
from gpusyn.trees.part import Trees
from gpusyn.trees.spreading import spreading_of

BESIDE = {"sbdf2": ("spread", "change", "rate"), "midpoint": ("spread", "change", "middle"),
          "euler": ("spread", "change")}


class TreeStepping:
    """The stepping of one population of trees.

    Attributes:
        spreading: what spreads, and how easily.
        blocks: device arrays (n_state, n_point, n_node) of what spreads: "state", "spread", "change", "middle".
    """

    def __init__(self, assembly, trees: Trees):
        self.assembly, self.trees, self.model = assembly, trees, assembly.model
        self.spreading = spreading_of(self.model, trees)
        self.require_stability()
        self.blocks: dict = {}

    def require_stability(self) -> None:
        """Raise a ModelError if an explicit scheme cannot take steps of this length."""
        limit = 1.0 / self.spreading.fastest if self.spreading.fastest else np.inf
        if self.trees.scheme in ("euler", "midpoint") and self.model.dt > limit:
            raise ModelError(f"{self.trees.name}.scheme: '{self.trees.scheme}' is stable up to dt = {limit:.3g} ms on "
                             f"these trees, and model.dt is {self.model.dt:g} ms; use 'sbdf2', or smaller steps")

    # arrays ----------------------------------------------------------------------------------------------------

    def allocate(self, inputs) -> None:
        """Put the initial states on the device, and make room for the arrays beside them."""
        starts, assembly = self.assembly.starts(self.trees, inputs), self.assembly
        for what in ("state", *BESIDE[self.trees.scheme]):
            if what != "rate":
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
        names = moving(mechanism)
        fluxes = [n for n, q in mechanism.quantities.items() if getattr(q, "into", "") in names]
        for name in names + (fluxes if self.trees.scheme == "sbdf2" else []):
            path = ".".join(word for word in (self.trees.name, member, name) if word)
            for what in BESIDE[self.trees.scheme]:
                if what != "rate" and path in self.spreading.paths:
                    held = self.row(what, path)
                elif what == "spread" or (what == "middle" and name in fluxes):
                    continue
                else:
                    held = self.room()
                self.assembly.inputs[f"{path}:{what}"] = held
                if what in ("change", "rate"):
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
        if self.trees.scheme == "sbdf2":
            from gpusyn.numerics.trees import spread_on_host

            held = self.assembly.backend.to_host(self.blocks["state"]).astype(np.float64)
            flow = spread_on_host(self.trees.forest, self.spreading.capacity, self.spreading.conductance, held)
            self.blocks["change"][...] = self.assembly.to_device(self.model.dt * flow)

    # calls -----------------------------------------------------------------------------------------------------

    def calls(self, inputs) -> list[Call]:
        """The calls of one step."""
        stored = self.stored()
        programs = tree_programs(self.trees.name, self.trees.members, inputs, self.trees.scheme, stored)
        bound = [self.bound(program, inputs) for program in programs]
        if self.trees.scheme == "midpoint":
            return [*self.spread("state"), bound[0], *self.spread("middle"), *bound[1:]]
        return [*self.spread("state"), bound[0], *self.solve(), bound[1]]

    def stored(self):
        """The outputs that others read in the step, which get arrays of their own."""
        needed = self.model.outputs_needed(self.trees)
        for member, output in needed:
            path = ".".join(word for word in (self.trees.name, member, output) if word)
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
        from gpusyn.numerics.trees import spread_calls

        of = self.spreading
        return [Call(*call) for call in spread_calls(
            self.trees.forest, of.capacity, of.conductance, self.blocks[what], self.blocks["spread"],
            self.assembly.backend)]

    def solve(self) -> list[Call]:
        """Operations that turn right-hand sides into changes; none for an explicit scheme."""
        if self.trees.scheme != "sbdf2":
            return []
        from gpusyn.numerics.trees import solve_calls

        of, share = self.spreading, IMPLICIT_SHARE * self.model.dt
        return [Call(*call) for call in solve_calls(
            self.trees.forest, of.capacity, of.conductance, share, self.blocks["change"], self.assembly.backend)]
