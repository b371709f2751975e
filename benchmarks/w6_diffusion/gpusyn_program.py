"""W6 in gpusyn: one transmitter with absorbing edges, explicit scheme, no cells.

Variant: name of a backend, "numba" if none is given.
"""

import gpusyn as gs
from benchmarks.gpusyn_runs import installed_version, repeater
from benchmarks.measurement import Repetition, measure, shape_of
from benchmarks.w6_diffusion import DECAY, STEPS, checks, diffusion_number, initial_grid
from gpusyn.transmitters import Transmitter

DT = 0.1  # ms; spacing 1 um


def make_model(shape):
    """A lattice that holds nothing but a transmitter."""
    model = gs.Model(lattice=gs.Lattice(shape, spacing=1.0, edges="absorbing"), dt=DT)
    transmitter = Transmitter(diffusion_coefficient=diffusion_number(shape) / DT, reuptake_rate=DECAY / DT,
                              initial_concentration=initial_grid(shape, "float32").ravel())
    model.add_transmitter("c", transmitter, scheme="explicit")
    return model


def build(options):
    """Compile, and repeat on a grid of `options.size`."""
    shape = shape_of(options.size)
    run = repeater(make_model, (16,) * len(shape), shape, options)

    def repeat():
        seconds, simulation = run()
        return Repetition(seconds, lambda: checks(simulation.state["c.concentration"].reshape(shape), options.steps))

    return installed_version(), repeat


if __name__ == "__main__":
    measure("W6", "gpusyn", build, STEPS)
