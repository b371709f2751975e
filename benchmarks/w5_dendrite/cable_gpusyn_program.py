"""W5V in gpusyn: a forest of cables with the built-in channels; variants as in `gpusyn_program`."""

import numpy as np

import gpusyn as gs
from benchmarks.gpusyn_runs import installed_version
from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w5_dendrite import action_potential as this
from benchmarks.w5_dendrite.gpusyn_program import start
from gpusyn.morphology import Forest, gen_beam
from gpusyn.recording.recorder import Recorder


def make_model(size):
    """size[0] cables of size[1] nodes with channels and an electrode at the first."""
    n_cable, n_node = size
    there = np.zeros(size)
    there[:, 0] = this.STIMULUS
    model = gs.Model(dt=this.DT)
    cable = gs.Cable(axial_resistivity=this.AXIAL_RESISTIVITY, capacitance=0.01 * this.CAPACITANCE)
    model.add_trees(
        "axon", Forest.of(gen_beam(this.SPACING * (n_node - 1), this.RADIUS, n_node), n_cable), cable,
        sodium=gs.SodiumChannel(), potassium=gs.PotassiumChannel(), leak=gs.MembraneLeak(), rest=gs.RestingCurrent(),
        electrode=gs.CurrentClamp(amplitude=there.ravel(), duration=this.DURATION),
    )
    return model


def observed(model, options):
    """The check values, from a run that is recorded and not timed."""
    recorder = Recorder([gs.Record("axon.v", sites=list(this.PROBES))])
    start(model, options, recorder).step(options.steps)
    v = recorder["axon.v"]
    return this.checks(np.arange(len(v)) * this.DT, v)


def build(options):
    """Compile, and repeat on cables of `options.size`."""
    start(make_model((2, 20)), options).step(20)
    model, values = make_model(shape_of(options.size)), {}

    def repeat():
        simulation = start(model, options)
        seconds, _ = timed(simulation.step, options.steps)
        return Repetition(seconds, lambda: values or values.update(observed(model, options)) or values)

    return installed_version(), repeat


if __name__ == "__main__":
    measure("W5V", "gpusyn", build, this.STEPS)
