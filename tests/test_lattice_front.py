"""The lattice of the tutorial: cells, transmitters, receptors and their histories mean what they say."""
import numpy as np
import pytest

import gpusyn as gs

DRIVE = 120.0  # pA: about 18 spikes a second


def near(x, y):
    """The tutorial's distance_connection, as its sibling pages define it."""
    return (x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2 <= 9


def driven(rows=4, cols=5, **settings):
    """A lattice whose cells fire, each in its own time."""
    lattice = gs.IzhikevichLattice(**{"backend": "numpy", "precision": "float64", **settings})
    lattice.populate(gs.IzhikevichNeuron(), rows, cols)
    lattice.apply_given_position(at_its_own_potential)
    lattice.set_neuron(1, 2, gs.IzhikevichNeuron(current_voltage=31.0))
    lattice.add_current(gs.ConstantCurrent(amplitude=DRIVE))
    return lattice


def at_its_own_potential(position, neuron):
    """Start from -60 to 28 mV, in an order of their own."""
    neuron.current_voltage = -60.0 + (37.0 * position[0] + 23.0 * position[1]) % 89.0
    return neuron


def glutamatergic(lattice, condition=lambda x, y: True, **named):
    """Connect the cells by glutamate and AMPA receptors."""
    lattice.connect(condition, neurotransmitter=gs.GlutamateNeurotransmitter(), receptor=gs.AMPAReceptor(), **named)
    return lattice


def test_all_to_all_glutamate_raises_concentration_and_drives_inward_current():
    lattice = glutamatergic(driven(10, 10))
    lattice.track_concentrations = lattice.track_currents = lattice.update_grid_history = True
    lattice.run_lattice(300)
    spikes = int(lattice.simulation.spike_counts("neurons")[0])
    ledger = lattice.simulation.ledger["glutamate"]
    one = 5000 / 602.214  # uM in 1 um^3
    expected = 0.5 * spikes * 100 * one
    assert spikes > 15
    assert ledger["released"][0] == pytest.approx(expected, rel=5 / np.sqrt(0.5 * spikes * 100))
    concentration, current = lattice.get_concentration_history(), lattice.get_current_history()
    assert concentration.shape == current.shape == (300, 100)
    assert concentration.max() > 1.0
    flowing = current != 0
    assert np.array_equal(current[flowing] < 0, lattice.history.reshape(300, 100)[flowing] < 0)  # in below 0 mV
    assert current.min() < -0.1
    silent = driven(10, 10)
    silent.run_lattice(300)
    assert spikes > int(silent.simulation.spike_counts("neurons")[0])


def test_currents_are_the_receptors_equation_in_nA():
    lattice = glutamatergic(driven())
    lattice.track_receptors = lattice.track_currents = lattice.update_grid_history = True
    lattice.run_lattice(200)
    states = lattice.get_receptor_states("ampa", per_site=True)
    v = lattice.history.reshape(200, -1)
    expected = 10.0 * states["open_fraction"] * (v - 0.0) / 1000.0
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(lattice.get_current_history(), expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(lattice.get_receptor_states()["current"], expected.mean(axis=1), rtol=1e-9, atol=1e-15)


def test_a_spike_releases_in_its_own_step_and_receptors_answer_in_the_next():
    lattice = gs.IzhikevichLattice(backend="numpy", precision="float64")
    lattice.populate(gs.IzhikevichNeuron(), 1, 2)
    lattice.set_neuron(0, 0, gs.IzhikevichNeuron(current_voltage=40.0))
    lattice.connect(lambda x, y: x != y, neurotransmitter=gs.GlutamateNeurotransmitter(release_probability=1.0),
                    receptor=gs.AMPAReceptor())
    lattice.run_lattice(1)
    assert [len(times) for times in lattice.get_spike_times()] == [1, 0]
    after_one = lattice.get_concentrations()[0].copy()
    assert after_one[1] > 5.0 > after_one[0]
    assert lattice.state_of("neurons.ampa", "r").max() == 0.0
    lattice.run_lattice(1)
    assert lattice.state_of("neurons.ampa", "r")[1] > 0.05


@pytest.mark.parametrize("kind", ["numpy", "numba"])
def test_two_runs_equal_one_whatever_changes_between_that_is_not_physics(kind):
    parts, whole = (glutamatergic(driven(backend=kind, precision="float32", seed=3), near) for _ in range(2))
    for lattice in (parts, whole):
        lattice.track_concentrations = True
    parts.run_lattice(70)
    parts.track_currents = True  # builds the simulation anew
    parts.run_lattice(130)
    whole.run_lattice(200)
    assert np.array_equal(parts.get_concentration_history(), whole.get_concentration_history())
    assert parts.get_concentration_history().shape == (200, 20)
    assert parts.get_current_history().shape == (130, 20)
    assert np.array_equal(parts.state_of("neurons", "v"), whole.state_of("neurons", "v"))
    assert all(np.array_equal(a, b) for a, b in zip(parts.get_spike_times(), whole.get_spike_times(), strict=True))
    assert sum(map(len, whole.get_spike_times())) > 5


def test_what_is_not_tracked_is_not_recorded():
    lattice = glutamatergic(driven())
    lattice.run_lattice(10)
    assert lattice.simulation.recorder.records == []
    with pytest.raises(gs.ModelError, match=r"set lattice.track_currents = True before running"):
        lattice.get_current_history()
    lattice.track_every, lattice.track_concentrations = 5, True
    lattice.run_lattice(20)
    assert lattice.get_concentration_history().shape == (4, 20)


def test_reset_timing_starts_the_clock_and_reset_history_the_recordings():
    lattice = glutamatergic(driven(), near)
    lattice.update_grid_history = True
    lattice.reset_timing()
    lattice.reset_history()
    lattice.run_lattice(120)
    v = lattice.state_of("neurons", "v").copy()
    lattice.reset_timing()
    assert lattice.simulation.time == 0.0
    assert np.array_equal(lattice.state_of("neurons", "v"), v)
    assert not any(map(len, lattice.get_spike_times()))
    lattice.run_lattice(30)
    assert lattice.history.shape == (150, 4, 5)
    lattice.reset_history()
    lattice.run_lattice(10)
    assert lattice.history.shape == (10, 4, 5)


def test_apply_gives_every_cell_its_own_parameters():
    lattice = driven(3, 7)
    lattice.apply_given_position(lambda position, neuron: gs.IzhikevichNeuron(a=0.01 * (1 + position[0]), c_m=50.0))
    assert lattice.get_neuron(2, 6).a == pytest.approx(0.03)
    assert lattice.model.get("neurons.c_m") == 50.0
    assert lattice.model.get("neurons.a").reshape(3, 7)[1].tolist() == [0.02] * 7
    with pytest.raises(gs.ModelError, match="HodgkinHuxley cannot take the place of a IzhikevichNeuron"):
        lattice.apply(lambda neuron: gs.HodgkinHuxley())


def test_a_neuron_can_be_taken_out_and_put_back_in_the_middle_of_a_run():
    lattice = driven(3, 7)
    lattice.run_lattice(50)
    neuron = lattice.get_neuron(0, 0)
    assert neuron.current_voltage == lattice.state_of("neurons", "v")[0]
    neuron.current_voltage, neuron.d = 35.0, 20.0
    lattice.set_neuron(0, 0, neuron)
    lattice.run_lattice(1)
    assert lattice.simulation.steps_done == 51
    assert lattice.get_spike_times()[0].tolist() == pytest.approx([5.0])
    assert (lattice.get_neuron(0, 0).d, lattice.get_neuron(1, 3).d) == (20.0, 8.0)
    untouched = driven(3, 7)
    untouched.run_lattice(51)
    assert np.array_equal(lattice.state_of("neurons", "v")[1:], untouched.state_of("neurons", "v")[1:])
    with pytest.raises(gs.ModelError, match="3 rows and 7 columns"):
        lattice.get_neuron(3, 0)


def test_parameters_change_by_their_dotted_names_from_the_next_step_on():
    lattice = glutamatergic(driven(), near)
    lattice.run_lattice(20)
    lattice.set("neurons.ampa.conductance", 3.0)
    lattice.set("glutamate.reuptake_rate", 0.5)
    lattice.set("neurons_to_glutamate.weight", 0.25)
    assert lattice.simulation.model.get("neurons.ampa.conductance") == 3.0
    assert lattice.simulation.model.get("glutamate.reuptake_rate") == 0.5
    assert lattice.get_weight((0, 0), (0, 1)) == 0.25
    with pytest.raises(gs.ModelError, match="did you mean 'conductance'"):
        lattice.set("neurons.ampa.conductanc", 3.0)


def test_both_kinds_of_synapse_switched_off_leave_everything_as_it_is():
    lattice = glutamatergic(driven())
    lattice.electrical_synapse = lattice.chemical_synapse = False
    v = lattice.state_of("neurons", "v").copy()
    lattice.run_lattice(10)
    assert lattice.simulation.steps_done == 0
    assert np.array_equal(lattice.state_of("neurons", "v"), v)


def test_an_empty_lattice_and_no_steps_run():
    lattice = gs.IzhikevichLattice()
    lattice.run_lattice(5)
    lattice.populate(gs.IzhikevichNeuron(), 0, 0)
    lattice.run_lattice(0)
    assert lattice.get_spike_times() == []
    assert lattice.size == 0
    with pytest.raises(gs.ModelError, match=r"populate\(neuron, rows, columns\) first"):
        lattice.connect(lambda x, y: True)
    with pytest.raises(gs.ModelError, match="a whole number, at least 0"):
        lattice.run_lattice(-1)


def test_a_lattice_and_its_transpose_do_the_same():
    lying, standing = (glutamatergic(driven(rows, cols), near) for rows, cols in ((3, 7), (7, 3)))
    standing.apply_given_position(lambda position, neuron: lying.get_neuron(*position[::-1]))
    for lattice in (lying, standing):
        lattice.set("glutamate.release_probability", 1.0)
        lattice.run_lattice(100)
    assert lying.get_concentrations().max() > 5.0
    np.testing.assert_allclose(lying.get_concentrations(), standing.get_concentrations().T, rtol=1e-9)


def test_gap_junctions_carry_the_mean_of_weighted_differences():
    lattice = gs.IzhikevichLattice(backend="numpy", precision="float64")
    lattice.populate(gs.IzhikevichNeuron(), 1, 3)
    for col, v in enumerate((-65.0, -40.0, 20.0)):
        lattice.set_neuron(0, col, gs.IzhikevichNeuron(current_voltage=v))
    lattice.connect(lambda x, y: y[1] == 2 and x[1] < 2, lambda x, y: x[1] + 1.0)
    injected = gs.Simulation(lattice.model, backend="numpy", precision="float64")
    injected.step(1)
    assert injected.assembly.inputs["neurons_gap.injection"][0].tolist() == [0.0, 0.0, pytest.approx(-1025.0)]


def test_the_mean_over_releasing_cells_divides_by_those_of_the_transmitter():
    lattice = gs.IzhikevichLattice(backend="numpy", precision="float64")
    lattice.populate(gs.IzhikevichNeuron(current_voltage=40.0), 1, 3)
    glutamate = gs.GlutamateNeurotransmitter(release_probability=1.0, diffusion_coefficient=0.0, reuptake_rate=0.0)
    gaba = gs.GABANeurotransmitter(release_probability=1.0, diffusion_coefficient=0.0, reuptake_rate=0.0)
    onto_last = {"normalisation": "mean_releasing"}
    both, weight = (lambda x, y: y[1] == 2 and x[1] < 2), (lambda x, y: x[1] + 1.0)
    lattice.connect(both, weight, neurotransmitter=glutamate, **onto_last)
    lattice.connect(lambda x, y: y[1] == 2 and x[1] == 1, 2.0, neurotransmitter=gaba, **onto_last)
    lattice.run_lattice(1)
    one_vesicle = np.array([5000.0, 3000.0]) / 602.214076
    found = [lattice.get_concentrations(name)[0, 2] for name in ("glutamate", "gaba")]
    np.testing.assert_allclose(found, one_vesicle * [(1 + 2) / 2, 2 / 1], rtol=1e-9)


@pytest.mark.parametrize("name", [name for name in gs.__all__ if name.endswith("Lattice") and name != "Lattice"])
def test_each_kind_of_lattice_takes_its_own_neurons(name):
    lattice = getattr(gs, name)(backend="numpy")
    if not isinstance(lattice, gs.NeuronLattice):
        return
    other = gs.MorrisLecar() if name == "IzhikevichLattice" else gs.IzhikevichNeuron()
    lattice.populate(type(lattice.neuron)(), 2, 3)
    lattice.run_lattice(3)
    assert lattice.simulation.time == pytest.approx(0.03 if "Huxley" in name or "Morris" in name else 0.3)
    assert lattice.state_of("neurons", "v").shape == (6,)
    if name != "NeuronLattice":
        with pytest.raises(gs.ModelError, match=f"a {name} takes .*; NeuronLattice takes any neuron"):
            lattice.populate(other, 1, 1)


def test_a_neurons_own_step_becomes_the_lattices():
    lattice = gs.IzhikevichLattice(backend="numpy")
    lattice.populate(gs.IzhikevichNeuron(dt=0.05), 1, 1)
    lattice.run_lattice(2)
    assert lattice.simulation.time == pytest.approx(0.1)
    lattice.set_dt(0.2)
    assert lattice.model.dt == 0.2
    with pytest.raises(gs.ModelError, match="set_dt: 0 ms must be positive"):
        lattice.set_dt(0)
