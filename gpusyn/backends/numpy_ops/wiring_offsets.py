"""Delivery of spikes to the neighbours on a lattice, plainly: offset by offset, all spikes at once."""
import numpy as np

from gpusyn.backends.numpy_ops.wiring_spikes import arriving
from gpusyn.numerics.philox import philox

WORDS = 2.0**32


def deliver_offsets(
    step, bits, busy, target, released, amount, weight, offsets, runs, source_scale, target_scale,
    probability, existence, seeds, n_point, nz, ny, nx, n_offset, n_run, n_slot, delay, periodic,
    amount_point, amount_source, source_stride, target_stride, weight_point, weight_offset, weight_source,
    probability_point, probability_source, probability_offset,
    stream, structure_low, structure_high, structure_stream, releases, thinned, counted,
):
    """Deliver the spikes of `delay` steps ago to the neighbours of their sites.

    Each connection adds ``weight * amount * source_scale * target_scale`` to its target. Source and target lattice have
    one shape. Arrays that may vary along some axes are flat; the strides say along which (0: not).

    Args:
        bits, busy: ring of spike bits, (n_slot, n_point, nz * ny, n_word) uint64 and (n_slot, n_point, nz * ny) int32.
        target: (n_point, n_site) real, added to.
        released: (n_point, nz * ny) float64, what was added to each row is added; (1, 1) if not `counted`.
        amount: real, at [point * amount_point + source * amount_source].
        weight: real, at [point * weight_point + offset * weight_offset + source * weight_source].
        offsets: (n_offset, 3) int32: what is added to the source's (z, y, x); ascending; each shorter than the lattice.
        runs: (n_run, 5) int32: (z, y, first offset, number of offsets, first x) of offsets with neighbouring x.
        source_scale, target_scale: real, at [site * stride]. A source whose scale or amount is 0 sends nothing.
        probability: real, chance that a connection releases, at [point * .. + source * .. + offset * ..].
        existence: (n_offset,) int64; a connection exists if its word is below; read if `thinned`.
        seeds: (n_point, 2) uint32, read if `releases`.
        periodic: sum of 1 (x), 2 (y), 4 (z) of the axes that wrap.
        stream, structure_stream: Philox streams of releases and of the existence of connections.
        structure_low, structure_high: seed of the existence of connections.

    Connection (source, k) takes word k % 4 of the counter (source * ceil(n_offset / 4) + k // 4, stream, step).
    """
    flags = arriving(step, bits, nz * ny * nx, nx, n_slot, delay)
    for point in range(n_point):
        source = np.flatnonzero(flags[point])
        quantum = amount[point * amount_point + source * amount_source] * source_scale[source * source_stride]
        source, quantum = source[quantum != 0], quantum[quantum != 0]
        for k in range(n_offset - 1, -1, -1):           # a target then meets its sources in ascending order
            place, valid = neighbour(source, offsets[k], (nz, ny, nx), periodic)
            if thinned:
                words = connection_words(source, k, n_offset, structure_stream, 0, (structure_low, structure_high))
                valid &= words < existence[k]
            if releases:
                words = connection_words(source, k, n_offset, stream, step, seeds[point])
                at = point * probability_point + source * probability_source + k * probability_offset
                valid &= words < np.floor(probability[at].astype(np.float64) * WORDS)
            here, hit = source[valid], place[valid]
            factor = weight[point * weight_point + k * weight_offset + here * weight_source]
            added = factor * (quantum[valid] * target_scale[hit * target_stride])
            target[point, hit] += added                 # no two sources share a target at one offset
            if counted:
                released[point] += np.bincount(hit // nx, added.astype(np.float64), minlength=nz * ny)


def neighbour(source, offset, shape, periodic):
    """Sites at one offset from `source`, and whether they are on the lattice."""
    places, valid = [], np.ones(source.shape, bool)
    for axis, place in enumerate(np.unravel_index(source, shape)):
        moved = place + offset[axis]
        if periodic & (4 >> axis):
            moved = moved % shape[axis]
        valid &= (moved >= 0) & (moved < shape[axis])
        places.append(moved)
    return (places[0] * shape[1] + places[1]) * shape[2] + places[2], valid


def connection_words(source, k, n_connection, stream, step, seed):
    """Word of connection k of each source, of n_connection that a source has, as int64."""
    quad = source.astype(np.int64) * ((n_connection + 3) // 4) + k // 4
    words = philox(quad & 0xFFFFFFFF, stream, step & 0xFFFFFFFF, (step >> 32) & 0xFFFFFFFF, *seed)
    return np.asarray(words[k % 4], np.int64)
