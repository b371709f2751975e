"""What a lattice can be given beside glutamate: systems, co-release, volumes, transporters, messengers, drugs."""
import warnings

import numpy as np
import pytest

import gpusyn as gs


def spiking(rows=4, cols=5, **settings):
    """A lattice in which every cell spikes in the first step."""
    lattice = gs.IzhikevichLattice(**{"backend": "numpy", "precision": "float64", **settings})
    lattice.populate(gs.IzhikevichNeuron(current_voltage=40.0), rows, cols)
    return lattice


def still(kind=gs.GlutamateNeurotransmitter, **values):
    """A transmitter that is always released, and then stays where it is."""
    return kind(release_probability=1.0, diffusion_coefficient=0.0, reuptake_rate=0.0, **values)


def test_calls_with_different_transmitters_add_channels():
    lattice = spiking()
    lattice.connect(lambda x, y: x != y, neurotransmitter=still(), receptor=gs.AMPAReceptor())
    lattice.connect(lambda x, y: x == y, neurotransmitter=still(gs.GABANeurotransmitter), receptor=gs.GABA_A_Receptor())
    lattice.run_lattice(1)
    vesicle = np.array([5000.0, 3000.0]) / 602.214076
    np.testing.assert_allclose(lattice.get_concentrations(), 19 * vesicle[0])
    np.testing.assert_allclose(lattice.get_concentrations("gaba"), vesicle[1])
    assert lattice.receptors == ["ampa", "gaba_a"]
    assert lattice.get_synapse_count() == 400
    assert lattice.get_synapse_count("gaba") == 20


def test_two_calls_with_one_transmitter_add_synapses_and_refuse_other_parameters():
    lattice = spiking()
    for condition in (lambda x, y: x == y, lambda x, y: (x[0] == y[0]) & (x[1] == y[1] - 1)):
        lattice.connect(condition, neurotransmitter=still(), receptor=gs.AMPAReceptor())
    lattice.run_lattice(1)
    np.testing.assert_allclose(lattice.get_concentrations()[:, 1:], 2 * 5000 / 602.214076)
    with pytest.raises(gs.ModelError, match=r"glutamate' is there already with quantum_size = 5000.0, and this has"):
        lattice.connect(lambda x, y: True, neurotransmitter=still(quantum_size=10.0))
    with pytest.raises(gs.ModelError, match=r"'ampa' is there already with conductance.*neurons.ampa"):
        lattice.connect(lambda x, y: True, neurotransmitter=still(), receptor=gs.AMPAReceptor(conductance=1.0))


def test_what_was_given_to_connect_may_change_afterwards_without_effect():
    lattice, glutamate, ampa = spiking(), still(), gs.AMPAReceptor()
    lattice.connect(lambda x, y: x == y, neurotransmitter=glutamate, receptor=ampa)
    glutamate.quantum_size, ampa.conductance = 1.0, 1.0
    assert lattice.model.get("glutamate.quantum_size") == 5000.0
    assert lattice.model.get("neurons.ampa.conductance") == 10.0


def test_co_release_divides_the_quantum_in_the_fractions():
    lattice = spiking()
    together = gs.MultiNeurotransmitterSynapse([
        (still(), gs.AMPAReceptor(), 0.8),
        (still(gs.SubstanceP, quantum_size=5000.0), gs.NK1_Receptor(), 0.2),
    ])
    lattice.connect(lambda x, y: x == y, synapse_model=together)
    lattice.run_lattice(1)
    glutamate, peptide = lattice.get_concentrations(), lattice.get_concentrations("substance_p")
    np.testing.assert_allclose(glutamate, 0.8 * 5000 / 602.214076)
    np.testing.assert_allclose(glutamate / peptide, 4.0)
    assert lattice.receptors == ["ampa", "nk1"]


def test_fractions_must_sum_to_one_and_be_positive():
    parts = [(still(), None, 0.8), (still(gs.SubstanceP), None, 0.3)]
    with pytest.raises(gs.ModelError, match=r"\[0.8, 0.3\] sum to 1.1; they must sum to 1"):
        gs.MultiNeurotransmitterSynapse(parts)
    with pytest.raises(gs.ModelError, match=r"MultiNeurotransmitterSynapse\[1\]: fraction 0 must be above 0"):
        gs.MultiNeurotransmitterSynapse([(still(), None, 1.0), (still(gs.SubstanceP), None, 0.0)])


