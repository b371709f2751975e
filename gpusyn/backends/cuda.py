"""CUDA devices through CuPy: finding them, their memory, their stream and graphs.

The only file that imports CuPy, and it does so when a function is called, not when this module is imported.
"""

import functools
import logging
import os
from typing import Any

import numpy as np

from gpusyn.backends.cuda_module import Module
from gpusyn.errors import BackendError

LOG = logging.getLogger(__name__)
INSTALL = "pip install 'gpusyn[cuda12]' or 'gpusyn[cuda13]'"
NO_DEVICE = 100  # cudaErrorNoDevice


def load_cupy() -> Any:
    """The module ``cupy``.

    Raises:
        BackendError: it is not installed, or does not import.
    """
    try:
        import cupy
    except ModuleNotFoundError as error:
        if error.name == "cupy":
            raise BackendError(f"CuPy is not installed: {INSTALL}") from None
        raise BackendError(f"CuPy does not import: {error}") from error
    except Exception as error:  # a CuPy for another CUDA or NumPy fails in many ways
        raise BackendError(f"CuPy does not import: {error}") from error
    return cupy


def load_nvrtc() -> Any:
    """The binding ``cupy.cuda.nvrtc``, with its library loaded. Needs no device.

    Raises:
        BackendError: CuPy or the NVRTC library is missing.
    """
    nvrtc = load_cupy().cuda.nvrtc
    try:
        nvrtc.getVersion()
    except Exception as error:  # cuda-pathfinder's own exception types are not public
        first_line = str(error).strip().partition("\n")[0]
        raise BackendError(f"the NVRTC library is not found: {INSTALL} ({first_line})") from error
    return nvrtc


@functools.cache
def usable_gpus() -> int:
    """Number of CUDA devices that answer; 0 for whatever reason. Never raises."""
    return 0 if cuda_unavailable_reason() else load_cupy().cuda.runtime.getDeviceCount()


@functools.cache
def cuda_unavailable_reason() -> str | None:
    """Why CUDA cannot be used here, or None if it can. Never raises.

    Tells apart: no CuPy, no driver, a driver too old, no device, no NVRTC. Asked once per process.
    """
    try:
        reason = _no_device_reason(load_cupy().cuda.runtime)
        if reason is None:
            load_nvrtc()
        return reason
    except BackendError as error:
        return str(error)
    except Exception as error:  # whatever a driver does, looking for it must not stop a run on the CPU
        return f"CUDA does not answer: {type(error).__name__}: {error}"


def _no_device_reason(runtime) -> str | None:
    # Without a driver the runtime complains of an "insufficient" one; the driver's version, 0, tells the difference.
    driver = runtime.driverGetVersion()
    if driver == 0:
        return "there is no NVIDIA driver"
    try:
        count = runtime.getDeviceCount()
    except runtime.CUDARuntimeError as error:
        if error.status != NO_DEVICE:
            return f"the NVIDIA driver (CUDA {_version(driver)}) does not serve this CuPy: {error}"
        count = 0
    if count:
        return None
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    return "the NVIDIA driver finds no device" + ("" if visible is None else f" (CUDA_VISIBLE_DEVICES={visible!r})")


def _version(number: int) -> str:
    return f"{number // 1000}.{number % 1000 // 10}"


class Device:
    """One CUDA device: its arrays, its stream, and kernels for it.

    Everything runs in order on one stream, and also in order with CuPy's default stream.

    Args:
        index: which device, 0 for the first that CUDA shows.

    Raises:
        BackendError: there is no such device; the message says why.
    """

    def __init__(self, index: int = 0):
        if reason := cuda_unavailable_reason():
            raise BackendError(f"CUDA cannot be used: {reason}")
        if not 0 <= index < usable_gpus():
            raise BackendError(f"CUDA device {index}: there are {usable_gpus()}, numbered from 0")
        self.xp = load_cupy()
        self.nvrtc = load_nvrtc()
        self.index = index
        self._device = self.xp.cuda.Device(index)
        with self._device:
            self._stream = self.xp.cuda.Stream()

    def active(self):
        """Context in which CuPy works on this device and its stream."""
        return _Active(self._device, self._stream)

    @property
    def name(self) -> str:
        """The device's name, as NVIDIA gives it."""
        return self.xp.cuda.runtime.getDeviceProperties(self.index)["name"].decode()

    @property
    def compute_capability(self) -> int:
        """Compute capability without the dot, 90 for 9.0."""
        return int(self._device.compute_capability)

    @property
    def driver(self) -> str:
        """The CUDA version that the driver serves, ``"12.9"``."""
        return _version(self.xp.cuda.runtime.driverGetVersion())

    def module(self, source: str, precision: str) -> Module:
        """Kernels of a complete CUDA C source, compiled for this device."""
        return Module(self, source, precision)

    def zeros(self, shape, dtype):
        """An array of zeros on the device."""
        with self.active():
            return self.xp.zeros(shape, dtype)

    def asarray(self, array):
        """A C-contiguous copy of a host array on the device."""
        with self.active():
            return self.xp.array(np.asarray(array), order="C")

    def to_host(self, array) -> np.ndarray:
        """A NumPy copy of a device array; waits for the work enqueued before."""
        with self.active():
            return self.xp.asnumpy(array, stream=self._stream)

    def fill(self, array, value) -> None:
        """Set every element, after the work enqueued before."""
        with self.active():
            array.fill(value)

    def synchronize(self) -> None:
        """Wait until everything enqueued is done."""
        self._stream.synchronize()

    def memory(self) -> tuple[int, int]:
        """Free and total bytes of device memory; what CuPy keeps for reuse counts as free."""
        with self._device:
            free, total = self.xp.cuda.runtime.memGetInfo()
            return free + self.xp.get_default_memory_pool().free_bytes(), total

    def capture(self, launches: list):
        """One function that replays prepared launches in order, as a CUDA graph.

        If this CuPy or driver cannot capture graphs, the function enqueues the launches one by one; the log says why.

        Args:
            launches: what `Module.prepare` returned.
        """
        with self.active():
            try:
                graph = self._captured(launches)
            except Exception as error:  # AttributeError of an old CuPy, or the driver's refusal
                LOG.warning("no CUDA graph, launching kernels one by one: %s: %s", type(error).__name__, error)
                return self._one_by_one(launches)

        def replay():
            with self._device:
                graph.launch(self._stream)

        return replay

    def _captured(self, launches: list):
        self._stream.begin_capture()
        try:
            for launch in launches:
                launch()
        finally:
            # Also ends the capture of a launch that failed: a stream left capturing would refuse all later work.
            graph = self._stream.end_capture()
        return graph

    def _one_by_one(self, launches: list):
        def replay():
            with self.active():
                for launch in launches:
                    launch()

        return replay


class _Active:
    """Context of a device and a stream together."""

    def __init__(self, device, stream):
        self._contexts = (device, stream)

    def __enter__(self):
        for context in self._contexts:
            context.__enter__()

    def __exit__(self, *error):
        for context in reversed(self._contexts):
            context.__exit__(*error)
