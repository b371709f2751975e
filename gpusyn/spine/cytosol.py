"""The documents' functions of the plasma membrane and the cytosol, for looking at numbers.

Concentrations in umol/um^3, potentials in V, flux densities in umol/(um^2 s). As in the documents `jP` and `jN` are
what leaves the cell, `jVDCC` and `jLP` what enters it, and `JPM` is what leaves on balance. A run does not call them:
it has the mechanisms that they ask.
"""
from __future__ import annotations

import numpy as np

from gpusyn.spine import mechanisms
from gpusyn.spine.asking import computed, permeability
from gpusyn.spine.flux_components import FluxComponents
from gpusyn.spine.units import FLUX, MV, PER_MS, UM

params = {"Ip": 1.7e-17, "Kp": 60e-18, "rhop": 500.0, "In": 2.5e-15, "Kn": 1.8e-15, "rhon": 15.0, "rhovdcc": 1.0}
constants = {"co": 1.0e-12, "btot": 4 * 40e-15, "kbpos": 27e15, "kbneg": 19.0, "leak_const": None, "vlp": None}


def jP(neuron, c):
    """PMCA: what it takes out."""
    return -computed(mechanisms.pmca(neuron), "flux_from_outside", ca=np.asarray(c) * UM) / FLUX


def jN(neuron, c):
    """NCX: what it takes out."""
    return -computed(mechanisms.ncx(neuron), "flux_from_outside", ca=np.asarray(c) * UM) / FLUX


def jVDCC(neuron, c, V, G):
    """Voltage-gated channels of which a fraction G is open: what they let in."""
    return computed(mechanisms.vdcc(neuron), "flux_from_outside", ca=np.asarray(c) * UM, v=np.asarray(V) * MV,
                    open_fraction=G) / FLUX


def jLP(neuron, c, V=None):
    """The leak, with neuron.cytConstants["vlp"], which `init_vel` sets: what it lets in."""
    velocity = permeability(neuron.cytConstants, "vlp", "gpusyn.spine.cytosol.init_vel")
    return computed(mechanisms.pm_leak(neuron), "flux_from_outside", ca=np.asarray(c) * UM,
                    permeability=velocity * PER_MS) / FLUX


def init_vel(neuron, c, V, G) -> None:
    """Set the permeability of the leak, um/s: leak_const, or what balances the mechanisms that are switched on."""
    constants, parts = neuron.cytConstants, outward(neuron, c, V, G)
    parts.pop("pm_leak")
    out = summed(neuron, c, parts)
    given = constants["leak_const"]
    constants["vlp"] = out / (constants["co"] - neuron.settings.cceq) if given is None else given


def reaction(neuron, c, b):
    """What calbindin lets go less what it binds, umol/(um^3 s)."""
    cell = mechanisms.compartment(neuron)
    return computed(cell, "calbindin_release", ca=np.asarray(c) * UM, calbindin=np.asarray(b) * UM,
                    calbindin_total=neuron.cytConstants["btot"] * UM) / UM / PER_MS


def init_calb(neuron, cceq):
    """Calbindin that is free beside calcium at rest."""
    cell = mechanisms.compartment(neuron)
    return computed(cell, "start_calbindin", resting_ca=np.asarray(cceq) * UM,
                    calbindin_total=neuron.cytConstants["btot"] * UM) / UM


def outward(neuron, c, V, G) -> dict:
    """The mechanisms of the membrane: (switch, sign of what leaves, function) by name."""
    return {"pmca": ("PMCA", 1.0, lambda: jP(neuron, c)), "ncx": ("NCX", 1.0, lambda: jN(neuron, c)),
            "vdcc": ("VDCC", -1.0, lambda: jVDCC(neuron, c, V, G)),
            "pm_leak": ("PM_leak", -1.0, lambda: jLP(neuron, c, V))}


def JPM(neuron, c, V, G, fluxes: FluxComponents | None = None):
    """What leaves on balance; with `fluxes`, the parts that neuron.recorder asks for are left there."""
    return summed(neuron, c, outward(neuron, c, V, G), fluxes, "total_pm")


def summed(neuron, c, parts, fluxes=None, whole=""):
    """The sum of what is switched on, (switch, sign, function) by name; with what was asked for left in `fluxes`."""
    total = np.zeros_like(c, dtype=float)
    for name, (switch, sign, flux) in parts.items():
        if neuron.model[switch]:
            found = flux()
            total = total + sign * found
            if fluxes is not None and neuron.recorder[f"flux_{name}"]:
                setattr(fluxes, name, found)
    if fluxes is not None and neuron.recorder[f"flux_{whole}"]:
        setattr(fluxes, whole, total.copy())
    return total
