"""Launch geometry of ``kernels/diffusion.cu``."""

THREADS = 256
PLANES = 8          # as in the kernel


def _power_of_two(n: int, most: int) -> int:
    """The smallest power of two that is at least ``n`` and 32, at most ``most``."""
    return max(32, min(most, 1 << max(0, n - 1).bit_length()))


def _diffuse_explicit(args):
    n_batch, n_plane, n_line, nx = args[6:10]
    across = _power_of_two(nx, THREADS if n_line == 1 else 32)
    lines = 1 if n_line == 1 else THREADS // across
    stacks, tiles = -(-n_plane // PLANES), -(-n_line // lines)
    return (n_batch * stacks * tiles,), (across, lines)


def _propagate_axis(args):
    n_batch, n_outer, n_axis, n_inner, nx = args[9:14]
    return (n_batch * n_outer * n_axis * n_inner // nx,), (_power_of_two(nx, THREADS),)


LAUNCH = {"diffuse_explicit": _diffuse_explicit, "propagate_axis": _propagate_axis}