def test_a_negative_gaba_conductance_warns_and_inhibits():
    with pytest.warns(UserWarning, match="its magnitude is used") as caught:
        receptor = gs.GABA_A_Receptor(conductance=-5.0)
    assert caught[0].filename == __file__
    lattice = spiking()
    lattice.connect(lambda x, y: x == y, neurotransmitter=still(gs.GABANeurotransmitter), receptor=receptor)
    lattice.track_currents = lattice.update_grid_history = True
    lattice.run_lattice(50)
    v, current = lattice.history.reshape(50, -1)[2:], lattice.get_current_history("gaba_a")[2:]
    assert (np.sign(current) == np.sign(v + 70.0)).all()
    assert v[-1].max() < -57.0


def test_an_autoreceptor_lowers_release_by_its_factor():
    autoreceptor = gs.GABA_B_Autoreceptor(inhibition_factor=0.25, r=1.0, unbinding_rate=0.0)
    system = gs.NeurotransmitterSystem(
        gs.GABANeurotransmitter(release_probability=0.8), gs.GABA_A_Receptor(conductance=0.0), autoreceptor=autoreceptor
    )
    released = {}
    for name, with_receptor in (("free", gs.NeurotransmitterSystem(system.neurotransmitter)), ("held", system)):
        lattice = spiking(20, 20)
        lattice.connect(lambda x, y: True, neurotransmitter_system=with_receptor)
        lattice.run_lattice(1)
        released[name] = lattice.simulation.ledger["gaba"]["released"][0] / (3000 / 602.214076) / 160000
    assert released["free"] == pytest.approx(0.8, abs=0.005)
    assert released["held"] == pytest.approx(0.2, abs=0.005)


def test_a_volume_transmitter_is_released_where_the_cell_is_and_decays_at_both_rates():
    lattice = spiking(9, 9)
    dopamine = gs.DopamineNeurotransmitter(release_probability=1.0, diffusion_coefficient=0.0, reuptake_rate=0.02)
    volume = gs.VolumeTransmitter(dopamine, diffusion_radius=2, decay_rate=0.03, releasing_sites=[(4, 4), (0, 0)])
    lattice.set_volume_transmitter(volume)
    lattice.run_lattice(1)
    start = lattice.get_concentrations("dopamine")
    assert np.argwhere(start > 0).tolist() == [[0, 0], [4, 4]]
    assert start[4, 4] == pytest.approx(1000 / 602.214076 * (1 - 0.05 * 0.1))
    lattice.run_lattice(100)
    np.testing.assert_allclose(lattice.get_concentrations(), start * (1 - 0.05 * 0.1) ** 100, rtol=1e-9)


def test_sites_beyond_the_radius_of_a_volume_are_cleared_at_once():
    near, far = (spiking(1, 21) for _ in range(2))
    for lattice, radius in ((near, 3), (far, None)):
        dopamine = gs.DopamineNeurotransmitter(release_probability=1.0, diffusion_coefficient=0.5)
        lattice.set_volume_transmitter(gs.VolumeTransmitter(
            dopamine, diffusion_radius=radius, boundary_conditions="reflecting", releasing_sites=[(0, 10)]))
        lattice.run_lattice(300)
    inside, free = near.get_concentrations()[0], far.get_concentrations()[0]
    assert (free > 1e-3).all()
    assert inside[6] < 0.06 * inside[10]
    assert inside[[5, 15]].max() < 0.01 * inside[10]
    assert (inside[7:14] > 5 * inside[6]).all()
    assert near.simulation.ledger.residual("dopamine")[0] == pytest.approx(0.0, abs=1e-12)


