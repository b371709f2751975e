"""W3: synapses with short-term plasticity, driven by random spikes; what they release adds up at their targets.

Every program of this folder simulates this network. Units: ms; time step `DT` = 0.1 ms. The size "10000x100" means
10000 sources with 100 synapses each, onto distinct sites of 10000 targets, drawn at random. With a fan-out of 1 the
targets are the sites in another order.

    source     spikes with a chance of RATE DT in each step, 20 Hz; each program draws its own
    between    dx/dt = (1 - x) / TAU_REC,   du/dt = (U - u) / TAU_FACIL, solved exactly; x = 1 and u = U at first
    arrival    received of the target += w u x,   then x <- x - u x,   u <- u + U (1 - u);   w = 1, one per synapse

The parameters are those of the facilitating synapse of Tsodyks, Pawelzik & Markram (1998). NEST's `tsodyks2_synapse`
is the same model with the recovery written at the next spike; its targets are `iaf_psc_delta` neurons that do not leak
and never fire, and a spike needs one step to arrive.

The check value is the mean of what an arrival releases, from what all targets have received and the expected number of
arrivals: programs agree within sampling, 1 %.
"""

import numpy as np

STEPS = {"10000x100": 10000, "100000x1": 5000}
DT, RATE = 0.1, 20.0
U, TAU_REC, TAU_FACIL = 0.03, 130.0, 530.0


def connection_lists(size, seed=3):
    """Source and target of every synapse, two int32 arrays, ordered by source and then target.

    Args:
        size: (sources, fan-out).
    """
    n_source, fan_out = size
    generator = np.random.default_rng(seed)
    source = np.repeat(np.arange(n_source, dtype=np.int32), fan_out)
    if fan_out == 1:
        return source, generator.permutation(n_source).astype(np.int32)
    rows = [np.sort(generator.choice(n_source, fan_out, replace=False)) for _ in range(n_source)]
    return source, np.concatenate(rows).astype(np.int32)


def checks(received, size, steps):
    """The check value: what an arrival releases on average."""
    arrivals = size[0] * size[1] * RATE * steps * DT * 1e-3
    return {"mean_release": round(float(np.sum(received, dtype=np.float64)) / arrivals, 5)}
