"""The three layers of a synapse: when it acts, how its receptor answers, and where it sits."""
from __future__ import annotations

from abc import ABC, abstractmethod


class TemporalPattern:
    """When and how strongly something acts; times in s.

    A class of your own gives `compute_amplitude(t, base_amplitude)`, or `get_amplitude(t)`. It is asked once for every
    step before a run, so that it may be any Python and costs nothing in the run.
    """

    def __init__(self, duration: float | None = None, start_time: float = 0.0, amplitude: float = 1.0):
        self.duration, self.start_time, self.amplitude = duration, start_time, amplitude

    def compute_amplitude(self, t: float, base_amplitude: float) -> float:
        """The amplitude at a time."""
        return base_amplitude * self.get_amplitude(t)

    def get_amplitude(self, t: float) -> float:
        """The amplitude at a time, with the pattern's own as base."""
        return self.compute_amplitude(t, self.amplitude)

    def is_active(self, t: float) -> bool:
        """Whether a time is within the window."""
        if t < self.start_time - EDGE:
            return False
        return self.duration is None or t < self.start_time + self.duration - EDGE


EDGE = 1e-10  # s; times are whole steps, and round-off must not move an edge by one


class ReceptorModel(ABC):
    """How a receptor answers to what is on either side of it.

    `pre_data` and `post_data` are {"V": potential in V, "C": calcium in uM}. Numbers that `update_state` gives to
    attributes are states, all other numbers parameters. Straight-line Python with `if` becomes a mechanism that is
    fused like a built-in; anything else runs on the host in every step, and a warning says so.
    """

    @abstractmethod
    def compute_flux(self, pre_data: dict, post_data: dict) -> float:
        """Current density, outward > 0, A/um^2."""

    @abstractmethod
    def update_state(self, dt: float, pre_data: dict, post_data: dict) -> None:
        """Advance the states by dt, s."""

    def initialize_state(self, nnodes: int) -> None:
        """Set the states before a run."""
        del nnodes


class Synapse(ABC):
    """What sits at nodes of a neuron.

    A class of your own gives `compute_flux`, (n_node,) in umol/(um^2 s) into the cytosol; it runs on the host.
    """

    domain = "cytosol"

    def __init__(self, nodes: list):
        self.nodes = self.post_nodes = list(nodes)

    @abstractmethod
    def compute_flux(self, neuron, t: float, comm=None, comm_iter: int = 0):
        """Flux densities at all nodes at a time in s."""
