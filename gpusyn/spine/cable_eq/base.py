"""Channels of one's own: potentials in V where a current is computed, in mV where gates move; S/um^2."""
from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np


class ChannelModel(ABC):
    """A channel of the membrane.

    Its gates are `GatingVariable`s, attributes that `update_state` advances by `update_sbdf2` with a method of the
    channel, the gate's slope in 1/s for its value and V in mV. Straight-line Python with `if` becomes a mechanism that
    is fused like a built-in; anything else runs on the host in every step, and a warning says so.

    Args:
        name: of the channel.
        g_max: S/um^2.
        E_rev: V; None if `get_reversal_potential` computes it.
    """

    def __init__(self, name: str, g_max: float, E_rev: float | None = None):
        self.name, self.g_max, self.E_rev = name, g_max, E_rev
        self.state: dict = {}

    @abstractmethod
    def compute_current(self, V, C, Cm):
        """Outward current over capacitance, V/s, at V in V, calcium in umol/um^3 and a capacitance in F/um^2."""

    @abstractmethod
    def update_state(self, V, V0, dt):
        """Advance the gates by dt, s; V and V0 (before) in mV."""

    @abstractmethod
    def initialize_state(self, V_rest, nnodes):
        """Put the gates where they rest, V_rest in V."""

    def get_reversal_potential(self, V, C=None):
        """The reversal potential, V."""
        del V, C
        return self.E_rev

    def contributes_to_leak_balance(self) -> bool:
        """For the program's sake: here what holds the rest balances every channel."""
        return self.name != "leak"


class GatingVariable:
    """A gate: `current` and `history` are its values now and a step before; `exponent` is for the current's formula."""

    def __init__(self, name: str, exponent: int = 1):
        self.name, self.exponent = name, exponent
        self.current = self.history = np.zeros(1)

    def initialize(self, value: float, nnodes: int) -> None:
        """Put the gate at a value at every node."""
        self.current, self.history = np.full(nnodes, value), np.full(nnodes, value)

    def update_sbdf2(self, kinetics_fn, V, V0, dt) -> None:
        """The explicit part of SBDF2 with the slope kinetics_fn(value, V), 1/s; kept within 0 and 1."""
        slope, before = kinetics_fn(self.current, V), kinetics_fn(self.history, V0)
        moved = (4.0 * self.current - self.history + dt * (4.0 * slope - 2.0 * before)) / 3.0
        self.current, self.history = np.clip(moved, 0.0, 1.0), self.current
