"""What a simulation will need of memory, part by part, before anything is allocated."""
from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gpusyn.assembly import Assembly
from gpusyn.backends.paired import Beside, Paired
from gpusyn.build import build
from gpusyn.errors import ModelError
from gpusyn.fuse import Fusion

KB = 1024.0


class Sheet(np.ndarray):
    """An array without memory; its views remember the whole that they are of."""

    whole: Any = None

    def __array_finalize__(self, other):
        self.whole = getattr(other, "whole", None)


@dataclass(eq=False)
class Whole:
    """What a sheet and its views stand for."""

    nbytes: int


class Paper:
    """A backend that gives arrays without memory, and otherwise decides like the one it stands for."""

    def __init__(self, backend):
        self.name, self.in_place, self.whole_arrays = backend.name, backend.in_place, backend.whole_arrays
        self.most_threads, self.padded = backend.most_threads, backend.padded
        self.on_host, self.ledger_blocks = backend.on_host, backend.ledger_blocks

    def zeros(self, shape, dtype):
        """An array that has a shape and no memory."""
        sheet = np.broadcast_to(np.zeros((), dtype), shape).view(Sheet)
        sheet.whole = Whole(self.padded(sheet.nbytes))
        return sheet

    def asarray(self, array):
        """A stand-in for a copy."""
        return self.zeros(np.shape(array), np.asarray(array).dtype)

    def to_host(self, array):
        """The stand-in itself."""
        return array


class PaperAssembly(Assembly):
    """An assembly on a `Paper` backend: initial states are not computed, and nothing is converted."""

    def to_device(self, array, dtype=None):
        """A stand-in for a device copy."""
        return self.backend.zeros(np.shape(array), dtype or self.real)

    def fill(self, device, values):
        """Nothing to fill."""

    def start_inputs(self):
        """Nothing is linked or played."""

    def incoming(self, synapses):
        """Stand-ins for the lists of synapses by target."""
        n_synapse, n_target = synapses.wiring.n_connections(), synapses.wiring.n_target
        return tuple(self.backend.zeros(n, kind) for n, kind in (
            (n_target + 1, np.int64), (n_synapse, np.int32), (n_synapse, np.int32)))

    def starts(self, part, inputs):
        """Stand-ins for the initial states."""
        fusion = Fusion(part.name, part.members, inputs)
        zero = np.broadcast_to(0.0, (self.n_point, part.n_site))
        return {fusion.path(*name): zero for name in fusion.old.variables}


@dataclass
class Estimate:
    """Bytes by part, and what the backend has free."""

    parts: dict[str, int] = field(default_factory=dict)
    free: int = 0
    _counted: dict[int, Any] = field(default_factory=dict, repr=False)

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.parts.values())

    def count(self, part: str, held) -> None:
        """Add an array's bytes to a part, once; numbers take none."""
        for array in held.halves if isinstance(held, Paired | Beside) else (held,):
            if hasattr(array, "nbytes") and np.ndim(array) and id(root := root_of(array)) not in self._counted:
                self._counted[id(root)] = root  # also keeps it, so that its id stays its own
                self.parts[part] = self.parts.get(part, 0) + getattr(root, "nbytes", array.nbytes)

    def table(self) -> str:
        """One line per part, the sum, and what is free."""
        rows = [*self.parts.items(), ("sum", self.total), ("free", self.free)]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {readable(n):>10}" for name, n in rows)


def root_of(array):
    """What owns the memory which an array looks at."""
    if getattr(array, "whole", None) is not None:
        return array.whole
    while getattr(array, "base", None) is not None:
        array = array.base
    return array


def estimate(model, precision, backend, recorder=None) -> Estimate:
    """Bytes that a simulation of this model would take on a backend, by part; allocates none of them.

    Args:
        recorder: the `Recorder` that would be attached; a copy of it is, here.

    Raises:
        ModelError: the model cannot be simulated.
    """
    paper = Paper(backend)
    assembly = PaperAssembly(model, paper, precision, 0)
    calls = build(assembly)
    before, after = ([], []) if recorder is None else copy(recorder).attach(assembly)
    found = count_arrays(assembly, calls, before + after)
    found.free = backend.free_memory()
    return found


def count_arrays(assembly, calls, recording) -> Estimate:
    """Bytes of the arrays of an assembly, of the calls of its step, and of those that record it, each array once."""
    found = Estimate()
    for name, held in assembly.persistent.items():
        found.count(name.partition(".")[0], held)
    for arg in [arg for call in recording for arg in call.args]:
        found.count("recorder", arg)
    for call in calls:
        label = f"{call.operation.program.name} parameters" if call.generated else call.name
        for arg in call.args:
            found.count(label, arg)
    return found


def require(model, precision, backend, recorder=None) -> None:
    """Raise a `ModelError` with the sum if a simulation of this model would not fit into free memory."""
    needed = estimate(model, precision, backend, recorder)
    if needed.total > needed.free:
        raise ModelError(f"{model.name} needs {readable(needed.total)} on {backend.name}, where "
                         f"{readable(needed.free)} are free; make it smaller, sweep fewer points, or use float32:\n"
                         f"{needed.table()}")


def readable(n_byte: float) -> str:
    """Bytes in the unit that suits them."""
    power = min(3, int(math.log(max(n_byte, 1), KB)))
    return f"{n_byte / KB**power:.{1 if power else 0}f} {('B', 'KB', 'MB', 'GB')[power]}"
