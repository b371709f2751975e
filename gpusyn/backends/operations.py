"""Finds structural operations by name: every topic is a module of the same name under each backend's folder."""
from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from gpusyn.errors import BackendError, nearest


@cache
def _modules(folder: str) -> list:
    package = importlib.import_module(f"gpusyn.backends.{folder}")
    return [importlib.import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__)]


@cache
def find_operation(backend: str, name: str):
    """The function of a structural operation on "numpy" or "numba", or its launch geometry on "cuda".

    Raises:
        BackendError: no module has it; the message suggests one that exists.
    """
    return getattr(module_of(backend, name), name) if backend != "cuda" else module_of(backend, name).LAUNCH[name]


@cache
def module_of(backend: str, name: str):
    """The module that defines an operation for a backend; its name is also that of the kernel file."""
    known: list[str] = []
    for module in _modules(f"{backend}_ops"):
        names = getattr(module, "LAUNCH", {}) if backend == "cuda" else vars(module)
        if name in names:
            return module
        known += [n for n in names if not n.startswith("_")]
    raise BackendError(f"no operation '{name}' for {backend}{nearest(name, known)}")
