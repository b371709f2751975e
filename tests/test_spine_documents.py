"""The documents' examples, with `from spine.` replaced, and what they come to."""
import numpy as np
import pytest

from gpusyn.errors import ModelError
from gpusyn.spine import ProblemSettings
from gpusyn.spine.graph import gen_beam
from gpusyn.spine.solver import SBDF
from gpusyn.spine.synapse import CustomCoupledSynapse, SynapseCommunicator, SynapseFactory
from gpusyn.spine.synapse.base import ReceptorModel, Synapse, TemporalPattern
from gpusyn.spine.utils import NeuronModel

PARAMETERS = """
from gpusyn.spine.utils import NeuronModel

neuron = NeuronModel()

# Access/modify PM parameters
neuron.cytExchangeParams['Ip'] = 2e-17       # Increase PMCA strength
neuron.cytExchangeParams['rhop'] = 600.      # Increase PMCA density
neuron.cytExchangeParams['rhovdcc'] = 2.     # Double VDCC density

# Access constants
neuron.cytConstants['btot'] = 5e-14          # Increase calbindin
neuron.cytConstants['co'] = 2e-12            # Change external calcium
neuron.erExchangeParams['rhoryr'] = 5.       # Increase RyR density
neuron.erExchangeParams['Irefryr'] = 5e-12   # Stronger RyR flux
neuron.erExchangeParams['rhos'] = 3000.      # Increase SERCA density
neuron.erConstants['betot'] = 2e-11          # Increase calreticulin
"""
PULSE = """
from gpusyn.spine.utils import NeuronModel
from gpusyn.spine.synapse import SynapseFactory
from gpusyn.spine.solver import SBDF

neuron = NeuronModel()
neuron.model['CYT_buffer'] = True
neuron.model['PMCA'] = True

# Add calcium pulse
syn = SynapseFactory.create_calcium_pulse(
    nodes=[500],
    amplitude=3e-12,
    duration=1e-3
)
neuron.synapse_instances = [syn]

SBDF(neuron)
"""
EXAMPLES = """
from gpusyn.spine.utils import NeuronModel

neuron = NeuronModel()
neuron.model['PMCA'] = True
neuron.model['NCX'] = True

# Increase PMCA by 50%
neuron.cytExchangeParams['Ip'] *= 1.5
neuron.cytExchangeParams['rhop'] *= 1.5

# Decrease NCX by 30%
neuron.cytExchangeParams['In'] *= 0.7
# Turn off VDCC
neuron.model['VDCC'] = False

# Or set density to zero
neuron.cytExchangeParams['rhovdcc'] = 0.0
# Record PMCA flux at specific nodes
neuron.recorder['flux_pmca'] = True
neuron.recorder['flux_nodes'] = [0, 100, 500]

# Record all ER fluxes at all nodes (memory intensive!)
neuron.recorder['flux_ryr'] = True
neuron.recorder['flux_serca'] = True
neuron.recorder['flux_ip3r'] = True
# Override automatic leak balancing
neuron.cytConstants['leak_const'] = 1e-6  # Set manually
neuron.erConstants['leak_const'] = 5e-7
"""
TWO = """
from gpusyn.spine.synapse import SynapseFactory, SynapseCommunicator

# Create two neurons
neuron1 = NeuronModel()  # Presynaptic
neuron2 = NeuronModel()  # Postsynaptic

# Add AMPA to postsynaptic neuron
ampa = SynapseFactory.create_AMPA(
    post_nodes=[100],
    g_max=3e-10,
    weight=1.5
)
neuron2.synapse_instances = [ampa]

# Setup communication
comm = SynapseCommunicator([neuron1, neuron2])
comm.add_synapse_connection((0, 0), (1, 100))

SBDF([neuron1, neuron2], comm=comm)
"""


class MyReceptor(ReceptorModel):
    """The documents' receptor of one's own."""

    def __init__(self, g_max, tau):
        self.g_max = g_max
        self.tau = tau
        self.s = 0.0

    def compute_flux(self, pre_data, post_data):
        V_post = post_data['V']
        return self.g_max * self.s * V_post

    def update_state(self, dt, pre_data, post_data):
        V_pre = pre_data['V']
        target = 1.0 if V_pre > -0.050 else 0.0
        self.s += (target - self.s) / self.tau * dt


class Remembering(MyReceptor):
    """The same, in a way that no equation can have."""

    def update_state(self, dt, pre_data, post_data):
        self.seen = [pre_data['V']]
        super().update_state(dt, pre_data, post_data)


