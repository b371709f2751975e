"""Diffusion on every backend: agreement with NumPy, independence of workers and passes, and the ledger."""
import itertools

import numpy as np
import pytest
from diffusion_runs import FieldRun, allocator, pulse
from operations import OTHER_BACKENDS, PRECISIONS, run_operation

from gpusyn.errors import ModelError
from gpusyn.numerics.diffusion import EDGES, SCHEMES, Transport, choose_scheme
from gpusyn.numerics.diffusion_calls import planes, scratch_shape, substeps_per_pass, transport_calls
from gpusyn.numerics.propagators import band_radius, propagator

TOLERANCE = {"float32": 2e-6, "float64": 2e-14}
SHAPES = [(7, 13), (1, 70), (70, 1), (1, 1), (2, 2), (5, 4, 6), (1, 6, 7), (9, 1, 5), (3, 2, 1), (66,)]
EDGE_SETS = list(itertools.product(EDGES, repeat=3))


def field(shape, n_batch=3, seed=1):
    return np.random.default_rng(seed).random((n_batch, *shape))


def several(shape, backend, precision, scheme, edges, share=0.9, **named):
    """Three batch entries of different coefficients, the second without loss."""
    return FieldRun(
        field(shape), backend, precision, scheme, shape=shape, edges=edges[-len(shape):], dt=1.0,
        diffusion_coefficient=[share, share / 2, share / 7], decay_rate=[0.1, 0.0, 0.03], **named,
    )


def agree(run, reference, tolerance):
    np.testing.assert_allclose(run.cells, reference.cells, rtol=tolerance, atol=tolerance)
    size = reference.cells[0].size
    np.testing.assert_allclose(run.decayed.sum(1), reference.decayed.sum(1), rtol=0, atol=8 * tolerance * size)
    np.testing.assert_allclose(run.escaped.sum(1), reference.escaped.sum(1), rtol=0, atol=8 * tolerance * size)


