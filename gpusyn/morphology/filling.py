"""From what the caller gave to complete, checked, read-only arrays."""
from __future__ import annotations

import numpy as np

from gpusyn.errors import ModelError, shown
from gpusyn.morphology.checks import distances, length_problems, number_problems, refuse, tree_problems

REALS = ("x", "y", "z", "radius", "access", "own_area", "own_volume")
LENGTHS = ("start_radius", "length", "access", "own_area", "own_volume")


def fill_in(cell) -> None:
    """Replace the fields of a `Morphology` by arrays of its length, defaults filled in where the tree allows it."""
    parent = np.asarray(cell.parent)
    if parent.ndim != 1 or parent.dtype.kind not in "iu" or not len(parent):
        raise ModelError(f"{cell.name}: parent is {shown(cell.parent)}; it must be one whole number per node, of at "
                         "least one node")
    _put(cell, "parent", parent.astype(np.int32))
    refuse(f"{cell.name}: node {node}: parent {parent[node]} does not exist; valid: 0 to {len(parent) - 1}, -1 at the "
           "root" for node in np.flatnonzero((parent < -1) | (parent >= len(parent))))
    _put(cell, "kind", _full(cell, "kind", cell.kind, np.int16))
    sample = np.arange(len(parent)) if cell.sample is None else cell.sample
    _put(cell, "sample", _full(cell, "sample", sample, np.int64))
    for field in REALS:
        _put(cell, field, _full(cell, field, getattr(cell, field), np.float64))
    start = continuous(cell, cell.radius) if cell.start_radius is None else cell.start_radius
    length = distances(parent, cell.x, cell.y, cell.z) if cell.length is None else cell.length
    _put(cell, "start_radius", _full(cell, "start_radius", start, np.float64))
    _put(cell, "length", _full(cell, "length", length, np.float64))


def continuous(cell, radius) -> np.ndarray:
    """Start radii of segments that begin with their parents' radius, or with their own where they leave a body."""
    up = np.where(cell.parent >= 0, cell.parent, np.arange(len(cell.parent)))
    return np.where((cell.own_volume[up] > 0) | (cell.access > 0), radius, radius[up])


def require_tree(cell) -> None:
    """Refuse what is no tree of proper segments; see `Morphology`."""
    def place(node):
        return f"{cell.name}: node {node}"

    parent = cell.parent
    refuse([*number_problems(place, cell.radius, cell.x, cell.y, cell.z), *tree_problems(place, parent)])
    refuse(f"{place(node)} comes before its parent {parent[node]}; number parents before their children "
           "(gpusyn.morphology.graph.parents_first gives such an order)"
           for node in np.flatnonzero(parent >= np.arange(len(parent))))
    refuse(f"{place(node)}: {field} {getattr(cell, field)[node]:g}; it must be a finite number of at least 0"
           for field in LENGTHS
           for node in np.flatnonzero(~(getattr(cell, field) >= 0) | np.isinf(getattr(cell, field))))
    refuse(f"{place(node)}: start_radius 0 um; a radius must be above 0"
           for node in np.flatnonzero(cell.start_radius == 0))
    refuse(length_problems(place, parent, cell.length + cell.access))
    if cell.length[0] or cell.access[0]:
        raise ModelError(f"{place(0)}: length {cell.length[0]:g} um, access {cell.access[0]:g} um; the root has no "
                         "segment, so both must be 0")


def require_volumes(cell) -> None:
    """Refuse nodes that nothing belongs to: they could hold no concentration."""
    refuse(f"{cell.name}: node {node}: volume {cell.volume[node]:g} um^3, area {cell.area[node]:g} um^2; a node needs "
           "a segment of some length or an own_volume and own_area"
           for node in np.flatnonzero((cell.volume <= 0) | (cell.area <= 0)))


def _full(cell, field, values, dtype):
    """`values` for every node, as an array of its own."""
    values = np.asarray(values)
    whole = np.issubdtype(dtype, np.integer)
    if values.dtype.kind not in ("iu" if whole else "iuf") or values.shape not in ((), cell.parent.shape):
        number = "a whole number" if whole else "a number"
        raise ModelError(f"{cell.name}: {field} is {shown(getattr(cell, field))}; it must be {number}, or one per node "
                         f"({len(cell.parent)})")
    return np.array(np.broadcast_to(values, cell.parent.shape), dtype=dtype)


def _put(cell, field, array):
    array.flags.writeable = False
    object.__setattr__(cell, field, array)
