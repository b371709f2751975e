"""The loop over steps as one compiled function: its source, and the arguments that it takes."""
from __future__ import annotations

from itertools import groupby, pairwise
from typing import Any

import numpy as np

from gpusyn.backends.operations import module_of
from gpusyn.backends.paired import Beside, Paired, front_of, pairs_of
from gpusyn.backends.plan import Call
from gpusyn.translate.event_layout import EventLayout
from gpusyn.translate.numba_events import EVENTS
from gpusyn.translate.numba_source import DRAWS, HEADER, numba_source

RUNTIME = (
    "from gpusyn.backends.numba_ops.barrier import wait_for_all",
    "from gpusyn.backends.numba_ops.subnormals import flush_subnormals, restore_subnormals",
    "from gpusyn.backends.numba_ops.views import borrowed",
)


class Driver:
    """Source of the loop over steps, and the arguments it takes: each array once, however many calls use it."""

    def __init__(self, calls: list[Call], precision: str):
        self.args: list = []
        self.positions: dict[int, int] = {}
        self.turns = [(pair, sum(call.swaps and pair in pairs_of(call.args) for call in calls))
                      for pair in pairs_of(arg for call in calls for arg in call.args)]
        self.turned = dict.fromkeys((id(pair) for pair, _ in self.turns), 0)  # so far in the step
        programs = {call.operation.program.name: call.operation for call in calls if call.generated}
        imports = sorted({(module_of("numba", c.name).__name__, compiled_name(c)) for c in calls if not c.generated})
        lines = [HEADER.format(precision=precision), *RUNTIME]
        lines += [f"from {module} import {name}" for module, name in imports]
        lines += [DRAWS] if any(layout.draws for layout in programs.values()) else []
        lines += [EVENTS] if any(isinstance(layout, EventLayout) for layout in programs.values()) else []
        lines += ["\n" + numba_source(layout) for layout in programs.values()]
        self.source = "\n".join([*lines, "\n" + self.loop(calls)])

    def loop(self, calls):
        """The loop itself. What couples no items, or none of different tasks, runs through all steps while in cache."""
        alone = len(calls) == 1 and calls[0].generated and not isinstance(calls[0].operation, EventLayout)
        steps = "for step in range(first, first + n_step):"
        groups = [(key[0], list(group)) for key, group in groupby(calls, key=lambda call: (call.tasks, call.part))]
        tasks = groups[0][0] if len(groups) == 1 else 0  # of all calls
        if alone and not self.turns:
            lines = ["step = first", *self.call(calls[0], n_step="n_step")]
        elif tasks and not any(call.waits for call in calls):
            inside = [line for call in calls for line in self.call(call, "task", tasks)]
            lines = task_loop(tasks, [steps, *indented([*self.turning(), *inside])])
        else:
            inside = [line for some, group in groups for line in self.in_turn(some, group)] or ["pass"]
            if tasks and not calls[0].waits:
                del inside[-1]  # from step to step, too, tasks need not wait for each other
            lines = ["passed = 0", steps, *indented([*self.turning(), *inside])]
        phases = [f"phase{k}" for k in range(len(self.turns))]
        names = ", ".join([*phases, *(f"a{k}" for k in range(len(self.args)))])
        head = f"@operation\ndef drive(worker, n_worker, first, n_step, barrier, {names}):"
        arrays = [f"a{k} = borrowed(a{k})" for k, arg in enumerate(self.args) if isinstance(arg, np.ndarray)]
        lines = [*arrays, "word = flush_subnormals()", *lines, "restore_subnormals(word)"]
        return "\n".join([head, *indented(lines), ""])

    def turning(self) -> list[str]:
        """Lines that find, in each step, which half of each pair holds the data."""
        return [f"turned{k} = (phase{k} + {turns} * step) & 1" for k, (_, turns) in enumerate(self.turns)]

    def in_turn(self, tasks, calls):
        """Calls in one step: one after another by the whole crew, or each worker's tasks through all of them."""
        barrier = "passed = wait_for_all(barrier, n_worker, passed)"
        if tasks and len(calls) > 1:
            starts = [0, *(k for k, call in enumerate(calls) if k and call.waits), len(calls)]
            parts = [[line for call in calls[low:high] for line in self.call(call, "task", tasks)]
                     for low, high in pairwise(starts)]
            return [line for part in parts for line in (*task_loop(tasks, part), barrier)]
        return [line for call in calls for line in (*self.call(call), barrier)]

    def call(self, call, worker="worker", n_worker: Any = "n_worker", n_step=None) -> list[str]:
        """The lines of a call; one task of many is what one worker of as many would do."""
        who, pairs = [worker, str(n_worker), "step"], pairs_of(call.args)
        lines = self.branches(call, who, n_step, pairs, {})
        for pair in pairs if call.swaps else ():
            self.turned[id(pair)] += 1
        return lines

    def branches(self, call, who, n_step, pairs, fronts) -> list[str]:
        """A call with each half of the `pairs` as front: to choose between arrays would be to count who holds them.

        Args:
            fronts: which half of other pairs is.
        """
        if pairs:
            pair, *others = pairs
            number = next(k for k, (known, _) in enumerate(self.turns) if known is pair)
            front = self.turned[id(pair)] % 2
            one, other = (self.branches(call, who, n_step, others, fronts | {id(pair): half})
                          for half in (1 - front, front))
            return [f"if turned{number}:", *indented(one), "else:", *indented(other)]
        both = call.swaps and not call.generated
        values = [f"a{self.position(array)}" for arg in call.args for array in seen(arg, fronts, both)]
        if n_step:
            values[0] = n_step
        return [f"{compiled_name(call)}({', '.join([*who, *values])})"]

    def position(self, arg):
        key = id(arg)
        if key not in self.positions or not isinstance(arg, np.ndarray):
            self.positions[key] = len(self.args)
            self.args.append(arg)
        return self.positions[key]


def task_loop(tasks: int, body: list[str]) -> list[str]:
    """A worker's share of tasks, one after another."""
    head = f"for task in range({tasks} * worker // n_worker, {tasks} * (worker + 1) // n_worker):"
    return [head, *indented(body)]


def indented(lines: list[str]) -> list[str]:
    """Lines, one level deeper."""
    return [f"    {line}" for line in lines]


def seen(arg, fronts: dict[int, int], both: bool) -> list:
    """What an operation is passed of an argument: itself, or of what is kept twice the front, or `both` halves."""
    if not isinstance(arg, Paired | Beside):
        return [arg]
    front = fronts[id(arg.pair if isinstance(arg, Beside) else arg)]
    ordered = [arg.halves[front], arg.halves[1 - front]]
    return ordered if both and isinstance(arg, Paired) else ordered[:1]


def compiled_name(call: Call) -> str:
    """The compiled function of a call: a module may offer a leaner variant for plain arguments."""
    if call.generated:
        return call.name
    variants = getattr(module_of("numba", call.name), "VARIANTS", {})
    return variants[call.name]([front_of(arg) for arg in call.args]) if call.name in variants else call.name
