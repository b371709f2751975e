"""``gpusyn info``: what is installed, and what can run here."""

from __future__ import annotations

import os
import platform
from importlib import metadata

from gpusyn._version import __version__

LIBRARIES = ("numpy", "scipy", "numba", "h5py", "matplotlib", "pydantic", "pint", "typer", "rich", "libsonata")
CUPY = ("cupy-cuda12x", "cupy-cuda13x", "cupy")


def info() -> str:
    """Versions, backends and why some cannot be used, devices, cores, the cache folder and the kernels' digests."""
    blocks = {
        "versions": versions(),
        "machine": machine(),
        "backends": backends(),
        "devices": devices(),
        "kernels": kernels(),
    }
    return "\n\n".join(f"{title}\n{rows(block)}" for title, block in blocks.items())


def rows(block: dict[str, str]) -> str:
    """A block of names and values, aligned."""
    width = max(len(name) for name in block)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in block.items())


def versions() -> dict[str, str]:
    """Versions of gpusyn, Python and the libraries that it works with."""
    found = {"gpusyn": __version__, "python": platform.python_version()}
    found |= {name: version(name) for name in LIBRARIES}
    cupy = [f"{version(name)} ({name})" for name in CUPY if version(name) != "not installed"]
    return found | {"cupy": ", ".join(cupy) or "not installed"}


def version(name: str) -> str:
    """The version of a distribution, or that there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def machine() -> dict[str, str]:
    """Processor, memory and caches."""
    from gpusyn.backends.disk_cache import cache_folder
    from gpusyn.backends.host_memory import free_memory

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "system": platform.platform(),
        "cores": f"{usable} of {os.cpu_count()} usable",
        "free memory": f"{free_memory() / 1e9:.1f} GB",
        "cache": str(cache_folder()),
    }


def backends() -> dict[str, str]:
    """Each backend: ready, or why not."""
    from gpusyn.backends import choose, cuda, cuda_on_host

    reasons = {
        "numpy": None,
        "numba": None,
        "cuda": cuda.cuda_unavailable_reason(),
        "cuda-on-host": cuda_on_host.unavailable_reason(),
    }
    name, why = choose()
    return {n: "ready" if r is None else f"not here: {r}" for n, r in reasons.items()} | {
        "auto": f"{name}, because {why}"
    }


def devices() -> dict[str, str]:
    """CUDA devices that answer."""
    from gpusyn.backends import cuda

    found = {}
    for index in range(cuda.usable_gpus()):
        device = cuda.Device(index)
        free, whole = device.memory()
        capability = device.compute_capability
        found[str(index)] = (
            f"{device.name}, compute capability {capability // 10}.{capability % 10}, {free / 1e9:.1f} of "
            f"{whole / 1e9:.1f} GB free, driver CUDA {device.driver}"
        )
    return found or {"none": "no CUDA device"}


def kernels() -> dict[str, str]:
    """SHA-256 of every kernel file, all it includes counted in."""
    from gpusyn.kernel_files import kernel_digest, kernel_names, kernels_folder

    return {"folder": str(kernels_folder())} | {name: kernel_digest(name)[:16] for name in kernel_names()}
