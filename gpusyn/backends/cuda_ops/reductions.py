"""Launch geometry of ``kernels/reductions.cu``."""

from gpusyn.backends.cuda_ops.recording import one_thread_per

STRANDS = 256
REPORT_ROWS = 64
# Blocks per point or report row: enough to fill a device, few enough that each has thousands of sites to count.
MOST_TILES = 256
SITES_PER_TILE = 4096


def _reduce_parts(args):
    *_, n_point, _n_site, n_part = args
    return (n_point * n_part,), (STRANDS,)


def _record_reductions(args):
    *_, n_point, _n_site, _n_part = args
    return (n_point,), (STRANDS,)


def _clear_histogram(args):
    *_, n_point, n_bin = args
    return one_thread_per(n_point * n_bin)


def _record_histogram(args):
    *_, n_point, n_site, _low, _high, _n_bin = args
    return (min(-(-n_site // SITES_PER_TILE), MOST_TILES) * n_point,), (STRANDS,)


def _check_finite(args):
    *_, n_point, n_site, _must_not_be_negative = args
    n_item_per_row = -(-n_point * n_site // REPORT_ROWS)
    return (min(-(-n_item_per_row // 1024), MOST_TILES), REPORT_ROWS), (STRANDS,)


LAUNCH = {
    "reduce_parts": _reduce_parts,
    "record_reductions": _record_reductions,
    "clear_histogram": _clear_histogram,
    "record_histogram": _record_histogram,
    "check_finite": _check_finite,
}
