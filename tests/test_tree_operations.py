"""Diffusion along trees as linear operations: against SciPy, conservation, and agreement of the backends."""
import time
from copy import copy
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from operations import OTHER_BACKENDS, PRECISIONS, run_operation
from scipy.sparse import coo_array, diags_array
from scipy.sparse.linalg import spsolve

from gpusyn.errors import ModelError
from gpusyn.morphology import Forest, Morphology, gen_beam
from gpusyn.numerics.tree_runs import halves, upward_runs
from gpusyn.numerics.trees import solve_calls, spread_calls, spread_on_host

TOLERANCE = {"float32": 1e-6, "float64": 1e-13}
SHARE = 0.7  # ms


def tree(n_node, seed=0, straight=0.8):
    """A random tree; most nodes go on from the one before, the others hang anywhere."""
    random = np.random.default_rng(seed)
    parent = [-1, *(i - 1 if random.random() < straight else random.integers(i) for i in range(1, n_node))]
    x, y, z = np.cumsum(0.1 + random.random((3, n_node)), axis=1)
    return Morphology(parent, x, y, z, 0.2, own_area=1.0, own_volume=1.0)


def runs_in_lanes(args):
    """Whether the arguments of an operation on runs (start, step, count, target, warm) take any of them in lanes."""
    lists = [arg for arg in args if isinstance(arg, np.ndarray) and arg.dtype == np.int64 and arg.ndim == 1]
    return lists[5].max() > 0  # after the species


FORESTS = {
    "one": Forest([tree(90)]),
    "scattered": Forest([tree(70, 3, straight=0.0)]),
    "copies": Forest.of(tree(40, 1), 5),
    "several": Forest([tree(30, 1), tree(1, 2), tree(2, 3), tree(45, 4, 0.3), tree(30, 1)]),
    "point": Forest.of(tree(1), 3),
}


class Spread:
    """Coefficients and values of several species, the fourth of which does not spread.

    Args:
        alike: cells that are copies have the same coefficients; otherwise none have.
    """

    def __init__(self, forest, n_species=4, n_point=2, varies=False, alike=True, seed=5):
        random, self.forest = np.random.default_rng(seed), forest
        shape = (n_species, n_point if varies else 1, forest.n_node)
        self.capacity, self.conductance = 0.1 + random.random(shape), 10 ** random.uniform(-2, 2, shape)
        if alike and forest.shared:
            for field in (self.capacity, self.conductance):
                field[...] = np.tile(field[..., : forest.shared.n_node], forest.n_cell)
        self.conductance[3:4] = 0
        self.values = random.random((n_species, n_point, forest.n_node))

    def matrices(self):
        """(species, point, K, C) of everything that is solved, sparse."""
        child = np.flatnonzero(self.forest.parent >= 0)
        above, n = self.forest.parent[child], self.forest.n_node
        for species in range(len(self.values)):
            for point in range(self.values.shape[1]):
                row = point if self.capacity.shape[1] > 1 else 0
                k, held = self.conductance[species, row, child], self.capacity[species, row]
                entries = np.concatenate([k, k, -k, -k])
                places = (np.concatenate([child, above, child, above]), np.concatenate([child, above, above, child]))
                yield species, point, coo_array((entries, places), shape=(n, n)).tocsc(), held

    def solved(self):
        """SciPy's solution."""
        into = np.empty_like(self.values)
        for species, point, matrix, held in self.matrices():
            system = (diags_array(held) + SHARE * matrix).tocsc()
            into[species, point] = np.asarray(spsolve(system, held * self.values[species, point]))
        return into

    def flows(self):
        """SciPy's product."""
        into = np.empty_like(self.values)
        for species, point, matrix, held in self.matrices():
            into[species, point] = -(matrix @ self.values[species, point]) / held
        return into

    def sideways(self):
        """Of SciPy's product what comes from other nodes than those before and after; NaN where there are no others."""
        alone, parent = copy(self), self.forest.parent
        node = np.arange(parent.size)
        alone.conductance = np.where(parent == node - 1, 0.0, self.conductance)
        aside = (parent >= 0) & (parent != node - 1)
        others = np.isin(node, [*node[aside], *parent[aside]]) & self.conductance.any(axis=(1, 2))[:, None, None]
        return np.where(others, alone.flows(), np.nan)

    def run(self, backend, precision="float64", solve=True, sideways=False, **how):
        """What an operation makes of the values, tested for writes outside its arrays; NaN where it writes nothing."""
        values, host = self.values.astype(precision), SimpleNamespace(name=backend, asarray=np.array)
        fields = self.forest, self.capacity, self.conductance
        into = values if solve else np.full_like(values, np.nan if sideways else 0.0)
        calls = (solve_calls(*fields, SHARE, values, host) if solve else
                 spread_calls(*fields, values, into, host, sideways=sideways))
        for name, args, swaps in calls:
            assert not swaps
            for argument, found in zip(args, run_operation(backend, name, 3, args, precision, **how), strict=True):
                if isinstance(argument, np.ndarray):
                    argument[...] = found
        return into

    def amount(self, values):
        """Sum of C x over all nodes of each species and point."""
        return (self.capacity * values).sum(axis=2)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 99)), min_size=1, max_size=4), st.floats(0, 1),
       st.integers(1, 9), st.booleans(), st.booleans())
