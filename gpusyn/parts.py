"""The parts of a model: populations, transmitters, sources, connections and gap junctions."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpusyn.lattice import Lattice
from gpusyn.mechanism import Mechanism


@dataclass
class Population:
    """Cells of one kind with the mechanisms on each; "" among the members is the cell itself."""

    name: str
    members: dict[str, Mechanism]
    lattice: Lattice

    @property
    def n_site(self) -> int:
        """Number of cells."""
        return self.lattice.n_site


@dataclass
class Field:
    """A transmitter on the model's lattice; "" among the members is the transmitter, the others act on it."""

    name: str
    members: dict[str, Mechanism]
    lattice: Lattice
    scheme: str = "auto"  # auto, explicit or exact

    @property
    def n_site(self) -> int:
        """Number of sites."""
        return self.lattice.n_site

    @property
    def acts(self) -> bool:
        """Whether anything but transport happens to it: a transporter, or a constant supply."""
        return len(self.members) > 1 or bool(np.any(np.asarray(self.members[""].get("source")) != 0))


@dataclass
class Source:
    """Sites that only spike: the rule (`gpusyn.sources`) decides when."""

    name: str
    rule: Any
    lattice: Lattice

    @property
    def n_site(self) -> int:
        """Number of sites."""
        return self.lattice.n_site


@dataclass
class Connection:
    """Spikes of `pre` add `weight` (of `target`'s unit, or vesicles of a transmitter) to `target` along `wiring`.

    Args:
        weight: factor on the wiring's own weights.
        delay: axonal delay, ms; 0 arrives in the step of the spike.
        probability: that one connection releases on one spike; None takes the transmitter's, or 1. The dotted name of
            an output of `pre` ("neurons.autoreceptor.release_probability") is computed anew in every step.
        synapse: a plasticity rule with states of its own beside each connection (`gpusyn.synapses`); its weights start
            from the wiring's times `weight`. One with an output `release` says what a spike adds in their place.
        post: the population whose spikes are postsynaptic to the rule, where the target does not tell.
        delivers: whether spikes add anything; if not, the rule changes weights that gap junctions have.
    """

    name: str
    pre: str
    target: str
    wiring: Any
    weight: float = 1.0
    delay: float = 0.0
    probability: float | str | None = None
    synapse: Mechanism | None = None
    post: str | None = None
    delivers: bool = True

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Source and target site of each connection that exists; states per synapse are in this order."""
        listed = self.wiring.listed()
        return listed.sources().astype(np.int32), listed.indices


@dataclass
class GapJunctions:
    """Electrical coupling: currents from the cells of `source` into those of `population`, which may be the same.

    Between two populations they flow in one direction; those into the other cells are another set.

    Args:
        conductance: nS, factor on the wiring's weights.
        source: its potential `v` may be a state or an output of the cell.
        drives: the current follows the source's potential alone, and not its difference from the target's.
        weights: the connection whose plastic weights take the place of the wiring's.
    """

    name: str
    population: str
    wiring: Any
    conductance: float = 1.0
    source: str = ""
    drives: bool = False
    weights: str = ""

    def __post_init__(self):
        self.source = self.source or self.population
