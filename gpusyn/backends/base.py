"""What a backend is: allocation, and running the calls of a time step again and again."""
from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from gpusyn.backends.plan import Call


class Runner(Protocol):
    """The calls of one step, made ready once: compiled, captured or bound."""

    def run(self, first_step: int, n_step: int) -> None:
        """Run steps `first_step` to `first_step + n_step - 1`; what they wrote is complete when this returns."""
        ...


class Backend(Protocol):
    """A device, and how it runs generated programs and structural operations.

    Attributes:
        name: "numpy", "numba", "cuda" or "cuda-on-host".
        description: the device in words, for logs and files.
        in_place: diffusion updates its field in place; otherwise it writes a second array and the two change roles.
        whole_arrays: a program has read all items before it writes any.
        on_host: NumPy reads its arrays where they lie.
        most_threads: threads that may share an operation, for which scratch memory is sized.
    """

    name: str
    description: str
    in_place: bool
    whole_arrays: bool
    on_host: bool
    most_threads: int

    def zeros(self, shape, dtype) -> Any:
        """A device array of zeros."""
        ...

    def asarray(self, array) -> Any:
        """A C-contiguous device copy of a host array."""
        ...

    def to_host(self, array) -> np.ndarray:
        """A host copy of a device array, complete when this returns."""
        ...

    def ledger_blocks(self, n_item: int, block: int = 0) -> int:
        """Number of partial sums per sweep point that a generated program keeps for `n_item` items."""
        ...

    def runner(self, calls: list[Call], precision: str) -> Runner:
        """Make the calls of a step ready to run.

        Args:
            calls: in order; their array arguments stay where they are for the whole run.
            precision: "float32" or "float64".
        """
        ...

    def padded(self, nbytes: int) -> int:
        """Bytes that an array of so many takes."""
        ...

    def free_memory(self) -> int:
        """Bytes that an allocation may take now."""
        ...
