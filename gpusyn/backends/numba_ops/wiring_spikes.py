"""Spikes of past steps as bits in a ring, and the list of those that arrive now.

Bits are kept by row: bit b of word w of row r is site r * row_length + 64 w + b. The last row may be shorter.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inlined, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.views import flat
from gpusyn.backends.numba_ops.wiring_bits import count_bits, next_bit, packed_flags

QUIET = np.uint64(0)
ONE = np.uint64(1)


@inlined
def packed_rest(flags, first, n):
    """The n flags from `first` on as bits, where n is below 64."""
    if first + 64 <= flags.shape[0]:
        return packed_flags(flags, first) & ((ONE << np.uint64(n)) - ONE)
    word = QUIET
    for x in range(n):
        word |= np.uint64(flags[first + x] != 0) << np.uint64(x)
    return word


@inlined
def pack_row(flags, start, length, words, first_word, n_word):
    """Pack the flags of one row; returns its number of spikes. Both arrays are flat."""
    n_full = length // 64
    n_spike = 0
    for w in range(n_full):
        word = packed_flags(flags, start + 64 * w)
        words[first_word + w] = word
        n_spike += count_bits(word)
    for w in range(n_full, n_word):
        word = packed_rest(flags, start + 64 * w, max(length - 64 * w, 0))
        words[first_word + w] = word
        n_spike += count_bits(word)
    return n_spike


@operation
def push_spikes(worker, n_worker, step, spikes, bits, busy, n_point, n_site, n_row, row_length, n_slot):
    """Store this step's spikes in their slot of the ring. See `gpusyn.backends.numpy_ops.wiring_spikes`."""
    slot = step % n_slot
    n_word = bits.shape[3]
    flags, words = flat(spikes), flat(bits)
    first, last = share(worker, n_worker, n_point * n_row)
    for point in range(n_point):
        begin, end = max(first - point * n_row, 0), min(last - point * n_row, n_row)
        first_word = (slot * n_point + point) * n_row * n_word
        for row in range(begin, end):
            start = row * row_length
            length = min(row_length, n_site - start)
            busy[slot, point, row] = pack_row(
                flags, point * n_site + start, length, words, first_word + row * n_word, n_word
            )


@operation
def list_spikes(worker, n_worker, step, bits, busy, sites, n_listed, n_point, n_site, n_row, row_length, n_slot, delay):
    """List the sites whose spikes arrive now. See `gpusyn.backends.numpy_ops.wiring_spikes`."""
    slot = (step - delay) % n_slot
    first, last = share(worker, n_worker, n_point * n_row)
    for point in range(n_point):
        begin, end = max(first - point * n_row, 0), min(last - point * n_row, n_row)
        if begin >= end:
            continue
        n = 0
        for row in range(begin):
            n += busy[slot, point, row]
        for row in range(begin, end):
            if busy[slot, point, row] == 0:
                continue
            words = bits[slot, point, row]
            for w in range(words.shape[0]):
                word = words[w]
                while word != QUIET:
                    sites[point, n] = row * row_length + 64 * w + next_bit(word)
                    word &= word - ONE
                    n += 1
        if end == n_row:
            n_listed[point] = n


@operation
def flag_arrivals(
    worker, n_worker, step, bits, flags, n_point, n_site, n_row, row_length, n_slot, delay, first, width
):
    """Write the spikes of `delay` steps ago as flags. See `gpusyn.backends.numpy_ops.wiring_spikes`."""
    slot = (step - delay) % n_slot
    begin, end = share(worker, n_worker, n_point * n_row)
    for place in range(begin, end):
        point, row = place // n_row, place % n_row
        words, start = bits[slot, point, row], row * row_length
        length = min(row_length, n_site - start)
        for w in range(words.shape[0]):
            word = words[w]
            for x in range(64 * w, min(64 * w + 64, length)):
                flags[point, first + start + x] = word & ONE
                word >>= ONE
