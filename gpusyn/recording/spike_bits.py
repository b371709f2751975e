"""Packed spike bits into times and sites."""
import numpy as np

from gpusyn.recording.errors import RecordingError


def decode_spike_bits(rows, first_step, n_site):
    """Spikes in packed rows, one row per step.

    Args:
        rows: (n_row, n_point, n_byte) uint8; bit b of byte k is site 8 k + b.
        first_step: step of the first row.
        n_site: sites of the lattice; n_byte is at least n_site / 8.

    Returns:
        One (step, site) pair of int64 arrays per sweep point, sorted by step, then by site.

    Raises:
        RecordingError: the rows have another shape, or a bit beyond the last site is set.
    """
    rows = np.asarray(rows)
    if rows.dtype != np.uint8 or rows.ndim != 3 or 8 * rows.shape[2] < n_site:
        raise RecordingError(f"spike bits of {n_site} sites are uint8 (row, point, {-(-n_site // 8)} bytes or more), "
                             f"not {rows.dtype} {rows.shape}")
    words = _as_words(rows)
    _, n_point, n_word = words.shape
    busy = np.flatnonzero(words)                                # spikes are rare: look only into words that have any
    bits = np.unpackbits(words.reshape(-1)[busy].view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    word, bit = np.nonzero(bits)
    line, column = np.divmod(busy, n_word)
    step, point = np.divmod(line, n_point)
    site = column[word] * 64 + bit
    if site.size and site.max() >= n_site:
        raise RecordingError(f"spike bits are set for site {site.max()}, but the lattice ends at site {n_site - 1}")
    return _by_point(step[word] + first_step, point[word], site, n_point)


def _as_words(rows):
    """The same bits as (row, point, 64-bit word), padded with zeros where needed."""
    spare = -rows.shape[2] % 8
    if spare:
        rows = np.concatenate([rows, np.zeros((*rows.shape[:2], spare), np.uint8)], axis=2)
    return np.ascontiguousarray(rows).view("<u8")


def _by_point(step, point, site, n_point):
    """Split spikes by sweep point; a stable sort keeps them ordered by step and site."""
    if n_point == 1:
        return [(step, site)]
    order = np.argsort(point, kind="stable")
    ends = np.searchsorted(point[order], np.arange(1, n_point))
    return list(zip(np.split(step[order], ends), np.split(site[order], ends), strict=True))