def neurons(n=2, nodes=5, steps=400):
    """Small neurons; the first is depolarised from 0.5 to 1 ms."""
    made = []
    for k in range(n):
        wave = (lambda t: 0.02 if 0.5e-3 <= t < 1e-3 else -0.072) if k == 0 else None
        neuron = NeuronModel(ProblemSettings(read_voltage=wave, T=steps * 5e-6, rad=0.2))
        made.append(gen_beam(neuron, L=2.0, n=nodes))
    return made


def test_the_documents_examples_run():
    scope = {}
    exec(PARAMETERS, scope)
    exec(PULSE, scope)
    calcium = scope["neuron"].sol.C
    assert calcium.argmax() == 500
    assert calcium[500] > 1.03 * calcium[0] > 0
    exec(TWO, scope)
    pre, post = scope["neuron1"], scope["neuron2"]
    assert np.abs(pre.sol.V + 72.0).max() < 1e-9
    assert np.abs(post.sol.V + 72.0).max() < 0.1


def test_parameters_reach_the_mechanisms_in_their_units():
    scope = {}
    exec(PARAMETERS, scope)
    neuron = scope["neuron"]
    neuron.model.update(dict.fromkeys(("PMCA", "SERCA", "RyR", "CYT_buffer", "ER_buffer", "PM_leak"), True))
    gen_beam(neuron, L=2.0, n=3)
    neuron.settings.T = 5e-6
    model = SBDF(neuron, backend="numpy").model
    expected = {"pmca.unitary_flux": 2e-5, "pmca.density": 600.0, "calbindin_total": 50.0, "pm_leak.ca_outside": 2000.0,
                "ryr.density": 5.0, "ryr.unitary_flux": 5.0, "serca.density": 3000.0, "calreticulin_total": 20000.0,
                "serca.unitary_flux": 6.5e-3, "calbindin_k_plus": 0.027, "ca_diffusion": 0.22}
    found = {path: model.values(f"neuron0.{path}").item() for path in expected}
    assert found == pytest.approx(expected, rel=1e-12)


def test_fluxes_at_nodes_and_leaks_that_are_given(tmp_path):
    """PMCA at rest with 1.5 x 1.5 of its strength: 2.25 x 3.48361e-3 uM um/ms; files hold what `results` does."""
    scope = {}
    exec(EXAMPLES, scope)
    neuron = scope["neuron"]
    neuron.model.update(dict.fromkeys(("SERCA", "PM_leak", "ER_leak"), True))
    neuron.recorder.update(soma=True, avg_cyt=True, total_cyt=True, total_er=True, full_er=True, flux_total_pm=True,
                           nodes=[3, 7])
    neuron.settings.T, neuron.settings.top_folder, neuron.settings.output_folder = 1e-4, str(tmp_path), "run"
    model = SBDF(neuron, backend="numpy").model
    assert model.values("neuron0.pm_leak.permeability").item() == pytest.approx(1e-9)
    assert model.values("neuron0.er_leak.permeability").item() == pytest.approx(5e-10)
    found = neuron.results
    assert found["flux_pmca"].shape == (20, 3)
    np.testing.assert_allclose(found["flux_pmca"][0], -2.25 * 3.48361e-3, rtol=1e-5)
    assert found["total_cyt"] == pytest.approx(0.05 * 1e-4, rel=0.1)
    for key, values in found.items():
        assert np.isfinite(values).all(), key
        np.testing.assert_array_equal(np.load(tmp_path / "results" / "run" / f"{key}.npy"), values)


def test_a_receptor_charges_the_membrane():
    """Excitation, inhibition and one's own receptor move the postsynaptic potential to where they should."""
    signs = {SynapseFactory.create_AMPA: 1, SynapseFactory.create_NMDA: 1, SynapseFactory.create_GABA: -1}
    for make, sign in signs.items():
        pre, post = neurons()
        post.recorder["full_voltage"] = True
        post.synapse_instances = [make([2])]
        comm = SynapseCommunicator([pre, post])
        comm.add_synapse_connection((0, 4), (1, 2))
        SBDF([pre, post], comm=comm, backend="numpy")
        moved = post.results["full_voltage"][:, 2] + 72.0
        assert np.abs(moved[:100]).max() < 0.05
        assert sign * moved[180] > 0.1, make.__name__


def test_a_receptor_of_ones_own_is_translated_and_otherwise_runs_on_the_host(recwarn):
    traces = []
    for kind in (MyReceptor, Remembering):
        pre, post = neurons()
        post.recorder["nodes"] = [2]
        post.synapse_instances = [SynapseFactory.create_custom_receptor([2], kind, weight=2.0, g_max=1e-10, tau=5e-3)]
        comm = SynapseCommunicator([pre, post])
        comm.add_synapse_connection((0, 0), (1, 2))
        SBDF([pre, post], comm=comm, backend="numpy")
        traces.append(post.results["nodes_v"][:, 0])
        warned = [str(w.message) for w in recwarn.list if "runs on the host" in str(w.message)]
        assert len(warned) == (kind is Remembering)
    assert "Remembering" in warned[0]
    assert "a hundred times" in warned[0]
    assert traces[0].max() - traces[0][0] > 1.0
    # On the host the receptor is half a step behind, in which it moves by dt / tau.
    np.testing.assert_allclose(traces[0], traces[1], atol=5e-3 * np.ptp(traces[0]))


