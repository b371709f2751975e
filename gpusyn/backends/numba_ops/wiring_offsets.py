"""Delivery of spikes to the neighbours on a lattice: an event-driven scatter without index arrays.

A worker owns rows of targets and adds to no others. It meets the spikes in ascending order of their sites, so each
target receives its contributions in an order that does not depend on the number of workers.
"""
import numpy as np

from gpusyn.backends.numba_ops.views import flat
from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.philox import philox
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.wiring_bits import next_bit, pick_word, threshold

ONE = np.uint64(1)
QUIET = np.uint64(0)


@inner
def wrapped(place, size, periodic):
    """A coordinate brought back onto a periodic axis; -1 where an open axis has no such place."""
    if 0 <= place < size:
        return place
    if not periodic:
        return -1
    return place + size if place < 0 else place - size


@inner
def own_rows(row, runs, nz, ny, periodic, first, last, rows):
    """Fill `rows` with the target row of each run for a spike in `row`, -1 where it is not in first..last-1."""
    touched = False
    z, y = row // ny, row % ny
    for run in range(runs.shape[0]):
        rows[run] = -1
        target_z = wrapped(z + runs[run, 0], nz, periodic & 4)
        target_y = wrapped(y + runs[run, 1], ny, periodic & 2)
        if target_z < 0 or target_y < 0:
            continue
        target_row = target_z * ny + target_y
        if first <= target_row < last:
            rows[run] = target_row
            touched = True
    return touched


@inner
def add_run(target, place, weight, k, n, amount):
    """target[place : place + n] += weight[k : k + n] * amount; returns the sum of what was added."""
    total = 0.0
    for i in range(n):
        added = weight[k + i] * amount
        target[place + i] += added
        total += np.float64(added)
    return total


@inner
def scatter_shared(
    x, runs, rows, target, first_target, released, first_released, weight, first_weight, amount, nx, periodic_x, counted
):
    """One spike at column `x` whose connections share the weights of their offsets and always release."""
    for run in range(runs.shape[0]):
        row = rows[run]
        if row < 0:
            continue
        k, n, left = first_weight + runs[run, 2], runs[run, 3], x + runs[run, 4]
        start = first_target + row * nx
        if left >= 0 and left + n <= nx:
            total = add_run(target, start + left, weight, k, n, amount)
        elif periodic_x:
            total = 0.0
            for i in range(n):
                total += add_run(target, start + wrapped(left + i, nx, 1), weight, k + i, 1, amount)
        else:
            skip = max(-left, 0)
            total = add_run(target, start + left + skip, weight, k + skip, min(n, nx - left) - skip, amount)
        if counted:
            released[first_released + row] += total


@inner
def scatter_each(
    step, source, x, runs, rows, target, first_target, released, first_released, amount, weight, first_weight,
    target_scale, probability, first_probability, existence, key_low, key_high, n_offset, nx, periodic_x,
    weight_offset, target_stride, probability_offset, stream, structure_low, structure_high, structure_stream,
    releases, thinned, counted,
):
    """One spike whose connections have weights, chances or targets of their own."""
    n_quad = (n_offset + 3) // 4
    drawn, met = np.int64(-1), np.int64(-1)
    words = meetings = (np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0))
    for run in range(runs.shape[0]):
        row = rows[run]
        if row < 0:
            continue
        for i in range(runs[run, 3]):
            column = wrapped(x + runs[run, 4] + i, nx, periodic_x)
            if column < 0:
                continue
            k = runs[run, 2] + i
            quad = source * n_quad + k // 4
            if thinned:
                if quad != met:
                    met = quad
                    meetings = philox(
                        np.uint32(quad), np.uint32(structure_stream), np.uint32(0), np.uint32(0),
                        np.uint32(structure_low), np.uint32(structure_high),
                    )
                if pick_word(meetings, k % 4) >= existence[k]:
                    continue
            if releases:
                if quad != drawn:
                    drawn = quad
                    words = philox(
                        np.uint32(quad), np.uint32(stream), np.uint32(step), np.uint32(step >> 32), key_low, key_high
                    )
                if pick_word(words, k % 4) >= threshold(probability[first_probability + k * probability_offset]):
                    continue
            place = row * nx + column
            added = weight[first_weight + k * weight_offset] * (amount * target_scale[place * target_stride])
            target[first_target + place] += added
            if counted:
                released[first_released + row] += np.float64(added)


@operation
def deliver_offsets(
    worker, n_worker, step, bits, busy, target, released, amount, weight, offsets, runs, source_scale, target_scale,
    probability, existence, seeds, n_point, nz, ny, nx, n_offset, n_run, n_slot, delay, periodic,
    amount_point, amount_source, source_stride, target_stride, weight_point, weight_offset, weight_source,
    probability_point, probability_source, probability_offset,
    stream, structure_low, structure_high, structure_stream, releases, thinned, counted,
):
    """Deliver spikes to lattice neighbours. See `gpusyn.backends.numpy_ops.wiring_offsets`."""
    slot = (step - delay) % n_slot
    n_row = nz * ny
    n_site = n_row * nx
    first, last = share(worker, n_worker, n_point * n_row)
    shared = weight_source == 0 and weight_offset == 1 and target_stride == 0 and not (releases or thinned)
    flat_target, flat_released = flat(target), flat(released)
    rows = np.empty(n_run, np.int64)
    for point in range(first // n_row, n_point):
        begin, end = max(first - point * n_row, 0), min(last - point * n_row, n_row)
        if begin >= end:
            break
        for row in range(n_row):
            if busy[slot, point, row] == 0 or not own_rows(row, runs, nz, ny, periodic, begin, end, rows):
                continue
            for w in range(bits.shape[3]):
                word = bits[slot, point, row, w]
                while word != QUIET:
                    x = 64 * w + next_bit(word)
                    word &= word - ONE
                    source = row * nx + x
                    quantum = amount[point * amount_point + source * amount_source]
                    quantum *= source_scale[source * source_stride]
                    if quantum == 0:
                        continue
                    if shared:
                        scatter_shared(
                            x, runs, rows, flat_target, point * n_site, flat_released, point * n_row, weight,
                            point * weight_point, quantum * target_scale[0], nx, periodic & 1, counted,
                        )
                    else:
                        scatter_each(
                            step, source, x, runs, rows, flat_target, point * n_site, flat_released, point * n_row,
                            quantum, weight, point * weight_point + source * weight_source, target_scale, probability,
                            point * probability_point + source * probability_source, existence, seeds[point, 0],
                            seeds[point, 1], n_offset, nx, periodic & 1, weight_offset, target_stride,
                            probability_offset, stream, structure_low, structure_high, structure_stream, releases,
                            thinned, counted,
                        )
