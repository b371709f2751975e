"""Weights between the lattices of a network: as they are, as they were, and whether they change."""
from __future__ import annotations

import numpy as np
from scipy.sparse import block_array, csr_array

from gpusyn.errors import ModelError
from gpusyn.lattices.lattice import NeuronLattice
from gpusyn.lattices.matrices import weight_matrix
from gpusyn.lattices.network_members import Members


class NetworkWeights(Members):
    """The part of a network that can be asked for its weights."""

    def get_weights(self, presynaptic_id: int, postsynaptic_id: int, transmitter: str | None = None) -> csr_array:
        """Weights from one lattice to another, sparse (source, target); where synapses are plastic, as they are now.

        Args:
            transmitter: one of them, or "electrical"; by default all together.

        Raises:
            ModelError: there is no such lattice.
        """
        source, target = self.member(presynaptic_id), self.member(postsynaptic_id)
        if source is target and isinstance(target, NeuronLattice):
            return target.get_weights(transmitter)
        total = csr_array((source.size, target.size))
        for link in [link for link in self.links if link.source is source and link.target is target]:
            if transmitter in (None, link.synapses.transmitter or "electrical"):
                total = total + weight_matrix(link.synapses, link.target.weights_now(link.synapses)).tocsr()
        return total

    def weights_history(self, presynaptic_id: int, postsynaptic_id: int, transmitter: str | None = None) -> np.ndarray:
        """Weights of the plastic synapses from one lattice to another, (time, synapse), in the order of `get_weights`.

        Recorded with `update_graph_history`, of the network or of the postsynaptic lattice.

        Raises:
            ModelError: there are no such synapses, or nothing was recorded.
        """
        source, target = self.member(presynaptic_id), self.get_lattice(postsynaptic_id)
        if source is target:
            return target.weights_history(transmitter)
        found = [link.synapses for link in self.links if link.source is source and link.target is target
                 and link.synapses in target.plastic()]
        found = [s for s in found if transmitter in (None, s.transmitter or "electrical")]
        if not found:
            raise ModelError(f"weights_history: no plastic synapses lead from lattice {presynaptic_id} to "
                             f"{postsynaptic_id}; connect(..., plasticity_rule=STDPRule()) makes them so")
        advice = "set network.update_graph_history = True before running"
        keys = [f"{target.called(synapses.name)}.weight" for synapses in found]
        return np.concatenate([self.running.series(key, advice) for key in keys], axis=1)

    @property
    def connecting_weights(self) -> csr_array:
        """Weights between all lattices, sparse; sites are counted through the lattices in the order of `ids`."""
        blocks = [[csr_array((self.member(pre).size, self.member(post).size)) if pre == post else
                   self.get_weights(pre, post) for post in self.ids] for pre in self.ids]
        return csr_array(block_array(blocks, format="csr")) if self.ids else csr_array((0, 0))

    @property
    def update_graph_history(self) -> bool:
        """Whether the weights of all plastic synapses are recorded; set, it is set for every lattice."""
        return all(lattice.update_graph_history for lattice in self.lattices.values())

    @update_graph_history.setter
    def update_graph_history(self, wanted: bool) -> None:
        for lattice in self.lattices.values():
            lattice.update_graph_history = wanted

    @property
    def do_plasticity(self) -> bool:
        """Whether weights change; set, it is set for every lattice."""
        return all(lattice.do_plasticity for lattice in self.lattices.values())

    @do_plasticity.setter
    def do_plasticity(self, learns: bool) -> None:
        for lattice in self.lattices.values():
            lattice.do_plasticity = learns

    def hold_weights(self) -> None:
        """Keep what was learned with the synapses, so that it outlasts their absence from the model."""
        for lattice in self.lattices.values():
            lattice.hold_weights()
