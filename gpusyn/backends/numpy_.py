"""The reference backend: plain NumPy on whole arrays, slow and obviously right."""
from __future__ import annotations

import numpy as np

from gpusyn import lang
from gpusyn.backends.host_memory import free_memory
from gpusyn.backends.numpy_events import NumpyEvents
from gpusyn.backends.operations import find_operation
from gpusyn.backends.plan import Call
from gpusyn.numerics.draws import drawn
from gpusyn.numerics.philox import philox
from gpusyn.program import DRAW_WORDS, in_order
from gpusyn.translate.event_layout import EventLayout
from gpusyn.translate.layout import POINT, SCALAR, Layout
from gpusyn.translate.python_source import python_source


class NumpyBackend:
    """Runs every call as array expressions, one after another."""

    name = "numpy"
    description = "NumPy, one core"
    in_place = whole_arrays = True
    on_host = True
    most_threads = 1

    def zeros(self, shape, dtype):
        """An array of zeros."""
        return np.zeros(shape, dtype)

    def asarray(self, array):
        """A C-contiguous copy."""
        return np.array(array, order="C")

    def to_host(self, array):
        """A copy."""
        return np.array(array)

    def ledger_blocks(self, n_item, block=0):
        """One partial sum: NumPy adds pairwise."""
        return 1

    def padded(self, nbytes):
        """Bytes that an array of so many takes."""
        return nbytes

    def free_memory(self):
        """Bytes that this machine has to spare."""
        return free_memory()

    def runner(self, calls: list[Call], precision: str):
        """Bind the calls; nothing is compiled."""
        return NumpyRunner([_bind(call, np.dtype(precision).type) for call in calls])


class NumpyRunner:
    """Runs bound calls step by step."""

    def __init__(self, bound):
        self.bound = bound

    def run(self, first_step, n_step):
        """Run the steps, with NumPy's warnings off: a step that goes wrong is found by the simulation's own check."""
        with np.errstate(all="ignore"):
            for step in range(first_step, first_step + n_step):
                for call in self.bound:
                    call(step)


def _bind(call, real):
    if isinstance(call.operation, EventLayout):
        return NumpyEvents(call.operation, call.args, real, compile_python(call.operation.program))
    if isinstance(call.operation, Layout):
        return NumpyProgram(call.operation, call.args, real)
    operation = find_operation("numpy", call.operation)
    return lambda step: operation(step, *call.args)


class NumpyProgram:
    """A generated program on whole arrays."""

    def __init__(self, layout: Layout, args, real):
        self.layout, self.real = layout, real
        self.n_step, self.n_point, self.n_item, self.dt_ms = args[:4]
        self.values = dict(zip([s.array for s in layout.slots] + layout.trailing(), args[4:], strict=True))
        self.function = compile_python(layout.program)

    def __call__(self, step):
        for now in range(step, step + self.n_step):
            results = self.function(*[self.value(a, now) for a in self.layout.program.arguments])
            self.store(np.broadcast_arrays(*results, np.empty((self.n_point, self.n_item)))[:-1])

    def value(self, argument, now):
        """What the equations see of one argument."""
        if argument.kind == "dt":
            return self.real(self.dt_ms)
        if argument.kind == "time":
            return self.real(now * self.dt_ms)
        if argument.kind in DRAW_WORDS:
            return self.draw(argument, now)
        slot = next(s for s in self.layout.slots if s.argument is argument)
        array = self.values[slot.array]
        if slot.varies == SCALAR:
            return self.real(array)
        if slot.varies == POINT:
            return array[:, None]
        if argument.at != "item":
            array = array[:, self.values[f"{argument.at}_index"]]
        return array != 0 if argument.kind == "flag" else array

    def draw(self, argument, now):
        """One random number per item, from the stream of this argument."""
        seeds, stream = self.values["seeds"], self.values[f"stream_{argument.variable}"]
        items = np.arange(self.n_item, dtype=np.uint32)
        words = philox(items[None, :], np.uint32(stream), np.uint32(now & 0xFFFFFFFF), np.uint32(now >> 32),
                       seeds[:, :1], seeds[:, 1:])
        return drawn(argument.kind, words, self.real)

    def store(self, results):
        """Write new states, spikes and ledger sums."""
        program = self.layout.program
        arrays = {s.argument.path: self.values[s.array] for s in self.layout.slots}
        for (_, path), result in zip(program.updates, results, strict=False):
            arrays[path][...] = result
        rest = results[len(program.updates):]
        if program.spike:
            self.values["spike_at"][...] = rest[0]
            self.values["spike_count"][:, 0] += rest[0].sum(axis=1)
            rest = rest[1:]
        for k, amount in enumerate(rest):
            self.values[f"ledger_{k}"][:, 0] += amount.sum(axis=1, dtype=np.float64)


def compile_python(program):
    """The fused program as a Python function on arrays, with the words of `gpusyn.lang`."""
    scope = compile_functions(program.pointwise.calls)
    exec(program.source, scope)
    return scope[f"step_{program.name}"]


def compile_functions(functions) -> dict:
    """Pointwise functions and all that they call as Python functions on arrays, by name, beside the words."""
    scope = {name: getattr(lang, name) for name in lang.PRIMITIVES}
    for function in in_order(functions):
        exec(python_source(function), scope)
    return scope
