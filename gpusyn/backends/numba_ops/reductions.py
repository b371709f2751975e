"""Summaries over sites, compiled for the CPU; `gpusyn.backends.numpy_ops.reductions` has the contract.

The order of additions is that of the reference, so the results have the same bits for any number of workers.
"""

import numpy as np

from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.views import flat

PART_SITES = 1024
STRANDS = 256
REPORT_ROWS = 64
LOOK_AHEAD = 2048  # items checked at once before a bad one among them is looked for: 8 kB, in the first-level cache


@inner
def _load(values, empty, part):
    n = values.shape[0]
    for i in range(n):
        part[i] = values[i]
    for i in range(n, part.shape[0]):
        part[i] = empty


@inner
def _add(left, right):
    for i in range(left.shape[0]):
        left[i] += right[i]


@inner
def _smaller(left, right):
    for i in range(left.shape[0]):
        left[i] = right[i] if right[i] < left[i] else left[i]


@inner
def _larger(left, right):
    for i in range(left.shape[0]):
        left[i] = right[i] if right[i] > left[i] else left[i]


@operation
def _combine(what, left, right):
    if what == 0:
        _add(left, right)
    elif what == 1:
        _smaller(left, right)
    else:
        _larger(left, right)


@operation
def _fold(what, values):
    """Combine in halves; the first element becomes the total."""
    half = values.shape[0] // 2
    while half:
        _combine(what, values[:half], values[half : 2 * half])
        half //= 2
    return values[0]


@inner
def _without_nan(part, empty):
    for i in range(part.shape[0]):
        part[i] = part[i] if part[i] == part[i] else empty


@operation
def reduce_parts(worker, n_worker, step, source, partials, every, n_point, n_site, n_part):
    """Sum, minimum and maximum of each part of 1024 sites; a worker takes whole parts."""
    if step % every:
        return
    buffer = np.empty(PART_SITES)
    first, end = share(worker, n_worker, n_point * n_part)
    for i in range(first, end):
        point, part = i // n_part, i % n_part
        sites = source[point, part * PART_SITES : min((part + 1) * PART_SITES, n_site)]
        for what in range(3):
            empty = 0.0 if what == 0 else (np.inf if what == 1 else -np.inf)
            _load(sites, empty, buffer)
            if what:
                _without_nan(buffer, empty)
            partials[point, part, what] = _fold(what, buffer)


@operation
def record_reductions(worker, n_worker, step, partials, ring, every, n_ring, n_point, n_site, n_part):
    """Mean, minimum and maximum over all sites; a worker takes whole points."""
    if step % every:
        return
    row = ring[step // every % n_ring]
    strand = np.empty(STRANDS)
    first, end = share(worker, n_worker, n_point)
    for point in range(first, end):
        for what in range(3):
            strand[:] = 0.0 if what == 0 else (np.inf if what == 1 else -np.inf)
            for start in range(0, n_part, STRANDS):
                chunk = partials[point, start : min(start + STRANDS, n_part), what]
                _combine(what, strand[: chunk.shape[0]], chunk)
            total = _fold(what, strand)
            row[point, what] = total / n_site if what == 0 else total


@operation
def clear_histogram(worker, n_worker, step, ring, every, n_ring, n_point, n_bin):
    """Set the row of a histogram ring that is due to zero."""
    if step % every:
        return
    first, end = share(worker, n_worker, n_point * n_bin)
    flat(ring[step // every % n_ring])[first:end] = 0


@operation
def _count(values, row, low, per_width, n_bin, first, end):
    """Add the values whose bin lies in first..end-1 to the row."""
    for i in range(values.shape[0]):
        position = (np.float64(values[i]) - low) * per_width
        if position == position:
            bin_number = int(min(max(position, 0.0), n_bin - 1.0))
            if first <= bin_number < end:
                row[bin_number] += np.uint32(1)


@operation
def record_histogram(worker, n_worker, step, source, ring, every, n_ring, n_point, n_site, low, high, n_bin):
    """Add the number of sites in each bin to the row; a worker counts a range of (point, bin)."""
    if step % every:
        return
    row = ring[step // every % n_ring]
    per_width = n_bin / (high - low)
    begin, stop = share(worker, n_worker, n_point * n_bin)
    for point in range(begin // n_bin, -(-stop // n_bin)):
        first, end = max(begin - point * n_bin, 0), min(stop - point * n_bin, n_bin)
        _count(source[point], row[point], low, per_width, n_bin, first, end)


@inner
def _any_impossible(values, must_not_be_negative):
    """Whether a value is NaN, infinite or, if asked, negative; vectorised, it does not say where."""
    largest = values.dtype.type(np.inf)
    smallest = -largest
    bad = False
    if must_not_be_negative:
        zero = values.dtype.type(0)
        for i in range(values.shape[0]):
            bad |= not ((values[i] >= zero) & (values[i] < largest))
    else:
        for i in range(values.shape[0]):
            bad |= not ((values[i] > smallest) & (values[i] < largest))
    return bad


@operation
def _first_impossible(values, must_not_be_negative):
    """Index of the first impossible value, -1 if there is none."""
    for start in range(0, values.shape[0], LOOK_AHEAD):
        ahead = values[start : start + LOOK_AHEAD]
        if _any_impossible(ahead, must_not_be_negative):
            for i in range(ahead.shape[0]):
                if not np.isfinite(ahead[i]) or (must_not_be_negative and ahead[i] < 0):
                    return start + i
    return -1


@operation
def check_finite(worker, n_worker, step, source, report, quantity_id, n_point, n_site, must_not_be_negative):
    """Note the first impossible value in each of 64 ranges of items; a worker takes whole ranges."""
    n_item = n_point * n_site
    width = (n_item + REPORT_ROWS - 1) // REPORT_ROWS
    first, end = share(worker, n_worker, REPORT_ROWS)
    items = flat(source)
    for r in range(first, end):
        found = _first_impossible(items[r * width : min((r + 1) * width, n_item)], must_not_be_negative)
        if found >= 0 and report[r, 0] == -1:
            report[r, 0] = step
            report[r, 1] = quantity_id
            report[r, 2] = r * width + found
