"""Connection sets: who is connected to whom, what it costs, how often it releases, and what is refused."""
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from operations import BACKENDS
from wiring_runs import Delivered

from gpusyn.errors import ModelError
from gpusyn.lattice import Lattice
from gpusyn.wiring import AllToAll, Gaussian, Neighbourhood, SparseConnections, SpikeHistory, connect_where


def one_spike(wiring, shape, site, backend="numpy", precision="float64", **named):
    """What each target receives from one spike at `site`."""
    spikes = np.zeros((1, int(np.prod(shape))))
    spikes[0, site] = 1
    n_site = spikes.size
    return Delivered(wiring, spikes, shape, n_site, precision, n_site // shape[-1], **named).run(
        backend, 0, precision).target.reshape(shape)


def test_metrics_have_their_numbers_of_neighbours():
    count = {metric: Neighbourhood((50, 50), 2, metric).n_offset for metric in ("euclidean", "chebyshev", "manhattan")}
    assert count == {"euclidean": 12, "chebyshev": 24, "manhattan": 12}
    assert Neighbourhood((50, 50), 2, include_self=True).n_offset == 13
    assert Neighbourhood((9, 9, 9), 1).n_offset == 6
    assert Neighbourhood(Lattice((50, 50), spacing=2.0), 2.0).n_offset == 4


def test_one_spike_reaches_the_disc_around_it():
    received = one_spike(Neighbourhood((9, 11), 2), (9, 11), 4 * 11 + 5)
    y, x = np.mgrid[:9, :11]
    distance = np.hypot(y - 4, x - 5)
    assert np.array_equal(received, (distance <= 2) & (distance > 0))


def test_weights_follow_the_distance():
    wiring = Neighbourhood((9, 9), 3, weight={"law": "gaussian", "sigma": 1.5, "peak": 2.0})
    received = one_spike(wiring, (9, 9), 40)
    assert received[4, 6] == pytest.approx(2 * np.exp(-4 / 4.5))
    table = Neighbourhood((9, 9), 3, weight={"law": "exponential", "length": 2.0})
    assert one_spike(table, (9, 9), 40)[4, 5] == pytest.approx(np.exp(-0.5))
    assert one_spike(Neighbourhood((9, 9), 3, weight=lambda d: 1 / d), (9, 9), 40)[4, 6] == 0.5


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_lattice_equals_its_transpose(backend):
    """3 x 7 sites give what 7 x 3 sites give, transposed."""
    spikes = np.random.default_rng(0).random((3, 7)) < 0.4
    wide = Delivered(Neighbourhood((3, 7), 2), spikes.reshape(1, -1), (3, 7), 21, "float64", 3)
    tall = Delivered(Neighbourhood((7, 3), 2), spikes.T.reshape(1, -1), (7, 3), 21, "float64", 7)
    wide.run(backend, 0, "float64")
    tall.run(backend, 0, "float64")
    assert np.array_equal(wide.target.reshape(3, 7), tall.target.reshape(7, 3).T)


@given(st.integers(1, 6), st.integers(1, 6), st.floats(0, 9), st.booleans(), st.sampled_from(["open", "periodic"]))
@settings(max_examples=60, deadline=None)
def test_every_pair_within_the_radius_is_connected_once(ny, nx, radius, include_self, edges):
    wiring = Neighbourhood((ny, nx), radius, edges=edges, include_self=include_self)
    y, x = np.divmod(np.arange(ny * nx), nx)
    gap_y, gap_x = abs(y[:, None] - y), abs(x[:, None] - x)
    if edges == "periodic":
        gap_y, gap_x = np.minimum(gap_y, ny - gap_y), np.minimum(gap_x, nx - gap_x)
    expected = np.hypot(gap_y, gap_x) <= radius * (1 + 1e-9)
    if not include_self:
        np.fill_diagonal(expected, False)
    found = np.zeros((ny * nx, ny * nx), int)
    for k in range(wiring.n_offset):
        np.add.at(found, wiring.pairs(k), 1)
    assert np.array_equal(found, expected)
    assert wiring.n_connections() == expected.sum()
    assert np.array_equal(wiring.in_degree(), expected.sum(axis=0))


def test_only_the_sites_of_a_mask_send():
    inhibitory = np.arange(100) % 5 == 0
    wiring = Neighbourhood((10, 10), 1, from_sites=inhibitory)
    assert not one_spike(wiring, (10, 10), 11).any()
    assert one_spike(wiring, (10, 10), 15).sum() == 4
    assert wiring.n_connections() == sum(one_spike(wiring, (10, 10), site).sum() for site in range(100))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", ["offsets", "sparse", "uniform"])
