"""Launch geometry of ``kernels/playing.cu``."""
from gpusyn.backends.cuda_ops.recording import one_thread_per


def _play_table(args):
    n_point, n_site = args[5:7]
    return one_thread_per(n_point * n_site)


LAUNCH = {"play_table": _play_table}