def test_several_volume_transmitters_have_edges_of_their_own():
    lattice = spiking(5, 5)
    lattice.set_volume_transmitter(gs.VolumeTransmitter(gs.DopamineNeurotransmitter()))
    lattice.set_volume_transmitter(gs.VolumeTransmitter(gs.SerotoninNeurotransmitter(), boundary_conditions="periodic"))
    fields = lattice.model.transmitters
    assert fields["dopamine"].lattice.edges == ("absorbing", "absorbing")
    assert fields["serotonin"].lattice.edges == ("periodic", "periodic")
    lattice.add_receptor(gs.AMPAReceptor())
    lattice.add_receptor(gs.D1_Receptor())
    with pytest.warns(UserWarning, match="receptor 'ampa' of lattice 0 reads glutamate, which nothing releases"):
        lattice.run_lattice(20)
    assert lattice.state_of("neurons.d1", "r").max() > 0.0
    lattice.set_volume_transmitter(gs.VolumeTransmitter(gs.DopamineNeurotransmitter(), decay_rate=0.5))
    assert lattice.model.get("dopamine.reuptake_rate") == pytest.approx(0.505)
    assert lattice.get_synapse_count("dopamine") == 25
    with pytest.raises(gs.ModelError, match="boundary_conditions: 'absorb' is unknown; did you mean 'absorbing'"):
        gs.VolumeTransmitter(gs.DopamineNeurotransmitter(), boundary_conditions="absorb")


def test_the_radius_holds_for_any_step_and_a_new_population_forgets_the_volume():
    lattice = spiking(1, 9)
    dopamine = gs.DopamineNeurotransmitter(release_probability=1.0, diffusion_coefficient=0.5)
    lattice.set_volume_transmitter(gs.VolumeTransmitter(dopamine, diffusion_radius=1, releasing_sites=[(0, 4)]))
    for dt in (0.01, 0.5):
        lattice.set_dt(dt)
        lattice.run_lattice(100)
        inside = lattice.get_concentrations()[0]
        assert inside[2] < 0.4 * inside[3]  # what diffuses there in one step
        assert (inside >= 0).all()
    lattice.populate(gs.IzhikevichNeuron(), 2, 2)
    lattice.run_lattice(2)
    assert lattice.model.get("dopamine.reuptake_rate") == 0.005


def test_two_receptors_of_a_kind_have_names_of_their_own():
    lattice = spiking()
    lattice.connect(lambda x, y: x == y, neurotransmitter=still(), receptor=[gs.AMPAReceptor(), gs.NMDA_Receptor()])
    lattice.set_volume_transmitter(gs.VolumeTransmitter(gs.DopamineNeurotransmitter(initial_concentration=0.1)))
    lattice.add_receptor(gs.D1_Receptor())
    lattice.add_receptor(gs.D1_Receptor(target="nmda_conductance"), "d1_of_nmda")
    lattice.run_lattice(3)
    assert lattice.receptors == ["ampa", "nmda", "d1", "d1_of_nmda"]
    lattice.add_receptor(gs.D2_Receptor(target="ampa_conductanc"))
    with pytest.raises(gs.ModelError, match="did you mean 'ampa_conductance'"):
        lattice.run_lattice(1)


def test_transporters_take_up_their_own_transmitter_and_count_their_energy():
    lattice = spiking()
    lattice.connect(lambda x, y: x == y, neurotransmitter=still(), receptor=gs.AMPAReceptor())
    lattice.add_transporter(gs.GlutamateTransporter(v_max=1.0, k_m=10.0, energy_cost=1.0, localization="perisynaptic"))
    lattice.run_lattice(100)
    c0 = 5000 / 602.214076
    left = lattice.get_concentrations()[0, 0]
    assert left + 10 * np.log(left / c0) == pytest.approx(c0 - 10.0, abs=0.05)  # Michaelis-Menten, integrated, 10 ms
    ledger = lattice.simulation.ledger["glutamate"]
    assert ledger["energy"][0] == pytest.approx(ledger["taken_up"][0])
    with pytest.raises(gs.ModelError, match="lattice 0 has no dopamine; it has glutamate"):
        lattice.add_transporter(gs.DopamineTransporter())


def test_second_messengers_follow_the_receptors_that_drive_them():
    lattice = spiking()
    lattice.connect(lambda x, y: x == y, neurotransmitter=still(),
                    receptor=[gs.mGluR_Receptor(modulation_target=""), gs.NMDA_Receptor()])
    messengers = gs.SecondMessengerSystem(gs.CalciumDynamics(), gs.IP3Dynamics(), gs.cAMPDynamics())
    lattice.set_second_messenger_system(messengers)
    lattice.run_lattice(500)
    assert lattice.state_of("neurons.ip3", "ip3").min() > 0.16
    assert lattice.state_of("neurons.calcium", "calcium").min() > 0.1
    assert lattice.state_of("neurons.camp", "camp") == pytest.approx(0.05)


