"""Shapes of neurons; lengths in um."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.morphology import gen_beam as native_beam
from gpusyn.morphology import gen_branch as native_branch
from gpusyn.morphology import read_swc as native_swc
from gpusyn.morphology.radii import constant
from gpusyn.morphology.refining import cut

METRES = 1e-2  # um; no cell is as small as that


def gen_beam(neuron, L: float = 64.0, n: int = 500):
    """A straight cable of radius `settings.rad`."""
    return neuron.shaped(built(neuron, native_beam(L, neuron.settings.rad, n)))


def gen_branch(neuron, L: float = 64.0, n: int = 500, factor: float = 1.0, delta: float = 0.0):
    """A cable with a side branch that leaves its middle, with a spacing of `factor` times the cable's.

    The radius is `settings.rad` + `delta` (distance from the beginning), um per um; the side branch goes on where the
    cable ends, as in the program.
    """
    s, spacing = neuron.settings, L / (n - 1)
    cell = native_branch(L, s.rad, n, factor=factor)
    radius = [s.rad + delta * spacing * k for k in range(cell.n_node)]
    return neuron.shaped(built(neuron, cell.with_radii(radius) if delta else cell))


def read_swc(neuron, file, len_scale: float | None = None):
    """The shape of an SWC file, whose lengths are times `len_scale` (by default `settings.len_scale`) um.

    Raises:
        ModelError: whatever is wrong with the file; or a cell so small that it must be in metres.
    """
    cell = native_swc(file, scale=neuron.settings.len_scale if len_scale is None else len_scale)
    if cell.extent.sum() < METRES:
        raise ModelError(f"{cell.name}: the cell is {cell.extent.sum():.3g} um long in all; if the file is in metres, "
                         "set settings.len_scale = 1e6")
    return neuron.shaped(built(neuron, cell))


def refine_graph(neuron):
    """Halve every edge; nodes are numbered anew, parents first."""
    return neuron.shaped(cut(neuron.morphology, np.where(neuron.morphology.parent < 0, 1, 2)))


def gen_neuron(neuron):
    """For the program's sake: a shape is complete when it is made."""
    return neuron


def built(neuron, cell):
    """A shape with what `neuron.geom_builder` asks for."""
    if neuron.geom_builder["const_rad"]:
        cell = cell.with_radii(constant(neuron.settings.rad))
    if neuron.geom_builder["const_edge"]:
        length = cell.length.copy()
        length[1:] = neuron.settings.h
        cell = replace(cell, length=length)
    return cell
