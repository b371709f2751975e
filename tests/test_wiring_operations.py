"""Deliveries on every backend against NumPy in float64, and their independence of the number of workers."""
import numpy as np
import pytest
from operations import OTHER_BACKENDS, PRECISIONS
from wiring_runs import Delivered, run_calls

from gpusyn.wiring import AllToAll, Gaussian, Neighbourhood, SparseConnections, SpikeHistory

TOLERANCE = {"float32": 3e-6, "float64": 1e-13}
STEP = 2**33 + 5
SHAPES = [(7, 13), (1, 70), (70, 1), (3, 4, 66), (9,), (2, 1, 5)]


def flags(shape, n_point=3, chance=0.3, seed=1):
    return (np.random.default_rng(seed).random((n_point, int(np.prod(shape)))) < chance).astype(np.uint8)


def seeds(n_point=3):
    return np.random.default_rng(2).integers(0, 2**32, (n_point, 2), dtype=np.uint32)


def random_graph(n_source, n_target, n, seed=3, n_delay=1):
    rng = np.random.default_rng(seed)
    pair = rng.choice(n_source * n_target, n, replace=False)
    delay = rng.integers(0, n_delay, n)
    return SparseConnections(
        pair // n_target, pair % n_target, rng.normal(size=n), n_source=n_source, n_target=n_target, delay=delay,
        from_sites=rng.normal(size=n_source) * (rng.random(n_source) < 0.8),
    )


def agree(make, backend, precision):
    """The same delivery on a backend and on NumPy in float64; on Numba, alike for any number of workers."""
    expected = make("float64").run("numpy", STEP, "float64")
    assert np.abs(expected.target).max() > 0
    result = make(precision).run(backend, STEP, precision)
    size = np.abs(expected.target).max()
    np.testing.assert_allclose(result.target, expected.target, rtol=TOLERANCE[precision],
                               atol=8 * TOLERANCE[precision] * size)
    np.testing.assert_allclose(result.released, expected.released, rtol=0, atol=64 * TOLERANCE[precision] * size)
    if backend == "numba":
        for n_worker in (1, 3):
            other = make(precision).run(backend, STEP, precision, n_worker=n_worker)
            assert np.array_equal(other.target, result.target)
            assert np.array_equal(other.released, result.released)
    if backend == "cuda-on-host":
        other = make(precision).run(backend, STEP, precision, descending=True)
        assert np.array_equal(other.target, result.target)
        assert np.array_equal(other.released, result.released)


