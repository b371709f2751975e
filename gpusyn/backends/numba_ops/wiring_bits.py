"""Words of spike bits: packing flags, finding the next set bit, judging a draw."""
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from gpusyn.backends.numba_ops.compiled import inlined


@intrinsic
def next_bit(typingctx, word):
    """Position of the lowest set bit of a uint64 word that is not zero, int64."""
    def generate(context, builder, signature, args):
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))
    return types.int64(types.uint64), generate


@intrinsic
def count_bits(typingctx, word):
    """Number of set bits of a uint64 word, int64."""
    def generate(context, builder, signature, args):
        return builder.ctpop(args[0])
    return types.int64(types.uint64), generate


@intrinsic
def packed_flags(typingctx, flags, position):
    """Which of flags[position : position + 64] are set, as the bits of a uint64; `flags` is 1-D uint8."""
    def generate(context, builder, signature, args):
        array = context.make_array(signature.args[0])(context, builder, args[0])
        kind = ir.VectorType(ir.IntType(8), 64)
        place = builder.bitcast(builder.gep(array.data, [args[1]]), kind.as_pointer())
        bytes_ = builder.load(place)
        bytes_.align = 1
        return builder.bitcast(builder.icmp_unsigned("!=", bytes_, ir.Constant(kind, None)), ir.IntType(64))
    return types.uint64(flags, types.int64), generate


@inlined
def pick_word(words, position):
    """One of four words, as an int64."""
    if position < 2:
        return np.int64(words[0]) if position == 0 else np.int64(words[1])
    return np.int64(words[2]) if position == 2 else np.int64(words[3])


@inlined
def threshold(probability):
    """A word below this, of 2**32 equally likely ones, is a success."""
    return np.int64(np.float64(probability) * 4294967296.0)
