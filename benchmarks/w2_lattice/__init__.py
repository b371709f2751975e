"""W2: spiking neurons on a square lattice, each wired to its 24 nearest neighbours, one exponential synaptic current.

Every program of this folder steps these equations, in this order, from these initial values. Units: ms, mV, pA, pF;
time step `DT` = 0.1 ms; site = y * side + x.

    1 decay     i <- i exp(-DT / 5 ms)
    2 neuron    v <- v + DT (0.04 v^2 + 5 v + 140 - u + drive + i) / c_m,   u <- u + DT a_u (b_u v - u),
                both from the old v and u (forward Euler)
    3 spike     where v >= 30: v <- -65, u <- u + 8
    4 arrival   i of the site at offset (dy, dx) += w(dy, dx) s, for each site that spiked, so that a spike acts
                from the next step on (delay of one step)

    w(dy, dx) = 1.5 exp(-(dx^2 + dy^2) / (2 1.5^2)) pA for -2 <= dx, dy <= 2, not both zero; edges are open
    s         = 1 at excitatory and -2 at inhibitory sites; a site is inhibitory where its first hash is below 0.2
    drive     = 2 to 6.5 pA, v at the start = -70 to -60 mV, both rising linearly with the site's second hash; u = -13

The two hashes are `((site + 1) * factor mod 2^32) / 2^32` with the factors 2654435761 and 2246822519, the second after
`x ^= x >> 15`. A Gaussian is separable; no program makes use of that, as the wiring of a lattice is a general function
of the offset.

NEST has no Izhikevich neuron with a synaptic current that lasts. Its program is a cheaper model with the same wiring:
each arrival moves v at once by w s times 5 mV/pA, what the current would carry in all.

`advance` below is these equations in NumPy, and gives the check values in float64 (mean rate in Hz over the run, mean
final v in mV). Spike times are chaotic: programs agree to 0.2 % in the rate, and in mean v only on large lattices. The
cheaper model of the NEST program fires at 12 to 14 Hz.

    100x100, 10000 steps     10.2481    -67.7071
    316x316, 5000 steps      10.7962    -67.5713
    1000x1000, 1000 steps    15.1697    -68.9280
"""

import math

import numpy as np

STEPS = {"100x100": 10000, "316x316": 5000, "1000x1000": 1000}
DT, TAU = 0.1, 5.0
RADIUS, WIDTH, PEAK = 2, 1.5, 1.5
INHIBITION = -2.0
NEURON = {"c_m": 1.0, "a_u": 0.02, "b_u": 0.2, "v_reset": -65.0, "u_jump": 8.0, "v_th": 30.0}


def offsets():
    """The 24 offsets (dy, dx) from a spiking site to its targets."""
    reach = range(-RADIUS, RADIUS + 1)
    return [(dy, dx) for dy in reach for dx in reach if (dy, dx) != (0, 0)]


def weight(dy, dx):
    """Weight of one offset, pA."""
    return PEAK * math.exp(-(dx * dx + dy * dy) / (2 * WIDTH**2))


def _hash(n_site, factor, mixed):
    word = (np.arange(1, n_site + 1, dtype=np.uint64) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    if mixed:
        word ^= word >> np.uint64(15)
        word = (word * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return word / 2.0**32


def signs(shape):
    """What one spike of each site carries: 1 or -2; shape as the lattice, float64."""
    first = _hash(math.prod(shape), 2654435761, mixed=False)
    return np.where(first < 0.2, INHIBITION, 1.0).reshape(shape)


def drive_and_start(shape):
    """Constant current in pA and first potential in mV of each site, both float64 of the lattice's shape."""
    second = _hash(math.prod(shape), 2246822519, mixed=True).reshape(shape)
    return 2.0 + 4.5 * second, -70.0 + 10.0 * second


def initial_state(shape, dtype=np.float64):
    """Dict of the three states v, u, i, each of the lattice's shape."""
    start = drive_and_start(shape)[1].astype(dtype)
    return {"v": start, "u": np.full(shape, -13.0, dtype), "i": np.zeros(shape, dtype)}


def advance(state, drive, sign):
    """One step of the whole lattice in place; returns which sites spiked, bool of the lattice's shape."""
    v, u = state["v"], state["u"]
    state["i"] = state["i"] * math.exp(-DT / TAU)
    new_v = v + DT / NEURON["c_m"] * (0.04 * v * v + 5 * v + 140 - u + drive + state["i"])
    new_u = u + DT * NEURON["a_u"] * (NEURON["b_u"] * v - u)
    spiked = new_v >= NEURON["v_th"]
    state["v"] = np.where(spiked, NEURON["v_reset"], new_v)
    state["u"] = np.where(spiked, new_u + NEURON["u_jump"], new_u)
    sent = np.pad(np.where(spiked, sign, 0), RADIUS)
    for dy, dx in offsets():
        state["i"] += weight(dy, dx) * shifted(sent, dy, dx, spiked.shape)
    return spiked


def shifted(padded, dy, dx, shape):
    """What each site receives from the site at offset (-dy, -dx), out of an array padded by the radius."""
    top, left = RADIUS - dy, RADIUS - dx
    return padded[top : top + shape[0], left : left + shape[1]]


def checks(n_spike, v, steps):
    """The check values: mean rate in Hz and mean final potential in mV."""
    rate = float(n_spike) / (np.size(v) * steps * DT) * 1e3
    return {"rate_hz": round(rate, 4), "mean_v": round(float(np.mean(v, dtype=np.float64)), 4)}