class Sine(TemporalPattern):
    """A pattern of one's own."""

    def get_amplitude(self, t):
        return max(0.0, np.sin(2 * np.pi * t / 1e-3))


class Everywhere(Synapse):
    """A synapse of one's own."""

    def compute_flux(self, neuron, t, comm=None, comm_iter=0):
        return np.full(neuron.sol.C.shape, 1e-12)


def test_patterns_and_synapses_of_ones_own():
    (neuron,) = neurons(1)
    neuron.recorder["flux_synapse"] = True
    neuron.synapse_instances = [SynapseFactory.create_custom_temporal([1, 3], Sine, 2e-12)]
    SBDF(neuron, backend="numpy")
    t = neuron.results["t"]
    expected = 2.0 * np.maximum(0.0, np.sin(2 * np.pi * t / 1e-3))
    np.testing.assert_allclose(neuron.results["flux_synapse"][:, 1], expected, atol=1e-12)
    assert np.abs(neuron.results["flux_synapse"][:, [0, 2, 4]]).max() == 0.0
    (neuron,) = neurons(1, steps=20)
    neuron.synapse_instances = [Everywhere([0])]
    with pytest.warns(UserWarning, match="Everywhere runs on the host"):
        SBDF(neuron, backend="numpy")
    area_per_volume = 2 * 0.2 / (0.2**2 - 0.075**2)
    assert neuron.sol.C == pytest.approx(0.05 + 0.1 * area_per_volume, rel=1e-9)


def test_what_a_recorder_gives():
    (neuron,) = neurons(1, steps=40)
    neuron.model.update(dict.fromkeys(("PMCA", "PM_leak", "SERCA", "ER_leak", "RyR"), True))
    kinds = ("full", "full_er", "full_voltage", "soma", "avg_cyt", "avg_er", "total_cyt", "total_er", "RyR",
             "flux_pmca", "flux_ryr", "flux_total_er", "flux_soc")
    neuron.recorder.update(dict.fromkeys(kinds, True), nodes=[1, 3], flux_nodes=[2])
    neuron.synapse_instances = [SynapseFactory.create_calcium_pulse([2], 1e-12, 1e-3)]
    SBDF(neuron, backend="numpy")
    found = neuron.results
    shapes = {"full": (40, 5), "full_er": (40, 5), "full_voltage": (40, 5), "avg_cyt": (40,), "soma": (40,),
              "total_cyt": (5,), "RyR": (40, 5), "flux_pmca": (40, 1), "flux_ryr": (40, 1), "nodes_ca": (40, 2),
              "nodes_ca_er": (40, 2), "t": (40,)}
    assert {key: found[key].shape for key in shapes} == shapes
    assert all(np.isfinite(values).all() for values in found.values())
    assert found["full"][0] == pytest.approx(0.05)
    np.testing.assert_array_equal(found["nodes_ca"], found["full"][:, [1, 3]])
    ca = found["full"][:, 2]
    assert found["flux_pmca"][:, 0] == pytest.approx(-8.5e-3 * ca**2 / (0.06**2 + ca**2), rel=1e-9)
    assert found["total_cyt"] == pytest.approx(found["full"].sum(axis=0) * 5e-6)
    assert not found["flux_soc"].any()


def test_the_readme_wave_of_the_documents():
    """LSODA: 1303.8 um/s, arrival of 1 uM at node 700 after 10.266 ms, 0.5 %."""
    neuron = NeuronModel(ProblemSettings(T=28e-3, rad=0.2))
    neuron.model.update(dict.fromkeys(("CYT_buffer", "PMCA", "NCX", "SERCA", "PM_leak", "ER_leak", "RyR", "IP3"), True))
    neuron.recorder["full"] = True
    neuron.synapse_instances = [SynapseFactory.create_calcium_linear([500], 2.5e-12, 1e-3),
                                SynapseFactory.create_ip3_linear([500], 5e-12, 200e-3)]
    SBDF(neuron, backend="numba")
    rows, dt = neuron.results["full"], 5e-3
    after = (rows >= 1.0).argmax(axis=0)
    nodes = np.arange(660, 960)
    low, high = rows[after[nodes] - 1, nodes], rows[after[nodes], nodes]
    crossing = (after[nodes] - 1 + (1.0 - low) / (high - low)) * dt
    assert crossing[40] == pytest.approx(10.266, abs=0.06)
    assert np.polyfit(crossing, nodes * 64.0 / 999, 1)[0] * 1000 == pytest.approx(1303.8, rel=5e-3)


