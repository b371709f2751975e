"""W5V: an action potential along an unmyelinated cable, the voltage beside W5's calcium.

The size "1x401" means one cable of 401 nodes, 5 um apart, of radius 0.5 um. Units: ms, mV, um; time step 10 us.

    dv/dt = Lap v - 50 m^3 h (v - 50) - 5 n^4 (v + 90) - 0.005 (v + 72) + rest
    Lap v = R / (2 Ra Cm) v'',  Ra = 750 Ohm cm, Cm = 1 uF/cm^2;  `rest` keeps v at -72

so that conductances are 50, 5 and 0.005 mS/cm^2. Gates m, h and n have the rates of Traub & Miles (1991) with a
threshold of -60 mV. A current of 500 pA flows into the first node during the first 2 ms.

Check values: conduction velocity between 500 and 1500 um from v crossing 0 mV upwards, mm/s; highest v at 1000 um, mV.
"""

import numpy as np

STEPS = {"1x401": 3000, "64x401": 3000}
DT, SPACING, RADIUS = 0.01, 5.0, 0.5
AXIAL_RESISTIVITY, CAPACITANCE = 750.0, 1.0  # Ohm cm, uF/cm^2
STIMULUS, DURATION = 500.0, 2.0  # pA, ms
PROBES = (100, 200, 300)  # nodes


def crossing(times, course):
    """When a course first rises above 0 mV, linear between samples; NaN if it does not."""
    above = np.flatnonzero((course[1:] >= 0) & (course[:-1] < 0))
    if not above.size:
        return np.nan
    i = above[0]
    return times[i] - course[i] * (times[i + 1] - times[i]) / (course[i + 1] - course[i])


def checks(times, v):
    """The check values, of (n_time,) ms and (n_time, 3) mV at the probes."""
    first, _, last = (crossing(times, course) for course in np.asarray(v).T)
    velocity = (PROBES[2] - PROBES[0]) * SPACING / (last - first)
    return {"velocity": round(float(velocity), 2), "peak": round(float(np.max(v[:, 1])), 3)}
