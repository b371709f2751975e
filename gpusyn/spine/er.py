"""The documents' functions of the ER, for looking at numbers.

Units as in `gpusyn.spine.cytosol`. As in the documents `jS` is what leaves the cytosol, all others are what enters it,
and so is `JER`.
"""
from __future__ import annotations

import numpy as np

from gpusyn.spine import mechanisms
from gpusyn.spine.asking import computed, permeability
from gpusyn.spine.cytosol import summed
from gpusyn.spine.flux_components import FluxComponents
from gpusyn.spine.units import FLUX, PER_MS, UM

params = {"rhoryr": 3.0, "Irefryr": 3.5e-12, "Is": 6.5e-30, "Ks": 180e-18, "rhos": 2390.0, "kp": 1e3,
          "d1": 0.13e-15, "d2": 1.05e-15, "d3": 0.94e-15, "d5": 82.3e-18, "rhoI": 17.3, "IrefI": 1.1e-13}
constants = {"betot": 4 * 3.6e-12, "kbepos": 1e14, "kbeneg": 200.0, "leak_const": None, "vle": None}


def asked(mechanism, c, ce, **known):
    """The flux into the cytosol."""
    return computed(mechanism, "flux_from_er", ca=np.asarray(c) * UM, ca_er=np.asarray(ce) * UM, **known) / FLUX


def jRYR(neuron, c, ce, ryr_state, dt=None):
    """Ryanodine receptors; the rows of `ryr_state` are the occupancies of O1, O2, ..."""
    return asked(mechanisms.ryr(neuron), c, ce, O1=ryr_state[0], O2=ryr_state[1])


def jS(neuron, c, ce):
    """SERCA: what it takes out of the cytosol."""
    return -asked(mechanisms.serca(neuron), c, ce)


def jIP3(neuron, p, c, ce):
    """IP3 receptors."""
    return asked(mechanisms.ip3r(neuron), c, ce, ip3=np.asarray(p) * UM)


def jLE(neuron, c, ce, V=None):
    """The leak, with neuron.erConstants["vle"], which `init_vel_e` sets."""
    velocity = permeability(neuron.erConstants, "vle", "gpusyn.spine.er.init_vel_e")
    return asked(mechanisms.er_leak(neuron), c, ce, permeability=velocity * PER_MS)


def init_vel_e(neuron, c, ce, p, ryr_state, dt=None) -> None:
    """Set the permeability of the leak, um/s: leak_const, or what balances the mechanisms that are switched on."""
    constants, s, parts = neuron.erConstants, neuron.settings, inward(neuron, c, ce, p, ryr_state)
    parts.pop("er_leak")
    out = 0.0 - summed(neuron, c, parts)
    given = constants["leak_const"]
    constants["vle"] = out / (s.ceeq - s.cceq) if given is None else given


def reaction_er(neuron, ce, be):
    """What calreticulin lets go less what it binds, umol/(um^3 s)."""
    cell = mechanisms.compartment(neuron)
    return computed(cell, "calreticulin_release", ca_er=np.asarray(ce) * UM, calreticulin=np.asarray(be) * UM,
                    calreticulin_total=neuron.erConstants["betot"] * UM) / UM / PER_MS


def init_calbe(neuron, ceeq):
    """Calreticulin that is free beside calcium at rest."""
    cell = mechanisms.compartment(neuron)
    return computed(cell, "start_calreticulin", resting_ca_er=np.asarray(ceeq) * UM,
                    calreticulin_total=neuron.erConstants["betot"] * UM) / UM


def reaction_ip3(neuron, p):
    """Decay of IP3 towards rest, umol/(um^3 s)."""
    return -computed(mechanisms.ip3(neuron), "degradation", ip3=np.asarray(p) * UM) / UM / PER_MS


def inward(neuron, c, ce, p, ryr_state) -> dict:
    """The mechanisms of the ER's membrane: (switch, sign of what enters the cytosol, function) by name."""
    return {"ryr": ("RyR", 1.0, lambda: jRYR(neuron, c, ce, ryr_state)),
            "serca": ("SERCA", -1.0, lambda: jS(neuron, c, ce)),
            "er_leak": ("ER_leak", 1.0, lambda: jLE(neuron, c, ce)),
            "ip3r": ("IP3", 1.0, lambda: jIP3(neuron, p, c, ce))}


def JER(neuron, c, ce, p, ryr_state, dt=None, fluxes: FluxComponents | None = None):
    """What enters the cytosol on balance; with `fluxes`, the parts that neuron.recorder asks for are left there."""
    return summed(neuron, c, inward(neuron, c, ce, p, ryr_state), fluxes, "total_er")
