"""Radius laws: functions of a cell that return radius and start_radius of every node, um.

A law is passed to `Morphology.with_radii`, `gen_beam`, `gen_branch` or `gen_tree`; any function of this form may be.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np

from gpusyn.errors import ModelError, nearest, shown
from gpusyn.morphology import graph
from gpusyn.morphology.filling import continuous
from gpusyn.morphology.regions import SOMA

Law = Callable[[Any], tuple[Any, Any]]
SPLITS = ("equal", "tips")


def constant(radius: float) -> Law:
    """The same radius everywhere, um."""
    def law(cell):
        each = np.full(cell.n_node, float(radius))
        return each, each
    return law


def taper(start: float, end: float) -> Law:
    """Linear in the path distance: `start` um at the soma (or root), `end` um at the farthest node."""
    def law(cell):
        far = cell.path_distance.max()
        radius = start + (end - start) * cell.path_distance / (far or 1.0)
        return radius, continuous(cell, radius)
    return law


def rall(radius: float, exponent: float = 1.5, split: str = "equal") -> Law:
    """Constant along a branch; at a branch point the sum of the children's radius^exponent is the parent's.

    With an exponent of 3/2 and branches of equal electrotonic length the tree behaves as one cylinder. Each branch has
    its radius from its very beginning: a step, no taper.

    Args:
        radius: at the root, um.
        exponent: 3/2 by Rall; measured in neurons between 1 and 3.
        split: children share "equal", or by the number of "tips" that each carries.

    Source: Rall (1959) Branching dendritic trees and motoneuron membrane resistivity, Exp. Neurol. 1:491-527.
    """
    if split not in SPLITS:
        raise ModelError(f"rall.split: '{split}' is unknown{nearest(split, SPLITS)}")

    def law(cell):
        trunk = np.where(cell.own_volume > 0, -1, cell.parent)      # spines take no share, nor do neurites of a soma
        carried = graph.tip_counts(trunk) if split == "tips" else np.ones(cell.n_node)
        shared = (trunk >= 0) & (cell.kind[cell.parent] != SOMA)
        total = np.bincount(trunk[shared], carried[shared], minlength=cell.n_node)
        share = np.where(shared, carried / np.where(shared, total[cell.parent], 1.0), 1.0)
        each = radius * np.exp(graph.path_sums(cell.parent, np.log(share)) / exponent)
        return each, each
    return law


def with_radii(cell, law):
    """The same tree with other radii; see `Morphology.with_radii`."""
    radius, start = _of(cell, law)
    owner = cell.own_volume > 0
    radius, start = np.where(owner, cell.radius, radius), np.where(owner, cell.start_radius, start)
    aperture = np.where(owner, 1.0, start / cell.start_radius)      # the way into a soma is as long as it is wide
    return replace(cell, radius=radius, start_radius=start, access=cell.access * aperture)


def _of(cell, law):
    if callable(law):
        radius, start = cast(Law, law)(cell)
        return radius, start
    radius = np.asarray(law, dtype=np.float64)
    if radius.shape not in ((), (cell.n_node,)):
        raise ModelError(f"{cell.name}: radius is {shown(law)}; it must be a number, a law (constant, taper, rall), or "
                         f"one number per node ({cell.n_node})")
    radius = np.broadcast_to(radius, cell.n_node)
    return radius, continuous(cell, radius)