def test_any_trees_are_solved_as_scipy_solves_them(sizes, straight, n_species, varies, alike):
    forest = Forest([tree(n_node, seed, straight) for n_node, seed in sizes])
    spread = Spread(forest, n_species, varies=varies, alike=alike)
    for backend in ("numpy", "numba"):
        x = spread.run(backend)
        np.testing.assert_allclose(x, spread.solved(), rtol=1e-12)
        np.testing.assert_allclose(spread.amount(x), spread.amount(spread.values), rtol=1e-14)


@pytest.mark.parametrize("backend", ["numpy", *OTHER_BACKENDS])
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("forest", FORESTS)
@pytest.mark.parametrize(("varies", "alike"), [(False, True), (True, True), (False, False)])
def test_every_backend_agrees_with_scipy(backend, precision, forest, varies, alike):
    spread = Spread(FORESTS[forest], varies=varies, alike=alike)
    error = TOLERANCE[precision]
    np.testing.assert_allclose(spread.run(backend, precision), spread.solved(), rtol=error)
    flows = spread.flows()
    np.testing.assert_allclose(spread.run(backend, precision, solve=False), flows, rtol=error,
                               atol=error * max(abs(flows).max(), 1))


@pytest.mark.parametrize("backend", ["numpy", *OTHER_BACKENDS])
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("forest", FORESTS)
@pytest.mark.parametrize("varies", [False, True])
def test_flows_from_elsewhere_than_before_and_after(backend, precision, forest, varies):
    spread = Spread(FORESTS[forest], varies=varies)
    flows, error = spread.sideways(), TOLERANCE[precision]
    assert (forest == "point") == bool(np.isnan(flows).all())
    np.testing.assert_allclose(spread.run(backend, precision, solve=False, sideways=True), flows, rtol=error,
                               atol=error * max(np.nanmax(abs(np.nan_to_num(flows))), 1))


@pytest.mark.parametrize("backend", ["numpy", *OTHER_BACKENDS])
def test_nothing_is_made_or_lost_at_branches(backend):
    spread = Spread(FORESTS["scattered"])
    x, flows = spread.run(backend), spread.run(backend, solve=False)
    np.testing.assert_allclose(spread.amount(x), spread.amount(spread.values), rtol=1e-14)
    assert (abs(spread.amount(flows)) < 1e-14 * spread.amount(abs(flows)) + 1e-300).all()


@pytest.mark.parametrize("backend", ["numpy", *OTHER_BACKENDS])
def test_what_is_uniform_stays_so_and_what_does_not_spread_is_left_alone(backend):
    spread = Spread(FORESTS["several"])
    still = spread.run(backend)[3]
    assert (still == spread.values[3]).all()
    spread.values[...] = 3.0
    np.testing.assert_allclose(spread.run(backend), 3.0, rtol=1e-14)
    assert not spread.run(backend, solve=False).any()
    spread.conductance[...] = 0
    assert (spread.run(backend) == 3.0).all()


@pytest.mark.parametrize("n_species", [1, 2, 5, 6, 8])
@pytest.mark.parametrize("forest", ["one", "copies", "several"])
def test_numba_gives_the_same_bits_for_any_number_of_workers(forest, n_species):
    spread = Spread(FORESTS[forest], n_species, n_point=1)
    for solve in (True, False):
        alone, *others = (spread.run("numba", "float32", solve, n_worker=n) for n in (1, 2, 3, 7))
        assert all((other == alone).all() for other in others)


@pytest.mark.parametrize("n_species", [1, 3, 7])
@pytest.mark.parametrize(("n_node", "straight"), [(500, 1.0), (640, 0.97), (900, 0.5)])
def test_halves_of_a_tree_meet(n_node, straight, n_species):
    """Trees that are cut anywhere: as SciPy solves them, conserving, the same bits for any number of workers."""
    for seed in range(3):
        forest = Forest([tree(n_node, seed, straight)])
        assert halves(forest.parent.astype(np.int64)) is not None or straight < 0.9
        spread = Spread(forest, n_species, n_point=1)
        x = spread.run("numba")
        np.testing.assert_allclose(x, spread.solved(), rtol=1e-12)
        np.testing.assert_allclose(spread.amount(x), spread.amount(spread.values), rtol=1e-14)
        for workers in (1, 2, 3):
            assert (spread.run("numba", n_worker=workers) == x).all()
        np.testing.assert_allclose(spread.run("numba", "float32"), x, rtol=2e-6)


@pytest.mark.parametrize("n_point", [1, 2])
@pytest.mark.parametrize("cells", [[gen_beam(64, 0.2, 1000)], [gen_beam(64, 0.2, 800)] * 3,
                                   [tree(3000, 1, 0.998), tree(700, 2, 1.0)]], ids=["cable", "cables", "trees"])
