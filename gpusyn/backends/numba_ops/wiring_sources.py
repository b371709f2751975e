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


@operation
def poisson_spikes(
    worker, n_worker, step, spikes, probability, seeds, n_point, n_site, probability_point, probability_site, stream
):
    """Independent spikes. See `gpusyn.backends.numpy_ops.wiring_sources`."""
    n_quad = (n_site + 3) // 4
    first, last = share(worker, n_worker, n_quad)
    low, high, stream = np.uint32(step), np.uint32(step >> 32), np.uint32(stream)
    rest = np.empty(4, np.uint8)
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
        for quad in range(first, last):
            words = philox(np.uint32(quad), stream, low, high, key_low, key_high)
            site = 4 * quad
            for word in words:
                if site < n_site:
                    spikes[point, site] = np.int64(word) < threshold(probability[start + site * probability_site])
                site += 1


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
            spikes[point, site] = every > 0 and since > 0 and since % every == 0


@operation
def scheduled_spikes(worker, n_worker, step, spikes, event_step, event_site, n_point, n_site, n_event):
    """Spikes from a list. See `gpusyn.backends.numpy_ops.wiring_sources`."""
    first, last = share(worker, n_worker, n_site)
    spikes[:, first:last] = 0
    now = bisect(event_step, 0, n_event, step)
    then = bisect(event_step, now, n_event, step + 1)
    for event in range(bisect(event_site, now, then, first), bisect(event_site, now, then, last)):
        spikes[:, event_site[event]] = 1
