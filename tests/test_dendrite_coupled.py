"""Two dendrites that calcium couples, and calcium channels beside an ER, against reference rows."""
import numpy as np
import pytest
from calcium_cables import calcium_model
from test_calcium_references import ThreeSpikes

import gpusyn as gs
from gpusyn.morphology import gen_beam
from gpusyn.spine import SBDF, NeuronModel, ProblemSettings, SynapseCommunicator, SynapseFactory
from gpusyn.spine import gen_beam as beam_of

FLAGS = ("CYT_buffer", "PMCA", "NCX", "SERCA", "PM_leak", "ER_leak", "RyR", "IP3")


@pytest.mark.parametrize(("scheme", "tolerance"), [("sbdf2", 0.06), ("spine", 1e-7)])
def test_a_wave_crosses_from_dendrite_to_dendrite(scheme, tolerance):
    """ca_coupled: post node 500 gets 1000 um/s (C of pre node 0 - rest); first crossing of 1 uM in ms, peak in uM."""
    neurons = [beam_of(NeuronModel(ProblemSettings(T=40e-3, rad=0.2)), n=501) for _ in range(2)]
    for neuron in neurons:
        neuron.model.update(dict.fromkeys(FLAGS, True))
        neuron.recorder["nodes"] = [500]
    neurons[0].synapse_instances = [SynapseFactory.create_calcium_linear([250], 2.5e-12, 1e-3),
                                    SynapseFactory.create_ip3_linear([250], 5e-12, 200e-3)]
    neurons[1].synapse_instances = [SynapseFactory.create_calcium_coupled([500], 1e3)]
    comm = SynapseCommunicator(neurons)
    comm.add_synapse_connection((0, 0), (1, 500))
    SBDF(neurons, comm=comm, backend="numba", scheme=scheme)
    for neuron, time, peak in zip(neurons, (24.534713, 24.613083), (5.9934175, 10.622563), strict=True):
        rows = neuron.results["nodes_ca"][:, 0]
        after = (rows >= 1.0).argmax()
        crossing = 5e-3 * (after - 1 + (1.0 - rows[after - 1]) / (rows[after] - rows[after - 1]))
        assert crossing == pytest.approx(time, rel=tolerance)
        assert rows.max() == pytest.approx(peak, rel=tolerance)


@pytest.mark.parametrize(("scheme", "tolerance"), [("sbdf2", 0.03), ("spine", 1e-6)])
def test_calcium_channels_ignite_the_er(scheme, tolerance):
    """vdcc_corrected_N_ryr_beam: three spikes of the potential everywhere, no other stimulus; highest calcium in uM.

    SPINE's was looked at every 0.1 ms. Its uniform beam is as well told by five nodes.
    """
    cell = gen_beam(1.0, 0.2, 5)
    model = calcium_model(cell, 0.005, scheme=scheme, n_type=gs.VoltageGatedCalciumChannel(), spikes=ThreeSpikes())
    simulation = gs.Simulation(model, backend="numba", precision="float64",
                               recorder=[gs.Record("dendrite.ca", every="0.1 ms")])
    simulation.run(60.0)
    assert np.max(simulation.recorder["dendrite.ca"]) == pytest.approx(6.9971104, rel=tolerance)
