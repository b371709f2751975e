"""What sits at nodes: direct sources, receptors, coupling by calcium."""
from __future__ import annotations

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.spine.synapse.base import ReceptorModel, Synapse, TemporalPattern
from gpusyn.spine.units import MV


class NativeSynapse(Synapse):
    """Base of the synapses that become mechanisms."""

    def compute_flux(self, neuron, t, comm=None, comm_iter=0):
        """Not asked: the model does it."""
        raise ModelError(f"{type(self).__name__}.compute_flux: its flux is computed within the model; record it with "
                         "neuron.recorder['flux_synapse'] = True")


class DirectCalciumRelease(NativeSynapse):
    """A flux into the cytosol of given course; amplitude in umol/(um^2 s)."""

    def __init__(self, nodes: list, temporal_pattern: TemporalPattern, amplitude: float = 1e-11):
        super().__init__(nodes)
        self.temporal_pattern, self.amplitude = temporal_pattern, amplitude

    def course(self, times):
        """The flux densities at times in s, (n_time,)."""
        return np.array([self.temporal_pattern.compute_amplitude(t, self.amplitude) for t in times])

    def compute_flux(self, neuron, t, comm=None, comm_iter=0):
        """Fluxes at all nodes at a time in s, for looking at numbers."""
        flux = np.zeros(neuron.n_node)
        flux[self.nodes] = self.course([t])[0]
        return flux


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


class CustomCoupledSynapse(Synapse):
    """A flux of calcium that a function gives: callback(pre_data, post_data, **kwargs) in umol/(um^2 s).

    The data are {"V": V, "C": uM}; the function is asked on the host for each connection in every step.
    """

    domain = "receptor"

    def __init__(self, post_nodes: list, coupling_callback, **kwargs):
        super().__init__(post_nodes)
        self.coupling_callback, self.kwargs = coupling_callback, kwargs

    def compute_flux(self, neuron, t, comm=None, comm_iter=0):
        """Fluxes at all nodes; those of several connections to a node add up."""
        flux = np.zeros(neuron.n_node)
        for c in comm.to(comm_iter) if comm is not None else ():
            if c.post_node in self.nodes:
                sides = [{"V": sol.V[node] / MV, "C": sol.C[node]}
                         for sol, node in ((comm.neurons[c.pre].sol, c.pre_node), (neuron.sol, c.post_node))]
                flux[c.post_node] += c.weight * self.coupling_callback(*sides, **self.kwargs)
        return flux


CalciumInfluxSynapse, DirectIP3Release = DirectCalciumRelease, IP3InfluxSynapse
