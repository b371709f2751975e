"""Trees as chains in levels, and many cells as one set of arrays."""
import re

import numpy as np
import pytest

from gpusyn import Forest, Morphology, gen_beam, gen_branch, gen_tree
from gpusyn.errors import ModelError
from gpusyn.morphology import graph


def random_parents(n, seed, reach):
    rng = np.random.default_rng(seed)
    return np.array([-1, *(rng.integers(max(0, k - reach), k) for k in range(1, n))])


def random_cell(n=300, seed=4, reach=5):
    rng = np.random.default_rng(seed)
    return Morphology(random_parents(n, seed, reach), *rng.normal(size=(3, n)), rng.random(n) + 0.1)


def solve_by_levels(paths, coupling, volume, parent, right):
    """(volume + sum of couplings) u - sum of couplings u of neighbours = right, chain by chain, level by level."""
    diagonal = volume + coupling + np.bincount(parent[parent >= 0], coupling[parent >= 0], minlength=len(parent))
    right, u = right.copy(), np.empty(len(right))
    chains = [paths.node[a:b] for a, b in zip(paths.start[:-1], paths.start[1:], strict=True)]
    for chain in chains:                                    # levels upwards; within a level the order is free
        for node in chain[::-1]:
            if parent[node] >= 0:
                factor = coupling[node] / diagonal[node]
                diagonal[parent[node]] -= factor * coupling[node]
                right[parent[node]] += factor * right[node]
    for chain in chains[::-1]:                              # and downwards
        for node in chain:
            u[node] = (right[node] + (coupling[node] * u[parent[node]] if parent[node] >= 0 else 0.0)) / diagonal[node]
    return u


@pytest.mark.parametrize("reach", [1, 5, 300])
def test_chains_solve_the_tree(reach):
    cell = random_cell(reach=reach)
    right = np.random.default_rng(9).normal(size=cell.n_node)
    u = solve_by_levels(cell.paths, cell.coupling, cell.volume, cell.parent, right)
    matrix = np.diag(cell.volume)
    for node in range(1, cell.n_node):
        pair = np.ix_([node, cell.parent[node]], [node, cell.parent[node]])
        matrix[pair] += cell.coupling[node] * np.array([[1.0, -1.0], [-1.0, 1.0]])
    assert u == pytest.approx(np.linalg.solve(matrix, right), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("reach", [1, 3, 30, 1000])
def test_chains_are_runs_of_parents_and_children_in_few_levels(reach):
    parent = random_parents(1000, 3, reach)
    cell = Morphology(parent, np.arange(1000.0), 0.0, 0.0, 1.0)
    paths = cell.paths
    assert sorted(paths.node) == list(range(1000))
    assert paths.n_level <= np.log2(1000) + 1
    level_of = np.empty(1000, dtype=int)
    for level in range(paths.n_level):
        for path in range(*paths.level_start[level:level + 2]):
            chain = paths.node[paths.start[path]:paths.start[path + 1]]
            assert (parent[chain[1:]] == chain[:-1]).all()
            assert parent[chain[0]] == paths.attached_to[path]
            level_of[chain] = level
    tops = paths.node[paths.start[:-1]]
    assert all(level_of[parent[top]] > level_of[top] for top in tops if parent[top] >= 0)


def test_cables_and_binary_trees_have_the_levels_one_expects():
    assert (gen_beam(n=1000).paths.n_path, gen_beam(n=1000).paths.n_level) == (1, 1)
    branch = gen_branch(n=501).paths
    assert (branch.n_path, branch.n_level, branch.attached_to.tolist()) == (2, 2, [250, -1])
    tree = gen_tree(levels=6, n=4).paths
    assert (tree.n_path, tree.n_level) == (32, 6)


def test_a_forest_is_its_cells_one_after_the_other():
    cells = [gen_beam(10.0, 0.5, 5), gen_branch(10.0, 0.2, 5), random_cell(20)]
    forest = Forest([cells[0], cells[1], cells[0], cells[2]])
    assert forest.offset.tolist() == [0, 5, 12, 17, 37]
    assert (forest.n_cell, forest.n_node, len(forest.distinct), forest.which.tolist()) == (4, 37, 3, [0, 1, 0, 2])
    assert forest.shared is None
    assert forest.parent[:17].tolist() == [-1, 0, 1, 2, 3, -1, 5, 6, 7, 8, 7, 10, -1, 12, 13, 14, 15]
    assert forest.parent.dtype == np.int32
    assert (forest.cell_of == np.repeat([0, 1, 2, 3], [5, 7, 5, 20])).all()
    for field in ("area", "coupling", "kind", "path_distance"):
        parts = forest.split(forest.gather(field))
        assert all((part == getattr(cells[k], field)).all() for part, k in zip(parts, forest.which, strict=True))
    assert forest.node(3, 19) == 36
    assert forest.split(np.zeros((2, 37)))[1].shape == (2, 7)


def test_copies_of_one_cell_hold_it_once():
    cell = random_cell(50)
    forest = Forest.of(cell, 100)
    assert forest.shared is cell
    assert repr(forest) == "<Forest: 100 cells of 1 morphologies, 5000 nodes>"
    assert (forest.parent.reshape(100, 50)[:, 1:] - 50 * np.arange(100)[:, None] == cell.parent[1:]).all()
    assert (forest.parent[::50] == -1).all()
    assert (forest.gather("volume").reshape(100, 50) == cell.volume).all()
    assert forest.paths.n_level == cell.paths.n_level
    assert forest.paths.n_path == 100 * cell.paths.n_path
    assert (Forest([cell, cell]).parent == Forest.of(cell, 2).parent).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Forest([]), "forest: cells must be at least one Morphology, and nothing else; they are []"),
        (lambda: Forest(["cell"]), "forest: cells must be at least one Morphology"),
        (lambda: Forest(3), "forest: cells must be at least one Morphology, and nothing else; they are [3]"),
        (lambda: Forest([gen_beam(4.0, 0.5, 5)]).nodes_of("soma"), "no node is of region 'soma'; there are nodes of"),
        (lambda: Forest.of(gen_beam(), 0), "forest: n_cell 0 must be at least 1"),
        (lambda: Forest.of(gen_beam(), 2).gather("areas"), "forest: there is no 'areas' per node; did you mean 'area'"),
        (lambda: Forest.of(gen_beam(), 2).node(2, 0), "forest: there is no cell 2; valid: 0 to 1"),
        (lambda: Forest.of(gen_beam(n=9), 2).node(1, 9), "forest: cell 1 has no node 9; valid: 0 to 8"),
        (lambda: Forest.of(gen_beam(n=9), 2).split([1.0]), "forest: values of shape (1,) for 18 nodes on the last"),
    ],
)
def test_forests_that_cannot_be_are_refused(make, message):
    with pytest.raises(ModelError, match=re.escape(message)):
        make()


