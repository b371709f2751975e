"""Summaries of quantities over sites, in plain NumPy: the reference of ``kernels/reductions.cu``.

Sums are float64 and run in one order on every backend: a part is 1024 sites, padded with zeros, folded in halves
(512, 256, ...); the parts of a point are added in 256 strands (part, part + 256, ...), folded in halves. Minimum and
maximum pass over NaN.
"""

import numpy as np

PART_SITES = 1024
STRANDS = 256
REPORT_ROWS = 64


def reduce_parts(step, source, partials, every, n_point, n_site, n_part):
    """Sum, minimum and maximum of each part of 1024 sites.

    Args:
        step: the time step; nothing happens unless it is a multiple of ``every``.
        source: (n_point, n_site) quantity.
        partials: (n_point, n_part, 3) float64, written.
        every: steps between rows.
        n_point, n_site: the sizes above.
        n_part: ceil(n_site / 1024).
    """
    if step % every:
        return
    partials[..., 0] = folded(np.add, parts(source, n_part, 0.0))
    partials[..., 1] = folded(np.fmin, parts(source, n_part, np.inf))
    partials[..., 2] = folded(np.fmax, parts(source, n_part, -np.inf))


def parts(source, n_part, empty):
    """The sites as float64 of shape (n_point, n_part, 1024), ``empty`` where there is none."""
    n_point, n_site = source.shape
    padded = np.full((n_point, n_part * PART_SITES), empty)
    padded[:, :n_site] = source
    return padded.reshape(n_point, n_part, PART_SITES)


def folded(combine, values):
    """Combine the last axis in halves."""
    while values.shape[-1] > 1:
        half = values.shape[-1] // 2
        values = combine(values[..., :half], values[..., half:])
    return values[..., 0]


def record_reductions(step, partials, ring, every, n_ring, n_point, n_site, n_part):
    """Mean, minimum and maximum over all sites from what `reduce_parts` left, into a ring.

    Args:
        step: the time step; nothing happens unless it is a multiple of ``every``.
        partials: (n_point, n_part, 3) float64.
        ring: (n_ring, n_point, 3) float64, written at slot ``(step // every) % n_ring``.
        every: steps between rows.
        n_ring, n_point, n_site, n_part: the sizes above.
    """
    if step % every:
        return
    row = ring[step // every % n_ring]
    row[:, 0] = strands(np.add, partials[..., 0], 0.0) / n_site
    row[:, 1] = strands(np.fmin, partials[..., 1], np.inf)
    row[:, 2] = strands(np.fmax, partials[..., 2], -np.inf)


def strands(combine, values, empty):
    """Combine the last axis in 256 strands one after another, then fold the strands in halves."""
    strand = np.full((len(values), STRANDS), empty)
    for first in range(0, values.shape[1], STRANDS):
        chunk = values[:, first : first + STRANDS]
        strand[:, : chunk.shape[1]] = combine(strand[:, : chunk.shape[1]], chunk)
    return folded(combine, strand)


def clear_histogram(step, ring, every, n_ring, n_point, n_bin):
    """Set the row of a histogram ring that is due to zero; `record_histogram` then adds to it.

    Args:
        step: the time step; nothing happens unless it is a multiple of ``every``.
        ring: (n_ring, n_point, n_bin) uint32, written at slot ``(step // every) % n_ring``.
        every: steps between rows.
        n_ring, n_point, n_bin: the sizes above.
    """
    if step % every == 0:
        ring[step // every % n_ring] = 0


def record_histogram(step, source, ring, every, n_ring, n_point, n_site, low, high, n_bin):
    """Add the number of sites in each bin to the row that `clear_histogram` cleared.

    Bin b counts ``low + b w <= x < low + (b + 1) w`` with ``w = (high - low) / n_bin``. Values outside go to the end
    bins; NaN is not counted.

    Args:
        step: the time step; nothing happens unless it is a multiple of ``every``.
        source: (n_point, n_site) quantity.
        ring: (n_ring, n_point, n_bin) uint32, written at slot ``(step // every) % n_ring``.
        every: steps between rows.
        n_ring, n_point, n_site: the sizes above.
        low, high: the range, in the quantity's unit; used in float64.
        n_bin: number of bins.
    """
    if step % every:
        return
    positions = (source.astype(np.float64) - low) * (n_bin / (high - low))
    for row, position in zip(ring[step // every % n_ring], positions, strict=True):
        counted = np.clip(position[~np.isnan(position)], 0, n_bin - 1).astype(np.int64)
        row += np.bincount(counted, minlength=n_bin).astype(np.uint32)


def check_finite(step, source, report, quantity_id, n_point, n_site, must_not_be_negative):
    """Look for NaN, infinity and, if asked, negative values, and note the first in each of 64 ranges of items.

    Args:
        step: the time step.
        source: (n_point, n_site) quantity.
        report: (64, 3) int64, filled with -1 at the start: step, quantity_id and item of the first impossible value in
            items [r w, (r + 1) w), ``w = ceil(n_point n_site / 64)``. A row that holds a report keeps it.
        quantity_id: number that stands for the quantity, not negative.
        n_point, n_site: the sizes above.
        must_not_be_negative: 1 if values below zero are impossible too (-0 is not below zero), else 0.
    """
    impossible = ~np.isfinite(source.ravel())
    if must_not_be_negative:
        impossible |= source.ravel() < 0
    width = -(-source.size // REPORT_ROWS)
    for r in range(REPORT_ROWS):
        found = np.flatnonzero(impossible[r * width : (r + 1) * width])
        if found.size and report[r, 0] == -1:
            report[r] = step, quantity_id, r * width + found[0]


def first_report(report):
    """The earliest report as (step, quantity_id, item), the lowest quantity and item of that step; None if all is well.

    Args:
        report: (64, 3) int64 as `check_finite` leaves it, on the host.
    """
    return min((tuple(map(int, row)) for row in report if row[0] != -1), default=None)
