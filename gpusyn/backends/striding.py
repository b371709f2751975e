"""Runs many steps at once where that gives the same bits, and single steps for the rest."""
from __future__ import annotations

from dataclasses import dataclass

from gpusyn.backends.base import Runner


@dataclass
class StridingRunner:
    """`many` does `stride` steps with each of its steps; `single` does one."""

    single: Runner
    many: Runner
    stride: int

    def run(self, first_step: int, n_step: int) -> None:
        """Run the steps, as many as possible in strides."""
        n_stride = n_step // self.stride
        if n_stride:
            self.many.run(first_step, n_stride)
        if n_step % self.stride:
            self.single.run(first_step + n_stride * self.stride, n_step % self.stride)
