"""Values from a table: what the reference gives, and agreement of the backends."""
import numpy as np
import pytest
from operations import BACKENDS, OTHER_BACKENDS, PRECISIONS, run_operation

TIMES = np.array([1.0, 2.0, 2.0, 4.0])


def played(backend, precision, step, values, n_site=3, **options):
    values = np.asarray(values, precision)
    columns = 1 if values.ndim == 1 else n_site
    into = np.full((2, n_site), 9, precision)
    args = [TIMES, values.reshape(-1), into, 0.25, 2.5e-7, 2, n_site, TIMES.size, columns]
    return run_operation(backend, "play_table", step, args, precision, **options)[2]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("time", "value"), [
    (0, 10), (1, 10), (1.5, 15), (1.75, 17.5), (2, -1), (3, 1), (4, 3), (99, 3)])
def test_one_column_is_linear_between_times_held_outside_and_jumps_where_two_are_equal(backend, time, value):
    assert (played(backend, "float64", int(4 * time), [10, 20, -1, 3]) == value).all()


@pytest.mark.parametrize("backend", OTHER_BACKENDS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_columns_agree_for_any_number_of_workers(backend, precision):
    values = np.random.default_rng(0).normal(0, 50, (4, 37))
    for step in (0, 5, 8, 11, 20):
        expected = played("numpy", precision, step, values, 37)
        for options in ({"n_worker": 1}, {"n_worker": 3}) if backend == "numba" else ({},):
            result = played(backend, precision, step, values, 37, **options)
            np.testing.assert_allclose(result, expected, rtol=1e-6 if precision == "float32" else 1e-14, atol=1e-5)
    assert np.array_equal(played(backend, precision, 4, values, 37), np.tile(values[0].astype(precision), (2, 1)))
