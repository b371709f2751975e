"""Shapes of neurons; lengths in um."""
from __future__ import annotations

from gpusyn.morphology import gen_beam as native_beam
from gpusyn.morphology import gen_branch as native_branch
from gpusyn.morphology import read_swc as native_swc


def gen_beam(neuron, L: float = 64.0, n: int = 500):
    """A straight cable of radius `settings.rad`."""
    return neuron.shaped(native_beam(L, neuron.settings.rad, n))


def gen_branch(neuron, L: float = 64.0, n: int = 500, factor: float = 1.0):
    """A cable with a side branch that leaves its middle, with a spacing of `factor` times the cable's."""
    return neuron.shaped(native_branch(L, neuron.settings.rad, n, factor=factor))


def read_swc(neuron, file, len_scale: float = 1.0):
    """The shape of an SWC file, whose lengths are times `len_scale` um."""
    return neuron.shaped(native_swc(file, scale=len_scale))
