"""W4: a random network whose every synapse learns by the pair rule of spike-timing-dependent plasticity.

Every program of this folder simulates this network. Units: ms, mV, pA, pF; time step `DT` = 0.1 ms. The size
"10000x1000" means 10000 neurons with 1000 synapses each, onto distinct other neurons drawn at random.

    neuron      as in W2, forward Euler from the old v and u, without a synaptic current; drive = 3 to 7.5 pA
    spike       where v >= 30: v <- -65, u <- u + 8; it arrives `DELAY` = 1 ms later
    traces      x (presynaptic) and y (postsynaptic), each decaying with 20 ms, each raised by 1 at a spike
    arrival     v of the target += w;  w <- clip(w - A_MINUS y, 0, W_MAX)
    spike of the target                w <- clip(w + A_PLUS x, 0, W_MAX)

All pairs of spikes count. Initial weights are uniform between 0 and W_MAX. Where the delay counts differs: in gpusyn,
Brian2 and the C loop spikes arrive at a synapse DELAY after the presynaptic neuron fired and at once from the
postsynaptic one; in NEST the delay lies behind the synapse, on the postsynaptic side.

Programs that take lists are given the same network; NEST draws one of the same kind. Check values, rate in Hz and mean
weight over W_MAX after the run, agree to 1 %, as the network is chaotic.
"""

import numpy as np

from benchmarks.w2_lattice import DT, drive_and_start

STEPS = {"10000x1000": 5000, "10000x100": 10000}
DELAY, TAU = 1.0, 20.0
W_MAX = 2e-3
A_PLUS, A_MINUS = 0.01 * W_MAX, 0.0105 * W_MAX


def connection_lists(size, seed=4):
    """Source and target of every synapse, two int32 arrays ordered by source and target, and its weight, float64.

    Args:
        size: (neurons, synapses of each).
    """
    n_neuron, fan_out = size
    generator = np.random.default_rng(seed)
    target = np.empty((n_neuron, fan_out), np.int32)
    for source in range(n_neuron):
        row = np.sort(generator.choice(n_neuron - 1, fan_out, replace=False))
        target[source] = row + (row >= source)  # every neuron but itself
    source = np.repeat(np.arange(n_neuron, dtype=np.int32), fan_out)
    return source, target.ravel(), generator.random(target.size) * W_MAX


def drives(n_neuron):
    """Constant current in pA and first potential in mV of each neuron, both float64."""
    drive, start = drive_and_start((n_neuron, 1))
    return 1.0 + drive.ravel(), start.ravel()


def checks(n_spike, weights, n_neuron, steps):
    """The check values."""
    rate = float(n_spike) / (n_neuron * steps * DT) * 1e3
    return {"rate_hz": round(rate, 4), "mean_w": round(float(np.mean(weights, dtype=np.float64)) / W_MAX, 4)}
