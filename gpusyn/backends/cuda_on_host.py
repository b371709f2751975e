"""Runs the CUDA C kernels and generated programs on the CPU, compiled by g++, so that tests need no GPU.

It is a backend for tests, not for work: blocks run one after another on one core. ``kernels/host/cuda_on_host.h``
says how.
"""

import ctypes
import functools
import os
import platform
import shutil
import subprocess
from pathlib import Path

import numpy as np

from gpusyn.backends.compilation import CompilationError, complete_source
from gpusyn.backends.disk_cache import cached, digest
from gpusyn.backends.host_memory import free_memory
from gpusyn.backends.kernel_arguments import Signature, launch_shape, signatures
from gpusyn.errors import BackendError, nearest
from gpusyn.kernel_files import host_header_folder

OPTIONS = ("-std=c++20", "-O2", "-ffp-contract=fast", "-fPIC", "-shared", "-w")


@functools.cache
def host_compiler() -> str | None:
    """The C++ compiler for kernels: ``$CXX``, else g++; None if there is none."""
    return shutil.which(os.environ.get("CXX", "g++"))


def unavailable_reason() -> str | None:
    """Why kernels cannot run on the CPU here, or None if they can."""
    if host_compiler() is None:
        return f"no C++ compiler: {os.environ.get('CXX', 'g++')} is not on the path"
    return None


@functools.cache
def compiler_options() -> tuple[str, ...]:
    """Options for the compiler; fused multiply-add is used where the processor has it, as on a GPU."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        flags = ""
    fuse = ("-mfma",) if platform.machine() in ("x86_64", "AMD64") and " fma " in flags else ()
    return OPTIONS + fuse


@functools.cache
def _compiler_version(compiler: str) -> str:
    return subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout


class Kernel:
    """A compiled kernel: what it takes, and the function that runs it."""

    def __init__(self, signature: Signature, launcher):
        self.name = signature.name
        self.signature = signature
        self.launcher = launcher


class Module:
    """Kernels of one CUDA C source, compiled for the CPU.

    Args:
        source: complete CUDA C text, its includes already in place (`gpusyn.kernel_files.kernel_source`).
        precision: ``"float32"`` or ``"float64"``, what ``real`` means.
        descending: run blocks and threads from last to first; the result must be the same.

    Raises:
        CompilationError: the compiler refused the source; the message shows the line.
        BackendError: there is no compiler.
    """

    def __init__(self, source: str, precision: str, descending: bool = False):
        text = complete_source(source, precision)
        self._signatures = signatures(source, precision)
        self._library = ctypes.CDLL(str(_library(text, tuple(self._signatures))))
        self._descending = int(descending)

    def kernel(self, name: str) -> Kernel:
        """A kernel of this source by name.

        Raises:
            KeyError: there is none; the message suggests one.
        """
        if name not in self._signatures:
            raise KeyError(f"no kernel {name!r} in this source{nearest(name, self._signatures)}")
        launcher = getattr(self._library, f"launch_{name}")
        launcher.restype = ctypes.c_char_p
        return Kernel(self._signatures[name], launcher)

    def prepare(self, kernel: Kernel, grid: tuple, block: tuple, args: list):
        """A function without arguments that launches the kernel; arguments are checked and packed once, here.

        Raises:
            TypeError: an argument does not fit its parameter.
            ValueError: grid or block is empty or too large.
        """
        sizes = (ctypes.c_uint * 6)(*launch_shape(kernel.name, grid, block))
        checked = kernel.signature.check(args)
        values = [_value(arg) for arg in checked]
        packed = (ctypes.c_void_p * max(1, len(values)))(*(ctypes.addressof(value) for value in values))
        block_sizes = ctypes.byref(sizes, 3 * ctypes.sizeof(ctypes.c_uint))

        def launch(kept_alive=(checked, values, sizes)):
            problem = kernel.launcher(sizes, block_sizes, packed, self._descending)
            if problem is not None:
                raise BackendError(f"{kernel.name}: {problem.decode()}")

        return launch

    def launch(self, kernel: Kernel, grid: tuple, block: tuple, args: list) -> None:
        """Run a kernel now: check, pack and launch. ``args`` begins with the clock."""
        self.prepare(kernel, grid, block, args)()


class Device:
    """The CPU in place of a CUDA device, with the same methods as `gpusyn.backends.cuda.Device`.

    Args:
        descending: run blocks and threads from last to first.

    Raises:
        BackendError: there is no compiler.
    """

    xp = np
    name = "CPU in place of a CUDA device"

    def __init__(self, descending: bool = False):
        if reason := unavailable_reason():
            raise BackendError(reason)
        self._descending = descending

    def module(self, source: str, precision: str) -> Module:
        """Kernels of a complete CUDA C source, compiled for the CPU."""
        return Module(source, precision, self._descending)

    def zeros(self, shape, dtype) -> np.ndarray:
        """An array of zeros."""
        return np.zeros(shape, dtype)

    def asarray(self, array) -> np.ndarray:
        """A C-contiguous copy of an array."""
        return np.array(array, order="C")

    def to_host(self, array: np.ndarray) -> np.ndarray:
        """A copy of an array."""
        return array.copy()

    def fill(self, array: np.ndarray, value) -> None:
        """Set every element."""
        array.fill(value)

    def synchronize(self) -> None:
        """Return at once: a launch returns when its kernel has run."""

    def memory(self) -> tuple[int, int]:
        """Bytes that an allocation may take now, and the machine's memory as far as it is known."""
        free = free_memory()
        return free, free

    def capture(self, launches: list):
        """One function that runs prepared launches in order."""

        def replay():
            for launch in launches:
                launch()

        return replay


def _value(arg):
    """A C object whose address is passed to the kernel: a pointer to the array's data, or the number itself."""
    if arg is None or isinstance(arg, np.ndarray):
        return ctypes.c_void_p(None if arg is None else arg.ctypes.data)
    return np.ctypeslib.as_ctypes_type(arg.dtype)(arg.item())


def _library(source: str, names: tuple[str, ...]) -> Path:
    compiler = host_compiler()
    if compiler is None:
        raise BackendError(unavailable_reason())
    header = "".join(path.read_text(encoding="utf-8") for path in sorted(host_header_folder().glob("*.h")))
    text = f'#include "cuda_on_host.h"\n{source}\n{"".join(map(_launcher, names))}'
    key = digest(text, header, *compiler_options(), platform.machine(), _compiler_version(compiler))
    return cached("host", key, ".so", lambda path: _compile(compiler, text, path))


def _launcher(name: str) -> str:
    """C function that unpacks the arguments of one kernel."""
    return (
        f'extern "C" const char* launch_{name}(const unsigned int* grid, const unsigned int* block, void** arguments,'
        f" int descending) {{ return cuda_on_host::launch({name}, grid, block, arguments, descending); }}\n"
    )


def _compile(compiler: str, text: str, path: Path) -> None:
    command = [compiler, *compiler_options(), f"-I{host_header_folder()}", "-x", "c++", "-", "-o", str(path)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CompilationError(Path(compiler).name, text, done.stderr)
