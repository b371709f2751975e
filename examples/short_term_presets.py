"""Short-term plasticity: ten pulses for every preset of Tsodyks and Markram, and vesicle pools over time.

    python examples/short_term_presets.py         # writes trains.png and pools.png into the present folder

The trains are at 20 Hz with a recovery pulse after 500 ms, in units of the first response, as the papers print them;
the pools are those of a terminal that fires at 10 Hz for 60 s, in the mean and in whole vesicles. The reserve of the
mean terminal gives a little less: it sees the mean recycling pool, and whole ones ask whenever theirs is short.
"""
import sys
from pathlib import Path

import numpy as np

import gpusyn as gs
from gpusyn.vesicles.presets import CERTAINTY, PRESETS

POOLS = {"docked": 8.0, "recycling": 40.0, "reserve": 150.0}  # at rest


def trains(rate=20.0, n=10, recovery=500.0):
    """Responses of every preset to one train, over the first of each: (n + 1, n_preset), and the times in ms."""
    times = [*np.arange(n) * 1e3 / rate, (n - 1) * 1e3 / rate + recovery]
    columns = []
    for preset in PRESETS:
        pool = gs.VesiclePool(preset=preset)
        responses = []
        for wait in np.diff([0.0, *times]):
            pool.update(wait)
            responses.append(pool.release(1e6)[0])
        columns.append(np.array(responses) / responses[0])
    return np.array(times), np.array(columns).T


def pools(rate=0.01, until=60.0, n=200):
    """Pools of a terminal in the mean, and of `n` terminals in whole vesicles: times (s), {rule: {pool: (time, n)}}."""
    model = gs.Model(gs.Lattice((1, n)), dt=10.0)
    model.add_source("axons", gs.Regular(period=1 / rate))
    model.add_population("cells", gs.LeakyIntegrateAndFire(v_th=200.0), synapse=gs.ExponentialCurrentSynapse())
    one_each = gs.SparseConnections(np.arange(n), np.arange(n), n_source=n, n_target=n)
    for name, rule in (("mean", gs.VesicleCycle()), ("whole", gs.StochasticVesicleCycle())):
        model.connect("axons", "cells.synapse.inward_current", one_each, synapse=rule, name=name)
    simulation = gs.Simulation(model, seed=4)
    times, rows = [], []
    for second in np.arange(0.0, until + 0.5, 0.5):
        times.append(second)
        rows.append(read(simulation))
        simulation.run("500 ms")
    return np.array(times), {rule: {pool: np.array([row[rule][pool] for row in rows]) for pool in POOLS}
                             for rule in ("mean", "whole")}


def read(simulation):
    """The pools now."""
    state = simulation.state
    empty, fused, mobilised = (state[f"mean.{name}"] for name in ("empty", "fused", "mobilised"))
    mean = {"docked": 8.0 - empty, "recycling": 40.0 + empty + mobilised - fused, "reserve": 150.0 - mobilised}
    return {"mean": mean, "whole": {pool: state[f"whole.{pool}"].copy() for pool in POOLS}}


def draw_trains(plt):
    """Small multiples: one panel for each preset."""
    times, responses = trains()
    figure, axes = plt.subplots(3, 5, sharex=True, figsize=(11, 6), layout="constrained")
    for axis, name, values in zip(axes.flat, PRESETS, responses.T, strict=False):
        axis.vlines(times, 0, values, color="C0" if values[9] > 1 else "C3", linewidth=2)
        axis.axhline(1.0, color="0.7", linewidth=0.8, zorder=0)
        axis.set_ylim(0, 1.08 * max(values.max(), 1.0))
        axis.set_title(f"{name} ({CERTAINTY[name]})", fontsize=8)
        axis.spines[["top", "right"]].set_visible(False)
    axes.flat[-1].set_axis_off()
    legend = "V verified\nS one source\nR recalled\n\nblue: tenth > first\nred: tenth < first"
    axes.flat[-1].text(0, 0.5, legend, va="center", fontsize=8)
    figure.supxlabel("Time (ms)")
    figure.supylabel("Response over the first")
    return figure


def draw_pools(plt):
    """Pools in the mean beside one terminal of whole vesicles and the mean of many."""
    times, found = pools()
    figure, axes = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
    for axis, (pool, rest) in zip(axes, POOLS.items(), strict=True):
        axis.step(times, found["whole"][pool][:, 0], where="post", color="0.65", linewidth=0.9, label="one terminal")
        axis.plot(times, found["whole"][pool].mean(axis=1), color="C1", linewidth=2.5, label="mean of 200")
        axis.plot(times, found["mean"][pool][:, 0], color="k", linewidth=1, linestyle="--", label="mean field")
        axis.axhline(rest, color="0.8", linewidth=0.8, zorder=0)
        axis.set_title(f"{pool} ({rest:g} at rest)")
        axis.set_xlabel("Time (s)")
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("Vesicles")
    axes[0].legend(frameon=False, fontsize=8)
    return figure


def main(folder="."):
    """Draw both pictures into `folder`."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    for name, draw in (("trains", draw_trains), ("pools", draw_pools)):
        draw(plt).savefig(Path(folder) / f"{name}.png", dpi=120)


if __name__ == "__main__":
    main(*sys.argv[1:2])