def lattice_delivery(shape, wiring, **named):
    n_site = int(np.prod(shape))

    def make(precision):
        return Delivered(wiring, flags(shape), shape, n_site, precision, n_site // shape[-1], **named)
    return make


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("edges", ["open", "periodic"])
def test_neighbours_agree(backend, precision, shape, edges):
    wiring = Neighbourhood(shape, 2.3, weight=Gaussian(1.5), edges=edges)
    agree(lattice_delivery(shape, wiring, amount=[0.5, 1.0, 2.0]), backend, precision)


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("edges", ["open", "periodic"])
@pytest.mark.parametrize(
    "what", ["release", "release-per-offset", "thinned", "weights", "site-major", "scales", "amounts"]
)
def test_neighbours_with_draws_weights_and_scales_agree(backend, precision, edges, what):
    shape, n_site = (5, 67), 5 * 67
    rng = np.random.default_rng(4)
    build = {"metric": "chebyshev", "weight": Gaussian(2.0), "edges": edges}
    named = {}
    if what == "thinned":
        build |= {"probability": lambda distance: 1 / (1 + distance), "seed": 5}
    if what == "scales":
        build |= {"from_sites": rng.random(n_site) < 0.5, "to_sites": rng.random(n_site)}
    wiring = Neighbourhood(shape, 2, **build)
    if what == "release":
        named = {"probability": rng.random((3, n_site)), "seeds": seeds(), "stream": 2**32 - 3}
    if what == "release-per-offset":
        named = {"probability": rng.random((1, 1, 24)), "seeds": seeds(), "stream": 7}
    if what == "weights":
        named = {"weights": rng.normal(size=(3, 24, n_site))}
    if what == "site-major":
        named = {"weights": rng.normal(size=(n_site, 24)), "site_major": True}
    if what == "amounts":
        named = {"amount": rng.random((3, n_site))}
    agree(lattice_delivery(shape, wiring, **named), backend, precision)


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("n_part", [1, 5, 83])
@pytest.mark.parametrize("release", [False, True])
def test_sparse_connections_agree(backend, precision, n_part, release):
    n_source, n_target = 131, 83
    wiring = random_graph(n_source, n_target, 2000)
    rng = np.random.default_rng(6)
    named = {"probability": rng.random((1, 1, 2000)), "seeds": seeds(), "stream": 9} if release else {}

    def make(precision):
        spikes = flags((n_source,))
        return Delivered(wiring, spikes, (n_source,), n_target, precision, n_part, amount=[1, 2, 3], **named)
    agree(make, backend, precision)


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("release", [False, True])
@pytest.mark.parametrize("include_self", [False, True])
@pytest.mark.parametrize("per_site", [False, True])
def test_uniform_connections_agree(backend, precision, release, include_self, per_site):
    shape, n = (5, 67), 335
    rng = np.random.default_rng(7)
    mask = rng.integers(-1, 2, n) if per_site else None
    wiring = AllToAll(n, weight=0.25, include_self=include_self, from_sites=mask)
    named = {"probability": rng.random((3, 1)), "seeds": seeds(), "stream": 9} if release else {}
    agree(lattice_delivery(shape, wiring, **named), backend, precision)


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
def test_lists_and_neighbourhoods_deliver_the_same(backend):
    """A neighbourhood written out as lists gives the same targets."""
    shape, n = (6, 9), 54
    wiring = Neighbourhood(shape, 2, weight=Gaussian(1.0), probability=0.6, seed=3)
    pairs = [wiring.pairs(k) for k in range(wiring.n_offset)]
    weight = np.concatenate([np.full(len(pair[0]), w) for pair, w in zip(pairs, wiring.weights, strict=True)])
    pre, post = (np.concatenate(side) for side in zip(*pairs, strict=True))
    lists = SparseConnections(pre, post, weight, n_source=n, n_target=n)
    assert lists.n_connections() == wiring.n_connections()
    assert np.array_equal(lists.in_degree(), wiring.in_degree())
    one = Delivered(wiring, flags(shape), shape, n, "float64", 6).run(backend, 0, "float64")
    other = Delivered(lists, flags(shape), shape, n, "float64", 6).run(backend, 0, "float64")
    np.testing.assert_allclose(one.target, other.target, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(one.released, other.released, rtol=1e-12)


@pytest.mark.parametrize("backend", ["numpy", *OTHER_BACKENDS])
@pytest.mark.parametrize("kind", ["offsets", "sparse", "uniform"])
def test_the_ledger_holds_what_the_targets_received(backend, kind):
    shape, n = (5, 40), 200
    wiring = {"offsets": Neighbourhood(shape, 3, weight=0.1), "sparse": random_graph(n, n, 3000),
              "uniform": AllToAll(n, weight=0.1)}[kind]
    delivered = Delivered(wiring, flags(shape), shape, n, "float64", 5, probability=[0.3], seeds=seeds(), stream=1)
    delivered.run(backend, 3, "float64")
    rows = delivered.target.reshape(3, 5, 40).sum(axis=2)
    np.testing.assert_allclose(delivered.released, rows, rtol=1e-12)


@pytest.mark.parametrize("backend", ["numpy", *OTHER_BACKENDS])
@pytest.mark.parametrize("kind", ["offsets", "sparse", "uniform"])
def test_spikes_arrive_after_their_delay(backend, kind):
    n = 30
    pre, post = np.arange(n), (np.arange(n) + 1) % n
    wiring, due = {
        "offsets": (Neighbourhood((3, 10), 1), [3]),
        "sparse": (SparseConnections(pre, post, n_source=n, n_target=n, delay=pre % 3), [3, 4, 5]),
        "uniform": (AllToAll(n), [3]),
    }[kind]
    delivered = Delivered(wiring, np.zeros((1, n)), (3, 10), n, "float64", 3, delay=3, max_delay=5)
    arrived = []
    for step in range(12):
        delivered.spikes[:] = step == 0
        delivered.target[:] = 0
        delivered.run(backend, step, "float64")
        arrived += [step] if delivered.target.any() else []
    assert arrived == due


def test_a_step_without_spikes_changes_nothing():
    wiring = Neighbourhood((4, 5), 1)
    delivered = Delivered(wiring, np.zeros((1, 20)), (4, 5), 20, "float32", 4).run("numba", 0, "float32")
    assert not delivered.target.any()
    assert not delivered.released.any()


@pytest.mark.parametrize("backend", ["numpy", *OTHER_BACKENDS])
@pytest.mark.parametrize("shape", SHAPES)
def test_spikes_come_back_as_flags_after_their_delay(backend, shape):
    n, history = int(np.prod(shape)), SpikeHistory(3, shape, 4)
    spikes, flags_at = np.zeros((3, n), np.uint8), np.full((3, n + 7), 9, np.uint8)
    calls = [*history.calls(spikes), history.flag_call(2, flags_at, 5)]
    seen = []
    for step in range(4):
        spikes[:] = flags(shape, seed=step)
        run_calls(backend, calls, STEP + step, "float32")
        seen.append(flags_at.copy())
    for step in (2, 3):
        assert np.array_equal(seen[step][:, 5 : 5 + n], flags(shape, seed=step - 2))
        assert np.all(seen[step][:, [*range(5), n + 5, n + 6]] == 9)