@pytest.mark.parametrize("backend", ["numba", "cuda-on-host"])
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_backend_agrees_with_numpy(backend, precision, scheme, shape):
    for edges in EDGE_SETS[:: 4 if len(shape) == 3 else 3]:
        reference = several(shape, "numpy", "float64", scheme, edges).run(2)
        run = several(shape, backend, precision, scheme, edges, n_worker=2).run(2)
        agree(run, reference, TOLERANCE[precision])


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", [(19, 300), (11, 12, 13)])
def test_single_operations_agree_with_numpy(backend, precision, scheme, shape):
    """One call of each operation, written outside the arrays included, as the other operations are tested."""
    edges = ("absorbing", "reflecting", "periodic")[: len(shape)]
    transport = Transport(shape, edges, [0.12, 0.1], [0.1, 0.0], 1.0)
    start = field(shape, 2).reshape(2, -1).astype(precision)
    ledger = np.zeros((2, 2, start.shape[1] // shape[-1]))
    chosen = choose_scheme(transport, scheme)
    in_place = allocator("numba" if backend == "numba" else "numpy")
    for name, args, _ in transport_calls(transport, chosen, start, *ledger, in_place, n_worker=2):
        if name == "diffuse_save_halo":
            continue
        if backend != "numba":
            args = [start, np.zeros_like(start), *args[2:]]
        expected = run_operation("numpy", name, 3, [a.astype(float) if a is start else a for a in args], precision)
        if backend == "numba":                      # workers one after another would need the halo: one worker
            result = run_operation(backend, name, 3, args, precision, n_worker=1)
        else:
            result = run_operation(backend, name, 3, args, precision)
        now = result[0] if backend == "numba" else result[1]
        np.testing.assert_allclose(now, expected[0], rtol=TOLERANCE[precision], atol=TOLERANCE[precision])


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", [(37, 500), (9, 8, 70), (40, 41), (5, 4, 6)])
def test_numba_gives_the_same_bits_for_any_number_of_workers(precision, scheme, shape):
    for edges in (("absorbing",) * 3, ("periodic",) * 3, ("reflecting", "periodic", "absorbing")):
        runs = [several(shape, "numba", precision, scheme, edges, n_worker=n).run(3) for n in (1, 2, 3, 7)]
        for run in runs[1:]:
            assert (run.cells == runs[0].cells).all()
            assert (run.decayed == runs[0].decayed).all()
            assert (run.escaped == runs[0].escaped).all()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_workers_at_the_same_time_give_the_same_bits(scheme):
    for edges in (("periodic",) * 3, ("absorbing", "reflecting", "reflecting")):
        alone, together = (
            several((256, 300), "numba", "float32", scheme, edges, n_worker=n, threads=n > 1).run(20) for n in (1, 2)
        )
        assert (alone.cells == together.cells).all()
        assert (alone.decayed == together.decayed).all()


@pytest.mark.parametrize("shape", [(20, 1, 40), (9, 4, 30), (2, 1, 5), (1, 3, 4)])
@pytest.mark.parametrize("edge_plane", [0, 1, 2])
def test_substeps_per_pass_do_not_change_the_field(shape, edge_plane):
    """T = 1, 2, 3 and 8 levels in one pass, one to three workers, one or several lattices: the same bits."""
    n_plane, n_line, nx = shape
    start = field(shape).reshape(3, -1).astype(np.float32)
    rates = [np.array(v, np.float32) for v in ([0.1, 0.05, 0.15], [0.02, 0, 0.01])]
    results = []
    for most, n_worker, counted in itertools.product((1, 2, 3, 8), (1, 2, 3), (0, 1)):
        cells, left = start.copy(), 16
        ledger = np.zeros((2, 3, n_plane * n_line))
        scratch = np.full(scratch_shape(n_worker, n_line * nx, most), np.nan, np.float32)
        run = FieldRun(start[0].reshape(shape), "numba", "float32", shape=shape, n_worker=n_worker)
        while left:
            m = min(most, left)
            left -= m
            edges = (edge_plane, 1, 2)
            run.calls = [
                ("diffuse_save_halo", [cells, scratch, 3, *shape, edge_plane, m], False),
                ("diffuse_explicit", [cells, scratch, *rates, *ledger, 3, *shape, *edges, m, counted], False),
            ]
            run.run(1)
        results.append(cells)
        if counted:
            np.testing.assert_allclose(ledger.sum((0, 2)) + cells.sum(1, dtype=float), start.sum(1, dtype=float),
                                       rtol=1e-6)
    assert all((cells == results[0]).all() for cells in results)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_cuda_kernels_do_not_depend_on_the_order_of_threads(scheme):
    runs = [several((9, 5, 40), "cuda-on-host", "float32", scheme, EDGE_SETS[5], descending=d).run(2) for d in (0, 1)]
    assert (runs[0].cells == runs[1].cells).all()
    assert (runs[0].decayed == runs[1].decayed).all()


# The ledger.

@pytest.mark.parametrize("backend", ["numpy", "numba", "cuda-on-host"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("edges", EDGE_SETS[::2])
def test_the_ledger_closes_to_round_off(backend, scheme, edges):
    run = several((6, 5, 9), backend, "float64", scheme, edges, n_worker=2)
    before = run.total
    np.testing.assert_allclose(run.run(5).accounted(), before, rtol=1e-13)
    assert abs(run.decayed[1].sum()) < 1e-12            # no loss: rounding only
    if "absorbing" in edges:
        assert (run.escaped.sum(1) > 0.1).all()
    else:
        assert abs(run.escaped).max() == 0
    assert (run.decayed.sum(1)[[0, 2]] > 0).all()


def test_escape_and_decay_are_what_the_equations_say():
    """One cell alone: shares 2 axes * 2 edges * a escape and k dt decays, of the cell before the step."""
    for backend in ("numpy", "numba", "cuda-on-host"):
        run = FieldRun(np.ones((1, 1)), backend, scheme="explicit", edges="absorbing", diffusion_coefficient=0.5,
                       decay_rate=0.3, dt=0.1).run(1)
        assert run.escaped.sum() == pytest.approx(4 * 0.05, abs=1e-15)
        assert run.decayed.sum() == pytest.approx(0.03, abs=1e-15)
        run = FieldRun(np.ones((1, 1)), backend, scheme="exact", edges="absorbing", diffusion_coefficient=0.5,
                       decay_rate=0.3, dt=0.1).run(1)
        assert run.cells == pytest.approx(np.exp(-0.23), abs=1e-15)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_without_a_ledger_the_field_is_the_same_and_nothing_is_booked(scheme):
    for backend in ("numpy", "numba", "cuda-on-host"):
        counting, silent = (
            several((5, 4, 6), backend, "float32", scheme, EDGE_SETS[1], counted=c).run(3) for c in (True, False)
        )
        assert (counting.cells == silent.cells).all()
        assert not silent.decayed.any()
        assert not silent.escaped.any()


@pytest.mark.slow
@pytest.mark.parametrize("edges", ["reflecting", "absorbing"])
@pytest.mark.parametrize(("scheme", "k"), [("explicit", 0.01), ("explicit", 1e-4), ("explicit", 0.0), ("exact", 0.01)])
def test_a_constant_source_is_accounted_for_over_1e5_float32_steps(edges, scheme, k):
    """Near the steady state a cell rounds the same way in every step, 3e-8 of it, against 1e-3 of it that decays:
    an amount decayed that is computed, not counted, drifts away by 1e-5 to 1e-4. What enters is counted too, as what
    the field really gained: in float32 that is not the nominal amount."""
    run = FieldRun(np.zeros((12, 11)), "numba", "float32", scheme, edges=edges, diffusion_coefficient=0.05,
                   decay_rate=k)
    released, cells = 0.0, run.field[0]
    for _ in range(100_000):
        before = float(cells[60])
        cells[60] += np.float32(0.083)
        released += float(cells[60]) - before
        run.run(1)
    assert run.accounted() == pytest.approx(released, rel=1e-6)


# Choice and sizes.

def test_the_choice_says_what_and_why():
    fine = choose_scheme(Transport((64, 64), "reflecting", 0.1, 0.01, 0.1))
    assert (fine.name, fine.n_substep) == ("explicit", 1)
    assert fine.reason == "explicit: 1 substep, 0.041 of a cell leaves it per step"
    coarse = choose_scheme(Transport((64, 64), "absorbing", 1.0, 0.0, 50.0))
    assert coarse.name == "exact"
    assert coarse.reason == (
        "exact: bands of 64 x 64 cells cost as much as 36 explicit substeps, and 201 would be needed"
    )
    asked = choose_scheme(Transport((64, 64), "absorbing", 1.0, 0.0, 50.0), "explicit")
    assert (asked.name, asked.n_substep, asked.cost) == ("explicit", 201, 201.0)
    assert "asked for" in asked.reason


@pytest.mark.parametrize("n_axis", [1, 2, 3])
def test_substeps_keep_cells_from_giving_more_than_they_have(n_axis):
    for share, loss in ((0.25, 0.0), (0.5, 0.3), (3.0, 1.7), (0.0, 7.5)):
        transport = Transport((5,) * n_axis, "absorbing", [share, share / 3], [loss, 0.0], 1.0)
        m = choose_scheme(transport, "explicit").n_substep
        assert (2 * n_axis * share + loss) / m <= 1 < (2 * n_axis * share + loss) / max(m - 1, 1e-9) * (1 + 1e-5)


def test_nothing_to_do_is_no_call():
    assert FieldRun(pulse(4, 4)).calls == []
    assert [call[0] for call in FieldRun(pulse(1, 1), decay_rate=1.0, scheme="exact").calls] == ["propagate_axis"]


def test_small_lattices_are_one_plane_for_threads_and_passes_are_alike():
    transport = Transport((40, 50), ("absorbing", "periodic"), 0.1, 0.0, 0.1)
    assert planes(transport) == ((40, 1, 50), (0, 1, 2))
    assert planes(transport, one_plane=True) == ((1, 40, 50), (1, 0, 2))
    assert planes(Transport((9,), "absorbing", 0.1, 0.0, 0.1)) == ((1, 1, 9), (1, 1, 0))
    assert substeps_per_pass(9, 4096) == 5
    assert substeps_per_pass(1, 4096) == 1
    assert substeps_per_pass(12, 2**18) == 2
    assert substeps_per_pass(12, 2**24) == 1


def test_bands_are_as_wide_as_the_precision_asks_and_never_wider_than_the_axis():
    assert band_radius(1000, 0.0, "reflecting", "float64") == 0
    assert band_radius(1000, 1.0, "reflecting", "float32") < band_radius(1000, 1.0, "reflecting", "float64") == 18
    assert propagator(50, 1e4, "absorbing").width == 50
    for edge in EDGES:
        for n in (1, 2, 33, 50):
            step = propagator(n, 1.0, edge)
            matrix = step.matrix(n)
            assert (matrix >= 0).all()
            assert (matrix == matrix.T).all()
            assert matrix.sum(axis=0) == pytest.approx(1 if edge != "absorbing" else matrix.sum(axis=1), abs=1e-15)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"edges": "reflective"}, "diffusion: edge 'reflective' is unknown; did you mean 'reflecting'?"),
        ({"edges": ("periodic",)}, "diffusion: 1 edges for 2 axes; give one, or one per axis"),
        ({"diffusion_coefficient": -0.1}, "diffusion_coefficient = -0.1 um^2/ms must be finite and not negative"),
        ({"decay_rate": float("nan")}, "diffusion: decay_rate = nan 1/ms must be finite and not negative"),
        ({"dt": 0.0}, "diffusion: dt = 0.0 ms must be positive"),
        ({"spacing": -1.0}, "diffusion: spacing = -1.0 um must be positive"),
        ({"shape": (3, 0)}, "diffusion: shape (3, 0) must be one to three sizes of at least 1"),
        ({"diffusion_coefficient": [1, 2], "decay_rate": [1, 2, 3]}, "2 diffusion coefficients and 3 decay rates"),
    ],
)
def test_impossible_transport_is_refused(named, message):
    given = {"shape": (4, 5), "edges": "reflecting", "diffusion_coefficient": 0.1, "decay_rate": 0.0, "dt": 0.1}
    with pytest.raises(ModelError) as error:
        Transport(**{**given, **named})
    assert message in str(error.value)


def test_impossible_schemes_are_refused():
    with pytest.raises(ModelError, match="scheme 'exat' is unknown; did you mean 'exact'"):
        choose_scheme(Transport((4, 5), "reflecting", 0.1, 0.0, 0.1), "exat")
    with pytest.raises(ModelError, match="more than 67108864; use 'explicit'"):
        choose_scheme(Transport((20000, 2), "reflecting", 1e9, 0.0, 0.1), "exact")
    transport = Transport((2, 4), "reflecting", 0.1, 0.0, 0.1)
    with pytest.raises(ValueError, match="a field of 6 sites does not fit a lattice of shape"):
        transport_calls(transport, choose_scheme(transport), np.zeros((1, 6)), None, None, allocator("numpy"))
    with pytest.raises(ValueError, match="coefficients are given for 3 entries; the field has 1"):
        FieldRun(np.zeros((2, 3)), diffusion_coefficient=[1, 2, 3])
