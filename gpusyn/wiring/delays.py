"""Axonal delays: the spikes of the last steps, one bit each, shared by all connections of a population."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError


class SpikeHistory:
    """Ring of a population's spikes, one bit per site and step.

    A connection of delay d reads the spikes of d steps ago; d = 0 reads those of the present step. Memory is
    ``(max_delay + 1) * n_point * n_site / 8`` bytes, plus 4 bytes per site for each delay at which lists are asked for.

    Args:
        n_point: sweep points.
        shape: sites of the population, last axis fastest.
        max_delay: longest delay of any of its connections, steps.
        row_length: sites per row of bits; the last axis of `shape` by default, which neighbourhoods need. A population
            without neighbours may fold a long axis, so that rows can be shared among threads.
        zeros: allocates an array of zeros on the device, as `numpy.zeros` does.

    Attributes:
        bits: (n_slot, n_point, n_row, n_word) uint64; bit b of word w of row r is site r * row_length + 64 w + b.
        busy: (n_slot, n_point, n_row) int32, spikes per row. Both are state: a checkpoint holds them.

    Raises:
        ModelError: a delay below 0, an empty row, or more sites than 32-bit indices hold.
    """

    def __init__(
        self,
        n_point: int,
        shape: tuple[int, ...],
        max_delay: int = 0,
        row_length: int | None = None,
        zeros: Callable[..., Any] = np.zeros,
    ):
        if max_delay < 0 or max_delay != int(max_delay):
            raise ModelError(f"delay: {max_delay} must be a whole number of steps, at least 0")
        self.n_point, self.n_site, self.n_slot = n_point, math.prod(shape), int(max_delay) + 1
        self.row_length = max(1, shape[-1] if row_length is None else row_length)
        if self.n_site >= 2**31:
            raise ModelError(f"population: {self.n_site} sites; 32-bit indices count 2147483647 at most")
        self.n_row = -(-self.n_site // self.row_length)
        n_word = -(-self.row_length // 64)
        self.bits = zeros((self.n_slot, n_point, self.n_row, n_word), np.uint64)
        self.busy = zeros((self.n_slot, n_point, self.n_row), np.int32)
        self._zeros = zeros
        self._lists: dict[int, tuple[Any, Any]] = {}

    def check(self, delay: int, place: str) -> None:
        """Raise a ModelError if the ring does not reach back so far."""
        if not 0 <= delay < self.n_slot:
            raise ModelError(f"{place}.delay: {delay} steps; this population remembers 0 to {self.n_slot - 1}")

    def listed(self, delay: int) -> tuple[Any, Any]:
        """The arrays, sites and their number, in which the spikes of `delay` steps ago will be listed."""
        self.check(delay, "connection")
        if delay not in self._lists:
            shape = (self.n_point, self.n_site)
            self._lists[delay] = self._zeros(shape, np.int32), self._zeros((self.n_point,), np.int64)
        return self._lists[delay]

    def flag_call(self, delay: int, flags, first: int) -> Call:
        """The operation that writes the spikes of `delay` steps ago into places `first`, ... of (n_point, n) flags."""
        self.check(delay, "connection")
        sizes = [self.n_point, self.n_site, self.n_row, self.row_length, self.n_slot]
        return Call("flag_arrivals", [self.bits, flags, *sizes, delay, first, flags.shape[1]])

    def calls(self, spikes) -> list[Call]:
        """Operations that store this step's spikes and list those that arrive; they run before all deliveries.

        Ask for them after the `calls` of all connections: only then is it known which lists are read.

        Args:
            spikes: (n_point, n_site) uint8 flags of this step.
        """
        sizes = [self.n_point, self.n_site, self.n_row, self.row_length, self.n_slot]
        lists = [
            Call("list_spikes", [self.bits, self.busy, sites, n_listed, *sizes, delay])
            for delay, (sites, n_listed) in sorted(self._lists.items())
        ]
        return [Call("push_spikes", [spikes, self.bits, self.busy, *sizes]), *lists]

    def bytes(self) -> int:
        """Memory of the ring and of the lists asked for so far."""
        lists = sum(sites.nbytes + n_listed.nbytes for sites, n_listed in self._lists.values())
        return self.bits.nbytes + self.busy.nbytes + lists

    def describe(self) -> str:
        """One line about it."""
        return f"spikes of {self.n_slot} steps, {self.n_site} sites, {self.bytes() / 1e6:.3g} MB"
