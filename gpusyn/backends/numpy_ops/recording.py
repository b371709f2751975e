"""Rows of recorded quantities into rings, in plain NumPy: the reference of ``kernels/recording.cu``.

An operation with ``every`` acts only when the step is a multiple of it; row number ``step // every`` goes to ring slot
``(step // every) % n_ring``.
"""

import numpy as np


def record_rows(step, source, sites, ring, every, n_ring, n_point, n_site, n_taken):
    """Copy chosen sites of a quantity into a ring.

    Args:
        step: the time step.
        source: (n_point, n_site) quantity.
        sites: (n_taken,) int64, which sites, in the order of the ring's last axis.
        ring: (n_ring, n_point, n_taken), written.
        every: steps between rows.
        n_ring, n_point, n_site, n_taken: the sizes above.
    """
    if step % every == 0:
        ring[step // every % n_ring] = source[:, sites]


def record_all(step, source, ring, every, n_ring, n_point, n_site):
    """Copy every site of a quantity into a ring of shape (n_ring, n_point, n_site); otherwise as `record_rows`."""
    if step % every == 0:
        ring[step // every % n_ring] = source


def record_spike_bits(step, spikes, ring, n_ring, n_point, n_site, n_byte):
    """Pack the spike flags of this step into bits, every step.

    Args:
        step: the time step; the row goes to slot ``step % n_ring``.
        spikes: (n_point, n_site) uint8 flags, 0 or 1.
        ring: (n_ring, n_point, n_byte) uint8, written: bit k of byte b is the flag of site 8 b + k.
        n_ring, n_point, n_site: the sizes above.
        n_byte: ceil(n_site / 8).
    """
    ring[step % n_ring] = np.packbits(spikes, axis=1, bitorder="little")
