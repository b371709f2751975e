"""Whole simulations: the same on every backend, in pieces or at once, alone or in a sweep; mass is accounted for."""
import numpy as np
import pytest
from small_models import talking_lattice

import gpusyn as gs

HOST_BACKENDS = ("numpy", "numba")
CONDUCTANCES = list(np.linspace(0.0, 0.07, 8))
RATES = list(np.linspace(0.005, 0.04, 8))


def same_state(one, other) -> bool:
    """Whether two simulations hold the same bits in every state."""
    return all(np.array_equal(one.state[path], other.state[path]) for path in one.state)


def test_every_backend_gives_the_same_spikes_and_concentrations(backend):
    reference = gs.Simulation(talking_lattice(), backend="numpy", precision="float64", seed=5)
    simulation = gs.Simulation(talking_lattice(), backend=backend, precision="float64", seed=5)
    reference.step(400)
    simulation.step(400)
    assert reference.spike_counts("neurons")[0] > 20
    assert np.array_equal(simulation.spike_counts("neurons"), reference.spike_counts("neurons"))
    for path in reference.state:
        np.testing.assert_allclose(simulation.state[path], reference.state[path], rtol=1e-7, atol=1e-7, err_msg=path)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_running_in_pieces_changes_no_bit(backend, precision):
    whole = gs.Simulation(talking_lattice(), backend=backend, precision=precision, seed=1)
    pieces = gs.Simulation(talking_lattice(), backend=backend, precision=precision, seed=1)
    whole.step(120)
    for n_step in (1, 2, 50, 67):
        pieces.step(n_step)
    assert same_state(whole, pieces)
    assert np.array_equal(whole.ledger["glutamate"]["released"], pieces.ledger["glutamate"]["released"])


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_sweep_of_64_points_equals_64_single_runs_bit_for_bit(backend, precision):
    swept = gs.Simulation(
        talking_lattice(**{"neurons.nmda.conductance": CONDUCTANCES, "glutamate.reuptake_rate": RATES}),
        backend=backend, precision=precision, seed=9,
    )
    swept.step(40)
    assert swept.model.n_point == 64
    assert np.ptp(swept.spike_counts("neurons")) >= 0
    points = range(64) if backend.name in HOST_BACKENDS else (0, 17, 63)  # elsewhere each run compiles anew
    for point in points:
        model = talking_lattice()
        model.set("neurons.nmda.conductance", CONDUCTANCES[point // 8])
        model.set("glutamate.reuptake_rate", RATES[point % 8])
        single = gs.Simulation(model, backend=backend, precision=precision, seed=9)
        single.step(40)
        for path in single.state:
            assert np.array_equal(swept.state[path][point], single.state[path]), (point, path)


def test_the_seed_may_be_swept(backend):
    swept = gs.Simulation(talking_lattice(seed=[3, 4]), backend=backend, seed=0)
    single = gs.Simulation(talking_lattice(), backend=backend, seed=4)
    swept.step(50)
    single.step(50)
    assert np.array_equal(swept.state["neurons.v"][1], single.state["neurons.v"])
    assert not np.array_equal(swept.state["neurons.v"][0], swept.state["neurons.v"][1])


@pytest.mark.parametrize(("precision", "closes_to"), [("float64", 1e-13), ("float32", 1e-6)])
@pytest.mark.parametrize("edges", ["reflecting", "periodic", "absorbing"])
def test_the_ledger_closes(backend, precision, closes_to, edges):
    simulation = gs.Simulation(talking_lattice(edges=edges), backend=backend, precision=precision, seed=2)
    simulation.step(300)
    for name in simulation.ledger:
        amounts = simulation.ledger[name]
        assert abs(simulation.ledger.residual(name)).max() < closes_to, (name, amounts)
        assert amounts["present"][0] > 0
        assert amounts["decayed"][0] > 0
        assert (amounts["escaped"][0] > 0) == (edges == "absorbing")
    assert simulation.ledger["glutamate"]["taken_up"][0] > 0
    assert simulation.ledger["gaba"]["supplied"][0] > 0


def test_threads_change_no_bit():
    results = []
    for threads in (1, 2, 3):
        simulation = gs.Simulation(talking_lattice((40, 61)), backend="numba", seed=3, threads=threads)
        simulation.step(60)
        results.append({path: simulation.state[path] for path in simulation.state})
    for path in results[0]:
        assert np.array_equal(results[0][path], results[1][path]), path
        assert np.array_equal(results[0][path], results[2][path]), path


def test_a_state_can_be_set_and_read(backend):
    simulation = gs.Simulation(talking_lattice(), backend=backend, seed=1)
    simulation.state["neurons.v"] = -70.0
    assert np.all(simulation.state["neurons.v"] == -70.0)
    simulation.state["glutamate.concentration"] = np.arange(54.0)
    assert np.array_equal(simulation.state["glutamate.concentration"], np.arange(54.0, dtype=np.float32))
    assert simulation.ledger["glutamate"]["initial"][0] == 54 * 53 / 2
    with pytest.raises(KeyError, match=r"no state 'neurons\.vv'; did you mean 'neurons\.v'"):
        simulation.state["neurons.vv"]
    with pytest.raises(gs.ModelError, match="cannot set"):
        simulation.state["neurons.v"] = np.zeros(7)


def test_an_empty_run_changes_nothing(backend):
    simulation = gs.Simulation(talking_lattice(), backend=backend, seed=1)
    before = {path: simulation.state[path] for path in simulation.state}
    simulation.step(0)
    simulation.run("0 ms")
    assert simulation.steps_done == 0
    assert all(np.array_equal(before[path], simulation.state[path]) for path in before)


def test_a_first_result_takes_five_lines():
    model = gs.Model(lattice=(8, 8))
    model.add_population("neurons", gs.IzhikevichNeuron(preset="RS"), drive=gs.ConstantCurrent(amplitude=10.0))
    simulation = gs.Simulation(model, backend="numpy")
    simulation.run("1000 ms")
    assert simulation.spike_counts("neurons")[0] == 23 * 64  # T2: regular spiking at 10 pA, 23 spikes in a second
