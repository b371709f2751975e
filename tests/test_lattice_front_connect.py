"""`connect` makes the same connections from every form of a condition, and says when it cannot."""
import math
import time

import numpy as np
import pytest
from scipy.sparse import csr_array

import gpusyn as gs
from gpusyn.lattices import callables
from gpusyn.lattices.connecting import wiring_of
from gpusyn.lattices.displacements import Displacements
from gpusyn.wiring import AllToAll, SparseConnections

ROWS, COLS = 5, 8
SITES = [(row, col) for row in range(ROWS) for col in range(COLS)]


def with_and(x, y):
    """Distance 2 at most, not itself: as people write it, so that it fails on arrays."""
    return np.sqrt((x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2) <= 2 and x != y


CONDITIONS = {
    "all": (lambda x, y: True, AllToAll),
    "others": (lambda x, y: x != y, AllToAll),
    "arrays": (lambda x, y: (x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2 <= 4, Displacements),
    "with_and": (with_and, Displacements),
    "unpacked": (lambda x, y: abs(x[0] - y[0]) + abs(x[1] - y[1]) == 1, Displacements),
    "norm": (lambda x, y: np.linalg.norm(np.array(x) - np.array(y)) <= 2, Displacements),
    "math": (lambda x, y: math.dist(x, y) <= 2, SparseConnections),
    "halves": (lambda x, y: (x[0] < 2) & (y[0] >= 2), SparseConnections),
    "hub": (lambda x, y: x == (2, 3), SparseConnections),
    "set": (lambda x, y: x in {(0, 1), (4, 7)} and y[0] == 0, SparseConnections),
}
WEIGHTS = {
    "number": 0.5,
    "by_distance": lambda x, y: np.hypot(x[0] - y[0], x[1] - y[1]) + 1,
    "by_place": lambda x, y: x[0] + 0.1 * y[1] + 1,
    "with_if": lambda x, y: 2.0 if x[0] == y[0] else 1.0,
}


def brute_force(condition, weight) -> csr_array:
    """Every pair, one by one."""
    rows, cols, values = [], [], []
    for i, x in enumerate(SITES):
        for j, y in enumerate(SITES):
            if condition(x, y):
                rows, cols = [*rows, i], [*cols, j]
                values.append(weight(x, y) if callable(weight) else weight)
    return csr_array((values, (rows, cols)), shape=(len(SITES), len(SITES)))


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_form_of_a_condition_makes_the_connections_of_brute_force(condition, weight):
    lattice = gs.IzhikevichLattice()
    lattice.populate(gs.IzhikevichNeuron(), ROWS, COLS)
    lattice.connect(CONDITIONS[condition][0], WEIGHTS[weight])
    expected = brute_force(CONDITIONS[condition][0], WEIGHTS[weight])
    assert lattice.get_synapse_count() == expected.nnz
    np.testing.assert_allclose(lattice.weights, expected.toarray(), rtol=1e-12)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_what_depends_on_displacement_only_is_not_stored_connection_by_connection(condition):
    function, kind = CONDITIONS[condition]
    sites = gs.Lattice((ROWS, COLS))
    assert type(wiring_of(function, None, sites, sites, "connect")) is kind


def test_a_large_lattice_is_connected_from_plain_conditions_in_a_moment():
    sites = gs.Lattice((150, 150))
    started = time.perf_counter()
    for condition in ("with_and", "unpacked", "math"):
        wiring = wiring_of(CONDITIONS[condition][0], None, sites, sites, "connect")
        assert isinstance(wiring, Displacements)
        assert wiring.n_offset == {"with_and": 12, "unpacked": 4, "math": 13}[condition]
    assert time.perf_counter() - started < 10.0


def test_conditions_that_draw_random_numbers_are_asked_for_every_pair():
    rng = np.random.default_rng(1)
    sites = gs.Lattice((ROWS, COLS))
    wiring = wiring_of(lambda x, y: rng.random() < 0.3, lambda x, y: rng.normal(1.0, 0.1), sites, sites, "connect")
    n = wiring.n_connections()
    assert abs(n - 0.3 * 1600) < 5 * math.sqrt(0.3 * 0.7 * 1600)
    assert len(np.unique(wiring.weights)) == n


def test_too_many_pairs_for_a_condition_that_cannot_take_arrays_name_the_alternatives(monkeypatch):
    for module in ("callables", "connecting"):
        monkeypatch.setattr(f"gpusyn.lattices.{module}.MOST_CALLS", 1000)
    sites = gs.Lattice((ROWS, COLS))
    with pytest.raises(gs.ModelError, match=r"condition: 1600 pairs.*at most 1000.*Neighbourhood.*AllToAll.*Sparse"):
        wiring_of(lambda x, y: x[0] == 1 and y[1] == 2, None, sites, sites, "connect")
    with pytest.raises(gs.ModelError, match=r"connect.weight: cannot be called with arrays"):
        wiring_of(lambda x, y: (x[0] < 4) & (y[0] >= 0), lambda x, y: 1.0 if x[0] else 2.0, sites, sites, "connect")
    assert callables.MOST_CALLS == 1000


def test_conditions_that_connect_nothing_or_return_no_number_are_refused():
    sites = gs.Lattice((ROWS, COLS))
    for nowhere in (lambda x, y: False, lambda x, y: x[0] > 99, lambda x, y: x[0] - y[0] > 9):
        with pytest.raises(gs.ModelError, match=r"connect.condition: holds for no pair of sites"):
            wiring_of(nowhere, None, sites, sites, "connect")
    with pytest.raises(gs.ModelError, match=r"returned 'yes' for \(0, 0\) and \(0, 0\)"):
        wiring_of(lambda x, y: "yes", None, sites, sites, "connect")


def test_positions_know_who_sends_to_whom():
    lattice = gs.IzhikevichLattice()
    lattice.populate(gs.IzhikevichNeuron(), ROWS, COLS)
    lattice.connect(lambda x, y: (y[1] == x[1] + 1) & (x[0] == y[0]), 0.5)
    assert lattice.get_outgoing_connections(2, 3) == [(2, 4)]
    assert lattice.get_incoming_connections(2, 3) == [(2, 2)]
    assert lattice.get_incoming_connections(2, 0) == []
    assert lattice.get_weight((2, 3), (2, 4)) == 0.5
    assert lattice.get_weight((2, 4), (2, 3)) == 0.0
    assert lattice.get_weights().format == "csr"


def test_a_dense_matrix_of_a_large_lattice_is_refused():
    lattice = gs.IzhikevichLattice()
    lattice.populate(gs.IzhikevichNeuron(), 100, 100)
    lattice.connect(lambda x, y: x != y)
    with pytest.raises(gs.ModelError, match="10000 x 10000 entries are too many"):
        _ = lattice.weights
    with pytest.raises(gs.ModelError, match="too many to write out"):
        lattice.get_weights()
    with pytest.raises(gs.ModelError, match="electrical synapses between all of 10000 and 10000 cells are too many"):
        lattice.run_lattice(1)


def test_a_wiring_can_be_given_in_the_place_of_a_condition():
    lattice = gs.IzhikevichLattice()
    lattice.populate(gs.IzhikevichNeuron(), ROWS, COLS)
    lattice.connect(wiring=gs.Neighbourhood((ROWS, COLS), radius=1.0))
    assert lattice.get_synapse_count() == 4 * ROWS * COLS - 2 * (ROWS + COLS)
    with pytest.raises(gs.ModelError, match="give a condition on two positions, or wiring=, and not both"):
        lattice.connect(lambda x, y: True, wiring=gs.AllToAll(40))
    with pytest.raises(gs.ModelError, match="give a condition on two positions"):
        lattice.connect()
