"""A small network whose recording has everything that pictures show: spiking neurons that release glutamate."""
import numpy as np

from gpusyn.recording import Histogram, Layout, LedgerTerm, Reduction, RunFile, SweepAxis, Trace, Writer

EDGES = np.linspace(-90, 40, 66)
OPEN = "fraction of receptors open"
TERMS = {"released": "source", "present": "fate", "taken_up": "fate", "escaped": "fate"}


def layout_of(shape, spacing, dt, every, conductances, compression="gzip"):
    """Voltage, glutamate and NMDA gates everywhere; ledger and reductions."""
    n_point = len(conductances)
    sweep = (SweepAxis("neurons.nmda.conductance", np.asarray(conductances), "nS"),) if n_point > 1 else ()
    return Layout(
        shape, (spacing,) * len(shape), dt, n_point, compression=compression, spikes=("neurons",), sweep=sweep,
        traces=(Trace("neurons.v", "mV", "membrane potential", every),
                Trace("glutamate.concentration", "uM", "glutamate concentration", every)),
        reductions=(Reduction("neurons.nmda.r", "1", OPEN, every), Reduction("neurons.ampa.r", "1", OPEN, every),
                    Reduction("glutamate.concentration", "uM", "glutamate concentration", every)),
        histograms=(Histogram("neurons.v", "mV", "membrane potential", EDGES, every),),
        ledger=tuple(LedgerTerm("glutamate", term, "amol", role, term, every) for term, role in TERMS.items()))


def simulate(path, shape=(24, 32), n_step=2000, conductances=(1.0,), every=10, dt=0.25, spacing=5.0, seed=1):
    """Izhikevich neurons (2003, IEEE Trans. Neural Netw. 14:1569) with noise, and a current in one place."""
    layout = layout_of(shape, spacing, dt, every, conductances)
    random, n_point, n_site = np.random.default_rng(seed), len(conductances), layout.n_site("neurons")
    strength = np.asarray(conductances)[:, None]
    v, u = np.full((n_point, n_site), -65.0), np.full((n_point, n_site), -13.0)
    glutamate, kinetics = np.zeros((n_point, *shape)), {"ampa": (0.1, 0.5), "nmda": (0.004, 0.03)}      # /(uM ms), /ms
    gates = {kind: np.zeros((n_point, n_site)) for kind in kinetics}
    amounts = {term: np.zeros(n_point) for term in TERMS}
    place = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1) - np.array([0.4 * n for n in shape])
    hot = 16.0 * np.exp(-(place**2).sum(-1) / (0.12 * max(shape)) ** 2).reshape(-1)
    with Writer(RunFile.create(path, layout, "[run]\nseed = 1\n", {"backend": "numpy"}, overwrite=True)) as writer:
        for step in range(n_step):
            for kind, (binding, unbinding) in kinetics.items():
                r, c = gates[kind], glutamate.reshape(n_point, -1)
                gates[kind] = r + dt * (binding * c * (1 - r) - unbinding * r)
            drive = 2.2 + hot + 5.0 * random.normal(size=n_site) + strength * (90 * gates["ampa"] + 30 * gates["nmda"])
            v = v + dt * (0.04 * v**2 + 5 * v + 140 - u + drive)
            u = u + dt * 0.02 * (0.2 * v - u)
            fired = v >= 30
            v, u = np.where(fired, -65, v), np.where(fired, u + 8, u)
            writer.append_spikes("neurons", step, np.packbits(fired, axis=-1, bitorder="little")[None], n_site)
            glutamate = spread(glutamate + 1.5 * fired.reshape(glutamate.shape), amounts, dt)
            amounts["released"] += 1.5 * fired.sum(axis=1)
            amounts["present"] = glutamate.reshape(n_point, -1).sum(axis=1)
            if step % every == 0:
                writer.append_all(row_of(layout, step // every, v, glutamate, gates, amounts))
        summary = {"per_point": {"released_glutamate": {"values": amounts["released"].tolist(), "unit": "amol"}}}
        return writer.close(summary=summary)


def spread(c, amounts, dt):
    """One step of diffusion with absorbing edges and first-order uptake; what leaves is counted."""
    axes = tuple(range(1, c.ndim))
    padded = np.pad(c, [(0, 0)] + [(1, 1)] * (c.ndim - 1))
    flux = sum(np.roll(padded, side, axis) for axis in axes for side in (1, -1)) - 2 * len(axes) * padded
    padded = padded + 0.25 * dt * flux
    inside = padded[(slice(None),) + (slice(1, -1),) * (c.ndim - 1)]
    amounts["escaped"] += padded.sum(axis=axes) - inside.sum(axis=axes)
    amounts["taken_up"] += (0.08 * dt * inside).sum(axis=axes)
    return (1 - 0.08 * dt) * inside


def row_of(layout, row, v, glutamate, gates, amounts):
    """One row of everything but the spikes."""
    blocks = [("neurons.v", row, v[None]), ("glutamate.concentration", row, glutamate.reshape(1, *v.shape))]
    reduced = {"neurons.ampa.r": gates["ampa"], "neurons.nmda.r": gates["nmda"],
               "glutamate.concentration": glutamate.reshape(v.shape)}
    for name, r in reduced.items():
        blocks += [(f"{name}.{side}", row, getattr(r, side)(axis=1)[None]) for side in ("mean", "min", "max")]
    blocks.append(("neurons.v.histogram", row, np.array([[np.histogram(one, EDGES)[0] for one in v]])))
    blocks += [(f"ledger.glutamate.{term}", row, amount[None].copy()) for term, amount in amounts.items()]
    return blocks
