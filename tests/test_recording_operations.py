"""Recording operations agree between NumPy, Numba, the CUDA kernels on the CPU and, where there is one, a GPU."""

import numpy as np
import pytest
from operations import OTHER_BACKENDS, PRECISIONS, run_operation

from gpusyn.backends.numpy_ops.reductions import REPORT_ROWS, first_report

# (n_point, n_site): one site, less than a byte, not a multiple of 8, whole parts of 1024, many parts, a sweep.
SHAPES = [(1, 1), (1, 7), (3, 77), (2, 1024), (1, 2500), (5, 1030)]
EVERY, N_RING, STEP = 3, 4, 15
SLOT = STEP // EVERY % N_RING

shapes = pytest.mark.parametrize(("n_point", "n_site"), SHAPES)
backends = pytest.mark.parametrize("backend", OTHER_BACKENDS)
precisions = pytest.mark.parametrize("precision", PRECISIONS)


def quantity(n_point, n_site, precision, seed=0):
    """Values of both signs, (n_point, n_site)."""
    return np.random.default_rng(seed).normal(10.0, 30.0, (n_point, n_site)).astype(precision)


def cases(n_point, n_site, precision):
    """Arguments of every recording operation for one shape, by operation."""
    rng = np.random.default_rng(7)
    source = quantity(n_point, n_site, precision)
    sites = rng.permutation(n_site)[: n_site // 2 + 1].astype(np.int64)
    spikes = (rng.random((n_point, n_site)) < 0.3).astype(np.uint8)
    n_byte, n_part, n_bin = -(-n_site // 8), -(-n_site // 1024), 17
    partials = rng.normal(size=(n_point, n_part, 3))
    real_ring = quantity(N_RING, n_point * n_site, precision, seed=1).reshape(N_RING, n_point, n_site)
    row_ring = np.ascontiguousarray(real_ring[:, :, : len(sites)])
    counts = rng.integers(0, 9, (N_RING, n_point, n_bin)).astype(np.uint32)
    sizes = (n_point, n_site)
    return {
        "record_rows": [source, sites, row_ring, EVERY, N_RING, *sizes, len(sites)],
        "record_all": [source, real_ring, EVERY, N_RING, *sizes],
        "record_spike_bits": [spikes, np.full((N_RING, n_point, n_byte), 85, np.uint8), N_RING, *sizes, n_byte],
        "reduce_parts": [source, partials, EVERY, *sizes, n_part],
        "record_reductions": [partials, np.ones((N_RING, n_point, 3)), EVERY, N_RING, *sizes, n_part],
        "clear_histogram": [counts, EVERY, N_RING, n_point, n_bin],
        "record_histogram": [source, counts, EVERY, N_RING, *sizes, -20.0, 60.0, n_bin],
        "check_finite": [source, np.full((REPORT_ROWS, 3), -1, np.int64), 4, *sizes, 1],
    }


OPERATIONS = list(cases(1, 1, "float64"))
operations = pytest.mark.parametrize("operation", OPERATIONS)


def assert_same(result, expected):
    for position, (a, b) in enumerate(zip(result, expected, strict=True)):
        np.testing.assert_array_equal(a, b, err_msg=f"argument {position}")


@shapes
@precisions
@backends
@operations
def test_every_backend_records_the_bits_that_numpy_records(operation, backend, precision, n_point, n_site):
    args = cases(n_point, n_site, precision)[operation]
    expected = run_operation("numpy", operation, STEP, args, precision)
    assert_same(run_operation(backend, operation, STEP, args, precision), expected)


@shapes
@operations
def test_the_number_of_workers_does_not_change_a_bit(operation, n_point, n_site):
    args = cases(n_point, n_site, "float32")[operation]
    one, *others = (run_operation("numba", operation, STEP, args, "float32", n_worker=n) for n in (1, 2, 3, 70))
    for other in others:
        assert_same(other, one)


@pytest.mark.parametrize("backend", [OTHER_BACKENDS[1]])
@operations
def test_the_order_of_threads_does_not_change_a_bit(operation, backend):
    args = cases(3, 2500, "float32")[operation]
    forward = run_operation(backend, operation, STEP, args, "float32")
    assert_same(run_operation(backend, operation, STEP, args, "float32", descending=True), forward)


@backends
@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - {"record_spike_bits", "check_finite"}))
def test_nothing_is_written_between_rows(operation, backend):
    args = cases(3, 77, "float32")[operation]
    for step in (STEP + 1, STEP + 2):
        assert_same(run_operation("numpy", operation, step, args, "float32"), args)
        assert_same(run_operation(backend, operation, step, args, "float32"), args)


def test_rows_hold_the_chosen_sites_in_their_order():
    args = cases(3, 77, "float64")["record_rows"]
    source, sites, before = args[:3]
    ring = run_operation("numpy", "record_rows", STEP, args, "float64")[2]
    np.testing.assert_array_equal(ring[SLOT], source[:, sites])
    others = [slot for slot in range(N_RING) if slot != SLOT]
    np.testing.assert_array_equal(ring[others], before[others])


