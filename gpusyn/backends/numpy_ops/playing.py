"""Values from a table, plainly."""
import numpy as np


def play_table(step, times, values, into, dt, early, n_point, n_site, n_time, n_column):
    """Values at the start of a step: linear between the times of a table, held before the first and after the last.

    Args:
        times: (n_time,) float64, ms, ascending; of two that are equal, the later holds from then on.
        values: real, (n_time * n_column,).
        into: (n_point, n_site) real, overwritten.
        dt: time step, ms; this is step number `step`.
        early: how much before its time an entry holds already, ms, so that no rounding moves a jump by a step.
        n_column: n_site, or 1 for one value for all sites.
    """
    into[:] = row_at(times, values.reshape(n_time, n_column), step * dt, early)


def row_at(times, rows, time: float, early: float) -> np.ndarray:
    """The row of a table at a time, (n_column,)."""
    last = max(int(np.searchsorted(times, time + early, side="right")) - 1, 0)
    following = min(last + 1, len(times) - 1)
    span = times[following] - times[last]
    share = min(max((time - times[last]) / span, 0.0), 1.0) if span > 0 else 0.0
    return rows[last] + rows.dtype.type(share) * (rows[following] - rows[last])
