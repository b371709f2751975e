"""What scripts for the SPINE program use beyond the documents: shapes to order, channels, older synapses, files."""
import re

import numpy as np
import pytest
from test_spine_documents import neurons

from gpusyn.errors import ModelError
from gpusyn.spine import SBDF, NeuronModel, ProblemSettings
from gpusyn.spine.cable_eq import ChannelFactory, ChannelModel, GatingVariable
from gpusyn.spine.cytosol import JPM, init_calb, init_vel, jLP, jN, jP, jVDCC, reaction
from gpusyn.spine.er import JER, init_calbe, init_vel_e, jIP3, jRYR, jS, reaction_er, reaction_ip3
from gpusyn.spine.flux_components import FluxComponents
from gpusyn.spine.graph import gen_beam, gen_branch, gen_neuron, read_swc, refine_graph
from gpusyn.spine.synapse import AMPAReceptor, SynapseCommunicator, SynapseFactory, synapse
from gpusyn.spine.synapse.temporal import ConstantPattern, DirectCalciumRelease
from gpusyn.spine.utils.settings import ProblemSettings as SameSettings
from gpusyn.spine.utils.threading import limit_to_one_thread

SWC = "\n".join(f"{k} 3 {k * 2e-6} 0 0 {k * 1e-7} {k - 1 if k > 1 else -1}" for k in range(1, 6))  # in metres


def test_shapes_to_order(tmp_path):
    """Metres, one radius, one length of edges, halved edges, radii that grow with the distance."""
    (tmp_path / "m.swc").write_text(SWC)
    neuron = NeuronModel(ProblemSettings(rad=0.25, h=1.5))
    with pytest.raises(ModelError, match=re.escape("8e-06 um long in all; if the file is in metres, set settings.len")):
        read_swc(neuron, tmp_path / "m.swc")
    neuron.settings.len_scale = 1e6
    assert read_swc(neuron, tmp_path / "m.swc").morphology.radius == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert gen_neuron(refine_graph(neuron)).morphology.spacing[1:] == pytest.approx([1.0] * 8)
    assert neuron.morphology.radius[:3] == pytest.approx([0.1, 0.15, 0.2])
    assert neuron.sol.C.shape == (9,)
    neuron.geom_builder.update(const_rad=True, const_edge=True)
    cell = read_swc(neuron, tmp_path / "m.swc", 1e6).morphology
    assert (cell.radius == 0.25).all()
    assert cell.area.sum() == pytest.approx(2 * np.pi * 0.25 * 4 * 1.5)
    neuron.geom_builder.update(const_rad=False, const_edge=False)
    cell = gen_branch(neuron, 4.0, 5, delta=0.01).morphology
    assert cell.radius == pytest.approx(0.25 + 0.01 * np.arange(7))


class Squid(ChannelModel):
    """A sodium channel as the program's documents write one."""

    def __init__(self, g_max=500e-12, E_rev=50e-3, Vt=-60e-3):
        super().__init__("Na", g_max, E_rev)
        self.Vt = Vt
        self.m = GatingVariable("m", exponent=3)
        self.h = GatingVariable("h")

    def compute_current(self, V, C, Cm):
        return (self.g_max / Cm) * self.m.current**self.m.exponent * self.h.current * (V - self.get_reversal(V))

    def get_reversal(self, V):
        return self.E_rev * np.ones_like(V)

    def update_state(self, V, V0, dt):
        self.m.update_sbdf2(self._m_kinetics, V, V0, dt)
        self.h.update_sbdf2(self._h_kinetics, V, V0, dt)

    def _m_kinetics(self, m, V):
        u = V - 1e3 * self.Vt
        alpha = -1e3 * 0.32 * (u - 13.0) / (np.exp(-(u - 13.0) / 4.0) - 1.0)
        beta = 1e3 * 0.28 * (u - 40.0) / (np.exp((u - 40.0) / 5.0) - 1.0)
        return alpha * (1.0 - m) - beta * m

    def _h_kinetics(self, h, V):
        u = V - 1e3 * self.Vt
        return 1e3 * (0.128 * np.exp(-(u - 17.0) / 18.0) * (1.0 - h) - 4.0 / (1.0 + np.exp(-(u - 40.0) / 5.0)) * h)

    def initialize_state(self, V_rest, nnodes):
        for gate, kinetics in ((self.m, self._m_kinetics), (self.h, self._h_kinetics)):
            closed, opened = kinetics(0.0, 1e3 * V_rest), kinetics(1.0, 1e3 * V_rest)
            gate.initialize(closed / (closed - opened), nnodes)


