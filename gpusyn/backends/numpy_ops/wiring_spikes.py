"""Spikes of past steps as bits in a ring, and the list of those that arrive now.

Bits are kept by row: bit b of word w of row r is site r * row_length + 64 w + b. The last row may be shorter.
"""
import numpy as np


def push_spikes(step, spikes, bits, busy, n_point, n_site, n_row, row_length, n_slot):
    """Store this step's spikes in their slot of the ring.

    Args:
        step: the time step; its slot is step modulo n_slot.
        spikes: (n_point, n_site) uint8 flags, 0 or 1.
        bits: (n_slot, n_point, n_row, n_word) uint64, the ring; n_word * 64 >= row_length.
        busy: (n_slot, n_point, n_row) int32, number of spikes in each row of the ring.
        n_point, n_site: sweep points and sites.
        n_row, row_length: rows of the ring and sites in each but the last.
        n_slot: steps that the ring remembers.
    """
    slot = step % n_slot
    flags = np.zeros((n_point, n_row, bits.shape[-1] * 64), np.uint8)
    for row in range(n_row):
        part = spikes[:, row * row_length : min((row + 1) * row_length, n_site)]
        flags[:, row, : part.shape[1]] = part
    bits[slot] = np.packbits(flags, axis=-1, bitorder="little").view("<u8")
    busy[slot] = flags.sum(axis=-1)


def list_spikes(step, bits, busy, sites, n_listed, n_point, n_site, n_row, row_length, n_slot, delay):
    """List the sites whose spikes of `delay` steps ago arrive now.

    Args:
        bits, busy: the ring that `push_spikes` fills.
        sites: (n_point, n_site) int32; the first n_listed[point] of each row are written, in ascending order.
        n_listed: (n_point,) int64, written.
        delay: steps, less than n_slot.
    """
    for point, flags in enumerate(arriving(step, bits, n_site, row_length, n_slot, delay)):
        listed = np.flatnonzero(flags)
        sites[point, : listed.size] = listed
        n_listed[point] = listed.size


def flag_arrivals(step, bits, flags, n_point, n_site, n_row, row_length, n_slot, delay, first, width):
    """Write the spikes of `delay` steps ago as flags again, for what is kept per neuron and acts when they arrive.

    Args:
        bits: the ring that `push_spikes` fills.
        flags: (n_point, width) uint8; places `first` to `first + n_site` of each row are written.
        delay: steps, less than n_slot.
    """
    flags[:, first : first + n_site] = arriving(step, bits, n_site, row_length, n_slot, delay)


def arriving(step, bits, n_site, row_length, n_slot, delay):
    """Flags of the spikes of `delay` steps ago: (n_point, n_site) uint8."""
    words = np.ascontiguousarray(bits[(step - delay) % n_slot])
    flags = np.unpackbits(words.astype("<u8").view(np.uint8), axis=-1, bitorder="little")[..., :row_length]
    return np.ascontiguousarray(flags).reshape(words.shape[0], -1)[:, :n_site]
