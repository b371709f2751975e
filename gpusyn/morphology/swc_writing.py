"""SWC files out of morphologies."""
from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np

from gpusyn.errors import users_level
from gpusyn.morphology.cell import Morphology
from gpusyn.morphology.regions import SOMA
from gpusyn.recording.storage import put_in_place


def write_swc(cell: Morphology, path: str | os.PathLike[str]) -> Path:
    """Write a cell as SWC, node k as sample k + 1, numbers to the last digit; returns the path.

    SWC knows neither steps in radius nor bodies beside a single spherical soma. Where the cell has such (branches by
    Rall's law, spines), readers will see tapers instead; a warning says how many.

    Raises:
        OSError: the file cannot be written; then none is left.
    """
    path = Path(path)
    if lost := _tapers(cell):
        warnings.warn(f"{path.name}: {lost} of {cell.n_node} nodes have a step in radius or a body of their own, which "
                      "SWC cannot hold; readers of the file will see tapered segments", UserWarning,
                      stacklevel=users_level())
    header = f"# {cell.name}, written by gpusyn; um\n# id type x y z radius parent\n"
    rows = zip(cell.kind.tolist(), cell.x.tolist(), cell.y.tolist(), cell.z.tolist(), cell.radius.tolist(),
               cell.parent.tolist(), strict=True)
    lines = (f"{number} {kind} {x!r} {y!r} {z!r} {radius!r} {parent + 1 or -1}\n"
             for number, (kind, x, y, z, radius, parent) in enumerate(rows, start=1))
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(header + "".join(lines), encoding="utf-8")
        return put_in_place(part, path)
    finally:
        part.unlink(missing_ok=True)


def _tapers(cell) -> int:
    """How many nodes a reader of the file will see differently."""
    leaves_soma = (cell.kind[cell.parent] == SOMA) & (cell.access > 0)      # which readers know by the types
    steps = (cell.start_radius != cell.radius[cell.parent]) & ~leaves_soma
    return int(np.count_nonzero((steps | (cell.own_volume > 0))[1:]))
