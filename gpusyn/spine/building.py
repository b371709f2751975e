"""Neurons as a model: one population of trees each, synapses as its members, connections as links."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.model import Model
from gpusyn.spine import electricity, mechanisms, sources
from gpusyn.spine.between import connect
from gpusyn.spine.units import MS


@dataclass
class Built:
    """A model, and what of it the host has to do in every step."""

    model: Model
    names: list[str]
    acts: list[Any] = field(default_factory=list)


@dataclass
class Cell:
    """A neuron on its way into a model.

    Attributes:
        built: what it becomes part of.
        name: of its population.
        communicator: of the run, or None.
        times: of all steps, s.
    """

    built: Built
    name: str
    neuron: Any
    communicator: Any

    def __post_init__(self):
        self.model: Model = self.built.model
        self.times = self.neuron.settings.T0 + self.neuron.settings.dt * np.arange(self.neuron.settings.ntime + 1)

    def clock(self) -> np.ndarray:
        """Times of all steps from the start of the run, ms."""
        return (self.times - self.times[0]) * MS

    def weights(self, by_node) -> np.ndarray:
        """An array over the nodes from numbers by node.

        Raises:
            ModelError: a node that does not exist.
        """
        values = np.zeros(self.neuron.n_node)
        for node, value in by_node.items():
            if not 0 <= node < values.size:
                raise ModelError(f"{self.name}: a synapse is at node {node}, and valid are 0 to {values.size - 1}")
            values[node] = value
        return values

    def add(self, er_scale, scheme) -> None:
        """Add the population, with all of its mechanisms but those of synapses between neurons."""
        members = mechanisms.of_calcium(self.neuron) | electricity.electricity(self) | sources.sources(self)
        self.model.add_trees(self.name, self.neuron.morphology, mechanisms.compartment(self.neuron), er=er_scale,
                             scheme=scheme, **members)
        electricity.play(self)
        sources.play(self)


def build(neurons, communicator, er_scale, scheme, publish: Callable[[], None]) -> Built:
    """The model of some neurons.

    Args:
        publish: brings every neuron's `sol` up to date; for synapses that the host asks.

    Raises:
        ModelError: neurons with different clocks, synapses at nodes that do not exist, or what the model refuses.
    """
    settings = neurons[0].settings
    for neuron in neurons[1:]:
        if (neuron.settings.dt, neuron.settings.T0, neuron.settings.T) != (settings.dt, settings.T0, settings.T):
            raise ModelError("SBDF: all neurons share one clock; give their settings the same T0, T and dt")
    built = Built(Model(dt=settings.dt * MS, name="spine"), [f"neuron{k}" for k in range(len(neurons))])
    cells = [Cell(built, name, neuron, communicator) for name, neuron in zip(built.names, neurons, strict=True)]
    for cell in cells:
        cell.add(er_scale, scheme)
    for place, cell in enumerate(cells):
        connect(cell, place, publish)
    return built
