"""Spikes of past steps as bits in a ring, and the list of those that arrive now.

Bits are kept by row: bit b of word w of row r is site r * row_length + 64 w + b. The last row may be shorter.
"""
import numpy as np

from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.views import flat
from gpusyn.backends.numba_ops.wiring_bits import count_bits, eight_flags, next_bit

# Multiplying eight bytes of 0 or 1 by this gathers them, in order, in the top byte.
GATHER = np.uint64(0x0102040810204080)
TOP_BYTE = np.uint64(56)
QUIET = np.uint64(0)
ONE = np.uint64(1)


@inner
def packed_word(flags, first):
    """The 64 flags from `first` on as bits."""
    word = QUIET
    for k in range(8):
        word |= ((eight_flags(flags, first + 8 * k) * GATHER) >> TOP_BYTE) << np.uint64(8 * k)
    return word


@inner
def packed_rest(flags, first, n):
    """The n flags from `first` on as bits, where n is below 64 and at least 8 flags lie before first + n."""
    word = QUIET
    n_eight = n // 8
    for k in range(n_eight):
        word |= ((eight_flags(flags, first + 8 * k) * GATHER) >> TOP_BYTE) << np.uint64(8 * k)
    last = (eight_flags(flags, first + n - 8) * GATHER) >> TOP_BYTE         # overlaps with what is there already
    return word | (last << np.uint64(n - 8) if n >= 8 else last >> np.uint64(8 - n))


@inner
def pack_row(flags, start, length, words, first_word, n_word):
    """Pack the flags of one row; returns its number of spikes. Both arrays are flat."""
    n_full = length // 64
    n_spike = 0
    for w in range(n_full):
        word = packed_word(flags, start + 64 * w)
        words[first_word + w] = word
        n_spike += count_bits(word)
    if n_full < n_word:
        word, rest, n = QUIET, start + 64 * n_full, length - 64 * n_full
        if rest + n >= 8 and n > 0:
            word = packed_rest(flags, rest, n)
        else:
            for x in range(n):
                word |= np.uint64(flags[rest + x]) << np.uint64(x)
        words[first_word + n_full] = word
        n_spike += count_bits(word)
        for w in range(n_full + 1, n_word):
            words[first_word + w] = QUIET
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
