"""W5V in NEURON, with the channels in NMODL (`traub_channels.mod`): backward Euler, gates staggered by half a step."""

import neuron
import numpy as np
from neuron import h

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w5_dendrite import action_potential as this
from benchmarks.w5_dendrite.neuron_cables import place_of
from benchmarks.w5_dendrite.nmodl_program import compile_mechanisms


def make_cable(n_node):
    """A cable with channels, and the electrode at its first node."""
    cable = h.Section()
    cable.L, cable.diam, cable.nseg = this.SPACING * n_node, 2 * this.RADIUS, n_node
    cable.Ra, cable.cm = this.AXIAL_RESISTIVITY, this.CAPACITANCE
    cable.insert("traub_channels")
    electrode = h.IClamp(cable(place_of(0, n_node)))
    electrode.delay, electrode.dur, electrode.amp = 0.0, this.DURATION, this.STIMULUS * 1e-3
    return cable, electrode


def build(options):
    """Compile, and repeat on cables of `options.size`; compute in float64 whatever was asked."""
    options.precision = "float64"
    n_cable, n_node = shape_of(options.size)
    compile_mechanisms("traub_channels")
    cables = [make_cable(n_node) for _ in range(n_cable)]
    context = h.ParallelContext()
    context.nthread(options.threads)
    context.set_maxstep(10)
    courses = [h.Vector().record(cables[0][0](place_of(node, n_node))._ref_v) for node in this.PROBES]
    h.dt = this.DT

    def repeat(_held=cables):  # NEURON forgets what Python no longer holds
        h.finitialize(-72)
        seconds, _ = timed(context.psolve, options.steps * this.DT)
        v = np.array([each.to_python() for each in courses]).T
        return Repetition(seconds, lambda: this.checks(np.arange(len(v)) * this.DT, v))

    return neuron.__version__, repeat


if __name__ == "__main__":
    measure("W5V", "NEURON", build, this.STEPS)
