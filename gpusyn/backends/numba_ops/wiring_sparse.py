"""Delivery of spikes along lists of connections: each row of a source holds its targets in ascending order.

A worker owns a range of targets and finds its part of a source's row by bisection.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inlined, inner, operation
from gpusyn.backends.numba_ops.philox import philox
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.views import flat
from gpusyn.backends.numba_ops.wiring_bits import pick_word, threshold


@inner
def bisect(indices, low, high, target):
    """First place from `low` on whose index is not below `target`."""
    while low < high:
        middle = (low + high) // 2
        if indices[middle] < target:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def part_of(place, part_length, inverse):
    """place // part_length, by a multiplication that is off by one at most."""
    part = np.int64(place * inverse)
    if part * part_length > place:
        part -= 1
    elif (part + 1) * part_length <= place:
        part += 1
    return part


@inlined
def add_all(
    indices, weight, target, first_target, released, first_part, begin, end, quantum, weight_synapse, part_length,
    counted,
):
    """target[indices[s]] += weight[s] * quantum for s in begin..end-1; sums are added part by part."""
    part, part_end, total = np.int64(-1), np.int64(0), 0.0
    for synapse in range(begin, end):
        place = np.int64(indices[synapse])
        added = weight[synapse * weight_synapse] * quantum
        target[first_target + place] += added
        if counted:
            if place >= part_end:
                if part >= 0:
                    released[first_part + part] += total
                part = part_of(place, part_length, 1.0 / part_length)
                part_end = (part + 1) * part_length
                total = 0.0
            total += np.float64(added)
    if part >= 0:
        released[first_part + part] += total


@inner
def add_each(
    step, indices, weight, target, released, point, begin, end, quantum, target_scale, probability, first_probability,
    key_low, key_high, first_weight, part_length, target_stride, weight_synapse, probability_synapse, stream, releases,
    counted,
):
    """As `add_all`, with a scale per target, a draw per connection and the ledger."""
    drawn = np.int64(-1)
    words = (np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0))
    for synapse in range(begin, end):
        if releases:
            if synapse >> 2 != drawn:
                drawn = synapse >> 2
                words = philox(
                    np.uint32(drawn), np.uint32(stream), np.uint32(step), np.uint32(step >> 32), key_low, key_high
                )
            chance = probability[first_probability + synapse * probability_synapse]
            if pick_word(words, synapse & 3) >= threshold(chance):
                continue
        place = indices[synapse]
        added = weight[first_weight + synapse * weight_synapse] * (quantum * target_scale[place * target_stride])
        target[point, place] += added
        if counted:
            released[point, part_of(place, part_length, 1.0 / part_length)] += np.float64(added)


@operation
def deliver_sparse(
    worker, n_worker, step, sites, n_listed, target, released, amount, indptr, indices, weight, source_scale,
    target_scale, probability, seeds, n_point, n_source, n_target, n_part, part_length, amount_point, amount_source,
    source_stride, target_stride, weight_point, weight_synapse, probability_point, probability_source,
    probability_synapse, stream, releases, counted,
):
    """Deliver spikes along lists of connections. See `gpusyn.backends.numpy_ops.wiring_sparse`."""
    first, last = share(worker, n_worker, n_point * n_part)
    plain = target_stride == 0 and weight_point == 0 and not releases
    flat_target, flat_released = flat(target), flat(released)
    for point in range(first // n_part, n_point):
        begin = max(first - point * n_part, 0) * part_length
        end = min(min(last - point * n_part, n_part) * part_length, n_target)
        if begin >= end:
            break
        for listed in range(n_listed[point]):
            source = np.int64(sites[point, listed])
            quantum = amount[point * amount_point + source * amount_source] * source_scale[source * source_stride]
            if quantum == 0:
                continue
            low, high = indptr[source], indptr[source + 1]
            if begin > 0:
                low = bisect(indices, low, high, begin)
            if end < n_target:
                high = bisect(indices, low, high, end)
            if plain:
                add_all(
                    indices, weight, flat_target, point * n_target, flat_released, point * n_part, low, high,
                    quantum * target_scale[0], weight_synapse, part_length, counted,
                )
            else:
                add_each(
                    step, indices, weight, target, released, point, low, high, quantum, target_scale, probability,
                    point * probability_point + source * probability_source, seeds[point * releases, 0],
                    seeds[point * releases, 1], point * weight_point, part_length, target_stride, weight_synapse,
                    probability_synapse, stream, releases, counted,
                )
