"""Trees that take adaptive steps, on a device: the calls of one try of any length, and of the step that follows it."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.fusing.adaptive import SHARE, keeps_rounding, stepped
from gpusyn.fusing.adaptive_ending import adaptive_programs
from gpusyn.quantities import path_of
from gpusyn.recording.tapes import PART_SITES
from gpusyn.trees.adaptive import jumps_of, require_adaptable
from gpusyn.trees.stepping import TreeStepping


class AdaptiveStepping(TreeStepping):
    """The stepping of one population of trees with the scheme "adaptive"; see `gpusyn.fusing.adaptive`."""

    def __init__(self, assembly, trees):
        require_adaptable(assembly.model, trees)
        self.tolerance, self.rungs = trees.adaptive.tolerance, trees.adaptive.rungs(assembly.model.dt, trees.name)
        super().__init__(assembly, trees)

    def allocate_beside(self, member, mechanism) -> None:
        """Make room beside the states of one mechanism, and beside what flows into them."""
        names = stepped(mechanism)
        fluxes = [n for n, q in mechanism.quantities.items() if getattr(q, "into", "") in names]
        for name in (*names, *fluxes):
            path = path_of(self.trees.name, member, name)
            spreads = path in self.spreading.paths
            for what in ("change", "second", *(("spread", "first") if spreads else ())):
                held = self.row(what, path) if spreads and what != "first" else self.room()
                self.assembly.inputs[f"{path}:{what}"] = held
            if keeps_rounding(mechanism, name):
                self.assembly.inputs[f"{path}:lost"] = self.assembly.keep(f"{path}:lost", self.room())

    def calls(self, inputs) -> list[Call]:
        """The calls of one step of model.dt."""
        n_point, n_site, assembly = self.assembly.n_point, self.trees.n_site, self.assembly
        self.jumps = jumps_of(self.model, self.trees)
        self.wrong = assembly.inputs[f"{self.trees.name}:wrong"] = self.room()
        n_part = -(-n_site // PART_SITES)
        self.partials = assembly.backend.zeros((n_point, n_part, 3), np.float64)
        self.programs = adaptive_programs(self.trees.name, self.trees.members, inputs)
        self.bound_programs = [self.bound(program, inputs) for program in self.programs]
        self.reducing = Call("reduce_parts", [self.wrong, self.partials, 1, n_point, n_site, n_part])
        return [*self.stage(0, 0), *self.stage(1, 0), *self.estimate(0), *self.moved()]

    def stage(self, number: int, rung: int) -> list[Call]:
        """The calls of a stage of a step of model.dt * 2^rung."""
        program = self.bound_programs[number]
        dt = self.model.dt * 2**rung
        return self.in_tasks([
            *(self.flowing("state", program) if number == 0 else (program,)),
            *self.solve(("change", "second")[number], SHARE * dt)], dt)

    def estimate(self, rung: int) -> list[Call]:
        """The calls that find how wrong a step is."""
        return [*self.in_tasks([self.bound_programs[2]], self.model.dt * 2**rung), self.reducing]

    def moved(self) -> list[Call]:
        """The calls that take the step."""
        return self.in_tasks([self.bound_programs[3]], self.model.dt)

    def in_tasks(self, calls, dt) -> list[Call]:
        """The calls, for steps of `dt` ms, as parts of the trees that are independent of each other."""
        found = []
        for call in calls:
            args = [*call.args[:3], np.float64(dt), *call.args[4:]] if call.generated else call.args
            found.append(self.divided(replace(call, args=args)))
        return found

    def wrongness(self) -> float:
        """How wrong the step just tried is, as a part of what is tolerated; infinite if it is no number.

        The estimate is that of a method of first order, r = dt^2 |u''| / 2 |u|. A method of second order is wrong by
        about r^(3/2).
        """
        sums, _, largest = np.moveaxis(self.assembly.backend.to_host(self.partials), -1, 0)
        if not np.isfinite(sums).all():
            return np.inf
        return float(largest.max()) ** 0.75 / self.tolerance
