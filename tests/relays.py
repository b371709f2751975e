"""Cells that spike when they are told to, so that plasticity sees given spikes at either end."""
from typing import Any

import numpy as np

import gpusyn as gs
from gpusyn.mechanism import Mechanism, state


class Relay(Mechanism):
    """A cell that spikes in the step after something arrived at `told`; `received` adds up what synapses deliver."""

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


def train(times):
    """A source's rule from a list of times (ms) for each site."""
    sites = np.repeat(np.arange(len(times)), [len(t) for t in times])
    return gs.SpikeTrain(np.concatenate([np.asarray(t, float) for t in times]), sites)


def one_to_one(n):
    """Site k to site k."""
    return gs.SparseConnections(np.arange(n), np.arange(n), n_source=n, n_target=n)


def all_pairs(n_pre, n_post, weight: Any = 1.0, **named):
    """Every source to every cell; synapse number is source * n_post + cell."""
    pre, post = np.divmod(np.arange(n_pre * n_post), n_post)
    return gs.SparseConnections(pre, post, weight, n_source=n_pre, n_target=n_post, **named)


def relayed(rule, pre_times, post_times, *, dt=1.0, wiring=None, sweep=None, members=None, **connect) -> gs.Model:
    """Sources onto cells through "c", which has the rule; each spikes at its list of times in ms."""
    n_pre, n_post = len(pre_times), len(post_times)
    model = gs.Model(lattice=gs.Lattice((1, n_post)), dt=dt, sweep=gs.Sweep(sweep or {}))
    model.add_population("cells", Relay(), **(members or {}))
    model.add_source("trains", train(pre_times), lattice=gs.Lattice((n_pre,)))
    model.add_source("orders", train([np.asarray(times, float) - dt for times in post_times]))
    model.connect("orders", "cells.told", one_to_one(n_post))
    wiring = all_pairs(n_pre, n_post) if wiring is None else wiring
    model.connect("trains", "cells.received", wiring, synapse=rule, name="c", **connect)
    return model


def learnt(model, duration, backend="numpy", precision="float64", **named) -> gs.Simulation:
    """A simulation of the model after `duration` ms."""
    simulation = gs.Simulation(model, backend=backend, precision=precision, **named)
    simulation.run(duration)
    return simulation
