"""Rows of recorded quantities into rings, compiled for the CPU; `gpusyn.backends.numpy_ops.recording` has the contract.

Every worker writes a contiguous part of the row.
"""

import numpy as np

from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.views import flat

# Byte k of a word holds flag k; the product gathers them as bit k of the top byte. No two terms meet, so none carries.
GATHER = np.uint64(0x0102040810204080)
TOP_BYTE = np.uint64(56)


@inner
def _copy(source, row):
    for i in range(row.shape[0]):
        row[i] = source[i]


@inner
def _take(source, sites, row):
    for i in range(row.shape[0]):
        row[i] = source[sites[i]]


@inner
def _pack_words(words, row):
    for i in range(row.shape[0]):
        row[i] = (words[i] * GATHER) >> TOP_BYTE


@inner
def _pack_flags(flags, row):
    for i in range(row.shape[0]):
        bits = 0
        for k in range(min(8, flags.shape[0] - 8 * i)):
            bits |= int(flags[8 * i + k]) << k
        row[i] = bits


@operation
def record_rows(worker, n_worker, step, source, sites, ring, every, n_ring, n_point, n_site, n_taken):
    """Copy chosen sites of a quantity into a ring."""
    if step % every:
        return
    row = ring[step // every % n_ring]
    first, end = share(worker, n_worker, n_taken)
    for point in range(n_point):
        _take(source[point], sites[first:end], row[point, first:end])


@operation
def record_all(worker, n_worker, step, source, ring, every, n_ring, n_point, n_site):
    """Copy every site of a quantity into a ring."""
    if step % every:
        return
    row = ring[step // every % n_ring]
    first, end = share(worker, n_worker, n_point * n_site)
    _copy(flat(source)[first:end], flat(row)[first:end])


@operation
def record_spike_bits(worker, n_worker, step, spikes, ring, n_ring, n_point, n_site, n_byte):
    """Pack the spike flags of this step into bits."""
    row = ring[step % n_ring]
    first, end = share(worker, n_worker, n_byte)
    for point in range(n_point):
        # Eight flags are read as one word where the address allows it; what is left goes flag by flag.
        aligned = (spikes.ctypes.data + point * n_site) % 8 == 0
        whole = max(first, min(end, n_site // 8)) if aligned else first
        if whole > first:
            words = spikes[point][: n_site // 8 * 8].view(np.uint64)
            _pack_words(words[first:whole], row[point, first:whole])
        _pack_flags(spikes[point, 8 * whole : min(8 * end, n_site)], row[point, whole:end])
