"""A run file of trees whose numbers are known: a front that runs along a cable and its branch at a given speed."""
import numpy as np

from gpusyn.morphology import Forest, gen_branch, reticulum, taper
from gpusyn.recording import Layout, RunFile, SweepAxis, Trace, Writer
from gpusyn.recording.tree_geometry import TreeGeometry

SPEED, REST, PEAK, WIDTH = 2.0, 0.05, 6.0, 3.0  # um/ms, uM, uM, um
DT, EVERY, N_ROW = 0.05, 4, 60


def branched():
    """Two cells: a tapering cable with a side branch."""
    cell = gen_branch(40.0, taper(0.6, 0.2), 41, angle=40.0)
    return Forest.of(cell, 2)


def calcium(forest, time, delay=0.0):
    """A hump that runs away from the root, (n_row, n_node): the second cell's is half as high."""
    distance = forest.gather("path_distance")
    height = np.where(forest.cell_of == 0, PEAK, PEAK / 2)
    return REST + height * np.exp(-((distance - SPEED * (time[:, None] - delay)) / WIDTH) ** 2)


def write_run(path, n_point=1):
    """Write the run; gives its path and its forest."""
    forest = branched()
    geometry = TreeGeometry(forest, tuple(reticulum(cell) for cell in forest.distinct))
    sweep = (SweepAxis("dendrite.ryr.density", np.arange(1.0, n_point + 1), "1/um^2"),) if n_point > 1 else ()
    layout = Layout(
        (1, 1), (1.0, 1.0), DT, n_point, sweep=sweep, lattices={"dendrite": ((forest.n_node,), (1.0,))},
        trees={"dendrite": geometry}, traces=(
            Trace("dendrite.ca", "uM", "free calcium in the cytosol", EVERY, within="cytosol"),
            Trace("dendrite.ca_er", "uM", "free calcium in the endoplasmic reticulum", 2 * EVERY, within="er"),
            Trace("dendrite.cable.v", "mV", "membrane potential", EVERY, sites=[0, 40], within="membrane"),
        ))
    time = np.arange(N_ROW) * EVERY * DT
    values = np.stack([calcium(forest, time, delay) for delay in range(n_point)], axis=1)
    with Writer(RunFile.create(path, layout, '[run]\nname = "front"\n', {})) as writer:
        writer.append("dendrite.ca", 0, values)
        writer.append("dendrite.ca_er", 0, 250.0 - 20.0 * values[::2])
        writer.append("dendrite.cable.v", 0, np.full((N_ROW, n_point, 2), -70.0))
        writer.close()
    return path, forest
