"""Gap junctions: the currents of known voltages, conservation, and agreement of the backends."""
from dataclasses import replace

import numpy as np
import pytest
from operations import BACKENDS, OTHER_BACKENDS, PRECISIONS
from wiring_runs import run_calls

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.wiring import AllToAll, GapJunctions, Gaussian, Neighbourhood, Rectification, SparseConnections

TOLERANCE = {"float32": 2e-5, "float64": 1e-12}


def currents(gaps, v, conductance, backend, precision, before=0.0, adds=False, **options):
    v = np.asarray(v, precision)
    current = np.full(v.shape, before, precision)
    calls = gaps.calls(v, current, np.asarray(conductance, precision), adds=adds)
    run_calls(backend, calls, 0, precision, **options)
    return current


def voltages(n_point, n_site):
    return np.random.default_rng(1).normal(-60, 10, (n_point, n_site))


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_mean_of_two_neighbours(backend):
    """V = (-65, -40, 20) mV, 10 nS, weights 1 and 2 into cell 2: (10 * -85 + 20 * -60) / 2 = -1025 pA."""
    wiring = SparseConnections([0, 1], [2, 2], [1.0, 2.0], n_source=3, n_target=3)
    mean = currents(GapJunctions(wiring, "mean"), [[-65, -40, 20]], [10.0], backend, "float64", before=99)
    assert mean.tolist() == [[0, 0, -1025]]
    total = currents(GapJunctions(wiring), [[-65, -40, 20]], [10.0], backend, "float64", before=1, adds=True)
    assert total.tolist() == [[1, 1, -2049]]


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("shape", [(6, 11), (1, 40), (40, 1), (2, 3, 5), (2, 2)], ids=str)
@pytest.mark.parametrize("edges", ["open", "periodic"])
@pytest.mark.parametrize("normalisation", ["sum", "mean"])
def test_lattice_currents_agree_and_conserve_charge(backend, precision, shape, edges, normalisation):
    wiring = Neighbourhood(shape, 2.3, weight=Gaussian(1.0), edges=edges)
    gaps = GapJunctions(wiring, normalisation)
    v = voltages(2, wiring.n_site)
    expected = currents(gaps, v, [1.0, 3.0], "numpy", "float64")
    if normalisation == "sum":
        assert abs(expected.sum(axis=1)).max() < 1e-10
    result = currents(gaps, v, [1.0, 3.0], backend, precision)
    np.testing.assert_allclose(result, expected, rtol=0, atol=TOLERANCE[precision] * 100)
    if backend == "numba":
        for n_worker in (1, 3):
            assert np.array_equal(result, currents(gaps, v, [1.0, 3.0], backend, precision, n_worker=n_worker))


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_listed_currents_equal_those_of_the_lattice(backend, precision):
    wiring = Neighbourhood((6, 7), 1.5, weight=Gaussian(1.0))
    pairs = [wiring.pairs(k) for k in range(wiring.n_offset)]
    weight = np.concatenate([np.full(len(pair[0]), w) for pair, w in zip(pairs, wiring.weights, strict=True)])
    pre, post = (np.concatenate(side) for side in zip(*pairs, strict=True))
    lists = SparseConnections(pre, post, weight, n_source=42, n_target=42)
    v = voltages(2, 42)
    expected = currents(GapJunctions(wiring, "mean"), v, [2.0], "numpy", "float64")
    for n_worker in (1, 2, 3):
        result = currents(GapJunctions(lists, "mean"), v, [2.0], backend, precision, n_worker=n_worker)
        np.testing.assert_allclose(result, expected, rtol=0, atol=TOLERANCE[precision] * 100)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_cells_of_one_population_drive_those_of_another_with_weights_that_change(backend, precision):
    wiring = SparseConnections([0, 0, 1, 2], [1, 0, 1, 1], n_source=3, n_target=2)     # listed 0->0, 0->1, 1->1, 2->1
    v, v_source = np.array([[-60, -50], [0, 10]], precision), np.array([[1, 2, 3], [-4, -5, 6]], precision)
    weights = np.array([[1, 2, 3, 4], [5, 6, 7, 8]], precision)
    current = np.zeros_like(v)
    calls = GapJunctions(wiring).calls(v, current, np.ones(1, precision), v_source=v_source, weights=weights)
    run_calls(backend, calls, 0, precision)
    expected = [[61, 2 * 51 + 3 * 52 + 4 * 53], [5 * -4, 6 * -14 + 7 * -15 + 8 * -4]]
    assert current.tolist() == expected


@pytest.mark.parametrize(("wiring", "words"), [
    (SparseConnections([0], [1], n_source=2, n_target=2), ["2 cells to 2", "there are 3 and 2"]),
    (Neighbourhood((1, 2), 1), ["cells of one population", "listed()"]),
])
def test_junctions_between_other_numbers_of_cells_are_refused(wiring, words):
    v, v_source = np.zeros((1, 2)), np.zeros((1, 3))
    with pytest.raises(ModelError) as refused:
        GapJunctions(wiring).calls(v, np.zeros((1, 2)), np.ones(1), v_source=v_source)
    assert all(word in str(refused.value) for word in words), refused.value


