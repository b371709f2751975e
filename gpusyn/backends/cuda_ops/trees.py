"""Launch geometry of ``kernels/trees.cu``."""
from gpusyn.backends.cuda_ops.recording import one_thread_per

MOST_THREADS = 512
ITEMS = 4           # both as in the kernel


def _solve_trees(args):
    n_active, n_tree, n_row, n_node, _n_factor_row = args[10:]
    wanted = -(-n_node // (n_tree * ITEMS))
    threads = max(32, min(MOST_THREADS, 1 << max(0, wanted - 1).bit_length()))
    return (n_active * n_tree * n_row,), (threads,)


def _spread_trees(args):
    n_active, _n_side, n_row, n_node, _n_factor_row = args[9:]
    return one_thread_per(n_active * n_row * n_node)


def _spread_sideways(args):
    n_active, n_slot, _n_side, n_row, _n_node, _n_factor_row = args[7:]
    return one_thread_per(n_active * n_row * n_slot)


LAUNCH = {"solve_trees": _solve_trees, "spread_trees": _spread_trees, "spread_sideways": _spread_sideways}
