"""Values from a table, compiled for the CPU."""
from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share


@inner
def mix_rows(into, before, after, part):
    """into = before + part (after - before)."""
    for i in range(into.shape[0]):
        into[i] = before[i] + part * (after[i] - before[i])


@operation
def last_before(times, n_time, time):
    """The last place of a table whose time has come, 0 if none has."""
    low, high = 0, n_time
    while low < high:
        middle = (low + high) // 2
        if times[middle] <= time:
            low = middle + 1
        else:
            high = middle
    return max(low - 1, 0)


@operation
def play_table(worker, n_worker, step, times, values, into, dt, early, n_point, n_site, n_time, n_column):
    """Values at the start of a step. See `gpusyn.backends.numpy_ops.playing`."""
    first, last = share(worker, n_worker, n_site)
    time = step * dt
    row = last_before(times, n_time, time + early)
    following = min(row + 1, n_time - 1)
    span = times[following] - times[row]
    part = values.dtype.type(min(max((time - times[row]) / span, 0.0), 1.0) if span > 0 else 0.0)
    for point in range(n_point):
        if n_column == 1:
            into[point, first:last] = values[row] + part * (values[following] - values[row])
        else:
            mix_rows(into[point, first:last], values[row * n_site + first : row * n_site + last],
                     values[following * n_site + first : following * n_site + last], part)