def test_a_deficit_releases_the_fraction_that_remains():
    released = {}
    for fraction in (1.0, 0.3):
        lattice = spiking()
        lattice.set_volume_transmitter(gs.VolumeTransmitter(still(gs.DopamineNeurotransmitter)))
        lattice.connect(lambda x, y: x == y, neurotransmitter=still(), receptor=gs.AMPAReceptor())
        lattice.add_receptor(gs.D1_Receptor())
        if fraction < 1:
            disorder = gs.NeurologicalDisorderModel({"dopamine": fraction}, ["receptor_upregulation"])
            lattice.apply_disorder_model(disorder)
        lattice.run_lattice(1)
        released[fraction] = [lattice.simulation.ledger[name]["released"][0] for name in ("dopamine", "glutamate")]
    assert released[0.3] == pytest.approx([0.3 * released[1.0][0], released[1.0][1]])
    assert lattice.model.get("neurons.d1.modulation_factor") == pytest.approx(2.0)
    with pytest.warns(UserWarning, match="there is no serotonin here.*dopamine") as caught:
        lattice.apply_disorder_model(gs.NeurologicalDisorderModel({"serotonin": 0.5}))
    assert caught[0].filename == __file__
    assert len(lattice.treatments) == 1


def test_a_reuptake_inhibitor_raises_the_steady_level_from_the_moment_it_is_given():
    lattice = gs.IzhikevichLattice(backend="numpy", precision="float64")
    lattice.populate(gs.IzhikevichNeuron(), 2, 2)
    serotonin = gs.SerotoninNeurotransmitter(source=0.1, reuptake_rate=0.0, initial_concentration=10 / 9)
    lattice.add_neurotransmitter(serotonin)
    lattice.add_transporter(gs.SerotoninTransporter(v_max=1.0, k_m=10.0))
    lattice.run_lattice(100)
    assert lattice.get_concentrations() == pytest.approx(10 / 9)
    ssri = gs.PharmacologicalAgent(
        target="serotonin_transporter", mechanism="inhibition", potency=0.8, time_course="chronic"
    )
    lattice.apply_pharmacology(ssri)
    lattice.set_state_of("serotonin", "concentration", 10.0)
    for _ in range(2):
        lattice.run_lattice(100)
        assert lattice.get_concentrations() == pytest.approx(10.0)
        lattice.reset_timing()
    with pytest.warns(UserWarning, match="nothing is called 'dopamine_transporter' here.*serotonin_transporter"):
        lattice.apply_pharmacology(gs.PharmacologicalAgent("dopamine_transporter"))


def test_a_lattice_without_input_says_so():
    lattice = gs.IzhikevichLattice(backend="numpy")
    lattice.populate(gs.IzhikevichNeuron(), 2, 2)
    lattice.connect(lambda x, y: True, neurotransmitter=gs.GlutamateNeurotransmitter(), receptor=gs.AMPAReceptor())
    with pytest.warns(UserWarning, match="no cell has spiked in 60 ms, so that nothing was released") as caught:
        lattice.run_lattice(600)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lattice.run_lattice(10)


@pytest.mark.parametrize(("arguments", "message"), [
    ({"receptor": gs.AMPAReceptor()}, "receptor AMPAReceptor without neurotransmitter="),
    ({"neurotransmitter": gs.GlutamateNeurotransmitter(), "receptor": gs.GABA_A_Receptor()},
     "GABA_A_Receptor is not a receptor of glutamate; it reads gaba"),
    ({"neurotransmitter": gs.GlutamateNeurotransmitter()} | {"synapse_model": "clasic"}, "did you mean 'classic'"),
    ({"neurotransmitter": gs.AMPAReceptor}, "is not a mechanism"),
    ({"neurotransmitter": gs.GlutamateNeurotransmitter(),
      "neurotransmitter_system": gs.NeurotransmitterSystem(gs.GABANeurotransmitter())}, "give one of them"),
    ({"neurotransmitter": gs.GlutamateNeurotransmitter(), "normalisation": "mean_release"},
     "did you mean 'mean_releasing'"),
    ({"delay": 1.0}, "electrical synapses have no delay"),
])
def test_connections_that_do_not_fit_are_refused(arguments, message):
    lattice = spiking()
    with pytest.raises(gs.ModelError, match=message):
        lattice.connect(lambda x, y: True, **arguments)
