"""Delivery of spikes to the neighbours on a lattice: an event-driven scatter without index arrays.

A worker owns rows of targets and adds to no others. It meets the spikes in ascending order of their sites, so each
target receives its contributions in an order that does not depend on the number of workers.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inlined, inner, operation
from gpusyn.backends.numba_ops.philox import philox
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.views import flat
from gpusyn.backends.numba_ops.wiring_bits import next_bit, threshold

ONE = np.uint64(1)
QUIET = np.uint64(0)


@inlined
def wrapped(place, size, periodic):
    """A coordinate brought back onto a periodic axis; -1 where an open axis has no such place."""
    if 0 <= place < size:
        return place
    if not periodic:
        return -1
    return place + size if place < 0 else place - size


@inlined
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


@inlined
def add_run(target, place, weight, k, n, amount):
    """target[place : place + n] += weight[k : k + n] * amount; returns the sum of what was added."""
    total = 0.0
    for i in range(n):
        added = weight[k + i] * amount
        target[place + i] += added
        total += np.float64(added)
    return total


@inlined
def scatter(
    x, runs, rows, target, first_target, released, first_released, weight, first_weight, amount, nx, periodic_x, counted
):
    """One spike at column `x`, along all runs that end in own rows."""
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
def scatter_scaled(
    x, runs, rows, target, first_target, released, first_released, weight, first_weight, amount, scale, nx, periodic_x,
    counted,
):
    """As `scatter`, with a factor for each target."""
    for run in range(runs.shape[0]):
        row = rows[run]
        if row < 0:
            continue
        for i in range(runs[run, 3]):
            column = wrapped(x + runs[run, 4] + i, nx, periodic_x)
            if column < 0:
                continue
            place = row * nx + column
            added = weight[first_weight + runs[run, 2] + i] * (amount * scale[place])
            target[first_target + place] += added
            if counted:
                released[first_released + row] += np.float64(added)


@inner
def draw(words, source, stream, step_low, step_high, key_low, key_high):
    """The words of one source's connections, four to a counter."""
    n_quad = words.shape[0] // 4
    for quad in range(n_quad):
        a, b, c, d = philox(np.uint32(source * n_quad + quad), stream, step_low, step_high, key_low, key_high)
        words[4 * quad], words[4 * quad + 1], words[4 * quad + 2], words[4 * quad + 3] = a, b, c, d


@inner
def prepare(
    own, words, step, source, weight, first_weight, weight_offset, existence, probability, first_probability,
    probability_offset, key_low, key_high, stream, structure_low, structure_high, structure_stream, releases, thinned,
):
    """Weights of one source's connections for this spike: a connection that fails a draw weighs nothing."""
    nothing = own.dtype.type(0)
    for k in range(own.shape[0]):
        own[k] = weight[first_weight + k * weight_offset]
    if thinned:
        start = np.uint32(0)
        low, high = np.uint32(structure_low), np.uint32(structure_high)
        draw(words, source, np.uint32(structure_stream), start, start, low, high)
        for k in range(own.shape[0]):
            own[k] = own[k] if np.int64(words[k]) < existence[k] else nothing
    if releases:
        draw(words, source, np.uint32(stream), np.uint32(step), np.uint32(step >> 32), key_low, key_high)
        for k in range(own.shape[0]):
            limit = threshold(probability[first_probability + k * probability_offset])
            own[k] = own[k] if np.int64(words[k]) < limit else nothing


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
    shared = weight_source == 0 and weight_offset == 1 and not (releases or thinned)
    flat_target, flat_released = flat(target), flat(released)
    rows = np.empty(n_run, np.int64)
    own, words = np.empty(n_offset, weight.dtype), np.empty((n_offset + 3) // 4 * 4, np.uint32)
    table = weight if shared else own
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
                    first_weight = point * weight_point + source * weight_source
                    if not shared:
                        prepare(
                            own, words, step, source, weight, first_weight, weight_offset, existence, probability,
                            point * probability_point + source * probability_source, probability_offset,
                            seeds[point * releases, 0], seeds[point * releases, 1], stream, structure_low,
                            structure_high, structure_stream, releases, thinned,
                        )
                        first_weight = 0
                    if target_stride == 0:
                        scatter(
                            x, runs, rows, flat_target, point * n_site, flat_released, point * n_row, table,
                            first_weight, quantum * target_scale[0], nx, periodic & 1, counted,
                        )
                    else:
                        scatter_scaled(
                            x, runs, rows, flat_target, point * n_site, flat_released, point * n_row, table,
                            first_weight, quantum, target_scale, nx, periodic & 1, counted,
                        )


@operation
def deliver_offsets_plain(
    worker, n_worker, step, bits, busy, target, released, amount, weight, offsets, runs, source_scale, target_scale,
    probability, existence, seeds, n_point, nz, ny, nx, n_offset, n_run, n_slot, delay, periodic,
    amount_point, amount_source, source_stride, target_stride, weight_point, weight_offset, weight_source,
    probability_point, probability_source, probability_offset,
    stream, structure_low, structure_high, structure_stream, releases, thinned, counted,
):
    """`deliver_offsets` where weights follow from offsets alone and nothing is drawn: half as long to compile."""
    slot = (step - delay) % n_slot
    n_row = nz * ny
    first, last = share(worker, n_worker, n_point * n_row)
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
                    if quantum != 0:
                        scatter(
                            x, runs, rows, flat_target, point * n_row * nx, flat_released, point * n_row, weight,
                            point * weight_point, quantum * target_scale[0], nx, periodic & 1, counted,
                        )


def _plain(args) -> str:
    """Which of the two operations serves these arguments (`deliver_offsets`, after the step)."""
    target_stride, weight_offset, weight_source = args[25], args[27], args[28]
    plain = (target_stride, weight_offset, weight_source, *args[36:38]) == (0, 1, 0, 0, 0)
    return "deliver_offsets_plain" if plain else "deliver_offsets"


VARIANTS = {"deliver_offsets": _plain}
