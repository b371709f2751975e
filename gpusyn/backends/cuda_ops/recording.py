"""Launch geometry of ``kernels/recording.cu``: one thread per written element."""

BLOCK = 256
# More blocks than any device holds at once; threads stride over what is left.
MOST_BLOCKS = 65536


def one_thread_per(n_element: int) -> tuple[tuple, tuple]:
    """Grid and block with a thread for each element, up to `MOST_BLOCKS` blocks."""
    return (min(max(1, -(-n_element // BLOCK)), MOST_BLOCKS),), (BLOCK,)


def _record_rows(args):
    *_, n_point, _n_site, n_taken = args
    return one_thread_per(n_point * n_taken)


def _record_all(args):
    *_, n_point, n_site = args
    return one_thread_per(n_point * n_site)


def _record_spike_bits(args):
    *_, n_point, _n_site, n_byte = args
    return one_thread_per(n_point * n_byte)


LAUNCH = {"record_rows": _record_rows, "record_all": _record_all, "record_spike_bits": _record_spike_bits}
