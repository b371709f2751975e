"""Delivery from every site to every site with one weight: a sum over the spikes, the same for all targets."""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.philox import philox
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.wiring_bits import threshold
from gpusyn.backends.numba_ops.wiring_sparse import bisect


@inner
def quantum_of(source, point, amount, source_scale, amount_point, amount_source, source_stride):
    """What a spike of one source carries, before weights."""
    return np.float64(amount[point * amount_point + source * amount_source] * source_scale[source * source_stride])


@inner
def total_quantum(sites, n, point, amount, source_scale, amount_point, amount_source, source_stride):
    """What the spikes of this step carry together."""
    if amount_source == 0 and source_stride == 0:
        return n * quantum_of(0, point, amount, source_scale, amount_point, amount_source, source_stride)
    total = 0.0
    for listed in range(n):
        source = sites[point, listed]
        total += quantum_of(source, point, amount, source_scale, amount_point, amount_source, source_stride)
    return total


@inner
def add_same(target, point, start, end, factor, received, scale, scale_stride):
    """Add factor * received * scale to the targets start..end-1; returns the sum of what was added."""
    if scale_stride == 0:
        added = target.dtype.type(factor * (received * scale[0]))
        for site in range(start, end):
            target[point, site] += added
        return np.float64(added) * (end - start)
    sum_added = 0.0
    for site in range(start, end):
        added = target.dtype.type(factor * (received * scale[site]))
        target[point, site] += added
        sum_added += np.float64(added)
    return sum_added


@inner
def one_of(four, position):
    """One of four numbers."""
    if position < 2:
        return four[0] if position == 0 else four[1]
    return four[2] if position == 2 else four[3]


@inner
def successes(
    step, first_target, sites, n, point, amount, source_scale, probability, key_low, key_high, n_quad, self_excluded,
    amount_point, amount_source, source_stride, probability_point, probability_source, stream,
):
    """What four neighbouring targets, from `first_target` on, receive when each connection draws its success."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for listed in range(n):
        source = np.int64(sites[point, listed])
        quantum = quantum_of(source, point, amount, source_scale, amount_point, amount_source, source_stride)
        limit = threshold(probability[point * probability_point + source * probability_source])
        words = philox(
            np.uint32(source * n_quad + first_target // 4), np.uint32(stream), np.uint32(step), np.uint32(step >> 32),
            key_low, key_high,
        )
        own = source - first_target if self_excluded else -1
        a += quantum if np.int64(words[0]) < limit and own != 0 else 0.0
        b += quantum if np.int64(words[1]) < limit and own != 1 else 0.0
        c += quantum if np.int64(words[2]) < limit and own != 2 else 0.0
        d += quantum if np.int64(words[3]) < limit and own != 3 else 0.0
    return a, b, c, d


@operation
def deliver_uniform(
    worker, n_worker, step, sites, n_listed, bits, target, released, amount, weight, source_scale, target_scale,
    probability, seeds, n_point, n_source, n_target, n_part, part_length, row_length, n_slot, delay, amount_point,
    amount_source, source_stride, target_stride, weight_point, probability_point, probability_source, stream,
    self_excluded, releases, counted,
):
    """Deliver spikes from every site to every site. See `gpusyn.backends.numpy_ops.wiring_uniform`."""
    first, last = share(worker, n_worker, n_point * n_part)
    n_quad = (n_target + 3) // 4
    for place in range(first, last):
        point, part = place // n_part, place % n_part
        n = n_listed[point]
        if n == 0:
            continue
        start, end = part * part_length, min((part + 1) * part_length, n_target)
        factor = weight[point * weight_point]
        total = total_quantum(sites, n, point, amount, source_scale, amount_point, amount_source, source_stride)
        sum_added = 0.0
        if releases:
            four, met = (0.0, 0.0, 0.0, 0.0), np.int64(-1)
            for site in range(start, end):
                if site // 4 != met:
                    met = site // 4
                    four = successes(
                        step, met * 4, sites, n, point, amount, source_scale, probability, seeds[point, 0],
                        seeds[point, 1], n_quad, self_excluded, amount_point, amount_source, source_stride,
                        probability_point, probability_source, stream,
                    )
                received = one_of(four, site % 4)
                sum_added += add_same(target, point, site, site + 1, factor, received, target_scale, target_stride)
        else:
            if self_excluded:                               # listed sites receive less, those between them alike
                for listed in range(bisect(sites[point], 0, n, start), bisect(sites[point], 0, n, end)):
                    site = np.int64(sites[point, listed])
                    sum_added += add_same(target, point, start, site, factor, total, target_scale, target_stride)
                    own = quantum_of(site, point, amount, source_scale, amount_point, amount_source, source_stride)
                    others = total - own
                    sum_added += add_same(target, point, site, site + 1, factor, others, target_scale, target_stride)
                    start = site + 1
            sum_added += add_same(target, point, start, end, factor, total, target_scale, target_stride)
        if counted:
            released[point, part] += sum_added
