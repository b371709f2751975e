"""Sums over one block of items, vectorised. The order of addition depends on the block's length only."""
from numba.extending import intrinsic

from gpusyn.backends.numba_ops.compiled import operation
from gpusyn.backends.numba_ops.wiring_bits import count_bits, packed_flags


@intrinsic
def added(typingctx, total, amount):
    """A sum over items with one more: which are added to which is left to the compiler, so that it adds vectors."""

    def generate(context, builder, signature, args):
        return builder.fadd(*args, flags=("reassoc", "nsz", "contract"))

    return total(total, amount), generate


@operation
def count_flags(flags):
    """Number of items of a block that fired."""
    total, n_word = 0, flags.shape[0] // 64
    for w in range(n_word):
        total += count_bits(packed_flags(flags, 64 * w))
    for i in range(64 * n_word, flags.shape[0]):
        total += flags[i]
    return total
