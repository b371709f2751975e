"""Windows and frequency curves of plasticity rules, with published numbers as points.

    python examples/plasticity_windows.py            # writes plasticity_windows.png into the current folder

Every curve is one run of a network: a source per delay, onto cells that spike when they are told to.
"""
import sys
from pathlib import Path

import numpy as np

import gpusyn as gs
from gpusyn.mechanism import Mechanism, state

# Graupner & Brunel 2012: change of strength after 60 pairs at 1 Hz, the authors' stored Monte Carlo curves
AUTHORS_DELAYS = [-50.0, -25.0, -10.0, 0.0, 10.0, 25.0, 50.0]
AUTHORS = {"DP": [0.891, 0.719, 0.885, 0.994, 1.227, 1.153, 1.04], "DPD": [1.0, 1.0, 0.863, 0.997, 0.955, 0.984, 1.0],
           "D": [1.0, 1.0, 1.0, 0.659, 1.0, 1.0, 1.0]}
# Pfister & Gerstner 2006, visual cortex, minimal, all-to-all: closed form of 60 pairs at +10 and -10 ms
RATES = [1.0, 10.0, 20.0, 40.0, 50.0]
TRIPLETS = {10.0: [3.28e-5, 0.1186, 0.2278, 0.5321, 0.7627], -10.0: [-0.3166, -0.3322, -0.3417, 0.1737, 0.7492]}


class Relay(Mechanism):
    """A cell that spikes in the step after it was told to."""

    told = state("1", "what it was told")
    received = state("1", "what it received")

    @staticmethod
    def spikes(told):
        """It was told to."""
        return told > 0.5

    @staticmethod
    def on_spike():
        """Wait for the next."""
        return {"told": 0.0}


def after_pairs(rule, delays, rate, n_pair, n_each=1, dt=1.0):
    """A simulation after pairs of each delay, n_each synapses a delay, and then a second of rest."""
    n = len(delays)
    onset = 100.0 + 1000.0 / rate * np.arange(n_pair)
    model = gs.Model(lattice=gs.Lattice((n, n_each)), dt=dt)
    model.add_population("cells", Relay())
    sites, one_of_each = np.repeat(np.arange(n), n_pair), gs.Lattice((n,))
    model.add_source("pre", gs.SpikeTrain(np.tile(onset, n), sites), lattice=one_of_each)
    orders = np.concatenate([onset + delay - dt for delay in delays])
    model.add_source("orders", gs.SpikeTrain(orders, sites), lattice=one_of_each)
    ends = np.repeat(np.arange(n), n_each), np.arange(n * n_each)
    wiring = gs.SparseConnections(*ends, n_source=n, n_target=n * n_each)
    model.connect("orders", "cells.told", wiring)
    model.connect("pre", "cells.received", wiring, synapse=rule, name="c")
    simulation = gs.Simulation(model, backend="auto", precision="float64")
    simulation.run(onset[-1] + 1000.0)
    return simulation


def pair_window(delays):
    """Change of weight by one pair of each delay."""
    return after_pairs(gs.STDPRule(preset="BiPoo2001", weight_min=-9.0), delays, 1.0, 1).state["c.weight"] - 1.0


def triplet_curve(delay):
    """Change of weight by 60 pairs at each of the rates."""
    rule = gs.TripletSTDP(preset="visual-cortex-minimal", weight_min=-9.0)
    return [after_pairs(rule, [delay], rate, 60).state["c.weight"][0] - 1.0 for rate in RATES]


def calcium_window(preset, delays, n=400):
    """Change of strength of n synapses, half of them up, by 60 pairs at 1 Hz."""
    start = np.tile(np.arange(n) % 2, len(delays)).astype(float)
    rule = gs.ExactGraupnerBrunel(preset=preset, rho_init=start)
    simulation = after_pairs(rule, delays, 1.0, 60, n)
    up = (simulation.state["c.rho"] + simulation.state["c.rest"] > 0.5).reshape(len(delays), n).mean(axis=1)
    low, high = rule.weight_down, rule.weight_up
    return (low + up * (high - low)) / (0.5 * (low + high))


def draw(file):
    """The picture of all."""
    import matplotlib.pyplot as plt

    figure, (pairs, rates, calcium) = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    delays = np.arange(-80.0, 81.0, 2.0)
    pairs.axhline(0, color="0.8")
    pairs.plot(delays, pair_window(delays), label="STDPRule, BiPoo2001")
    pairs.plot([-20, -5, 5, 20], [-0.151, -0.235, 0.577, 0.236], "ko", label="closed form, fit of Bi & Poo 2001")
    pairs.set(xlabel="post - pre (ms)", ylabel="change of weight", title="Pairs")
    rates.axhline(0, color="0.8")
    for delay, points in TRIPLETS.items():
        (line,) = rates.plot(RATES, triplet_curve(delay), label=f"TripletSTDP, {delay:+g} ms")
        rates.plot(RATES, points, "o", color=line.get_color(), label="closed form, set of Pfister & Gerstner")
    rates.set(xlabel="rate of pairs (Hz)", ylabel="change of weight, 60 pairs", title="Triplets")
    calcium.axhline(1, color="0.8")
    delays = np.arange(-80.0, 81.0, 5.0)
    for preset, points in AUTHORS.items():
        (line,) = calcium.plot(delays, calcium_window(preset, delays), label=f"ExactGraupnerBrunel, {preset}")
        calcium.plot(AUTHORS_DELAYS, points, "o", color=line.get_color())
    calcium.plot([], [], "ko", label="the authors' Monte Carlo")
    calcium.set(xlabel="post - pre (ms)", ylabel="change of strength, 60 pairs", title="Calcium thresholds")
    for axes in (pairs, rates, calcium):
        axes.legend(fontsize="small", frameon=False)
    figure.savefig(file, dpi=110)


if __name__ == "__main__":
    draw(Path(sys.argv[1] if len(sys.argv) > 1 else ".") / "plasticity_windows.png")
