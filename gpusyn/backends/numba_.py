"""The laptop's backend: the whole step loop as one compiled function, run by a crew of threads."""
from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count, groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from gpusyn.backends.crews import Pace, crews_for, usable_cores
from gpusyn.backends.disk_cache import cache_folder
from gpusyn.backends.host_memory import free_memory
from gpusyn.backends.operations import module_of
from gpusyn.backends.plan import Call
from gpusyn.translate.event_layout import EventLayout
from gpusyn.translate.numba_events import EVENTS
from gpusyn.translate.numba_source import DRAWS, HEADER, block_size, numba_source

RUNTIME = (
    "from gpusyn.backends.numba_ops.barrier import wait_for_all",
    "from gpusyn.backends.numba_ops.subnormals import flush_subnormals, restore_subnormals",
)
CACHE_LINE, PAGE, LARGE = 64, 4096, 4  # bytes, bytes, pages
PLACES = count(0, 5 * CACHE_LINE)  # where large arrays begin, one after another, each modulo PAGE


class NumbaBackend:
    """Compiles the calls of a step into one loop over steps, and runs it on the machine's cores.

    Args:
        threads: how many; by default one per core that this process may use, fewer for small models.
    """

    name = "numba"
    in_place = True
    on_host = True

    def __init__(self, threads: int | None = None):
        self.threads, self.most_threads = threads, threads or usable_cores()
        self.description = f"Numba, {threads or usable_cores()} threads"

    def zeros(self, shape, dtype):
        """An array of zeros, written once: its memory is taken now, not in the first step."""
        array = aligned(shape, dtype)
        array[...] = 0
        return array

    def asarray(self, array):
        """A C-contiguous copy."""
        array = np.asarray(array)
        copy = aligned(array.shape, array.dtype)
        copy[...] = array
        return copy

    def to_host(self, array):
        """A copy."""
        return np.array(array)

    def ledger_blocks(self, n_item, block=0):
        """One partial sum per block of items, whatever the number of threads."""
        return -(-n_item // (block or block_size(n_item)))

    def padded(self, nbytes):
        """Bytes that an array of so many takes."""
        return nbytes + unit_of(nbytes)

    def free_memory(self):
        """Bytes that this machine has to spare."""
        return free_memory()

    def runner(self, calls: list[Call], precision: str):
        """Compile the calls."""
        return NumbaRunner(calls, precision, [self.threads] if self.threads else crews_for(calls))


def aligned(shape, dtype):
    """Room for an array that begins with a line of the cache; large ones each elsewhere in a page.

    A vector that lies across two lines costs twice. And lines at the same place of all pages share a few slots of the
    cache: of thirty arrays that are read side by side, only some would stay there.
    """
    dtype = np.dtype(dtype)
    size = int(np.prod(shape)) * dtype.itemsize
    unit = unit_of(size)
    place = next(PLACES) if unit == PAGE else 0
    room = np.empty(size + unit, np.uint8)
    start = (place - room.ctypes.data) % unit
    return room[start:start + size].view(dtype).reshape(shape)


def unit_of(nbytes):
    """What the beginning of an array of so many bytes is a place in: a page or a line."""
    return PAGE if nbytes >= LARGE * PAGE else CACHE_LINE


class NumbaRunner:
    """One compiled loop over steps, run by as many threads as turn out to be fastest; the bits do not depend on it."""

    def __init__(self, calls, precision, crew_sizes):
        real = np.dtype(precision).type
        self.driver = Driver(calls, precision)
        self.args = [_typed(arg, real) for arg in self.driver.args]
        self.pace, self.barrier = Pace(crew_sizes), np.zeros(8, np.int64)
        most = max(crew_sizes)
        self.crew = ThreadPoolExecutor(most - 1, "gpusyn") if most > 1 else None
        self.drive = load(self.driver.source).drive
        self.work(0, 1, 0, 0)  # compiles, and takes no step
        self.run_with(most, 0, 0)  # starts the threads: the first trial is not to pay for that

    def run(self, first_step, n_step):
        """Run the steps; a few of them with another number of threads, where that number is not known well."""
        for n_worker, part in self.pace.plan(n_step):
            started = time.perf_counter()
            self.run_with(n_worker, first_step, part)
            self.pace.took(n_worker, part, time.perf_counter() - started)
            first_step += part

    def run_with(self, n_worker, first_step, n_step):
        """Run the steps on so many threads, this one included."""
        self.barrier[0] = 0
        others = [self.crew.submit(self.work, worker, n_worker, first_step, n_step) for worker in range(1, n_worker)]
        self.work(0, n_worker, first_step, n_step)
        for other in others:
            other.result()

    def work(self, worker, n_worker, first_step, n_step):
        """What one thread does."""
        self.drive(worker, n_worker, first_step, n_step, self.barrier, *self.args)


def _typed(arg, real):
    if type(arg) is float:
        return real(arg)
    return np.int64(arg) if type(arg) is int else arg


class Driver:
    """Source of the loop over steps, and the arguments it takes: each array once, however many calls use it."""

    def __init__(self, calls: list[Call], precision: str):
        self.args: list = []
        self.positions: dict[int, int] = {}
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
        if alone:
            lines = ["step = first", self.call(calls[0], n_step="n_step")]
        elif tasks and not any(call.waits for call in calls):
            lines = task_loop(tasks, [steps, *(f"    {self.call(c, 'task', tasks)}" for c in calls)])
        else:
            inside = [line for some, group in groups for line in self.in_turn(some, group)] or ["pass"]
            if tasks and not calls[0].waits:
                del inside[-1]  # from step to step, too, tasks need not wait for each other
            lines = ["passed = 0", steps, *(f"    {line}" for line in inside)]
        names = ", ".join(f"a{k}" for k in range(len(self.args)))
        head = f"@operation\ndef drive(worker, n_worker, first, n_step, barrier, {names}):"
        lines = ["word = flush_subnormals()", *lines, "restore_subnormals(word)"]
        return "\n".join([head, *(f"    {line}" for line in lines), ""])

    def in_turn(self, tasks, calls):
        """Calls in one step: one after another by the whole crew, or each worker's tasks through all of them."""
        barrier = "passed = wait_for_all(barrier, n_worker, passed)"
        if tasks and len(calls) > 1:
            starts = [0, *(k for k, call in enumerate(calls) if k and call.waits), len(calls)]
            return [line for low, high in pairwise(starts) for line in
                    (*task_loop(tasks, [self.call(call, "task", tasks) for call in calls[low:high]]), barrier)]
        return [line for call in calls for line in (self.call(call), barrier)]

    def call(self, call, worker="worker", n_worker: Any = "n_worker", n_step=None):
        """The line of a call; one task of many is what one worker of as many would do."""
        values = [f"a{self.position(arg)}" for arg in call.args]
        if n_step:
            values[0] = n_step
        return f"{compiled_name(call)}({worker}, {n_worker}, step, {', '.join(values)})"

    def position(self, arg):
        key = id(arg)
        if key not in self.positions or not isinstance(arg, np.ndarray):
            self.positions[key] = len(self.args)
            self.args.append(arg)
        return self.positions[key]


def task_loop(tasks: int, body: list[str]) -> list[str]:
    """A worker's share of tasks, one after another."""
    head = f"for task in range({tasks} * worker // n_worker, {tasks} * (worker + 1) // n_worker):"
    return [head, *(f"    {line}" for line in body)]


def compiled_name(call: Call) -> str:
    """The compiled function of a call: a module may offer a leaner variant for plain arguments."""
    if call.generated:
        return call.name
    variants = getattr(module_of("numba", call.name), "VARIANTS", {})
    return variants[call.name](call.args) if call.name in variants else call.name


def load(source: str):
    """The module of a generated source, from a file named by digest so that Numba's own cache finds it again."""
    key = hashlib.sha256(f"{source}{library_digest()}".encode()).hexdigest()[:32]
    name = f"gpusyn_program_{key}"
    if name in sys.modules:
        return sys.modules[name]
    folder = cache_folder() / "numba" / key
    path = folder / f"{name}.py"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(source, encoding="utf-8")
        os.replace(unfinished, path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None  # a path that ends in .py has a loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def library_digest() -> str:
    """A digest of the compiled library's own sources and of Numba's version: their change makes old programs stale."""
    import numba

    folder = Path(__file__).parent / "numba_ops"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    return hashlib.sha256("".join([numba.__version__, *texts]).encode()).hexdigest()
