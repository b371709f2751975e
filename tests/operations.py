"""Runs a structural operation by name on each backend, for the tests that compare them.

`run_operation` copies the arguments, runs the operation and returns the copies, so that one set of arguments serves
every backend::

    args = [source, target, n_point, n_site, 0.25]
    expected = run_operation("numpy", "diffuse", step, args, "float64")
    result = run_operation("cuda-on-host", "diffuse", step, args, "float32")
"""

import functools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from gpusyn.backends import cuda, cuda_on_host
from gpusyn.backends.numba_driver import compiled_name
from gpusyn.backends.operations import find_operation, module_of
from gpusyn.backends.plan import Call
from gpusyn.kernel_files import kernel_source

PRECISIONS = ["float32", "float64"]
GUARD_BYTES = 256
GUARD = 0xA5

SKIP_REASON = {"numpy": None, "numba": None, "cuda-on-host": cuda_on_host.unavailable_reason()}
ON_GPU = pytest.param("cuda", marks=pytest.mark.gpu)  # conftest.py skips it where no device answers


def backend_parameter(name: str):
    """A pytest parameter for a backend; it is skipped, with the reason, where the backend cannot run."""
    reason = SKIP_REASON[name]
    return pytest.param(name, marks=[pytest.mark.skip(reason=f"{name}: {reason}")] if reason else [])


BACKENDS = [*(backend_parameter(name) for name in SKIP_REASON), ON_GPU]
# All but the reference.
OTHER_BACKENDS = BACKENDS[1:]


def kernel_file(op_name: str) -> str:
    """The kernel file that holds an operation's CUDA C; it bears the name of the module with its launch geometry."""
    return module_of("cuda", op_name).__name__.rpartition(".")[2] + ".cu"


def run_operation(
    backend_name: str, op_name: str, step: int, args, precision: str, n_worker: int = 2, descending: bool = False
) -> list:
    """Run an operation on copies of its arguments.

    Args:
        backend_name: ``"numpy"``, ``"numba"``, ``"cuda-on-host"`` or ``"cuda"``.
        op_name: the operation; where it is defined is looked up.
        step: the time step it is told.
        args: arrays and numbers in the operation's order. Arrays are passed in the type they have: make the ones that
            hold `real` quantities in the run's precision. An array that occurs twice stays one array.
        precision: ``"float32"`` or ``"float64"``, what ``real`` means in the kernels.
        n_worker: number of Numba's worker threads.
        descending: cuda-on-host runs blocks and threads from last to first.

    Returns:
        The arguments after the run, in order: arrays as NumPy copies, numbers as they were.

    Raises:
        AssertionError: a kernel wrote outside an array (cuda-on-host puts guards around each).
    """
    if backend_name == "numpy":
        return _on_numpy(op_name, step, args)
    if backend_name == "numba":
        return _on_numba(op_name, step, args, n_worker)
    if backend_name == "cuda-on-host":
        return _on_host(op_name, step, args, precision, descending)
    return _on_cuda(op_name, step, args, precision)


def _copies(args, copy) -> list:
    """The arguments with each distinct array copied once."""
    known = {id(arg): copy(arg) for arg in args if isinstance(arg, np.ndarray)}
    return [known.get(id(arg), arg) for arg in args]


def _on_numpy(op_name: str, step: int, args) -> list:
    copies = _copies(args, np.copy)
    find_operation("numpy", op_name)(step, *copies)
    return copies


def _on_numba(op_name: str, step: int, args, n_worker: int) -> list:
    copies = _copies(args, np.copy)
    operation = find_operation("numba", compiled_name(Call(op_name, list(args))))  # the variant that a run would take
    with ThreadPoolExecutor(n_worker) as pool:
        done = [pool.submit(operation, worker, n_worker, step, *copies) for worker in range(n_worker)]
        for future in done:
            future.result()
    return copies


@functools.cache
def host_module(file: str, precision: str, descending: bool = False) -> cuda_on_host.Module:
    """Kernels of a file compiled for the CPU."""
    return cuda_on_host.Module(kernel_source(file), precision, descending)


def _on_host(op_name: str, step: int, args, precision: str, descending: bool) -> list:
    module = host_module(kernel_file(op_name), precision, descending)
    copies = _copies(args, guarded)
    module.launch(module.kernel(op_name), *find_operation("cuda", op_name)(args), [np.array([step], np.int64), *copies])
    for position, (before, copy) in enumerate(zip(args, copies, strict=True)):
        if isinstance(before, np.ndarray):
            assert guards_are_intact(copy), f"{op_name} wrote outside argument {position}, shape {before.shape}"
    return _copies(copies, np.copy)


def _on_cuda(op_name: str, step: int, args, precision: str) -> list:
    device = cuda.Device()
    module = device.module(kernel_source(kernel_file(op_name)), precision)
    copies = _copies(args, device.asarray)
    clock = device.asarray(np.array([step], np.int64))
    module.launch(module.kernel(op_name), *find_operation("cuda", op_name)(args), [clock, *copies])
    return [device.to_host(copy) if hasattr(copy, "dtype") else copy for copy in copies]


def guarded(array: np.ndarray) -> np.ndarray:
    """A copy of an array that lies between two guards in memory."""
    block = np.full(array.nbytes + 2 * GUARD_BYTES, GUARD, np.uint8)
    copy = block[GUARD_BYTES : GUARD_BYTES + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def guards_are_intact(copy: np.ndarray) -> bool:
    """Whether nothing wrote into the guards of an array made by `guarded`."""
    block = copy
    while isinstance(block.base, np.ndarray):
        block = block.base
    return bool((block[:GUARD_BYTES] == GUARD).all() and (block[-GUARD_BYTES:] == GUARD).all())