@pytest.mark.parametrize(("make", "words"), [
    (lambda: GapJunctions(Neighbourhood((3, 3), 1), "median"), ["median", "'sum' or 'mean'"]),
    (lambda: GapJunctions(AllToAll(3)), ["AllToAll", "Neighbourhood or SparseConnections"]),
    (lambda: GapJunctions(Neighbourhood((3, 3), 1, probability=0.5)), ["probability", "SparseConnections"]),
    (lambda: GapJunctions(Neighbourhood((3, 3), 1, from_sites=np.zeros(9))), ["from_sites"]),
    (lambda: GapJunctions(SparseConnections([0], [1], n_source=2, n_target=2, delay=3)), ["delay", "3 steps"]),
])
def test_a_junction_that_cannot_be_is_refused(make, words):
    with pytest.raises(ModelError) as refused:
        make()
    assert all(word in str(refused.value) for word in words), refused.value


# rectification -------------------------------------------------------------------------------------------------

GATED = Rectification()
ONE_WAY = Rectification(half=0.0, steepness=0.2, least=0.05, polarity=1)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_rectifying_junction_passes_current_one_way(backend, precision):
    """20 mV across 10 nS: 0.05 + 0.95 / (1 + exp(-+4)) of 200 pA."""
    there = GapJunctions(SparseConnections([0], [1], n_source=2, n_target=2), rectification=ONE_WAY)
    other_way = replace(ONE_WAY, polarity=-1)
    back = GapJunctions(SparseConnections([1], [0], n_source=2, n_target=2), rectification=other_way)
    for v, x in (([[-40, -60]], 20.0), ([[-60, -40]], -20.0)):
        first, second = (currents(gap, v, [10.0], backend, precision) for gap in (there, back))
        expected = 10 * x * (0.05 + 0.95 / (1 + np.exp(-0.2 * x)))
        assert first[0] == pytest.approx([0, expected], rel=1e-5 if precision == "float32" else 1e-12)
        assert (first + second).sum() == pytest.approx(0, abs=1e-4)  # what leaves one cell enters the other


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_junctions_that_close_at_large_differences_conserve_charge(backend, precision):
    """g(60 mV) is halfway between least and all; as many amperes leave as enter, on a lattice as along its list."""
    pair = GapJunctions(Neighbourhood((1, 2), 1.0), rectification=GATED)
    ends = currents(pair, [[0, 60]], [1.0], backend, precision)
    assert ends[0] == pytest.approx([60 * 0.65, -60 * 0.65], rel=1e-6)
    sheet, v = GapJunctions(Neighbourhood((6, 7), 1.5), "sum", GATED), 3 * voltages(2, 42)
    plain = currents(GapJunctions(Neighbourhood((6, 7), 1.5)), v, [2.0], "numpy", "float64")
    expected = currents(sheet, v, [2.0], "numpy", "float64")
    assert abs(expected.sum(axis=1)).max() < 1e-10
    assert abs(expected).max() < abs(plain).max()
    for n_worker in (1, 3):
        result = currents(sheet, v, [2.0], backend, precision, n_worker=n_worker)
        np.testing.assert_allclose(result, expected, rtol=0, atol=TOLERANCE[precision] * 300)


def test_a_model_couples_cells_through_a_rectifying_junction(backend):
    """Two cells 20 mV apart at a junction that passes current from the first to the second."""
    model = gs.Model(gs.Lattice((1, 2)), dt=0.1)
    model.add_population("cells", gs.LeakyIntegrateAndFire(v=np.array([-50.0, -70.0]), v_th=100.0))
    for name, ends, polarity in (("there", (0, 1), 1), ("back", (1, 0), -1)):
        wiring = SparseConnections([ends[0]], [ends[1]], n_source=2, n_target=2)
        junction = GapJunctions(wiring, rectification=replace(ONE_WAY, least=0.0, polarity=polarity))
        model.couple("cells", junction, name=name)
    simulation = gs.Simulation(model, backend=backend.name, precision="float64")
    simulation.step(1)
    arrays = [simulation.assembly.inputs[f"{name}.injection"] for name in ("there", "back")]
    current = sum(np.asarray(simulation.assembly.backend.to_host(array))[0] for array in arrays)
    assert current == pytest.approx(np.array([-20, 20]) / (1 + np.exp(-4.0)), rel=1e-12)


@pytest.mark.parametrize(("values", "words"), [
    ({"least": 1.2}, "Rectification.least: 1.2 is outside 0 to 1"),
    ({"polarity": 2}, "Rectification.polarity: 2 must be -1, 0 or 1"),
    ({"half": np.nan}, "Rectification.half: nan must be a finite number"),
])
def test_a_rectification_that_cannot_be_is_refused(values, words):
    with pytest.raises(ModelError, match=words):
        Rectification(**values)


def test_a_neighbourhood_has_no_polarity():
    with pytest.raises(ModelError, match=r"both directions.*use polarity 0 or SparseConnections"):
        GapJunctions(Neighbourhood((3, 3), 1), rectification=ONE_WAY)
