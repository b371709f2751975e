"""Made-up cells: a cable, a cable with a side branch, a binary tree."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.morphology.cell import Morphology
from gpusyn.morphology.regions import BASAL


def gen_beam(length: float = 64.0, radius: Any = 0.5, n: int = 500, kind: int = BASAL) -> Morphology:
    """A straight cable of `n` nodes along x, length / (n - 1) apart.

    Args:
        length: um.
        radius: um; a number, one per node, or a law (`gpusyn.morphology.radii`).
        n: nodes, at least 2.
        kind: SWC type of all nodes.

    Raises:
        ModelError: a length or radius that is not positive, or fewer than 2 nodes.
    """
    _require("gen_beam", n, length=length)
    return _shaped("beam", np.arange(-1, n - 1), np.linspace(0.0, length, n), 0.0, radius, kind)


def gen_branch(length: float = 64.0, radius: Any = 0.5, n: int = 500, factor: float = 1.0, angle: float = 45.0,
               kind: int = BASAL) -> Morphology:
    """A cable as of `gen_beam` with a side branch of n // 2 further nodes that leaves node n // 2.

    Args:
        length: of the main cable, um.
        radius: um; a number, one per node (n + n // 2), or a law.
        n: nodes of the main cable, at least 3.
        factor: spacing of the side branch, relative to that of the main cable.
        angle: between the side branch and the rest of the main cable, degrees.
        kind: SWC type of all nodes.

    Raises:
        ModelError: a length, radius or factor that is not positive, or fewer than 3 nodes.
    """
    _require("gen_branch", n, 3, length=length, factor=factor)
    side, step = np.arange(1, n // 2 + 1), factor * length / (n - 1)
    main = np.linspace(0.0, length, n)
    x = np.concatenate([main, main[n // 2] + side * step * math.cos(math.radians(angle))])
    y = np.concatenate([np.zeros(n), side * step * math.sin(math.radians(angle))])
    parent = np.concatenate([np.arange(-1, n - 1), [n // 2], np.arange(n, n + n // 2 - 1)])
    return _shaped("branch", parent, x, y, radius, kind)


def gen_tree(levels: int = 4, length: float = 32.0, radius: Any = 0.5, n: int = 32, kind: int = BASAL) -> Morphology:
    """A flat binary tree: every branch ends in two, up to `levels` generations; all branches are alike in length.

    Args:
        levels: generations of branches, at least 1 (a cable).
        length: of each branch, um.
        radius: um; a number, one per node, or a law: `rall(0.5)` makes it equivalent to a cylinder.
        n: nodes per branch beside the one that it leaves, at least 1.
        kind: SWC type of all nodes.

    Raises:
        ModelError: a length or radius that is not positive, or counts below 1.
    """
    _require("gen_tree", n, 1, length=length)
    if levels < 1:
        raise ModelError(f"gen_tree: levels {levels} must be at least 1")
    n_branch = 2**levels - 1
    branch = np.arange(n_branch)
    level = np.floor(np.log2(branch + 1)).astype(int)
    above = (branch - 1) // 2                               # as in a heap: 0, then 1 2, then 3 4 5 6
    turn = np.where(branch % 2 == 1, 1.0, -1.0) * (np.pi / 3.0) / 2.0**np.maximum(level - 1, 0)
    angle, begin = np.zeros(n_branch), np.zeros((n_branch, 2))
    for b in branch[1:]:
        angle[b] = angle[above[b]] + turn[b]
        begin[b] = begin[above[b]] + length * np.array([np.cos(angle[above[b]]), np.sin(angle[above[b]])])
    share = np.arange(1, n + 1) / n * length
    x, y = (begin[:, k, None] + share * turned(angle)[:, None] for k, turned in enumerate((np.cos, np.sin)))
    parent = 1 + branch[:, None] * n + np.arange(-1, n - 1)
    parent[1:, 0] = (above[1:] + 1) * n
    parent[0, 0] = 0
    return _shaped("tree", np.concatenate([[-1], parent.ravel()]), np.concatenate([[0.0], x.ravel()]),
                   np.concatenate([[0.0], y.ravel()]), radius, kind)


def _shaped(name, parent, x, y, radius, kind):
    """A flat cell of these radii."""
    if not callable(radius) and np.ndim(radius) == 0 and not (math.isfinite(radius) and radius > 0):
        raise ModelError(f"gen_{name}: radius {radius} um must be positive")
    return Morphology(parent, x, y, 0.0, 1.0, kind, name=name).with_radii(radius)


def _require(maker, n, least=2, **positive):
    """Refuse counts and sizes of which nothing can be made."""
    if not (isinstance(n, int | np.integer) and n >= least):
        raise ModelError(f"{maker}: n {n!r} must be a whole number of at least {least}")
    for name, value in positive.items():
        if not (math.isfinite(value) and value > 0):
            raise ModelError(f"{maker}: {name} {value}{' um' if name == 'length' else ''} must be positive")
