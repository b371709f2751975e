"""From a network of lattices to one `gpusyn.Model`: every lattice's parts under its own names, and what joins them."""
from __future__ import annotations

from dataclasses import dataclass

from gpusyn.lattice import Lattice
from gpusyn.lattices.building import add_cells, add_chemical, add_junctions, add_transmitters
from gpusyn.lattices.contents import Synapses
from gpusyn.lattices.lattice import NeuronLattice
from gpusyn.lattices.train_lattice import SpikeTrainLattice, add_potential, add_trains
from gpusyn.lattices.treatments import treat
from gpusyn.model import Model


@dataclass
class Link:
    """Synapses from the cells of one lattice to those of another."""

    source: NeuronLattice | SpikeTrainLattice
    target: NeuronLattice
    synapses: Synapses

    @property
    def electrical(self) -> bool:
        """Whether they release no transmitter."""
        return self.synapses.transmitter is None


def build_network(network) -> Model:
    """The model of a network; lattices without cells add nothing to it."""
    lattices = [lattice for lattice in network.lattices.values() if lattice.size]
    model = Model(lattices[0].sites if lattices else Lattice((1, 1)), dt=network.dt, name="network")
    for trains in network.spike_train_lattices.values():
        add_trains(model, trains)
        if network.electrical_synapse and any(link.source is trains and link.electrical for link in network.links):
            add_potential(model, trains)
    for lattice in lattices:
        add_cells(model, lattice)
        add_transmitters(model, lattice)
    for lattice in lattices:
        connect_cells(model, network, lattice)
        treat(model, lattice)
    return model


def connect_cells(model: Model, network, target: NeuronLattice) -> None:
    """Add the synapses onto the cells of a lattice, from its own and from others, as far as they act."""
    links = [Link(target, target, synapses) for synapses in target.synapses]
    links += [link for link in network.links if link.target is target]
    chemical = [link.synapses for link in links if not link.electrical]
    for link in links:
        if not link.electrical and network.chemical_synapse and target.chemical_synapse:
            add_chemical(model, link.source, target, link.synapses, chemical)
    if network.electrical_synapse and target.electrical_synapse:
        add_junctions(model, target, [(link.source, link.synapses) for link in links if link.electrical])