def test_half_of_ten_thousand_spikes_release(backend, kind):
    """p = 0.5: 5000 +- 250 of 10,000 spikes at connections release; one seed, one answer."""
    n = 100
    pre, post = np.divmod(np.arange(n * n), n)
    wiring, shape = {
        "offsets": (Neighbourhood((n, n), 0, include_self=True), (n, n)),
        "sparse": (SparseConnections(pre, post, n_source=n, n_target=n), (n,)),
        "uniform": (AllToAll(n, include_self=True), (n,)),
    }[kind]
    n_site = int(np.prod(shape))

    def released(seed):
        seeds = np.array([[seed, 0]], np.uint32)
        named = {"probability": [0.5], "seeds": seeds, "stream": 3}
        delivered = Delivered(wiring, np.ones((1, n_site)), shape, n_site, "float64", n_site // shape[-1], **named)
        return delivered.run(backend, 77, "float64").released.sum()
    assert abs(released(1) - 5000) <= 250
    assert released(1) == released(1)
    assert len({released(seed) for seed in range(4)}) > 1


def test_connections_of_one_spike_release_independently():
    n = 2000
    wiring = Neighbourhood((n, 5), 1)
    seeds = np.array([[1, 0]], np.uint32)
    named = {"probability": [0.5], "seeds": seeds, "stream": 3}
    spikes = np.zeros((n, 5))
    spikes[1::3, 2] = 1
    delivered = Delivered(wiring, spikes.reshape(1, -1), (n, 5), 5 * n, "float64", n, **named)
    delivered.run("numpy", 0, "float64")
    left, right = delivered.target.reshape(n, 5)[1::3, 1], delivered.target.reshape(n, 5)[1::3, 3]
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.2


def test_a_chance_of_existence_keeps_that_fraction_and_the_same_connections():
    wiring = Neighbourhood((60, 60), 2, probability=0.3, seed=4)
    full = Neighbourhood((60, 60), 2).n_connections()
    assert wiring.n_connections() == pytest.approx(0.3 * full, rel=0.03)
    assert np.array_equal(wiring.in_degree(), Neighbourhood((60, 60), 2, probability=0.3, seed=4).in_degree())
    assert not np.array_equal(wiring.in_degree(), Neighbourhood((60, 60), 2, probability=0.3, seed=5).in_degree())
    delivered = Delivered(wiring, np.ones((1, 3600)), (60, 60), 3600, "float64", 60).run("numba", 0, "float64")
    assert np.array_equal(delivered.target[0], wiring.in_degree())


def test_a_million_neurons_with_24_neighbours_fit_in_a_gigabyte():
    wiring = Neighbourhood((1000, 1000), 2, "chebyshev")
    history = SpikeHistory(1, (1000, 1000), max_delay=10, zeros=lambda shape, dtype: np.empty(shape, dtype))
    assert wiring.bytes() < 1000
    assert history.bytes() < 1.5e6
    assert wiring.bytes(explicit_weights=True) + history.bytes() < 0.1e9


def test_scipy_matrices_become_connections_and_their_duplicates_are_summed():
    matrix = scipy.sparse.coo_array(([1.0, 2.0, 0.0, 4.0], ([0, 0, 1, 2], [1, 1, 0, 3])), shape=(3, 4))
    for form in ("coo", "csr", "csc", "lil", "dok"):
        wiring = SparseConnections.from_scipy(matrix.asformat(form))
        assert wiring.weights.tolist() == [3, 0, 4] if form != "dok" else wiring.weights.sum() == 7
        assert (wiring.n_source, wiring.n_target) == (3, 4)


def test_arrays_are_sorted_by_delay_source_and_target():
    wiring = SparseConnections([1, 0, 1, 0], [0, 2, 2, 1], [1, 2, 3, 4], n_source=2, n_target=3, delay=[5, 2, 2, 5])
    assert wiring.delays.tolist() == [2, 5]
    assert wiring.sources().tolist() == [0, 1, 0, 1]
    assert wiring.indices.tolist() == [2, 2, 1, 0]
    assert wiring.weights.tolist() == [2, 3, 4, 1]
    assert wiring.order.tolist() == [1, 2, 3, 0]
    starts, rows, numbers = wiring.incoming()
    assert starts.tolist() == [0, 1, 2, 4]
    assert rows.tolist() == [3, 2, 0, 1]  # two sources: rows 0 and 1 are of the first delay, 2 and 3 of the second
    assert numbers.tolist() == [3, 2, 0, 1]
    nothing = SparseConnections([], [], n_source=2, n_target=3)
    assert [part.tolist() for part in nothing.incoming()] == [[0, 0, 0, 0], [], []]


def test_a_condition_connects_the_pairs_for_which_it_holds(monkeypatch):
    monkeypatch.setattr("gpusyn.wiring.conditions.BLOCK_PAIRS", 100)
    positions = Lattice((6, 7)).positions()
    close = connect_where(
        lambda x, y: ((x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2 <= 9) & (x != y).any(axis=0), positions, positions,
        weight=lambda x, y: np.exp(-abs(x[0] - y[0])),
    )
    wiring = Neighbourhood((6, 7), 3)
    assert close.n_connections() == wiring.n_connections()
    assert np.array_equal(close.in_degree(), wiring.in_degree())
    rows = close.sources() // 7, close.indices // 7
    np.testing.assert_allclose(close.weights, np.exp(-abs(rows[0] - rows[1])))
    assert connect_where(lambda x, y: True, positions, positions[:5]).n_connections() == 42 * 5


def test_populations_without_sites_or_connections_are_valid():
    empty = SparseConnections(np.zeros(0, int), np.zeros(0, int), n_source=0, n_target=5)
    assert empty.n_connections() == 0
    assert Neighbourhood((1, 1), 1).n_connections() == 0
    alone = Delivered(Neighbourhood((1, 1), 1), [[1]], (1, 1), 1, "float32", 1).run("numba", 0, "float32")
    assert not alone.target.any()


def test_the_uniform_connection_leaves_out_the_site_itself():
    assert AllToAll(5).n_connections() == 20
    assert AllToAll(5, include_self=True).n_connections() == 25
    assert one_spike(AllToAll(6, weight=2.0), (2, 3), 4).tolist() == [[2, 2, 2], [2, 0, 2]]


@pytest.mark.parametrize(("make", "words"), [
    (lambda: Neighbourhood((5, 5), -1), ["neighbourhood.radius", "-1"]),
    (lambda: Neighbourhood((5, 5), 1, "euklidean"), ["metric", "did you mean 'euclidean'"]),
    (lambda: Neighbourhood((5, 5), 1, edges="closed"), ["edges", "closed", "'open' or 'periodic'"]),
    (lambda: Neighbourhood((5, 5), 1, weight={"law": "gausian", "sigma": 1}), ["did you mean 'gaussian'"]),
    (lambda: Neighbourhood((5, 5), 1, weight={"law": "gaussian", "sgma": 1}), ["did you mean 'sigma'"]),
    (lambda: Neighbourhood((5, 5), 1, weight={"law": "gaussian"}), ["sigma", "positive"]),
    (lambda: Neighbourhood((5, 5), 1, weight=lambda d: 1 if d < 2 else 0), ["weight", "numpy.where"]),
    (lambda: Neighbourhood((5, 5), 1, include_self=True, weight=lambda d: 1 / (d * 0)), ["weight", "finite"]),
    (lambda: Neighbourhood((5, 5), 1, probability=1.5), ["probability", "1.5", "0 to 1"]),
    (lambda: Neighbourhood((5, 5), 1, from_sites=np.ones(24)), ["from_sites", "24 values for 25 sites"]),
    (lambda: Neighbourhood((10**4, 10**4), 1000), ["radius", "AllToAll"]),
    (lambda: SparseConnections([0, 9], [1, 1], n_source=5, n_target=5), ["pre[1]", "site 9", "0 to 4"]),
    (lambda: SparseConnections([0.5], [1], n_source=5, n_target=5), ["pre", "integers"]),
    (lambda: SparseConnections([0], [1, 2], n_source=5, n_target=5), ["1 sources and 2 targets"]),
    (lambda: SparseConnections([0], [1], [np.nan], n_source=5, n_target=5), ["weight[0]", "finite"]),
    (lambda: SparseConnections([0, 0], [1, 1], n_source=5, n_target=5), ["0 -> 1", "duplicates='sum'"]),
    (lambda: SparseConnections([0], [1], n_source=5, n_target=5, delay=-1), ["delay[0]", "-1"]),
    (lambda: AllToAll(4, 5), ["include_self", "4 sources and 5 targets"]),
    (lambda: connect_where(lambda x, y: x[0] > 1 and y[0] > 1, np.eye(3), np.eye(3)), ["condition", "Neighbourhood"]),
    (lambda: connect_where(lambda x, y: x != y, np.eye(3), np.eye(3)), [".any(axis=0)"]),
    (lambda: connect_where(lambda x, y: x[0] > 0, np.zeros((3, 0)), np.eye(3)), ["condition", "arrays"]),
    (lambda: connect_where(lambda x, y: True, np.eye(3), np.eye(3), max_connections=5), ["more than 5", "AllToAll"]),
    (lambda: SpikeHistory(1, (3,), -1), ["delay", "-1"]),
    (lambda: Delivered(AllToAll(3), [[1, 1, 1]], (3,), 3, "float32", 1, delay=4, max_delay=2), ["4 steps", "0 to 2"]),
    (lambda: Delivered(AllToAll(3), [[1, 1, 1]], (3,), 3, "float32", 1, probability=[0.5]), ["seeds"]),
    (lambda: Delivered(AllToAll(3), [[1, 1, 1]], (3,), 3, "float32", 1, amount=[1, 2]), ["amount", "1 or 1 x 1 or 3"]),
    (lambda: Delivered(Neighbourhood((2, 2), 1), [[1] * 4], (4,), 4, "float32", 1), ["rows of 4", "rows of 2"]),
])
def test_wiring_that_cannot_be_is_refused(make, words):
    with pytest.raises(ModelError) as refused, np.errstate(all="ignore"):
        make()
    assert all(word in str(refused.value) for word in words), refused.value


def test_descriptions_name_what_there_is():
    assert "12 neighbours on 8 x 9 sites" in Neighbourhood((8, 9), 2).describe()
    lists = SparseConnections([0, 1], [1, 0], n_source=2, n_target=2, delay=[1, 4])
    assert "2 connections, 2 to 2 sites, delays of 1 to 4 steps" in lists.describe()
    assert "one weight" in AllToAll(5).describe()


@pytest.mark.parametrize("site_major", [False, True])
def test_a_weight_block_holds_the_weights_by_distance(site_major):
    wiring = Neighbourhood((5, 6), 2, weight=Gaussian(1.0))
    block = wiring.weight_block(np.float64, site_major)
    spikes = np.random.default_rng(0).random((1, 30)) < 0.5
    named = {"weights": block, "site_major": site_major}
    explicit = Delivered(wiring, spikes, (5, 6), 30, "float64", 5, **named).run("numba", 0, "float64")
    implicit = Delivered(wiring, spikes, (5, 6), 30, "float64", 5).run("numba", 0, "float64")
    np.testing.assert_allclose(explicit.target, implicit.target, rtol=1e-14)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_mean_over_releasing_neighbours(backend):
    """Glutamate 0.4 (weight 1) and 0.8 (weight 2) average to 1.0; GABA 0.5 (weight 2) of one neighbour is 1.0."""
    received = []
    for released in ([0.4, 0.8, 0.0], [0.0, 0.5, 0.0]):
        wiring = SparseConnections([0, 1], [2, 2], [1.0, 2.0], n_source=3, n_target=3, from_sites=np.sign(released))
        wiring.to_sites = 1 / np.maximum(wiring.in_degree(), 1)
        delivered = Delivered(wiring, [[1, 1, 1]], (3,), 3, "float64", 1, amount=[released])
        received.append(delivered.run(backend, 0, "float64").target[0, 2])
    assert received == pytest.approx([1.0, 1.0], rel=1e-15)


@pytest.mark.parametrize("edges", ["open", "periodic"])
def test_a_neighbourhood_lists_its_connections_in_order(edges):
    sends, receives = np.arange(63) % 4 != 0, np.arange(63) % 5 != 0
    wiring = Neighbourhood((7, 9), 2.3, weight=Gaussian(1.0), probability=0.7, edges=edges, from_sites=sends,
                           to_sites=receives)
    pairs = [wiring.pairs(k) for k in range(wiring.n_offset)]
    pre, post = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    weight = np.repeat(wiring.weights, [len(sources) for sources, _ in pairs])
    expected, listed = SparseConnections(pre, post, weight, n_source=63, n_target=63), wiring.listed()
    for name in ("indptr", "indices", "weights", "delays"):
        assert np.array_equal(getattr(listed, name), getattr(expected, name)), name
    assert listed.order.tolist() == list(range(listed.n_connections()))


def test_all_to_all_lists_its_connections():
    listed = AllToAll(3, weight=2.0).listed()
    assert list(zip(listed.sources().tolist(), listed.indices.tolist(), strict=True)) == [
        (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
    assert listed.weights.tolist() == [2.0]
    assert AllToAll(2, 3, include_self=True, to_sites=[1, 0, 1]).listed().indices.tolist() == [0, 2, 0, 2]


def test_a_list_leaves_out_the_connections_of_sites_that_are_left_out():
    def wiring(**named):
        pre, post, weight, delay = [0, 1, 1, 2], [1, 0, 2, 0], [1.0, 2.0, 3.0, 4.0], [0, 2, 0, 2]
        return SparseConnections(pre, post, weight, n_source=3, n_target=3, delay=delay, **named)
    whole, some = wiring(), wiring(from_sites=[1, 0.5, 0], to_sites=[1, 0, 1]).listed()
    assert whole.listed() is whole
    assert (some.sources().tolist(), some.indices.tolist(), some.weights.tolist()) == ([1, 1], [2, 0], [3.0, 2.0])
    assert (some.delays.tolist(), some.from_sites.tolist()) == ([0, 2], [1.0, 0.5, 0.0])