class Recorded(Squid):
    """The same, in a way that no equation can have."""

    def update_state(self, V, V0, dt):
        self.seen = [V]
        super().update_state(V, V0, dt)


class SlowPotassium(ChannelModel):
    """Calcium opens it, and it keeps a state of its own."""

    def __init__(self, g_max, K_half, tau):
        super().__init__("SK", g_max, -90e-3)
        self.K_half, self.tau = K_half, tau

    def compute_current(self, V, C, Cm):
        return self.g_max / Cm * self.w * C**4 / (C**4 + self.K_half**4) * (V - self.E_rev)

    def update_state(self, V, V0, dt):
        self.w += (1.0 - self.w) / self.tau * dt

    def initialize_state(self, V_rest, nnodes):
        self.w = np.full(nnodes, 0.25)


def excited(*channels, steps=800, **switches):
    """The potential of a membrane into which 10 mV/ms flow from 0.5 ms on, (time,)."""
    neuron = gen_beam(NeuronModel(ProblemSettings(T=steps * 5e-6)), L=2.0, n=3)
    neuron.model["voltage_coupling"] = neuron.recorder["full_voltage"] = True
    neuron.currents.update(switches)
    neuron.inject(lambda t: 10.0 * (t >= 0.5e-3 - 1e-9))
    for channel in channels:
        neuron.CableSettings.add_channel(channel)
    SBDF(neuron, backend="numpy")
    return neuron.results["full_voltage"][:, 1]


def test_channels_of_ones_own_are_translated_and_otherwise_run_on_the_host(recwarn):
    """All three are the same sodium channel: they spike alike, above 0 mV."""
    others = {"I_K": True, "I_leak": True}
    native = excited(I_Na=True, **others)
    made = excited(ChannelFactory.create_Na(), **others)
    np.testing.assert_allclose(made, native, rtol=1e-9)
    translated = excited(ChannelFactory.create_custom(Squid), **others)
    assert not [w for w in recwarn.list if "on the host" in str(w.message)]
    assert native.max() > 20.0
    up = [np.flatnonzero(v > 0)[0] for v in (native, translated)]
    assert abs(up[0] - up[1]) <= 1
    assert translated.max() == pytest.approx(native.max(), abs=0.3)
    with pytest.warns(UserWarning, match="Recorded runs on the host"):
        hosted = excited(Recorded(), steps=820, **others)
    assert abs(np.flatnonzero(hosted > 0)[0] - up[0]) <= 3


def test_a_channel_with_a_state_of_its_own_and_calcium():
    """w goes from 0.25 to 1 within 1 ms; half open at 0.05 uM: the potential moves towards -90 mV as that says."""
    neuron = gen_beam(NeuronModel(ProblemSettings(T=0.4e-3)), L=1.0, n=2)
    neuron.model["voltage_coupling"] = neuron.recorder["full_voltage"] = True
    neuron.CableSettings.add_channel(SlowPotassium(20e-12, 0.05e-15, 1e-3))
    SBDF(neuron, backend="numpy")
    t = neuron.results["t"] * 1e3
    held = 1.0 * 18.0 * 0.25  # mV/ms, what holds the rest: g/Cm is 2 /ms, half of it
    slopes = np.gradient(neuron.results["full_voltage"][:, 0], t)
    assert slopes[0] == pytest.approx(0.0, abs=0.1)
    v = neuron.results["full_voltage"][:, 0] + 90.0
    expected = held - (1.0 - 0.75 * np.exp(-t)) * v
    np.testing.assert_allclose(slopes[2:-2], expected[2:-2], atol=0.05)


