"""Backends by name. Importing this package imports neither CuPy nor Numba."""
from __future__ import annotations

import logging

from gpusyn.errors import BackendError, nearest

LOG = logging.getLogger("gpusyn")
NAMES = ("auto", "numpy", "numba", "cuda", "cuda-on-host")


def get(name: str = "auto", threads: int | None = None):
    """The backend of this name; "auto" takes CUDA if a device answers, else Numba, and logs which and why.

    Args:
        threads: for Numba, how many; by default one per core.

    Raises:
        BackendError: unknown name, or a backend that cannot run here (the message says why).
    """
    if name == "auto":
        name, reason = choose()
        LOG.info("backend %s: %s", name, reason)
    if name == "numpy":
        from gpusyn.backends.numpy_ import NumpyBackend

        return NumpyBackend()
    if name == "numba":
        from gpusyn.backends.numba_ import NumbaBackend

        return NumbaBackend(threads)
    if name in ("cuda", "cuda-on-host"):
        return _device_backend(name)
    raise BackendError(f"backend: '{name}' is unknown{nearest(name, NAMES)}")


def choose() -> tuple[str, str]:
    """The backend that "auto" means here, and why."""
    from gpusyn.backends import cuda

    reason = cuda.cuda_unavailable_reason()
    return ("cuda", "a CUDA device answers") if reason is None else ("numba", f"no CUDA, because {reason}")


def _device_backend(name):
    from gpusyn.backends.device import DeviceBackend

    if name == "cuda":
        from gpusyn.backends.cuda import Device
    else:
        from gpusyn.backends.cuda_on_host import Device
    return DeviceBackend(name, Device())
