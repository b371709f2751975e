"""gpusyn: synaptic biochemistry on arrays, on CUDA GPUs and on laptops, from one declaration of each mechanism."""
from __future__ import annotations

import importlib

from gpusyn._version import __version__

_HOMES = {
    "Lattice": "lattice", "Model": "model", "Simulation": "simulation", "Sweep": "sweep",
    "Mechanism": "mechanism", "open": "recording",
    "GpusynError": "errors", "ModelError": "errors", "EquationError": "errors", "BackendError": "errors",
    "SimulationError": "errors",
}


def __getattr__(name):
    """Public names, imported when they are first used."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'gpusyn' has no attribute '{name}'")
    return getattr(importlib.import_module(f"gpusyn.{home}"), name)


def __dir__():
    return sorted([*_HOMES, "__version__"])