def test_coupling_by_calcium_of_ones_own_and_built_in():
    """0.05 uM above rest at 1 um/ms are 0.05 uM um/ms, weighted by the connection."""
    gained = []
    for synapse in (SynapseFactory.create_calcium_coupled([2], sensitivity=1e3),
                    SynapseFactory.create_custom_coupled(
                        [2], lambda pre, post, gain: gain * (1e-15 * pre["C"] - 50e-18), gain=1e3)):
        pre, post = neurons(steps=20)
        pre.settings.cceq = 100e-18
        post.synapse_instances = [synapse]
        post.recorder["flux_synapse"] = True
        comm = SynapseCommunicator([pre, post])
        comm.add_synapse_connection((0, 1), (1, 2), weight=2.0)
        if isinstance(synapse, CustomCoupledSynapse):
            with pytest.warns(UserWarning, match="CustomCoupledSynapse runs on the host"):
                SBDF([pre, post], comm=comm, backend="numpy")
        else:
            SBDF([pre, post], comm=comm, backend="numpy")
        np.testing.assert_allclose(post.results["flux_synapse"][1:, 2], 0.1, rtol=1e-9)
        gained.append(post.sol.C[2] - 0.05)
    assert gained[0] > 0.05
    assert gained[1] == pytest.approx(gained[0], rel=0.03)


def test_nmda_receptors_let_calcium_in():
    """Calcium carries 0.1 of inward current: 0.1 / (2 F) times it; 193 pA/um^2 are 1 mM um/ms."""
    pre, post = neurons()
    post.synapse_instances = [SynapseFactory.create_NMDA([2])]
    post.recorder["flux_synapse"] = post.recorder["full_voltage"] = True
    comm = SynapseCommunicator([pre, post])
    comm.add_synapse_connection((0, 4), (1, 2))
    simulation = SBDF([pre, post], comm=comm, backend="numpy")
    current = simulation.state["neuron1.driven0_0.s"][2] * 0.1 * post.sol.V[2]
    unblocked = 1.0 / (1.0 + np.exp(-0.062 * post.sol.V[2]) / 3.57)
    expected = -0.1 * current * unblocked / (2e-6 * 96485.332)
    assert post.results["flux_synapse"][-1, 2] == pytest.approx(expected, rel=0.02)
    assert post.sol.C[2] - post.sol.C[0] > 1e-4


def test_potentials_from_files(tmp_path):
    """One file a step, its fourth column in mV; they begin again after the last."""
    for k, potential in enumerate((-70.0, -60.0, -50.0)):
        np.savetxt(tmp_path / f"vm_{k:07d}.dat", [[0.0, 0.0, 0.0, potential + node] for node in range(5)])
    (neuron,) = neurons(1, steps=5)
    neuron.settings.read_voltage, neuron.settings.Vdat = None, str(tmp_path)
    neuron.recorder["full_voltage"] = True
    SBDF(neuron, backend="numpy")
    np.testing.assert_allclose(neuron.results["full_voltage"][:, 1], [-69.0, -59.0, -49.0, -69.0, -59.0])
    neuron.settings.voltage_loop = 4 * 5e-6
    with pytest.raises(ModelError, match=r"there is no file .*vm_0000003\.dat"):
        SBDF(neuron, backend="numpy")


def test_complaints():
    neuron = NeuronModel()
    with pytest.raises(ModelError, match=r"neuron.model: there is no 'RYR'"):
        neuron.model.update(RYR=True)
    with pytest.raises(ModelError, match=r"neuron.model: there is no 'PCMA'.*PMCA"):
        neuron.model["PCMA"] = True
    with pytest.raises(ModelError, match=r"neuron.currents: there is no 'I_Leak'.*I_leak"):
        neuron.currents["I_Leak"] = True
    with pytest.raises(ModelError, match="settings: there is no 'vrest'; did you mean 'Vrest'"):
        neuron.settings.vrest = -0.07
    neuron.synapse_instances = [SynapseFactory.create_calcium_pulse([2000])]
    with pytest.raises(ModelError, match="a synapse is at node 2000, and valid are 0 to 999"):
        SBDF(neuron, backend="numpy")
    with pytest.raises(ModelError, match="communicator: neuron 0 has no node 1000; valid: 0 to 999"):
        SynapseCommunicator([neuron]).add_synapse_connection((0, 1000), (0, 0))
