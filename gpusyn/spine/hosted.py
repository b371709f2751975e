"""What cannot be translated: it runs on the host between steps, and a warning says what that costs."""
from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from gpusyn.mechanism import Mechanism, output, state
from gpusyn.spine.translating import AMPERE
from gpusyn.spine.units import FLUX, MV, PICOFARAD, UM


class HostedCurrent(Mechanism):
    """A current density that the host writes before every step."""

    level = state("pA/um^2", "current per area now")

    @output("pA/um^2", "current per area, outward > 0")
    @staticmethod
    def current_density(level):
        """As it was written."""
        return level


class HostedCalcium(Mechanism):
    """A calcium flux that the host writes before every step."""

    level = state("uM um/ms", "flux density now")

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(level):
        """As it was written."""
        return level


class HostedIP3(Mechanism):
    """A flux of IP3 that the host writes before every step."""

    level = state("uM um/ms", "flux density now")

    @output("uM um/ms", "IP3 flux into the cytosol per area of plasma membrane")
    @staticmethod
    def ip3_flux(level):
        """As it was written."""
        return level


@dataclass
class HostedChannel:
    """A channel at every node, asked on the host; what it carries at rest is balanced."""

    path: str
    channel: Any
    name: str                       # of the population
    neuron: Any

    def __post_init__(self):
        s, n = self.neuron.settings, self.neuron.n_node
        self.channel.initialize_state(s.Vrest, n)
        self.rest = self.channel.compute_current(np.full(n, s.Vrest), np.full(n, s.cceq), s.Cm)
        self.before = np.full(n, s.Vrest * MV)

    def act(self, state, t, dt) -> None:
        """Write the current of this step, then advance."""
        s, v = self.neuron.settings, np.array(state[f"{self.name}.cable.v"], np.float64)
        current = self.channel.compute_current(v / MV, state[f"{self.name}.ca"] / UM, s.Cm)
        state[self.path] = s.Cm * PICOFARAD * (current - self.rest)
        self.channel.update_state(v, self.before, dt)
        self.before = v


@dataclass
class HostedReceptor:
    """A receptor at one node, asked on the host."""

    path: str
    receptor: Any
    pre: tuple[str, Any, int]       # the population, its neuron, the node
    post: tuple[str, Any, int]
    weight: float

    def act(self, state, t, dt) -> None:
        """Write the current of this step, then advance."""
        sides = [{"V": potential(state, name, neuron, node, t), "C": state[f"{name}.ca"][node]}
                 for name, neuron, node in (self.pre, self.post)]
        levels = np.array(state[self.path])
        levels[self.post[2]] = self.weight * AMPERE * float(self.receptor.compute_flux(*sides))
        state[self.path] = levels
        self.receptor.update_state(dt, *sides)


def potential(state, name, neuron, node, t) -> float:
    """The potential of a node in V: the cable's, or the one that is given."""
    path, s = f"{name}.cable.v", neuron.settings
    if path in state:
        return state[path][node] / MV
    given = s.potential(t)
    return float(given if np.ndim(given) == 0 else given[node])


@dataclass
class HostedSynapse:
    """A synapse of the user's own class, asked on the host."""

    path: str
    synapse: Any
    neuron: Any
    place: tuple[Any, int]          # communicator, the neuron's number
    publish: Any                    # function that brings the neuron's `sol` up to date

    def act(self, state, t, dt) -> None:
        """Write the fluxes of this step."""
        self.publish()
        state[self.path] = FLUX * np.asarray(self.synapse.compute_flux(self.neuron, t, *self.place))


def warn(what: str, why: str) -> None:
    """Say that something runs on the host."""
    warnings.warn(f"{what} runs on the host in every step, which takes about a hundred times as long as one that is "
                  f"translated: {why}", stacklevel=4)