def test_older_synapses_are_the_newer_ones():
    """The same three courses, of calcium and of IP3; one of a pattern and one of a profile of one's own."""
    ends = []
    for older in (False, True):
        (neuron,) = neurons(1, steps=400)
        neuron.model.update(IP3=True)
        if older:
            made = []
            for kind, domain in (("linear", "cytosol"), ("exponential", "cytosol"), ("constant", "ip3")):
                syn = synapse()
                syn.type, syn.domain, syn.node, syn.j, syn.decay_constant = kind, domain, [1, 3], 2e-12, 2e-3
                made.append(syn)
        else:
            f = SynapseFactory
            made = [f.create_calcium_linear([1, 3], 2e-12, 1e-3), f.create_calcium_exponential([1, 3], 2e-12, 2e-3),
                    f.create_ip3_pulse([1, 3], 2e-12, 1e-3)]
        neuron.synapse_instances = made
        SBDF(neuron, backend="numpy")
        ends.append((neuron.sol.C, neuron.sol.IP3))
    np.testing.assert_allclose(ends[1], ends[0], rtol=1e-12)

    def later(syn, t, node):
        syn.t = t - 0.5e-3

    (neuron,) = neurons(1, steps=20)
    late, own = synapse(release_pattern=later), synapse(release_profile=lambda syn, node, c, V: 1e-12 * (node == 2))
    late.node, own.node = [1], [1, 2]
    neuron.synapse_instances = [late, own]
    neuron.recorder["flux_synapse"] = True
    with pytest.warns(UserWarning, match="synapse runs on the host"):
        SBDF(neuron, backend="numpy")
    np.testing.assert_allclose(neuron.results["flux_synapse"][1:, [1, 2]], np.tile([0.0, 1.0], (19, 1)))
    syn = synapse()
    syn.type, syn.node = "square", [0]
    neuron.synapse_instances = [syn]
    with pytest.raises(ModelError, match=r"synapse.type: 'square' is unknown"):
        SBDF(neuron, backend="numpy")


def test_files_for_paraview(tmp_path):
    """Every 10 of 25 steps, also the total so far; what is switched off is not there."""
    (neuron,) = neurons(1, steps=25)
    with pytest.raises(ModelError, match=r"SBDF.writeStep: files of neuron 0 go to .*; set its settings.output_folder"):
        SBDF(neuron, writeStep=10, backend="numpy")
    neuron.settings.top_folder, neuron.settings.output_folder = str(tmp_path), "out"
    with pytest.raises(ModelError, match=r"SBDF.writeStep: 0 is no number of steps"):
        SBDF(neuron, writeStep=0, backend="numpy")
    neuron.recorder.update(total_cyt=True, vtu_calb=False)
    neuron.synapse_instances = [SynapseFactory.create_calcium_pulse([2], 1e-12, 1e-3)]
    SBDF(neuron, writeStep=10, backend="numpy")
    folder = tmp_path / "results" / "out" / "vtu"
    assert sorted(file.name for file in folder.glob("*/*.vtu")) == ["000000.vtu", "000001.vtu", "000002.vtu"]
    text = next(folder.glob("*/000002.vtu")).read_text()
    assert re.findall(r'Name="([A-Z_]+)"', text) == ["CYT", "ER", "VOLT", "TOTAL_CYT"]
    assert 'timestep="0.1"' in next(folder.glob("*.pvd")).read_text()


def test_the_documents_functions_of_fluxes():
    """Rows of calcium at rest, uM um/ms and 1e-12 umol/(um^2 s): PMCA 3.48361e-3, NCX 1.01351e-3, SERCA 1.350870e-2."""
    neuron = NeuronModel()
    neuron.model.update(dict.fromkeys(("PMCA", "NCX", "PM_leak", "RyR", "SERCA", "IP3", "ER_leak"), True))
    c, ce, p = np.full(2, 50e-18), np.full(2, 250e-15), np.full(2, 40e-18)
    receptors = np.array([[3.235722e-4] * 2, [1.572163e-7] * 2])
    found = [f(neuron, c)[0] * 1e12 for f in (jP, jN)] + [
        jS(neuron, c, ce)[0] * 1e12, jRYR(neuron, c, ce, receptors)[0] * 1e12, jIP3(neuron, p, c, ce)[0] * 1e12]
    assert found == pytest.approx([3.48361e-3, 1.01351e-3, 1.350870e-2, 3.39848e-3, 6.4623e-4], rel=1e-5)
    assert jVDCC(neuron, c, np.full(2, -0.072), 1.0)[0] * 1e12 == pytest.approx(2.058, rel=1e-3)
    with pytest.raises(ModelError, match=r"cytConstants\['vlp'\] is not set; call gpusyn.spine.cytosol.init_vel"):
        jLP(neuron, c)
    init_vel(neuron, c, -0.072, 0.0)
    init_vel_e(neuron, c, ce, p, receptors)
    assert neuron.cytConstants["vlp"][0] * 1e-3 == pytest.approx(4.497345e-6, rel=1e-6)
    assert neuron.erConstants["vle"][0] * 1e-3 == pytest.approx(3.786353e-5, rel=1e-5)
    fluxes = FluxComponents()
    neuron.recorder.update(flux_pmca=True, flux_total_er=True)
    assert JPM(neuron, c, -0.072, 0.0, fluxes) == pytest.approx([0.0, 0.0], abs=1e-20)
    assert JER(neuron, c, ce, p, receptors, fluxes=fluxes) == pytest.approx([0.0, 0.0], abs=1e-20)
    assert fluxes.pmca == pytest.approx(jP(neuron, c))
    assert fluxes.ncx is None
    assert fluxes.total_er is not None
    free, free_er = init_calb(neuron, 50e-18), init_calbe(neuron, 250e-15)
    assert (free * 1e15, free_er * 1e15) == pytest.approx((149.385749, 12800.0))
    assert reaction(neuron, c, free) == pytest.approx([0.0, 0.0], abs=1e-24)
    assert reaction_er(neuron, ce, free_er) == pytest.approx([0.0, 0.0], abs=1e-22)
    assert reaction_ip3(neuron, np.full(2, 140e-18)) == pytest.approx([-1e-13] * 2)