def test_sums_along_paths_are_those_of_a_walk():
    parent = random_parents(500, 8, 4)
    steps = np.random.default_rng(1).random(500)
    walked = np.zeros(500)
    for node in range(500):
        walked[node] = steps[node] + (walked[parent[node]] if node else 0.0)
    assert graph.path_sums(parent, steps) == pytest.approx(walked, rel=1e-13)


def test_any_order_of_a_tree_can_be_put_parents_first():
    parent = random_parents(200, 6, 9)
    shuffle = np.random.default_rng(2).permutation(200)
    mixed = graph.renumbered(parent, shuffle)
    order = graph.parents_first(mixed)
    ordered = graph.renumbered(mixed, order)
    assert (ordered < np.arange(200)).all()
    names = shuffle[order]                                  # of the nodes in the first numbering
    assert [names[up] if up >= 0 else -1 for up in ordered] == parent[names].tolist()
    assert (graph.parents_first(parent) == np.arange(200)).all()


def test_numbers_by_region_and_by_cell():
    soma_and_shaft = Morphology([-1, 0, 1], [0, 1, 2], 0, 0, radius=0.5, kind=[1, 4, 4])
    forest = Forest([soma_and_shaft, gen_beam(1.0, 0.2, 2)])
    np.testing.assert_array_equal(forest.by_region({"dendrite": 3.0, "apical": 1.5}, default=0.5),
                                  [0.5, 1.5, 1.5, 3.0, 3.0])
    np.testing.assert_array_equal(forest.by_cell([1.0, 2.0]), [1, 1, 1, 2, 2])
    with pytest.raises(ModelError, match="there is no region 'apcal'; did you mean 'apical'"):
        forest.by_region({"apcal": 1.0})
    with pytest.raises(ModelError, match=r"forest.by_cell: values of shape \(3,\) for 2 cells"):
        forest.by_cell([1.0, 2.0, 3.0])
