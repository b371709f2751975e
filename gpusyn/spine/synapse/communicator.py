"""Which neuron talks to which."""
from __future__ import annotations

from dataclasses import dataclass

from gpusyn.errors import ModelError


@dataclass(frozen=True)
class SynapseConnection:
    """From a node of one neuron to a node of another."""

    pre: int
    pre_node: int
    post: int
    post_node: int
    weight: float


class SynapseCommunicator:
    """Connections between neurons, by their place in the list."""

    def __init__(self, neurons: list):
        self.neurons, self.connections = list(neurons), []

    def add_synapse_connection(self, pre: tuple[int, int], post: tuple[int, int], weight: float = 1.0) -> None:
        """Connect (neuron, node) to (neuron, node).

        Raises:
            ModelError: a neuron or node does not exist.
        """
        for neuron, node in (pre, post):
            if not 0 <= neuron < len(self.neurons):
                raise ModelError(f"communicator: there is no neuron {neuron}; valid: 0 to {len(self.neurons) - 1}")
            if not 0 <= node < self.neurons[neuron].n_node:
                raise ModelError(f"communicator: neuron {neuron} has no node {node}; valid: 0 to "
                                 f"{self.neurons[neuron].n_node - 1}")
        self.connections.append(SynapseConnection(*pre, *post, weight))

    def to(self, post: int) -> list[SynapseConnection]:
        """The connections to a neuron."""
        return [c for c in self.connections if c.post == post]

    def get_pre_C0(self, post: int):
        """Presynaptic calcium (uM) and the postsynaptic nodes, after or before a run."""
        return [self.neurons[c.pre].sol.C[c.pre_node] for c in self.to(post)], [c.post_node for c in self.to(post)]

    def get_pre_V0(self, post: int):
        """Presynaptic potentials (mV) and the postsynaptic nodes."""
        return [self.neurons[c.pre].sol.V[c.pre_node] for c in self.to(post)], [c.post_node for c in self.to(post)]

    get_pre_C, get_pre_V = get_pre_C0, get_pre_V0