def test_spike_bits_unpack_to_the_flags():
    args = cases(3, 77, "float64")["record_spike_bits"]
    ring = run_operation("numpy", "record_spike_bits", 6, args, "float64")[1]
    np.testing.assert_array_equal(np.unpackbits(ring[6 % N_RING], axis=1, count=77, bitorder="little"), args[0])


@precisions
def test_mean_minimum_and_maximum_are_those_of_the_sites(precision):
    n_point, n_site, n_part = 3, 2500, 3
    source = quantity(n_point, n_site, precision)
    partials = np.zeros((n_point, n_part, 3))
    partials = run_operation("numpy", "reduce_parts", 0, [source, partials, 1, n_point, n_site, n_part], precision)[1]
    ring = np.zeros((1, n_point, 3))
    args = [partials, ring, 1, 1, n_point, n_site, n_part]
    mean, smallest, largest = run_operation("numpy", "record_reductions", 0, args, precision)[1][0].T
    np.testing.assert_allclose(mean, source.mean(axis=1, dtype=np.float64), rtol=1e-13)
    np.testing.assert_array_equal(smallest, source.min(axis=1))
    np.testing.assert_array_equal(largest, source.max(axis=1))


@backends
def test_nan_reaches_the_mean_but_not_the_extremes(backend):
    source = quantity(1, 1500, "float32")
    source[0, 1400] = np.nan
    partials = run_operation(backend, "reduce_parts", 0, [source, np.zeros((1, 2, 3)), 1, 1, 1500, 2], "float32")[1]
    assert np.isnan(partials[0, 1, 0])
    assert not np.isnan(partials[0, 0, 0])
    assert partials[0, :, 1].min() == np.nanmin(source)
    assert partials[0, :, 2].max() == np.nanmax(source)


@backends
@pytest.mark.parametrize("n_bin", [1, 10, 1500])
def test_a_histogram_counts_every_site_once_and_nan_never(backend, n_bin):
    source = quantity(2, 3000, "float32")
    source[1, :5] = np.nan, np.inf, -np.inf, 60.0, -20.0
    ring = np.zeros((1, 2, n_bin), np.uint32)
    args = [source, ring, 1, 1, 2, 3000, -20.0, 60.0, n_bin]
    counts = run_operation(backend, "record_histogram", 0, args, "float32")[1][0]
    assert counts.sum(axis=1).tolist() == [3000, 2999]
    inside, _ = np.histogram(np.clip(source[0], -20.0, np.nextafter(60.0, 0)), n_bin, (-20.0, 60.0))
    assert abs(counts[0].astype(int) - inside).sum() <= 2  # numpy places values at an edge by another rounding
    assert_same([counts], [run_operation("numpy", "record_histogram", 0, args, "float32")[1][0]])


IMPOSSIBLE = {"nan": np.nan, "inf": np.inf, "-inf": -np.inf, "-nan": -np.nan, "negative": -1e-30}


@precisions
@backends
@pytest.mark.parametrize("kind", IMPOSSIBLE)
@pytest.mark.parametrize("item", [0, 2049, 2999, 5998])
def test_the_first_impossible_value_is_found(item, kind, backend, precision):
    source = np.abs(quantity(2, 3000, precision))
    source.ravel()[item] = IMPOSSIBLE[kind]
    source[1, -1] = np.nan
    source[0, 5] = -0.0
    report = np.full((REPORT_ROWS, 3), -1, np.int64)
    report = run_operation(backend, "check_finite", 12, [source, report, 3, 2, 3000, 1], precision)[1]
    assert first_report(report) == (12, 3, item)


@backends
def test_negative_values_are_allowed_unless_forbidden(backend):
    source = quantity(2, 300, "float32")
    source[0, 0] = -1.0
    report = np.full((REPORT_ROWS, 3), -1, np.int64)
    assert first_report(run_operation(backend, "check_finite", 1, [source, report, 0, 2, 300, 0], "float32")[1]) is None
    found = run_operation(backend, "check_finite", 1, [source, report, 0, 2, 300, 1], "float32")[1]
    assert first_report(found) == (1, 0, 0)


@backends
def test_a_report_of_an_earlier_step_or_quantity_stays(backend):
    source = quantity(1, 100, "float32")
    source[0, 50] = np.nan
    report = np.full((REPORT_ROWS, 3), -1, np.int64)
    report = run_operation(backend, "check_finite", 8, [source, report, 2, 1, 100, 0], "float32")[1]
    source[0, 50:] = np.inf
    for step, quantity_id in ((8, 1), (9, 2)):
        after = run_operation(backend, "check_finite", step, [source, report, quantity_id, 1, 100, 0], "float32")[1]
        assert after[25].tolist() == [8, 2, 50]