def read_from_table(settings, *args, **kwargs):
    """As the program's scripts give a potential."""
    return settings.volt_scale * settings.volt_vector[kwargs["tid"], 1] * np.ones(kwargs["length"])


def test_potentials_and_beginnings_as_the_program_has_them(monkeypatch):
    def more_ip3(self, *args, **kwargs):
        self.sol.IP3[2:4] = 1.25

    monkeypatch.setattr("gpusyn.spine.solver.THREADS", None)
    limit_to_one_thread()
    neuron = NeuronModel(initial_conditions=more_ip3)
    assert SameSettings is ProblemSettings
    neuron.settings = ProblemSettings(read_voltage=read_from_table)
    neuron.settings.volt_vector = np.stack([np.arange(12.0), -70.0 + np.arange(12.0)], axis=1)
    neuron.settings.T = 10 * 5e-6
    gen_beam(neuron, 4.0, 5)
    neuron.settings.cceq = 15e-18
    neuron.initialize_shared_memory()
    neuron.initialize_problem()
    assert neuron.sol.C == pytest.approx(np.full(5, 0.015))
    neuron.model["IP3"], neuron.recorder["full_voltage"], neuron.recorder["nodes"] = True, True, [2]
    SBDF(neuron, backend="numpy")
    np.testing.assert_allclose(neuron.results["full_voltage"][:, 4], -70.0 + np.arange(10))
    assert neuron.results["nodes_ip3"][0] == pytest.approx(1.25)
    neuron.close()


class Stronger(AMPAReceptor):
    """A built-in with a flux of its own: that cannot be."""

    def compute_flux(self, pre_data, post_data):
        return 2.0 * super().compute_flux(pre_data, post_data)


def test_complaints_of_the_program():
    pre, post = neurons(steps=4)
    with pytest.raises(ModelError, match=r"SBDF.solver: 'FJ' is unknown; 'SIAP'"):
        SBDF(pre, solver="FJ")
    with pytest.raises(ModelError, match=r"geom_builder: there is no 'const_radius'; did you mean 'const_rad'"):
        pre.geom_builder["const_radius"] = True
    post.synapse_instances = [SynapseFactory.create_custom_receptor([2], Stronger)]
    comm = SynapseCommunicator([pre, post])
    comm.add_synapse_connection((0, 0), (1, 2))
    with (pytest.warns(UserWarning, match="Stronger runs on the host"),
          pytest.raises(ModelError, match=r"Stronger.compute_flux: it runs as a mechanism")):
        SBDF([pre, post], comm=comm, backend="numpy")
    with pytest.raises(ModelError, match=r"CalciumCoupledSynapse.compute_flux: its flux is computed within the model"):
        SynapseFactory.create_calcium_coupled([1]).compute_flux(pre, 0.0)
    release = DirectCalciumRelease([1, 3], ConstantPattern(1e-3), 2e-12)
    np.testing.assert_array_equal(release.compute_flux(pre, 0.5e-3), [0, 2e-12, 0, 2e-12, 0])
