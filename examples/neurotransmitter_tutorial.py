"""The neurotransmitter tutorial, section by section, on lattices of spiking neurons.

    python examples/neurotransmitter_tutorial.py                # simulates, and draws into neurotransmitter_tutorial/
    python examples/neurotransmitter_tutorial.py --out figures --backend numpy

Numbers are the tutorial's unless a comment says otherwise. It leaves out what drives its cells, and at rest they are
silent, so that nothing is released. Here they start from random potentials, and a current is injected.
"""
import argparse
from pathlib import Path

import numpy as np

import gpusyn as ln

DT = 0.1  # ms
SEED = 5
DRIVE = 60.0  # pA; an Izhikevich cell of the tutorial then fires about 12 times a second


def distance_connection(x, y):
    """Sites at most 3 apart; the tutorial uses it and does not define it, its sibling pages do."""
    return np.sqrt((x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2) <= 3 and x != y


def awake_lattice(rows, cols, backend="auto", drive=DRIVE):
    """A lattice whose cells fire, each in its own time."""
    lattice = ln.IzhikevichLattice(backend=backend, seed=SEED)
    lattice.populate(ln.IzhikevichNeuron(), rows, cols)
    random = np.random.default_rng(SEED)

    def start(neuron):
        neuron.current_voltage = random.uniform(neuron.c, neuron.v_th)
        return neuron

    lattice.apply(start)
    lattice.add_current(ln.ConstantCurrent(amplitude=drive))
    return lattice


def validate(lattice):
    """The tutorial's checks; they hold after every run."""
    for name in lattice.channels:
        concentrations = lattice.get_concentrations(name)
        assert np.all(concentrations >= 0), "Negative concentrations detected"
        assert np.all(concentrations < 1000), "Unrealistic concentration values"
    for receptor in lattice.receptors:
        states = lattice.get_receptor_states(receptor)
        total = states["bound"] + states["unbound"]
        assert np.allclose(total, total[0]), "Receptor conservation violated"


# Basic neurotransmitter types, and Basic Simulation --------------------------------------------------------------


def glutamate_alone(backend="auto", steps=2000):
    """Cells that excite one another by glutamate and AMPA receptors, a lattice of 5 x 5."""
    lattice = awake_lattice(5, 5, backend)
    glutamate_system = ln.NeurotransmitterSystem(
        neurotransmitter=ln.GlutamateNeurotransmitter(), receptor=ln.AMPAReceptor(), synapse_model="classic"
    )
    lattice.connect(distance_connection, neurotransmitter_system=glutamate_system)
    return tracked_run(lattice, steps)


def glutamate_and_gaba(backend="auto", steps=6000):
    """The same with inhibition: GABA and GABA-A receptors."""
    lattice = awake_lattice(5, 5, backend, drive=200.0)
    lattice.connect(distance_connection, neurotransmitter=ln.GlutamateNeurotransmitter(), receptor=ln.AMPAReceptor())
    lattice.connect(
        distance_connection, neurotransmitter=ln.GABANeurotransmitter(), receptor=ln.GABA_A_Receptor(conductance=5.0)
    )  # the tutorial writes -5: the magnitude counts, with a warning
    return tracked_run(lattice, steps)


def tracked_run(lattice, steps):
    """Run with everything that the pictures need."""
    lattice.track_concentrations = lattice.track_currents = lattice.update_grid_history = True
    lattice.reset_timing()
    lattice.reset_history()
    lattice.run_lattice(steps)
    validate(lattice)
    return lattice


# Volume transmission ---------------------------------------------------------------------------------------------


def volume_transmission(backend="auto", steps=4000, size=41):
    """A line of dopamine cells in the middle of a sheet; far receptors hear of them late and weakly."""
    lattice = ln.IzhikevichLattice(backend=backend, seed=SEED)
    lattice.populate(ln.IzhikevichNeuron(), size, size)
    middle = [(row, size // 2) for row in range(size)]
    drive = np.zeros((size, size))
    drive[:, size // 2] = 300.0
    lattice.add_current(ln.ConstantCurrent(amplitude=drive.ravel()))
    # The tutorial's dopamine is released by one spike in ten, and spreads over sqrt(0.05 / 0.015) = 1.8 sites.
    dopamine = ln.DopamineNeurotransmitter(release_probability=1.0)
    lattice.set_volume_transmitter(ln.VolumeTransmitter(
        neurotransmitter=dopamine, diffusion_radius=12, decay_rate=0.01, boundary_conditions="absorbing",
        releasing_sites=middle,
    ))
    for receptor in (ln.D1_Receptor(target=""), ln.D2_Receptor(target="")):
        lattice.add_receptor(receptor)
    lattice.track_receptors = lattice.track_concentrations = True
    lattice.track_every = 10
    lattice.run_lattice(steps)
    validate(lattice)
    return lattice


# Multi-neurotransmitter synapses, receptors ----------------------------------------------------------------------


def co_release(backend="auto", steps=2000):
    """Synapses that release glutamate and, a fifth of the quantum, substance P, which stays."""
    lattice = awake_lattice(5, 5, backend)
    co_release_synapse = ln.MultiNeurotransmitterSynapse([
        (ln.GlutamateNeurotransmitter(), ln.AMPAReceptor(), 0.8),
        (ln.SubstanceP(), ln.NK1_Receptor(), 0.2),
    ])
    lattice.connect(distance_connection, synapse_model=co_release_synapse)
    return tracked_run(lattice, steps)


def receptors_of_glutamate(backend="auto", steps=3000):
    """Bursts of glutamate, and what reads them: fast AMPA, NMDA with magnesium block and co-agonist, slow mGluR."""
    lattice = ln.IzhikevichLattice(backend=backend, seed=SEED)
    lattice.populate(ln.IzhikevichNeuron(), 5, 5)
    lattice.add_current(ln.PulseCurrent(amplitude=600.0, start=20.0, stop=45.0))
    nmda = ln.NMDA_Receptor(
        binding_rate=0.05, unbinding_rate=0.01, conductance=5.0, reversal_potential=0.0, mg_block_voltage=-30.0,
        mg_concentration=1.0,
    )
    mglur = ln.mGluR_Receptor(
        binding_rate=0.001, unbinding_rate=0.0001, g_protein_activation=0.1, second_messenger="ip3",
        modulation_target="ampa_conductance", modulation_factor=0.8,
    )
    ampa = ln.AMPAReceptor(preset="Jonas1993", conductance=20.0)  # a scheme that desensitizes
    # Taken up faster than in the tutorial, so that bursts end.
    lattice.connect(
        distance_connection, neurotransmitter=ln.GlutamateNeurotransmitter(reuptake_rate=0.2),
        receptor=[ampa, nmda, mglur],
    )
    lattice.add_receptor(ln.GlycineReceptor(binding_rate=0.1, unbinding_rate=0.02))
    lattice.add_neurotransmitter(ln.Glycine())
    return tracked_run(lattice, steps)


# Plasticity and neuromodulation ----------------------------------------------------------------------------------


def rewarded_and_unrewarded(backend="auto", pauses=(None, 20.0, 200.0)):
    """Pairs of spikes, +10 ms apart, that a reward follows after a pause: dopamine-modulated STDP.

    Returns:
        Weight over time, by pause in ms; None is no reward.
    """
    weights = {}
    for pause in pauses:
        lattice = ln.IzhikevichLattice(backend=backend, precision="float64", seed=SEED)
        lattice.populate(ln.IzhikevichNeuron(), 1, 2)
        dopamine_stdp = ln.DopamineModulatedSTDP(
            base_stdp=ln.STDPRule(), dopamine_sensitivity=2.0, modulation_window=50.0
        )
        # Vesicles without transmitter: the cells fire when they are told to, and hear nothing of each other.
        lattice.connect(
            lambda x, y: (x[1] == 0) & (y[1] == 1), plasticity_rule=dopamine_stdp,
            neurotransmitter=ln.GlutamateNeurotransmitter(quantum_size=0.0), receptor=ln.AMPAReceptor(),
        )
        lattice.set_reward_system(ln.RewardSignal(
            reward_value=1.0, timing_precision=10.0, eligibility_trace_tau=100.0
        ))
        lattice.update_graph_history = True
        for cell, wait in ((0, 10.0), (1, 0.0)):
            neuron = lattice.get_neuron(0, cell)
            neuron.current_voltage = neuron.v_th
            lattice.set_neuron(0, cell, neuron)
            lattice.run_lattice(round(wait / DT))
        lattice.run_lattice(round((pause or 0.0) / DT))
        lattice.run_lattice_with_reward(0.0 if pause is None else 1.0, round((350.0 - (pause or 0.0)) / DT))
        weights[pause] = lattice.weights_history()[:, 0]
    return weights


# Autoreceptors, transporters, second messengers ------------------------------------------------------------------


def with_and_without_autoreceptor(backend="auto", steps=4000):
    """What a GABA-B autoreceptor does to the release of GABA: the same cells, the same spikes."""
    lattices = []
    for autoreceptor in (None, ln.GABA_B_Autoreceptor(inhibition_factor=0.3)):  # the tutorial's 0.7 is a mild one
        lattice = awake_lattice(8, 8, backend, drive=200.0)
        gaba_system = ln.NeurotransmitterSystem(
            neurotransmitter=ln.GABANeurotransmitter(), receptor=ln.GABA_A_Receptor(conductance=0.0),
            autoreceptor=autoreceptor,
        )
        lattice.connect(distance_connection, neurotransmitter_system=gaba_system)
        lattices.append(tracked_run(lattice, steps))
    return lattices


def with_and_without_transporter(backend="auto", steps=2000):
    """Glutamate that transporters take up, beside its first-order reuptake."""
    lattices = []
    for with_transporter in (False, True):
        lattice = awake_lattice(5, 5, backend)
        lattice.connect(
            distance_connection, neurotransmitter=ln.GlutamateNeurotransmitter(), receptor=ln.AMPAReceptor()
        )
        if with_transporter:
            lattice.add_transporter(ln.GlutamateTransporter(
                v_max=1.0, k_m=10.0, energy_cost=1.0, localization="perisynaptic"
            ))
        lattices.append(tracked_run(lattice, steps))
    return lattices


def second_messengers(backend="auto", steps=5000):
    """Calcium through NMDA receptors, IP3 by mGluR, cAMP by D1 receptors."""
    lattice = awake_lattice(5, 5, backend)
    lattice.connect(
        distance_connection, neurotransmitter=ln.GlutamateNeurotransmitter(reuptake_rate=0.2),
        receptor=[ln.AMPAReceptor(conductance=2.0), ln.NMDA_Receptor(conductance=1.0), ln.mGluR_Receptor()],
    )
    lattice.set_volume_transmitter(ln.VolumeTransmitter(ln.DopamineNeurotransmitter(release_probability=1.0)))
    lattice.add_receptor(ln.D1_Receptor())
    lattice.set_second_messenger_system(ln.SecondMessengerSystem(
        calcium=ln.CalciumDynamics(
            resting_concentration=0.1, influx_rate=0.5, extrusion_rate=0.1, buffer_capacity=0.1
        ),
        ip3=ln.IP3Dynamics(), camp=ln.cAMPDynamics(),
    ))
    lattice.track("neurons.calcium.calcium", "neurons.ip3.ip3", "neurons.camp.camp")
    return tracked_run(lattice, steps)


# Applications ----------------------------------------------------------------------------------------------------


def healthy_and_parkinsonian(backend="auto", steps=6000):
    """Dopamine that strengthens excitation through D1 receptors; then 70 % of it lost, and receptors that make up."""
    lattices = {}
    for name, compensation in (("healthy", None), ("deficit", []), ("compensated", ["receptor_upregulation"])):
        lattice = awake_lattice(8, 8, backend, drive=0.0)
        # Weaker synapses and faster reuptake than the tutorial's, so that activity depends on their strength.
        lattice.connect(
            distance_connection, neurotransmitter=ln.GlutamateNeurotransmitter(reuptake_rate=0.3),
            receptor=ln.AMPAReceptor(conductance=0.5),
        )
        dopamine = ln.DopamineNeurotransmitter(source=0.0075, initial_concentration=0.5)  # a steady 0.5 uM
        lattice.set_volume_transmitter(ln.VolumeTransmitter(dopamine, boundary_conditions="reflecting"))
        lattice.add_receptor(ln.D1_Receptor(preset="fast", modulation_factor=3.0))
        if compensation is not None:
            lattice.apply_disorder_model(ln.NeurologicalDisorderModel(
                neurotransmitter_deficit={"dopamine": 0.3}, compensatory_mechanisms=compensation
            ))
        lattices[name] = tracked_run(lattice, steps)
    return lattices


def reuptake_inhibitor(backend="auto", steps=12000):
    """Serotonin before and after an antidepressant stops four fifths of its transporters, given in the middle."""
    lattice = awake_lattice(12, 12, backend)
    # Ten times the transporters and a tenth of the vesicles, so that the level settles within the run.
    serotonin = ln.SerotoninNeurotransmitter(reuptake_rate=0.0, quantum_size=470.0)
    lattice.set_volume_transmitter(ln.VolumeTransmitter(serotonin, decay_rate=0.0, boundary_conditions="periodic"))
    lattice.add_transporter(ln.SerotoninTransporter(v_max=7.8e-3))
    lattice.add_receptor(ln.HT1A_Receptor())
    lattice.track_concentrations = True
    lattice.track_every = 10
    lattice.run_lattice(steps // 2)
    lattice.apply_pharmacology(ln.PharmacologicalAgent(
        target="serotonin_transporter", mechanism="inhibition", potency=0.8, time_course="chronic"
    ))
    lattice.run_lattice(steps - steps // 2)
    validate(lattice)
    return lattice


def main():
    """Simulate every section and draw it."""
    import neurotransmitter_tutorial_pictures as pictures

    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--out", type=Path, default=Path("neurotransmitter_tutorial"), help="folder of the pictures")
    options.add_argument("--backend", default="auto", help="numpy, numba, cuda or auto")
    chosen = options.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name, simulate in SECTIONS.items():
        pictures.draw(name, simulate(chosen.backend)).savefig(chosen.out / f"{name}.png")
        print(chosen.out / f"{name}.png")


SECTIONS = {
    "1_glutamate": glutamate_alone,
    "2_glutamate_and_gaba": glutamate_and_gaba,
    "3_volume": volume_transmission,
    "4_co_release": co_release,
    "5_receptors": receptors_of_glutamate,
    "6_rewards": rewarded_and_unrewarded,
    "7_autoreceptor": with_and_without_autoreceptor,
    "8_transporter": with_and_without_transporter,
    "9_second_messengers": second_messengers,
    "10_parkinson": healthy_and_parkinsonian,
    "11_antidepressant": reuptake_inhibitor,
}

if __name__ == "__main__":
    main()
