"""W1: spiking neurons with three ionotropic receptors and their own transmitters, no network.

Every program of this folder steps these equations, in this order, from these initial values. Units: ms, mV, pA, pF,
nS, mM; time step `DT` = 0.1 ms.

    1 gates     a, m, g <- x + (x - x_inf) (exp(-DT k) - 1),  k = alpha C + beta,  x_inf = alpha C / k
                with the concentrations C that the last step left (glutamate for a and m, GABA for g); this is exact
                while C is constant, and may equally be written x_inf + (x - x_inf) exp(-DT k)
    2 currents  i = g_ampa a v + g_nmda m B(v) v + g_gaba g (v - E_gaba),  B(v) = 1 / (1 + exp(-0.062 v) mg / 3.57)
                with the new gates and the old v
    3 neuron    v <- v + DT (0.04 v^2 + 5 v + 140 - u + drive - i) / c_m,   u <- u + DT a_u (b_u v - u),
                both from the old v and u (forward Euler)
    4 decay     glutamate <- glutamate exp(-DT / 1.2 ms),  gaba <- gaba exp(-DT / 3 ms)
    5 spike     where v >= 30: v <- -65, u <- u + 8, glutamate += 1 mM, gaba += 0.5 mM

Neuron: regular spiking (Izhikevich 2003), c_m 1, a .02, b .2, c -65, d 8. Receptors: alpha and beta of Destexhe,
Mainen & Sejnowski (1998), magnesium block of Jahr & Stevens (1990) at 1 mM. Drive: constant, 4 to 14 pA in equal steps
from the first neuron to the last. Initially v = -65, u = -13, gates and concentrations are zero.

`advance` below is these equations in NumPy, and gives the check values in float64 (mean rate in Hz over the run, mean
final v in mV):

    10,000 neurons, 5000 steps     22.0618    -66.6724
    100,000 neurons, 2000 steps    24.1905    -66.5288
    1,000,000 neurons, 500 steps   35.5088    -66.2564
"""

import math

import numpy as np

STEPS = {"10000": 5000, "100000": 2000, "1000000": 500}
DT = 0.1
NEURON = {"c_m": 1.0, "a_u": 0.02, "b_u": 0.2, "v_reset": -65.0, "u_jump": 8.0, "v_th": 30.0}
RECEPTORS = {  # alpha 1/(mM ms), beta 1/ms, conductance nS, reversal mV
    "ampa": (1.1, 0.19, 0.1, 0.0),
    "nmda": (0.072, 0.0066, 0.5, 0.0),
    "gaba": (5.0, 0.18, 0.3, -80.0),
}
TRANSMITTERS = {"glutamate": (1.0, 1.2), "gaba": (0.5, 3.0)}  # mM per spike, decay time in ms
MG, MG_HALF, MG_SLOPE = 1.0, 3.57, 0.062
STATES = ("v", "u", "glutamate", "gaba", "a", "m", "g")


def initial_state(n, dtype=np.float64):
    """Dict of the seven states, each of shape (n,)."""
    state = {name: np.zeros(n, dtype) for name in STATES}
    state["v"][:] = -65.0
    state["u"][:] = -13.0
    return state


def drive(n, dtype=np.float64):
    """Constant current into each of n neurons, pA."""
    return np.linspace(4.0, 14.0, n).astype(dtype)


def advance(state, current):
    """One step of all neurons in place; returns which of them spiked, (n,) bool."""
    v, u = state["v"], state["u"]
    for gate, concentration, kind in (("a", "glutamate", "ampa"), ("m", "glutamate", "nmda"), ("g", "gaba", "gaba")):
        alpha, beta, _, _ = RECEPTORS[kind]
        rate = alpha * state[concentration] + beta
        state[gate] += (state[gate] - alpha * state[concentration] / rate) * np.expm1(-DT * rate)
    open_gates = {"ampa": state["a"], "gaba": state["g"]}
    open_gates["nmda"] = state["m"] / (1 + np.exp(-MG_SLOPE * v) * (MG / MG_HALF))
    received = sum(g * open_gates[kind] * (v - e) for kind, (_, _, g, e) in RECEPTORS.items())
    new_v = v + DT / NEURON["c_m"] * (0.04 * v * v + 5 * v + 140 - u + current - received)
    new_u = u + DT * NEURON["a_u"] * (NEURON["b_u"] * v - u)
    spiked = new_v >= NEURON["v_th"]
    for name, (amount, tau) in TRANSMITTERS.items():
        left = state[name] * math.exp(-DT / tau)
        state[name] = np.where(spiked, left + amount, left)
    state["v"] = np.where(spiked, NEURON["v_reset"], new_v)
    state["u"] = np.where(spiked, new_u + NEURON["u_jump"], new_u)
    return spiked


def checks(n_spike, v, steps):
    """The check values: mean rate in Hz and mean final potential in mV."""
    rate = float(n_spike) / (len(v) * steps * DT) * 1e3
    return {"rate_hz": round(rate, 4), "mean_v": round(float(np.mean(v, dtype=np.float64)), 4)}
