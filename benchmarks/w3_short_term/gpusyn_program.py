"""W3 in gpusyn: a connection with a Tsodyks-Markram rule, onto cells that only add up.

Variant: name of a backend, "numba" if none is given.
"""

import gpusyn as gs
from benchmarks.gpusyn_runs import installed_version, repeater
from benchmarks.measurement import Repetition, measure, shape_of
from benchmarks.w3_short_term import DT, RATE, STEPS, TAU_FACIL, TAU_REC, U, checks, connection_lists
from gpusyn.mechanism import Mechanism, state


class Sum(Mechanism):
    """A cell that adds up what it receives."""

    received = state("1", "what synapses have released")


def make_model(size):
    """Sources, targets and the synapses between them."""
    lattice = gs.Lattice((1, size[0]))
    model = gs.Model(lattice=lattice, dt=DT)
    model.add_population("cells", Sum())
    model.add_source("sources", gs.Poisson(rate=RATE))
    source, target = connection_lists(size)
    wiring = gs.SparseConnections(source, target, n_source=size[0], n_target=size[0])
    rule = gs.TsodyksMarkram(U=U, tau_rec=TAU_REC, tau_facil=TAU_FACIL)
    model.connect("sources", "cells.received", wiring, synapse=rule)
    return model


def build(options):
    """Compile, and repeat on a network of `options.size`."""
    size = shape_of(options.size)
    run = repeater(make_model, (100, min(size[1], 10)), size, options)

    def repeat():
        seconds, simulation = run()
        return Repetition(seconds, lambda: checks(simulation.state["cells.received"], size, options.steps))

    return installed_version(), repeat


if __name__ == "__main__":
    measure("W3", "gpusyn", build, STEPS)
