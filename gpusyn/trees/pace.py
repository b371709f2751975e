"""The runner of adaptive steps: how long each is, and where it must end."""
from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import users_level
from gpusyn.fusing.adaptive import POINTS

SAFETY = 0.8       # of the step that would be just good enough
ORDER = 3          # of the error of one step in its length
STEEPEST = 4       # rungs that a refused step goes down at once, at the most
SEVERAL = 10       # steps that missed the tolerance; an onset or two does no harm
ON_TIME = 1e-6     # of a step, by which round-off may put a time before it


class Pace:
    """Runs steps of model.dt * 2^rung, each at a multiple of its length and as long as the tolerance allows.

    Lengths double at most from one step to the next. After a jump they begin with model.dt. What is too wrong is done
    again in a shorter step; a step of model.dt is taken as it is.

    Args:
        recording: the calls that record states, each of them in steps of model.dt that are multiples of one of `rows`.

    Attributes:
        stride: steps of model.dt at multiples of which a step ends in any case.
        taken, refused, missed: numbers of steps that were taken, that were not, and that were taken though wrong.
    """

    def __init__(self, assembly, recording=(), rows=()):
        self.assembly, self.model, self.backend = assembly, assembly.model, assembly.backend
        self.trees = list(assembly.trees.values())
        self.most = min(trees.rungs for trees in self.trees)
        self.stride, self.rows = 2**self.most, sorted(rows)
        self.jumps = [jump for trees in self.trees for jump in trees.jumps]
        self.tries: dict = {}
        self.ending = self.made([call for trees in self.trees for call in trees.moved()])
        self.recording = self.made([*self.played(0.0, 0), *recording]) if recording else None
        self.rung = assembly.keep("adaptive.rung", self.backend.zeros((1, 1), np.int64))
        self.taken = self.refused = self.missed = 0

    def made(self, calls):
        """The runner of calls."""
        return self.backend.runner(calls, self.assembly.precision)

    def played(self, point: float, rung: int) -> list[Call]:
        """The calls that look up tables at a point of a step of model.dt * 2^rung."""
        dt = self.model.dt * 2**rung
        return [call for table in self.model.played.values()
                for call in replace(table, times=table.times - point * dt).calls(
                    self.assembly.inputs[table.path], dt, self.backend.asarray)]

    def trial(self, rung: int):
        """The runner that tries a step."""
        if rung not in self.tries:
            calls: list[Call] = []
            for number, point in enumerate(POINTS):
                calls += self.played(point, rung)
                calls += [call for trees in self.trees for call in trees.stage(number, rung)]
            self.tries[rung] = self.made(calls + [call for trees in self.trees for call in trees.estimate(rung)])
        return self.tries[rung]

    def run(self, first_step: int, n_step: int) -> None:
        """Take steps that end, all together, `n_step` of model.dt later."""
        step, end, jump = first_step, first_step + n_step, first_step
        rung = int(self.backend.to_host(self.rung)[0, 0]) if step else 0
        while step < end:
            if self.recording is not None and any(step % every == 0 for every in self.rows):
                self.recording.run(step, 1)
            jump = self.next_jump(step) if step >= jump else jump
            rung, took = self.step(step, min(end, jump, self.next_row(step)), rung)
            step += took
            rung = 0 if step == jump else rung
        self.rung[...] = self.backend.asarray(np.array([[rung]], np.int64))

    def step(self, step: int, limit: float, rung: int) -> tuple[int, int]:
        """Take one step that ends at `limit` or before; gives the rung that is good for the next, and its length."""
        here = max(k for k in range(rung + 1) if step % 2**k == 0 and step + 2**k <= limit)
        while True:
            self.trial(here).run(step >> here, 1)
            wrong = max(trees.wrongness() for trees in self.trees)
            if wrong <= 1 or here == 0:
                break
            self.refused += 1
            here = rung = max(0, here - min(STEEPEST, max(1, math.ceil(math.log2(min(wrong, 1e30)) / ORDER))))
        if wrong > 1:
            self.miss(step, wrong)
        self.ending.run(step, 1)
        self.taken += 1
        good = here + math.floor(math.log2(SAFETY * max(wrong, 1e-30) ** (-1 / ORDER))) if wrong <= 1 else 0
        return max(0, min(self.most, max(rung, here + 1), good)), 2**here

    def miss(self, step: int, wrong: float) -> None:
        """Count a step that was too wrong and could be no shorter; warn once there are several."""
        self.missed += 1
        if self.missed == SEVERAL:
            warnings.warn(f"{SEVERAL} steps of model.dt, the shortest, were more wrong than is tolerated, the last at "
                          f"t = {step * self.model.dt:g} ms {wrong:.3g} times; they are taken as they are, and more "
                          "may follow (use a smaller dt, or a larger tolerance)", UserWarning, stacklevel=users_level())

    def next_row(self, step: int) -> float:
        """The next step at which states are recorded."""
        return min(((step // every + 1) * every for every in self.rows), default=math.inf)

    def next_jump(self, step: int) -> float:
        """The next step at which something jumps; where that is within this one, its end."""
        dt = self.model.dt
        found = min((jump((step + ON_TIME) * dt) for jump in self.jumps), default=math.inf)
        return max(step + 1, math.floor(found / dt + ON_TIME)) if found < math.inf else math.inf
