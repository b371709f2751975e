"""What sits at nodes: direct sources, receptors, coupling by calcium."""
from __future__ import annotations

from gpusyn.spine.synapse.base import ReceptorModel, Synapse, TemporalPattern


class NativeSynapse(Synapse):
    """Base of the synapses that become mechanisms."""

    def compute_flux(self, neuron, t, comm=None, comm_iter=0):
        """Not asked: the model does it."""
        raise NotImplementedError(f"{type(self).__name__} runs within the model")


class DirectCalciumRelease(NativeSynapse):
    """A flux into the cytosol of given course; amplitude in umol/(um^2 s)."""

    def __init__(self, nodes: list, temporal_pattern: TemporalPattern, amplitude: float = 1e-11):
        super().__init__(nodes)
        self.temporal_pattern, self.amplitude = temporal_pattern, amplitude


class IP3InfluxSynapse(DirectCalciumRelease):
    """A flux of IP3 of given course."""

    domain = "ip3"

    def __init__(self, nodes: list, temporal_pattern: TemporalPattern, amplitude: float = 5e-12):
        super().__init__(nodes, temporal_pattern, amplitude)


class ChemicalSynapse(NativeSynapse):
    """A receptor that follows the presynaptic neuron; its current charges the membrane."""

    domain = "voltage"

    def __init__(self, post_nodes: list, receptor_model: ReceptorModel, weight: float = 1.0):
        super().__init__(post_nodes)
        self.receptor_model, self.weight = receptor_model, weight


class CalciumCoupledSynapse(NativeSynapse):
    """A flux that follows presynaptic calcium above rest; sensitivity in um/s."""

    domain = "receptor"

    def __init__(self, post_nodes: list, sensitivity: float = 1e3):
        super().__init__(post_nodes)
        self.sensitivity = sensitivity


CalciumInfluxSynapse, DirectIP3Release = DirectCalciumRelease, IP3InfluxSynapse
