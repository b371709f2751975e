"""W5: a calcium wave along dendrites with an endoplasmic reticulum, the README wave of the SPINE project.

The size "64x1000" means 64 cables of 1000 nodes. Every cable is 64 um long with the radius R = 0.2 um and an ER of
radius r = 0.075 um along its axis. Units: uM, um, ms; fluxes J in uM um/ms; time step `DT` = 5 us.

    dca/dt   = 0.22 ca''   + 0.019 (160 - b) - 0.027 b ca + 2 R / (R^2 - r^2) J_out + 2 r / (R^2 - r^2) J_er
    db/dt    = 0.02 b''    + 0.019 (160 - b) - 0.027 b ca
    dca_er/dt = 0.22 ca_er'' - 2 / r J_er
    dip3/dt  = 0.28 ip3''  - (ip3 - 0.04) + 2 R / (R^2 - r^2) source_ip3
    J_out = - 8.5e-3 ca^2 / (0.06^2 + ca^2) - 0.0375 ca / (1.8 + ca) + 4.497345e-6 (1000 - ca) + source_ca
    J_er  = 0.042 (o1 + o2) (ca_er - ca) + 7.612e-3 p^3 (ca_er - ca) + 3.786353e-5 (ca_er - ca)
            - 15.535 ca / ((0.18 + ca) ca_er)
    p     = 1.05 ca ip3 / ((ca ip3 + 1.05 ip3 + 0.94 ca + 0.1365) (ca + 0.0823))
    ryanodine receptor: c1 <-> o1 at 1.5 ca^4 and 0.0288, o1 <-> o2 at 1.5 ca^3 and 0.3859, o1 <-> c2 at 1.75e-3, 1e-4

At rest ca = 0.05, ca_er = 250, ip3 = 0.04 uM. At the middle node source_ca falls from 2.5 to 0 in 1 ms and source_ip3
from 5 to 0 in 200 ms. Source: Breit & Queisser (2018) J. Math. Neurosci. 8:9, as in SPINE (github.com/zmiksis/SPINE).

gpusyn steps diffusion implicitly and reactions explicitly, second order in time (SBDF2), or all explicitly (midpoint);
NEURON's fixed step is implicit and of first order, in NMODL and in rxd. In NEURON nodes are the middles of segments.

Check values: speed of the front (free calcium crossing 1 uM) from 10 to 30 um from the middle, um/s; when it reaches
12.81 um, ms; highest ca and lowest ca_er there, uM. An independent solver, converged in time, gives 1303.8, 10.266,
5.744 and 15.573. Runs that are too short for the front to get there give the highest ca in the middle alone.
"""

import numpy as np

STEPS = {"1x1000": 14000, "64x1000": 2000, "1x100000": 100}
DT = 0.005
LENGTH, RADIUS, ER_RATIO, N_NODE = 64.0, 0.2, 15 / 40, 1000
SOURCE, IP3_SOURCE = 2.5, 5.0
CONVERGED = {"speed": 1303.793, "arrival": 10.2661, "peak": 5.7436, "er_least": 15.5733}
NEAR, FAR, SITE = 10.0, 30.0, 12.81


def cable_length(n_node):
    """Length of a cable, um: the spacing is that of 1000 nodes on 64 um, whatever their number."""
    return LENGTH * (n_node - 1) / (N_NODE - 1)


def probes(n_node):
    """Nodes that are looked at: the middle, the one 12.81 um beyond, and every 16th that the speed is taken from."""
    spacing, middle = LENGTH / (N_NODE - 1), n_node // 2
    along = np.arange(middle + int(NEAR / spacing) + 1, middle + int(FAR / spacing), 16)
    return np.concatenate([[middle, middle + round(SITE / spacing)], along])


def crossings(times, courses):
    """When each course (n_time, n_site) first reaches 1 uM, linear between samples; NaN where it does not."""
    found = np.full(courses.shape[1], np.nan)
    for k, course in enumerate(courses.T):
        above = np.flatnonzero((course[1:] >= 1) & (course[:-1] < 1))
        if above.size:
            i = above[0]
            found[k] = times[i] + (times[i + 1] - times[i]) * (1 - course[i]) / (course[i + 1] - course[i])
    return found


def checks(times, ca, er_least):
    """The check values.

    Args:
        times: (n_time,) ms.
        ca: (n_time, n_probe) free calcium at the probes of one cable, uM.
        er_least: lowest ca_er at the second probe, uM.
    """
    crossing = crossings(times, ca)
    found = {"peak_middle": round(float(ca[:, 0].max()), 4)}
    if np.isfinite(crossing[1:]).all():
        way = np.arange(ca.shape[1] - 2) * 16 * LENGTH / (N_NODE - 1)
        found |= {"speed": round(float(np.polyfit(crossing[2:], way, 1)[0]) * 1e3, 2),
                  "arrival": round(float(crossing[1]), 4), "peak": round(float(ca[:, 1].max()), 4),
                  "er_least": round(float(er_least), 4)}
    return found
