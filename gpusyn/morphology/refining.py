"""More nodes on the same shape."""
from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from gpusyn.errors import ModelError

MOST_NODES = 2**31 - 1


def refine(cell, spacing: float):
    """Cut every segment into equal parts of at most `spacing` um; see `Morphology.refine`."""
    if not (math.isfinite(spacing) and spacing > 0):
        raise ModelError(f"{cell.name}: spacing {spacing} um must be positive")
    wanted = np.maximum(1.0, np.ceil(cell.length / spacing * (1.0 - 1e-12)))
    if wanted.sum() > MOST_NODES:
        raise ModelError(f"{cell.name}: a spacing of {spacing:g} um makes {wanted.sum():.3g} nodes; there may be "
                         f"{MOST_NODES} at most")
    return cut(cell, wanted.astype(np.int64))


def cut(cell, n_part):
    """Cut the segment of each node into so many equal parts, (n_node,) whole numbers above 0."""
    last = np.cumsum(n_part) - 1                        # where each old node lies among the new ones
    old = np.repeat(np.arange(cell.n_node), n_part)
    part = np.arange(len(old)) - (last - n_part + 1)[old]
    first, done = part == 0, part == n_part[old] - 1
    parent = np.where(first, last[cell.parent[old]], np.arange(len(old)) - 1)
    parent[0] = -1
    begin, end = part / n_part[old], np.where(done, 1.0, (part + 1) / n_part[old])
    x, y, z = _positions(cell, old, end)
    return replace(
        cell, parent=parent, x=x, y=y, z=z, kind=cell.kind[old], radius=_between(cell, old, end),
        start_radius=_between(cell, old, begin), length=(cell.length / n_part)[old],
        access=np.where(first, cell.access[old], 0.0), own_area=np.where(done, cell.own_area[old], 0.0),
        own_volume=np.where(done, cell.own_volume[old], 0.0), sample=np.where(done, cell.sample[old], -1),
    )


def _between(cell, node, share):
    """Radius of a node's segment at a share of its length."""
    start, end = cell.start_radius[node], cell.radius[node]
    return np.where(share == 1.0, end, start + (end - start) * share)


def _positions(cell, node, share):
    """Positions at a share of a node's segment, which ends at the node and may begin beside its parent (at a soma)."""
    up = np.maximum(cell.parent, 0)
    covered = np.divide(cell.length, cell.spacing, out=np.zeros(cell.n_node), where=cell.spacing > 0)
    return [end[node] - ((end - end[up]) * covered)[node] * (1.0 - share) for end in (cell.x, cell.y, cell.z)]
