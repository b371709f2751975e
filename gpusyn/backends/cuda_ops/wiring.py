"""Launch geometry of ``kernels/wiring.cu``."""
from gpusyn.backends.cuda_ops.recording import one_thread_per

# A block's sums are halved again and again, so its threads are a power of two.
LEAST_THREADS, MOST_THREADS = 32, 256


def block_per(n_block: int, n_thread: int) -> tuple[tuple, tuple]:
    """Grid and block with one block for each of `n_block` rows or parts that have work for `n_thread` threads."""
    threads = LEAST_THREADS
    while threads < min(n_thread, MOST_THREADS):
        threads *= 2
    return (max(1, n_block),), (threads,)


def _push_spikes(args):
    n_point, _n_site, n_row, row_length, _n_slot = args[3:]
    return block_per(n_point * n_row, -(-row_length // 8))


def _list_spikes(args):
    n_point, _n_site, n_row, row_length = args[4:8]
    return block_per(n_point * n_row, max(-(-row_length // 64), n_row // 8))


def _flag_arrivals(args):
    n_point, n_site = args[2:4]
    return one_thread_per(n_point * n_site)


def _deliver_offsets(args):
    n_point, nz, ny, nx = args[13:17]
    return block_per(n_point * nz * ny, nx)


def _deliver_sparse(args):
    n_point, _n_source, _n_target, n_part, part_length = args[12:17]
    return block_per(n_point * n_part, part_length)


def _deliver_uniform(args):
    n_point, _n_source, _n_target, n_part, part_length = args[11:16]
    return block_per(n_point * n_part, part_length)


def _gap_offsets(args):
    n_point, nz, ny, nx = args[6:10]
    return one_thread_per(n_point * nz * ny * nx)


def _gap_sparse(args):
    n_point, _n_source, n_target = args[9:12]
    return one_thread_per(n_point * n_target)


def _gap_rectified(args):
    n_point, _n_source, n_target = args[10:13]
    return one_thread_per(n_point * n_target)


def _poisson_spikes(args):
    n_point, n_site = args[3:5]
    return one_thread_per(n_point * -(-n_site // 4))


def _regular_spikes(args):
    n_point, n_site = args[3:5]
    return one_thread_per(n_point * n_site)


def _cyclic_spikes(args):
    return one_thread_per(args[5])


def _scheduled_spikes(args):
    return one_thread_per(args[4])


LAUNCH = {
    "push_spikes": _push_spikes,
    "list_spikes": _list_spikes,
    "flag_arrivals": _flag_arrivals,
    "deliver_offsets": _deliver_offsets,
    "deliver_sparse": _deliver_sparse,
    "deliver_uniform": _deliver_uniform,
    "gap_offsets": _gap_offsets,
    "gap_rectified": _gap_rectified,
    "gap_sparse": _gap_sparse,
    "poisson_spikes": _poisson_spikes,
    "regular_spikes": _regular_spikes,
    "cyclic_spikes": _cyclic_spikes,
    "scheduled_spikes": _scheduled_spikes,
}
