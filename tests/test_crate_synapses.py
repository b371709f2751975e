"""What the 68 unit tests of the crate synapse-models 0.1 mean, where no other test says it already.

Numbers are those of the crate's modules in order: N1-6 neurotransmitter, R1-7 receptor, V1-8 vesicle, C1-11 calcium,
P1-10 plasticity, S1-9 synapse, W1-9 network, L1-8 lib. Where the crate is wrong, the corrected expectation is tested.

    N1-2    properties                 test_transmitters: ..._have_the_numbers_of_the_tutorial_and_the_crate
    N3-6    decay, release, reset      here; test_transmitters: test_clearance_is_exact_at_any_step
    R1-2    AMPA                       test_receptors: ..._opens_destexhes_receptors_as_far_as_he_says; here (reset)
    R3      Mg block                   test_receptors: test_magnesium_blocks_as_jahr_and_stevens_say
    R4      NMDA kinetics              test_receptors: ..._binds_ten_times_faster_peaks_seven_times_higher
    R5      GABA-A                     test_receptors: ..._opens_gaba_a_receptors_almost_wholly
    R6      GABA-B                     test_gaba_b: test_one_pulse_and_a_burst_of_ten
    R7      reset                      here
    V1-8    vesicle                    test_vesicles_pool, one test each
    C1-3    creation, spike, decay     test_messengers: ..._settles_where_extrusion_balances_influx; here
    C4      buffering                  here, conserving
    C5-6    pre- and postsynaptic      here
    C7-9    store, CICR, IP3           test_calcium_fluxes: serca, ryanodine and IP3 tables; test_dendrite_waves
    C10-11  CaMKII, plasticity signal  test_signalling; here
    P1-4    STDP                       test_plasticity_rules: test_pairs_change_the_weight_by_the_window
    P5-8    BCM, Oja, Hebb, anti-Hebb  test_plasticity_networks: bcm, hebb, oja; here (anti-Hebb)
    P9      homeostasis                test_plasticity_weights
    P10     meta-plasticity            here: a modulator between its ends, without a jump
    S1-2    excitatory, inhibitory     test_receptors: test_gaba_current_is_outward_above_its_reversal...
    S3-4    transmission, delay        here, with any number of spikes in flight
    S5      short-term depression      test_synapse_release: test_every_pulse_of_the_reference_trains_...
    S6-7    STDP up and down           test_plasticity_networks: test_pairs_change_weights_by_the_window
    S8      builder                    test_synapse_release: test_a_config_may_list_several_rules...
    S9      reset                      test_vesicles_pool: test_reset; test_lattice_network: test_clocks_and_...
    W1-3    creation, connection, gap  test_wiring, test_gap_junctions
    W4-5    propagation, update        here
    W6      neuromodulator decay       test_signalling
    W7      gap current                test_gap_junctions: test_a_rectifying_junction_passes_current_one_way
    W8      statistics                 test_wiring; here (degrees)
    W9      ephaptic                   test_signalling
    L1      complete transmission      here (chain)
    L2      STDP window                test_plasticity_rules
    L3      depression                 test_vesicles_pool: test_depressing
    L4-5    connectivity, E/I          here
    L6      calcium decays             here, against its value
    L7      Mg block ordering          test_receptors
    L8      AMPA rises, then falls     test_receptors: a pulse of 1 mM for 1 ms
"""
import numpy as np
import pytest
from single_item import Items, Synapse

import gpusyn as gs
from gpusyn.vesicles.evaluating import evaluate


def test_concentration_decays_to_1_over_e_in_1_2_ms():
    """N3 to N6: C(0) is the peak, C(1.2 ms) the peak over e; a second release adds up; none is left in the end."""
    members = {"": gs.LeakyIntegrateAndFire(v_th=100.0), "cleft": gs.CleftTransmitter(preset="Clements1992")}
    items = Items(members, dt=0.1)
    items["cleft.concentration"] = 1100.0
    items.run(1.2)
    assert items["cleft.concentration"] == pytest.approx([1100.0 / np.e], rel=1e-6)
    after = evaluate(members["cleft"], "on_spike", {"concentration": items["cleft.concentration"]})
    assert after["concentration"] == pytest.approx([1100.0 * (1 + 1 / np.e)], rel=1e-6)
    items.run(60.0)
    assert items["cleft.concentration"] < 1e-12


