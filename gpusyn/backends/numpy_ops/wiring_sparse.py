"""Delivery of spikes along lists of connections, plainly: source by source."""
import numpy as np

from gpusyn.numerics.philox import philox

WORDS = 2.0**32


def deliver_sparse(
    step, sites, n_listed, target, released, amount, indptr, indices, weight, source_scale,
    target_scale, probability, seeds, n_point, n_source, n_target, n_part, part_length, amount_point, amount_source,
    source_stride, target_stride, weight_point, weight_synapse, probability_point, probability_source,
    probability_synapse, stream, releases, counted,
):
    """Deliver the listed spikes along their sources' connections.

    Each connection adds ``weight * amount * source_scale * target_scale`` to its target. Arrays that may vary along
    some axes are flat; the strides say along which (0: not).

    Args:
        sites, n_listed: what `list_spikes` wrote.
        target: (n_point, n_target) real, added to.
        released: (n_point, n_part) float64: what was added to each part of part_length targets is added; (1, 1) if
            not `counted`.
        amount: real, at [point * amount_point + source * amount_source].
        indptr: (n_source + 1,) int64, where the connections of each source begin.
        indices: int32 targets, ascending and without repetition within a source.
        weight: real, at [point * weight_point + connection * weight_synapse].
        source_scale, target_scale: real, at [site * stride].
        probability: real, chance that a connection releases, at [point * .. + source * .. + connection * ..].
        seeds: (n_point, 2) uint32, read if `releases`.
        stream: Philox stream of releases.

    Connection s, its place in `indices`, takes word s % 4 of the counter (s // 4, stream, step).
    """
    for point in range(n_point):
        for source in sites[point, : n_listed[point]].astype(np.int64):
            quantum = amount[point * amount_point + source * amount_source] * source_scale[source * source_stride]
            synapse = np.arange(indptr[source], indptr[source + 1])
            if releases:
                at = point * probability_point + source * probability_source + synapse * probability_synapse
                words = four_words(synapse // 4, stream, step, seeds[point])[synapse % 4, np.arange(synapse.size)]
                synapse = synapse[words < np.floor(probability[at].astype(np.float64) * WORDS)]
            place = indices[synapse]
            factor = weight[point * weight_point + synapse * weight_synapse]
            added = factor * (quantum * target_scale[place * target_stride])
            target[point, place] += added
            if counted:
                released[point] += np.bincount(place // part_length, added.astype(np.float64), minlength=n_part)


def four_words(counter, stream, step, seed):
    """The four words of each counter: (4, n) int64."""
    words = philox(counter & 0xFFFFFFFF, stream, step & 0xFFFFFFFF, (step >> 32) & 0xFFFFFFFF, *seed)
    return np.stack([np.asarray(word, np.int64) for word in words])
