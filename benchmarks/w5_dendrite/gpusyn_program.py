"""W5 in gpusyn: a forest of cables with the built-in mechanisms.

Variant: name of a backend ("numba" if none is given), and after a colon a scheme, "sbdf2" if none is given.
"""

import time

import numpy as np

import gpusyn as gs
from benchmarks.gpusyn_runs import installed_version
from benchmarks.machine import usable_cores
from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w5_dendrite import DT, ER_RATIO, IP3_SOURCE, RADIUS, SOURCE, STEPS, cable_length, checks, probes
from gpusyn.morphology import Forest, gen_beam
from gpusyn.recording.recorder import Recorder


def make_model(size, scheme="sbdf2"):
    """size[0] cables of size[1] nodes, a stimulus in the middle of each."""
    n_cable, n_node = size
    cable = gen_beam(cable_length(n_node), RADIUS, n_node)
    there = np.zeros(size)
    there[:, n_node // 2] = 1.0
    model = gs.Model(dt=DT)
    compartment = gs.CalciumCompartment(preset="no_calreticulin")
    model.add_trees(
        "dendrite", Forest.of(cable, n_cable), compartment, er=ER_RATIO, scheme=scheme,
        pmca=gs.PMCA(), ncx=gs.NCX(), pm_leak=gs.PlasmaMembraneLeak(), serca=gs.SERCA(),
        er_leak=gs.ERLeak(), ryr=gs.RyanodineReceptor(), ip3r=gs.IP3Receptor(), ip3=gs.CytosolicIP3(preset="SPINE"),
        source=gs.CalciumSource(preset="linear", amplitude=SOURCE * there.ravel(), duration=1.0),
        ip3_source=gs.IP3Source(preset="linear", amplitude=IP3_SOURCE * there.ravel(), duration=200.0),
    )
    return model


def start(model, options, recorder=None):
    """A simulation on the backend that `--variant` names; where all cores may be used, it finds out how many serve."""
    backend, threads = options.variant.partition(":")[0] or "numba", options.threads
    return gs.Simulation(model, backend=backend, precision=options.precision, seed=1, recorder=recorder,
                         threads=None if threads == usable_cores() else threads)


def observed(model, options):
    """The check values, from a run that is recorded and not timed."""
    _, n_node = shape_of(options.size)
    nodes = probes(n_node)
    recorder = Recorder([gs.Record("dendrite.ca", sites=nodes), gs.Record("dendrite.ca_er", sites=nodes[1:2])])
    start(model, options, recorder).step(options.steps)
    ca = recorder["dendrite.ca"]
    return checks(np.arange(len(ca)) * DT, ca, recorder["dendrite.ca_er"].min())


def build(options):
    """Compile, and repeat on cables of `options.size`; `build_s` is what setting up takes when all is compiled."""
    scheme = options.variant.partition(":")[2] or "sbdf2"
    size = shape_of(options.size)
    start(make_model(size, scheme), options).step(20)
    began = time.perf_counter()
    model = make_model(size, scheme)
    start(model, options).step(1)
    built, values = round(time.perf_counter() - began, 3), {}

    def repeat():
        simulation = start(model, options)
        seconds, _ = timed(simulation.step, options.steps)
        return Repetition(seconds, lambda: values or values.update(observed(model, options), build_s=built) or values)

    return installed_version(), repeat


if __name__ == "__main__":
    measure("W5", "gpusyn", build, STEPS)
