"""Spikes of past steps as bits in a ring, and the list of those that arrive now.

Bits are kept by row: bit b of word w of row r is site r * row_length + 64 w + b. The last row may be shorter.
"""
import numpy as np

from gpusyn.backends.numba_ops.views import flat
from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.wiring_bits import count_bits, eight_flags, next_bit

# Multiplying eight bytes of 0 or 1 by this gathers them, in order, in the top byte.
GATHER = np.uint64(0x0102040810204080)
TOP_BYTE = np.uint64(56)
QUIET = np.uint64(0)
ONE = np.uint64(1)


@inner
def packed_word(flags, first, n_eight):
    """8 * n_eight flags from `first` on, at most 64, as bits."""
    some = QUIET
    for k in range(n_eight):
        some |= eight_flags(flags, first + 8 * k)
    if some == QUIET:                                       # the usual case: nobody spikes
        return QUIET
    word = QUIET
    for k in range(n_eight):
        word |= ((eight_flags(flags, first + 8 * k) * GATHER) >> TOP_BYTE) << np.uint64(8 * k)
    return word


@inner
def pack_row(flags, start, length, words, first_word, n_word):
    """Pack the flags of one row; returns its number of spikes. Both arrays are flat."""
    n_full = length // 64
    n_spike = 0
    for w in range(n_full):
        word = packed_word(flags, start + 64 * w, 8)
        words[first_word + w] = word
        n_spike += count_bits(word)
    if n_full < n_word:
        rest = start + 64 * n_full
        n_eight = (start + length - rest) // 8
        word = packed_word(flags, rest, n_eight)
        for x in range(8 * n_eight, start + length - rest):
            word |= np.uint64(flags[rest + x]) << np.uint64(x)
        words[first_word + n_full] = word
        n_spike += count_bits(word)
    return n_spike


@operation
def push_spikes(worker, n_worker, step, spikes, bits, busy, n_point, n_site, n_row, row_length, n_slot):
    """Store this step's spikes in their slot of the ring. See `gpusyn.backends.numpy_ops.wiring_spikes`."""
    slot = step % n_slot
    n_word = bits.shape[3]
    flags, words = flat(spikes), flat(bits)
    first, last = share(worker, n_worker, n_point * n_row)
    for place in range(first, last):
        point, row = place // n_row, place % n_row
        start = row * row_length
        length = min(row_length, n_site - start)
        first_word = (slot * n_point * n_row + place) * n_word
        busy[slot, point, row] = pack_row(flags, point * n_site + start, length, words, first_word, n_word)


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
