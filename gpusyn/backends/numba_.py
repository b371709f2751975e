"""The laptop's backend: the whole step loop as one compiled function, run by a crew of threads."""
from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import numpy as np

from gpusyn.backends.crews import Pace, crews_for, usable_cores
from gpusyn.backends.disk_cache import cache_folder
from gpusyn.backends.host_memory import free_memory
from gpusyn.backends.numba_driver import Driver
from gpusyn.backends.plan import Call
from gpusyn.translate.numba_source import block_size

CACHE_LINE, PAGE, LARGE = 64, 4096, 4  # bytes, bytes, pages
PLACES = count(0, 5 * CACHE_LINE)  # where large arrays begin, one after another, each modulo PAGE


class NumbaBackend:
    """Compiles the calls of a step into one loop over steps, and runs it on the machine's cores.

    Args:
        threads: how many; by default one per core that this process may use, fewer for small models.
    """

    name = "numba"
    in_place, whole_arrays = True, False
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
        self.turns = self.driver.turns
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
        for pair, turns in self.turns:
            pair.current = (pair.current + turns * n_step) % 2

    def work(self, worker, n_worker, first_step, n_step):
        """What one thread does."""
        phases = [pair.current - turns * first_step for pair, turns in self.turns]
        self.drive(worker, n_worker, first_step, n_step, self.barrier, *phases, *self.args)


def _typed(arg, real):
    if type(arg) is float:
        return real(arg)
    return np.int64(arg) if type(arg) is int else arg


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
