"""Words of spike bits: loading eight flags at once, finding the next set bit, judging a draw."""
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from gpusyn.backends.numba_ops.compiled import inner


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
def eight_flags(typingctx, flags, position):
    """The bytes flags[position : position + 8] as one uint64; `flags` is 1-D uint8 and needs no alignment."""
    def generate(context, builder, signature, args):
        array = context.make_array(signature.args[0])(context, builder, args[0])
        place = builder.gep(array.data, [args[1]])
        word = builder.load(builder.bitcast(place, ir.IntType(64).as_pointer()))
        word.align = 1
        return word
    return types.uint64(flags, types.int64), generate


@inner
def pick_word(words, position):
    """One of four words, as an int64."""
    if position < 2:
        return np.int64(words[0]) if position == 0 else np.int64(words[1])
    return np.int64(words[2]) if position == 2 else np.int64(words[3])


@inner
def threshold(probability):
    """A word below this, of 2**32 equally likely ones, is a success."""
    return np.int64(np.float64(probability) * 4294967296.0)