def test_an_ampa_receptor_closes_again():
    """R7 and L8: without glutamate nothing stays open; r falls to 1/e in 5.263 ms."""
    cell = {"": gs.LeakyIntegrateAndFire(v_th=100.0), "ampa": gs.AMPAReceptor(preset="Destexhe1998", r=0.6)}
    items = Items(cell, inputs={"glutamate": 0.0}, dt=0.1)
    items.run(1000 / 190)
    assert items["ampa.r"] == pytest.approx([0.6 * np.exp(-0.19 * 5.3)], rel=1e-6)
    items.run(200.0)
    assert items["ampa.r"] < 1e-12


@pytest.mark.parametrize("dt", [0.01, 0.1, 1.0])
def test_a_buffer_takes_calcium_and_none_is_made_of_nothing(dt):
    """C3, C4, L6; case calcium_buffer_mass_conservation: 83.33 uM are bound at first, where the crate has none."""
    cell = gs.CalciumCompartment(resting_ca=0.05, calbindin_total=100.0, calbindin_k_plus=0.1, calbindin_k_minus=0.001,
                                 calreticulin_total=0.0, ca=1.05)
    items = Items({"": cell}, dt=dt)
    bound = 100.0 - items["calbindin"][0]
    assert bound == pytest.approx(83.33333333, rel=1e-6)
    total = items["ca"][0] + bound
    assert total == pytest.approx(84.38333333, rel=1e-6)
    items.run(60.0)
    assert items["ca"][0] + 100.0 - items["calbindin"][0] == pytest.approx(total, abs=1e-9)
    assert items["ca"][0] == pytest.approx(0.05381425084, rel=1e-6)


@pytest.mark.parametrize(("spike", "tau"), [(1.0, 15.0), (0.3, 30.0), (0.5, 20.0)])
def test_calcium_of_a_spike_decays_with_its_time_constant(spike, tau):
    """C1, C2, C5, C6 and L6: rest + spike exp(-t / tau), pre- and postsynaptic and the default."""
    cell = gs.CalciumDynamics(resting_concentration=0.05, extrusion_rate=1 / tau, buffer_capacity=0.0,
                              calcium=0.05 + spike)
    items = Items({"": cell}, dt=0.05)
    items.run(tau)
    assert items["calcium"] == pytest.approx([0.05 + spike / np.e], rel=1e-3)


def test_little_calcium_depresses_and_much_potentiates():
    """C11: no signal at rest, the phosphatase ahead at 0.3 uM, the kinase as strong as it at 5 uM."""
    calcium = {"calcium": np.array([0.02, 0.3, 5.0])}
    kinase, phosphatase = (evaluate(kind(), "activation", calcium) for kind in (gs.CaMKII, gs.Calcineurin))
    signal = 2 * kinase - phosphatase
    assert abs(signal[0]) < 0.01
    assert signal[1] < -0.3
    assert signal[2] > 0.9


def test_calcium_through_nmda_receptors_grows_as_the_block_leaves():
    """Case nmda_relative_ca_flux_vs_voltage: B(v) (130 mV - v)."""
    from gpusyn.receptors.magnesium import JAHR_STEVENS, mg_unblocked

    v = np.array([-80.0, -65.0, -40.0, -20.0, 0.0, 20.0])
    flux = mg_unblocked(v, **JAHR_STEVENS) * (130.0 - v)
    expected = [5.129177136, 11.63528994, 39.12640412, 76.22110193, 101.5536105, 101.7519837]
    assert flux == pytest.approx(expected, rel=1e-9)


def test_the_readmes_pair():
    """P2 and P3; case stdp_pair_seed_readme: A exp(-10 / 20) = 0.006065 up, and down."""
    for pre, post, change in ((5.0, 15.0, 0.006065306597), (15.0, 5.0, -0.006065306597),
                              (5.0, 45.0, 0.001353352832), (45.0, 5.0, -0.001353352832)):
        rule = gs.STDPRule(a_plus=0.01, a_minus=0.01, tau_plus=20.0, tau_minus=20.0, weight=0.5)
        synapse = Synapse(rule, dt=1.0)
        synapse.run(60.0, pre=[pre], post=[post])
        assert synapse["weight"] - 0.5 == pytest.approx(change, rel=1e-9)


