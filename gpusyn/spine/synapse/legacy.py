"""The program's older synapse, whose attributes are set after it is made."""
from __future__ import annotations

import math

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.spine.synapse.base import EDGE, Synapse

PERIOD = 0.1  # s
TYPES = ("constant", "linear", "exponential")


class synapse(Synapse):  # noqa: N801
    """A source of calcium or IP3 at nodes, as the program's older scripts have it.

    Attributes:
        node: the nodes.
        type: "constant", "linear" or "exponential".
        duration, decay_constant: s; the former of the first two types, the latter of the last.
        j: flux density at first, umol/(um^2 s).
        t: time since release, s; negative before it.
        domain: "cytosol" or "ip3"; "receptor" with a `release_profile` of one's own.

    Args:
        release_pattern: function of (synapse, t=, node=) that sets `t`; true if the synapse keeps it, else it goes on
            by itself. By default release is every 0.1 s, as in the program.
        release_profile: function of (synapse, node=, c=, V=) that gives the flux density, asked on the host in each
            step; in the domain "receptor" also of neuron=, comm= and comm_iter=.
    """

    def __init__(self, release_pattern=None, release_profile=None):
        super().__init__([])
        self.node: list[int] = []
        self.type, self.duration, self.decay_constant, self.j = "constant", 1e-3, 1e-2, 1e-11
        self.t, self.domain = -1e99, "cytosol"
        self.pattern, self.profile = release_pattern, release_profile

    @property
    def is_tabulated(self) -> bool:
        """Whether the course is known before a run."""
        return self.profile is None

    @property
    def nodes(self):
        """The nodes, by the newer name."""
        return self.node

    @nodes.setter
    def nodes(self, nodes):
        self.node = list(nodes)

    def release_pattern(self, t, node=None):
        """Set the time since release."""
        if self.pattern is not None:
            return self.pattern(self, t=t, node=node)
        self.t = (t + EDGE) % PERIOD - EDGE
        return True

    def release_profile(self, **where):
        """The flux density at the time since release."""
        if self.profile is not None:
            return self.profile(self, **where)
        if self.type not in TYPES:
            raise ModelError(f"synapse.type: '{self.type}' is unknown{nearest(self.type, TYPES)}")
        if self.t < -EDGE or (self.type != "exponential" and self.t >= self.duration - EDGE):
            return 0.0
        falls = {"constant": 1.0, "linear": 1.0 - self.t / self.duration,
                 "exponential": math.exp(-self.t / self.decay_constant)}
        return self.j * falls[self.type]

    def course(self, times):
        """The flux densities at times in s, (n_time,)."""
        step = times[1] - times[0] if len(times) > 1 else 0.0
        return np.array([sum(self.fluxes(t, {node: {} for node in self.node[:1]}, step).values()) for t in times])

    def fluxes(self, t, around, step):
        """Flux densities by node at a time, what is around each being given; then the own clock moves on by a step."""
        found, kept = {}, True
        for node, where in around.items():
            kept = self.release_pattern(t=t, node=node)
            found[node] = self.release_profile(node=node, **where)
        if not kept:
            self.t += step
        return found

    def compute_flux(self, neuron, t, comm=None, comm_iter=0):
        """Fluxes at all nodes, of a profile of one's own."""
        flux, more = np.zeros(neuron.n_node), {}
        if self.domain == "receptor":
            more = {"neuron": neuron, "comm": comm, "comm_iter": comm_iter}
        around = {node: {"c": neuron.sol.C[node] * 1e-15, "V": neuron.sol.V[node] * 1e-3, **more} for node in self.node}
        for node, value in self.fluxes(t, around, neuron.settings.dt).items():
            flux[node] += value
        return flux
