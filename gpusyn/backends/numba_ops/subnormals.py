"""Subnormal numbers off while a crew works: a gate that decays towards zero would otherwise slow its loop tenfold.

Numbers below 1.2e-38 (float32) or 2.2e-308 (float64) become zero. x86 only; other processors do without the penalty.
"""
import platform

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

FLUSH = 0x8040  # flush to zero (bit 15) and denormals are zero (bit 6) of the control word MXCSR
IS_X86 = platform.machine().lower() in ("x86_64", "amd64")
POINTER = ir.IntType(8).as_pointer()


def _call(builder, name, slot):
    kind = ir.FunctionType(ir.VoidType(), (POINTER,))
    builder.call(builder.module.declare_intrinsic(name, (), kind), (builder.bitcast(slot, POINTER),))


@intrinsic
def flush_subnormals(typingctx):
    """Flush subnormals from now on in this thread; gives the control word to `restore_subnormals` afterwards."""
    signature = types.uint32()

    def generate(context, builder, signature, args):
        slot = builder.alloca(ir.IntType(32))
        builder.store(ir.Constant(ir.IntType(32), 0), slot)
        if IS_X86:
            _call(builder, "llvm.x86.sse.stmxcsr", slot)
            old = builder.load(slot)
            builder.store(builder.or_(old, ir.Constant(ir.IntType(32), FLUSH)), slot)
            _call(builder, "llvm.x86.sse.ldmxcsr", slot)
            return old
        return builder.load(slot)

    return signature, generate


@intrinsic
def restore_subnormals(typingctx, word):
    """Give this thread back the control word that `flush_subnormals` returned."""
    signature = types.void(types.uint32)

    def generate(context, builder, signature, args):
        if IS_X86:
            slot = builder.alloca(ir.IntType(32))
            builder.store(args[0], slot)
            _call(builder, "llvm.x86.sse.ldmxcsr", slot)
        return context.get_dummy_value()

    return signature, generate
