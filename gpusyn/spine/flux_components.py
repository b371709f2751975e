"""The fluxes of one step, by the documents' names."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class FluxComponents:
    """Flux densities at every node; what a neuron does not have is None."""

    pmca: Any = None
    ncx: Any = None
    vdcc: Any = None
    pm_leak: Any = None
    total_pm: Any = None
    ryr: Any = None
    serca: Any = None
    ip3r: Any = None
    soc: Any = None
    er_leak: Any = None
    total_er: Any = None
    total_ip3: Any = None
