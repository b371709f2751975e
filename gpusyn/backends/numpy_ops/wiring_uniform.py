"""Delivery from every site to every site with one weight, plainly."""
import numpy as np

from gpusyn.backends.numpy_ops.wiring_sparse import WORDS, four_words


def deliver_uniform(
    step, sites, n_listed, bits, target, released, amount, weight, source_scale, target_scale,
    probability, seeds, n_point, n_source, n_target, n_part, part_length, row_length, n_slot, delay, amount_point,
    amount_source, source_stride, target_stride, weight_point, probability_point, probability_source, stream,
    self_excluded, releases, counted,
):
    """Deliver the listed spikes to every target: ``weight * target_scale * (sum of the spikes' quanta)``.

    The quantum of a spike is ``amount * source_scale``; with `self_excluded` a site does not receive its own. Sums are
    float64.

    Args:
        sites, n_listed: what `list_spikes` wrote.
        bits: the ring of spike bits, rows of `row_length` sites; tells a site whether it is among those listed.
        target: (n_point, n_target) real, added to.
        released: (n_point, n_part) float64 per part of part_length targets; (1, 1) if not `counted`.
        amount: real, at [point * amount_point + source * amount_source].
        weight: real, at [point * weight_point].
        source_scale, target_scale: real, at [site * stride].
        probability: real, chance that a connection releases, at [point * .. + source * ..].
        seeds: (n_point, 2) uint32, read if `releases`.
        stream: Philox stream of releases.

    Connection (source, target) takes word target % 4 of the counter
    (source * ceil(n_target / 4) + target // 4, stream, step).
    """
    targets = np.arange(n_target)
    n_quad = (n_target + 3) // 4
    for point in range(n_point):
        received = np.zeros(n_target)
        for source in sites[point, : n_listed[point]].astype(np.int64):
            quantum = amount[point * amount_point + source * amount_source] * source_scale[source * source_stride]
            success = np.ones(n_target, bool)
            if releases:
                words = four_words(source * n_quad + targets // 4, stream, step, seeds[point])[targets % 4, targets]
                chance = probability[point * probability_point + source * probability_source]
                success = words < np.floor(np.float64(chance) * WORDS)
            if self_excluded and source < n_target:
                success[source] = False
            received += np.where(success, np.float64(quantum), 0.0)
        added = (weight[point * weight_point] * (received * target_scale[targets * target_stride])).astype(target.dtype)
        target[point] += added
        if counted:
            released[point] += np.bincount(targets // part_length, added.astype(np.float64), minlength=n_part)
