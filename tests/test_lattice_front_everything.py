"""A lattice with every feature of the tutorial at once: a run in pieces is the run, and what must hold holds."""
import warnings

import numpy as np

import gpusyn as ln


def near(x, y):
    return (abs(x[0] - y[0]) + abs(x[1] - y[1]) <= 2) & (x != y)


def everything(backend, seed=3):
    """Three rows of seven cells: plastic, rewarded, modulated, drugged, with fields, messengers and gap junctions."""
    lattice = ln.IzhikevichLattice(backend=backend, seed=seed)
    lattice.populate(ln.IzhikevichNeuron(preset="RS"), 3, 7)
    lattice.add_current(ln.WhiteNoiseCurrent(mean=8.0, sigma=4.0))
    glutamate = ln.GlutamateNeurotransmitter(reuptake_rate=0.2)
    lattice.connect(
        near, neurotransmitter=glutamate, plasticity_rule=ln.DopamineModulatedSTDP(base_stdp=ln.STDPRule()), delay=0.7,
        receptor=[ln.AMPAReceptor(preset="Jonas1993", conductance=0.3), ln.NMDA_Receptor(conductance=0.1),
                  ln.mGluR_Receptor()],
    )
    lattice.connect(near, neurotransmitter_system=ln.NeurotransmitterSystem(
        ln.GABANeurotransmitter(), [ln.GABA_A_Receptor(conductance=0.3), ln.GABA_B_Receptor(conductance=0.1)],
        autoreceptor=ln.GABA_B_Autoreceptor(),
    ))
    lattice.connect(near, synapse_model=ln.MultiNeurotransmitterSynapse([
        (glutamate, ln.AMPAReceptor(preset="Jonas1993", conductance=0.3), 0.8),
        (ln.SubstanceP(), ln.NK1_Receptor(), 0.2),
    ]))
    lattice.connect(lambda x, y: (x[0] == y[0]) & (abs(x[1] - y[1]) == 1), 0.01)  # gap junctions along the rows
    for transmitter in (ln.DopamineNeurotransmitter(), ln.SerotoninNeurotransmitter()):
        lattice.set_volume_transmitter(ln.VolumeTransmitter(transmitter, diffusion_radius=3))
    for receptor in (ln.D1_Receptor(), ln.D2_Receptor(), ln.HT1A_Receptor(), ln.GlycineReceptor()):
        lattice.add_receptor(receptor)
    lattice.add_neurotransmitter(ln.Glycine())
    for transporter in (ln.GlutamateTransporter(), ln.SerotoninTransporter()):
        lattice.add_transporter(transporter)
    lattice.set_second_messenger_system(
        ln.SecondMessengerSystem(calcium=ln.CalciumDynamics(), ip3=ln.IP3Dynamics(), camp=ln.cAMPDynamics()))
    lattice.set_reward_system(ln.RewardSignal())
    lattice.apply_disorder_model(ln.NeurologicalDisorderModel({"dopamine": 0.3}, ["receptor_upregulation"]))
    lattice.apply_pharmacology(ln.PharmacologicalAgent("serotonin_transporter", potency=0.8, time_course="acute"))
    lattice.track_concentrations = lattice.track_currents = lattice.update_graph_history = True
    return lattice


def run_of(backend, pieces):
    """The lattice after runs of so many steps; before the last but one a reward comes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lattice = everything(backend)
        for n_step in pieces[0]:
            lattice.run_lattice(n_step)
        lattice.run_lattice_with_reward(1.0, pieces[1][0])
        for n_step in pieces[1][1:]:
            lattice.run_lattice(n_step)
    return lattice


def test_a_run_in_pieces_is_the_run_and_keeps_what_must_be_kept(backend):
    before, after = (10, 30) if backend.name == "cuda-on-host" else (100, 500)
    whole, pieces = run_of(backend, [[before], [after]]), run_of(backend, [[1, before - 1], [1, 9, after - 10]])
    for name in whole.simulation.state:
        np.testing.assert_array_equal(pieces.simulation.state[name], whole.simulation.state[name], err_msg=name)
    for history in ("get_concentration_history", "get_current_history", "weights_history"):
        np.testing.assert_array_equal(getattr(pieces, history)(), getattr(whole, history)())
    check_what_must_hold(whole)
    if after > 100:
        assert sum(map(len, whole.get_spike_times())) > 20
        assert np.ptp(whole.weights_history()[-1]) > 0
        assert whole.simulation.ledger["glutamate"]["energy"][0] > 0


def check_what_must_hold(lattice):
    for name in lattice.channels:
        concentrations = lattice.get_concentrations(name)
        assert ((concentrations >= 0) & (concentrations < 1000)).all()
        assert abs(lattice.simulation.ledger.residual(name)[0]) < 1e-5
    for receptor in lattice.receptors:
        states = lattice.get_receptor_states(receptor)
        np.testing.assert_allclose(states["bound"] + states["unbound"], 1.0, atol=1e-5)
