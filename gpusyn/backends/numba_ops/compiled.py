"""How functions are compiled for the CPU: never with `parallel=True`, never behind the caller's back.

Work is shared among the threads of a crew (`gpusyn.backends.numba_`) that all call the same compiled function with
their own `worker` number. Numba's own `parallel=True` is not used: it compiles slowly, pays 2-3 us per region, and in
version 0.68.1 loses stores of an ordinary stencil.
"""
from numba import njit
from numba.core.compiler import CompilerBase, DefaultPassBuilder

# Fused multiply-add is allowed, as on the GPU; reordering of sums is not, so that results do not depend on
# vector length, and NaN and infinity keep their meaning.
FASTMATH = {"contract", "nsz"}


class NoAliasCompiler(CompilerBase):
    """The usual pipeline, with every array argument marked as not overlapping any other."""

    def define_pipelines(self):
        self.state.flags.noalias = True
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]


def operation(function):
    """Compile a structural operation `(worker, n_worker, step, *args)`; it runs without the interpreter lock."""
    return njit(nogil=True, error_model="numpy", fastmath=FASTMATH, cache=True)(function)


def inner(function):
    """Compile a hot loop whose array arguments do not overlap: it vectorises without run-time alias checks."""
    return njit(
        nogil=True, error_model="numpy", fastmath=FASTMATH, cache=True, pipeline_class=NoAliasCompiler
    )(function)


def inlined(function):
    """Compile a small function of a loop's body into each caller: a call that passes arrays costs 20 ns."""
    return njit(nogil=True, error_model="numpy", fastmath=FASTMATH, cache=True, forceinline=True)(function)
