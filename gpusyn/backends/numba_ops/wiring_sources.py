"""Spikes that no neuron fires: random, regular and listed ones."""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.philox import philox
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.wiring_bits import threshold
from gpusyn.backends.numba_ops.wiring_sparse import bisect


@inner
def draw_spikes(spikes, first_quad, limit, stream, step_low, step_high, key_low, key_high):
    """Four sites per draw, all with one chance; `spikes` starts at site 4 * first_quad."""
    for i in range(spikes.shape[0] // 4):
        a, b, c, d = philox(np.uint32(first_quad + i), stream, step_low, step_high, key_low, key_high)
        spikes[4 * i] = np.int64(a) < limit
        spikes[4 * i + 1] = np.int64(b) < limit
        spikes[4 * i + 2] = np.int64(c) < limit
        spikes[4 * i + 3] = np.int64(d) < limit


@inner
def draw_each(spikes, probability, first_quad, stream, step_low, step_high, key_low, key_high):
    """As `draw_spikes`, each site with its own chance."""
    for i in range(spikes.shape[0] // 4):
        a, b, c, d = philox(np.uint32(first_quad + i), stream, step_low, step_high, key_low, key_high)
        spikes[4 * i] = np.int64(a) < threshold(probability[4 * i])
        spikes[4 * i + 1] = np.int64(b) < threshold(probability[4 * i + 1])
        spikes[4 * i + 2] = np.int64(c) < threshold(probability[4 * i + 2])
        spikes[4 * i + 3] = np.int64(d) < threshold(probability[4 * i + 3])


@operation
def poisson_spikes(
    worker, n_worker, step, spikes, probability, seeds, n_point, n_site, probability_point, probability_site, stream
):
    """Independent spikes. See `gpusyn.backends.numpy_ops.wiring_sources`."""
    n_quad = (n_site + 3) // 4
    first, last = share(worker, n_worker, n_quad)
    low, high, stream = np.uint32(step), np.uint32(step >> 32), np.uint32(stream)
    rest, chances = np.empty(4, np.uint8), np.zeros(4, probability.dtype)
    for point in range(n_point):
        start = point * probability_point
        key_low, key_high = seeds[point, 0], seeds[point, 1]
        if probability_site == 0:
            limit = threshold(probability[start])
            full = min(last, n_site // 4)
            draw_spikes(spikes[point, 4 * first : 4 * full], first, limit, stream, low, high, key_low, key_high)
            if last > full:
                draw_spikes(rest, full, limit, stream, low, high, key_low, key_high)
                for k in range(n_site - 4 * full):  # assigning a slice would compile NumPy's error messages, 2 s
                    spikes[point, 4 * full + k] = rest[k]
            continue
        full = min(last, n_site // 4)
        draw_each(
            spikes[point, 4 * first : 4 * full], probability[start + 4 * first :], first, stream, low, high, key_low,
            key_high,
        )
        if last > full:
            chances[: n_site - 4 * full] = probability[start + 4 * full : start + n_site]
            draw_each(rest, chances, full, stream, low, high, key_low, key_high)
            spikes[point, 4 * full :] = rest[: n_site - 4 * full]


@operation
def regular_spikes(
    worker, n_worker, step, spikes, period, phase, n_point, n_site, period_point, period_site, phase_point, phase_site
):
    """Spikes by the clock. See `gpusyn.backends.numpy_ops.wiring_sources`."""
    first, last = share(worker, n_worker, n_site)
    for point in range(n_point):
        for site in range(first, last):
            every = period[point * period_point + site * period_site]
            since = step - phase[point * phase_point + site * phase_site] + 1
            # since % every == 0, by a division of floats, which is faster: exact for whole numbers below 2**53
            whole = np.rint(np.float64(since) / np.float64(every)) * np.float64(every) == np.float64(since)
            spikes[point, site] = (every > 0) & (since > 0) & whole


@operation
def cyclic_spikes(worker, n_worker, step, spikes, cycle, starts, marks, n_point, n_site, site_stride):
    """Spikes of a cycle. See `gpusyn.backends.numpy_ops.wiring_sources`."""
    first, last = share(worker, n_worker, n_site)
    for site in range(first, last):
        row = site * site_stride
        now, end = step % cycle[row] + 1, starts[row + 1]
        mark = bisect(marks, starts[row], end, now)
        fires = mark < end and marks[mark] == now
        for point in range(n_point):
            spikes[point, site] = fires


@operation
def scheduled_spikes(worker, n_worker, step, spikes, event_step, event_site, n_point, n_site, n_event):
    """Spikes from a list. See `gpusyn.backends.numpy_ops.wiring_sources`."""
    first, last = share(worker, n_worker, n_site)
    spikes[:, first:last] = 0
    now = bisect(event_step, 0, n_event, step)
    then = bisect(event_step, now, n_event, step + 1)
    for event in range(bisect(event_site, now, then, first), bisect(event_site, now, then, last)):
        spikes[:, event_site[event]] = 1
