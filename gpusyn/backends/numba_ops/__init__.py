"""Compiled operations for the CPU, and how they are compiled."""
import llvmlite.binding as llvm
from numba.core import config


def use_whole_vectors() -> None:
    """Let LLVM use 512-bit vectors where the processor has them; it prefers 256 on some that run 512 as fast.

    Results are the same bits either way. Numba reads this once, when the first function is declared, so it must be said
    before any module of this package is imported. A user's own NUMBA_CPU_FEATURES is left alone.
    """
    features = llvm.get_host_cpu_features()
    if config.CPU_FEATURES is None and features.get("avx512f"):
        config.CPU_FEATURES = features.flatten() + ",-prefer-256-bit"


use_whole_vectors()
