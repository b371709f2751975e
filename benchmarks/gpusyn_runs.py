"""Run a gpusyn model as often as wanted, each time from its initial state."""

from importlib.metadata import PackageNotFoundError, version

import gpusyn as gs
from benchmarks.measurement import timed


def installed_version():
    """Version of gpusyn."""
    try:
        return version("gpusyn")
    except PackageNotFoundError:  # a checkout that is not installed
        return gs.__version__


def start(model, options):
    """A simulation of the model on the CPU, or on the backend that `--variant` names."""
    backend = options.variant or "numba"
    return gs.Simulation(model, backend=backend, precision=options.precision, seed=1, threads=options.threads)


def repeater(make_model, small_shape, shape, options):
    """A function that runs all steps from the initial state.

    A small model of the same kind is stepped first: that compiles everything, as programs do not depend on the size.

    Args:
        make_model: function from a lattice shape to a `gpusyn.Model`.
        small_shape, shape: of the lattice to compile with, and of the one to measure.
        options: of the command line.

    Returns:
        Function that gives the seconds of `options.steps` steps, and the simulation after them.
    """
    start(make_model(small_shape), options).step(20)

    def run():
        simulation = start(make_model(shape), options)
        seconds, _ = timed(simulation.step, options.steps)
        return seconds, simulation

    return run