def test_long_runs_are_taken_in_lanes(cells, n_point):
    """Where diffusion reaches a few nodes in a step; the same numbers to rounding, for any number of workers."""
    spread = Spread(Forest(cells), n_point=n_point, varies=n_point > 1, alike=False)
    spread.conductance **= 0.2
    for precision, error in (("float64", 2e-15), ("float32", 5e-7)):
        calls = solve_calls(spread.forest, spread.capacity, spread.conductance, SHARE,
                            spread.values.astype(precision), SimpleNamespace(name="numba", asarray=np.array))
        assert any(runs_in_lanes(args) for _, args, _ in calls)
        x = spread.run("numba", precision)
        np.testing.assert_allclose(x, spread.solved(), rtol=error)
        assert all((spread.run("numba", precision, n_worker=n) == x).all() for n in (2, 3))
    np.testing.assert_allclose(spread.amount(x), spread.amount(spread.values), rtol=1e-7)


def test_every_node_is_eliminated_once_and_after_all_that_is_passed_on_to_it():
    for straight in (1.0, 0.95, 0.8):
        parent = tree(700, 4, straight).parent.astype(np.int64)
        for runs in (upward_runs(parent), halves(parent)):
            nodes = [start + step * np.arange(count)
                     for start, step, count in zip(runs.start, runs.step, runs.count, strict=True)][::-1]
            order = np.concatenate(nodes)
            place = np.empty(700, int)
            place[order] = np.arange(700)
            passed = np.flatnonzero(runs.toward >= 0)
            assert sorted(order) == list(range(700))
            assert (place[passed] < place[runs.toward[passed]]).all()
            assert 700 - passed.size == runs.part.size - 1
    assert halves(tree(300, 1).parent.astype(np.int64)) is None


def test_the_cuda_kernels_do_not_depend_on_the_order_of_threads():
    spread = Spread(FORESTS["several"])
    for solve in (True, False):
        runs = [spread.run("cuda-on-host", "float32", solve, descending=order) for order in (False, True)]
        assert (runs[0] == runs[1]).all()


def test_a_kernel_takes_trees_that_are_longer_than_a_tile():
    cell = tree(5000, 7, straight=0.999)
    spread = Spread(Forest([cell]), n_species=1, n_point=1)
    for backend in ("numba", "cuda-on-host"):
        np.testing.assert_allclose(spread.run(backend), spread.solved(), rtol=1e-12)


@pytest.mark.parametrize("cell", [gen_beam(1e4, 0.5, 100_000), tree(100_000, 2, 0.98)], ids=["cable", "tree"])
def test_a_tree_of_1e5_nodes_is_set_up_at_once(cell):
    spread = Spread(Forest([cell]), n_species=2, n_point=1)
    started = time.process_time()
    x = spread.run("numba")
    assert time.process_time() - started < 5.0      # 0.2 s, and compilation
    np.testing.assert_allclose(spread.amount(x), spread.amount(spread.values), rtol=1e-14)
    np.testing.assert_allclose(x[0, 0], spread.solved()[0, 0], rtol=1e-11)


def test_stiff_trees_keep_their_amount():
    """Conductances of 1e9 capacities: elimination without subtractions loses nothing."""
    spread = Spread(FORESTS["one"])
    spread.conductance[:3] *= 1e9
    x = spread.run("numba")
    np.testing.assert_allclose(spread.amount(x), spread.amount(spread.values), rtol=1e-14)
    mean = spread.amount(spread.values) / spread.capacity.sum(axis=2)
    np.testing.assert_allclose(x[:3], np.broadcast_to(mean[:3, :, None], x[:3].shape), rtol=1e-6)


def test_flows_on_the_host_are_those_of_every_backend():
    spread = Spread(FORESTS["several"], varies=True)
    flows = spread_on_host(spread.forest, spread.capacity, spread.conductance, spread.values)
    np.testing.assert_allclose(flows, spread.flows(), rtol=1e-12, atol=1e-11)


def test_coefficients_that_cannot_be_are_refused_with_their_place():
    spread, host = Spread(FORESTS["one"]), SimpleNamespace(name="numba", asarray=np.array)
    with pytest.raises(ValueError, match=r"capacity of shape \(4, 1, 89\) does not fit 2 sweep points of 90 nodes"):
        solve_calls(spread.forest, spread.capacity[..., 1:], spread.conductance, SHARE, spread.values, host)
    with pytest.raises(ValueError, match="capacities of 4 species, and conductances of 3"):
        solve_calls(spread.forest, spread.capacity, spread.conductance[:3], SHARE, spread.values, host)
    spread.conductance[1, 0, 7] = -2.0
    with pytest.raises(ModelError, match=r"conductance = -2\.0 at node 7 \(species 1, .* must be at least 0"):
        solve_calls(spread.forest, spread.capacity, spread.conductance, SHARE, spread.values, host)
    spread.capacity[0, 0, 3] = 0.0
    with pytest.raises(ModelError, match=r"capacity = 0\.0 at node 3 \(species 0, .* must be positive"):
        spread_calls(spread.forest, spread.capacity, spread.conductance, spread.values, spread.values, host)