@pytest.mark.parametrize(("eta", "sign"), [(1e-3, 1), (-1e-3, -1)])
def test_hebb_and_anti_hebb_are_each_others_opposite(eta, sign):
    """P7 and P8: with both neurons active the weight rises, with a negative speed it falls by as much."""
    synapse = Synapse(gs.HebbianRule(eta=eta, weight=0.5, pre=2.0, post=2.0), dt=1.0)
    synapse.run(20.0)
    still = Synapse(gs.HebbianRule(eta=-eta, weight=0.5, pre=2.0, post=2.0), dt=1.0)
    still.run(20.0)
    assert sign * (synapse["weight"] - 0.5) > 1e-3
    assert synapse["weight"] - 0.5 == pytest.approx(0.5 - still["weight"], rel=1e-9)


# networks ------------------------------------------------------------------------------------------------------


def relay(delay, times):
    """One source, one silent cell that sums what it receives, Tsodyks and Markram's synapse between them."""
    model = gs.Model(gs.Lattice((1, 1)), dt=0.5)
    model.add_source("axon", gs.SpikeTrain(times=times))
    model.add_population("cell", gs.LeakyIntegrateAndFire(v_th=200.0), synapse=gs.ExponentialCurrentSynapse(tau=1e9))
    one = gs.SparseConnections([0], [0], n_source=1, n_target=1)
    rule = gs.TsodyksMarkram(preset="Markram2015-E2")
    model.connect("axon", "cell.synapse.inward_current", one, synapse=rule, delay=delay, name="c")
    return model


def test_any_number_of_spikes_is_in_flight(backend):
    """S3 and S4: five spikes within a delay of 30 ms all arrive, each depressed by those before it."""
    times = [1.0, 2.0, 4.0, 7.0, 11.0]
    simulation = gs.Simulation(relay(30.0, times), backend=backend.name, precision="float64")
    simulation.run("30 ms")
    assert simulation.state["cell.synapse.inward_current"] == pytest.approx([0.0])
    simulation.run("20 ms")
    apart = Synapse(gs.TsodyksMarkram(preset="Markram2015-E2"), dt=0.5)
    expected = 0.0
    for step in range(24):
        spikes = step * 0.5 in times
        expected += spikes * evaluate(apart.rule, "release", apart.state)[0]
        apart.step(pre=spikes)
    assert simulation.state["cell.synapse.inward_current"] == pytest.approx([expected], rel=1e-6)


def test_a_spike_runs_along_a_chain_of_five_with_its_delays():
    """W4, W5 and L1: in the crate's chain nothing passes the first synapse; here cell k fires k delays later."""
    model = gs.Model(gs.Lattice((1, 5)), dt=0.1)
    model.add_source("kick", gs.SpikeTrain(times=[1.0]), lattice=gs.Lattice((1, 1)))
    model.add_population("cells", gs.LeakyIntegrateAndFire(), synapse=gs.ExponentialCurrentSynapse(tau=0.5))
    first = gs.SparseConnections([0], [0], n_source=1, n_target=5)
    chain = gs.SparseConnections(np.arange(4), np.arange(1, 5), n_source=5, n_target=5)
    model.connect("kick", "cells.synapse.inward_current", first, weight=1e4)
    model.connect("cells", "cells.synapse.inward_current", chain, weight=1e4, delay=5.0)
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    fired, before = [], 0
    for step in range(300):
        simulation.step(1)
        count = int(np.sum(simulation.spike_counts("cells")))
        fired += [step] * (count - before)
        before = count
    assert len(fired) == 5
    assert (np.diff(fired) >= 50).all()
    assert (np.diff(fired) <= 60).all()


def test_degrees_of_a_small_network():
    """W8, L4 and L5: eight excitatory and two inhibitory inputs of one cell, counted."""
    pre = np.arange(10)
    wiring = gs.SparseConnections(pre, np.zeros(10, int), np.where(pre < 8, 1.0, -1.0), n_source=10, n_target=10)
    assert wiring.n_connections() == 10
    assert wiring.in_degree().tolist() == [10] + [0] * 9


def test_metaplasticity_has_a_middle():
    """P10: the crate's rate jumps from half to twice the base; a modulator passes through everything between."""
    active = {"active_fraction": np.linspace(0, 1, 5)}
    assert evaluate(gs.CaMKII(modulation_factor=0.5), "gain", active) == pytest.approx([1, 0.875, 0.75, 0.625, 0.5])
