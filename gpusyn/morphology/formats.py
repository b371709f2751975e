"""Morphologies of other formats than SWC, through MorphIO."""
from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.morphology.cell import Morphology
from gpusyn.morphology.checks import distances, length_problems, number_problems, refuse
from gpusyn.morphology.regions import SOMA
from gpusyn.morphology.soma import Samples, Sphere, with_sphere
from gpusyn.morphology.swc import read_swc

FORMATS = (".swc", ".asc", ".h5")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
ROOT = -1


def read_morphology(path: str | os.PathLike[str], **options) -> Morphology:
    """The cell of a file: SWC as `read_swc` reads it, Neurolucida's .asc and .h5 through MorphIO.

    The outline of the soma becomes a sphere of its mean distance from its centre, which neurites leave with their own
    radius. MorphIO begins every branch with a copy of its parent's last point; the copy's radius is the one with which
    the branch begins.

    Args:
        path: the file.
        options: for SWC, as for `read_swc`.

    Raises:
        ModelError: an unknown format, MorphIO missing, what MorphIO refuses, no soma, radii or lengths of 0.
    """
    path = Path(path)
    if path.suffix.lower() == ".swc":
        return read_swc(path, **options)
    if path.suffix.lower() not in FORMATS:
        raise ModelError(f"{path.name}: format '{path.suffix}' is unknown{nearest(path.suffix, FORMATS)}")
    if options:
        raise ModelError(f"{path.name}: {', '.join(options)}: only SWC files take options")
    found = _opened(path)
    sphere = _soma(path, found)
    samples, start = _samples(found, sphere)
    cell, body = with_sphere(samples, sphere)
    body["start_radius"] = np.where(np.isnan(start), body["start_radius"], start)
    _require(path, cell, body["start_radius"])
    return Morphology(**vars(cell), **body, name=path.stem)


def _opened(path):
    """MorphIO's view of a file."""
    try:
        import morphio
    except ImportError:
        raise ModelError(f"{path.name}: reading {path.suffix} needs MorphIO: pip install 'gpusyn[neuro]'; SWC files do "
                         "not") from None
    try:
        return morphio.Morphology(str(path), warning_handler=morphio.WarningHandlerCollector())
    except morphio.MorphioError as error:
        raise ModelError(f"{path.name}: {' '.join(COLOURS.sub('', str(error)).split())}") from None


def _soma(path, found):
    """The sphere of an outline, or of a single point and its diameter."""
    outline = found.soma.points.astype(np.float64)
    if not len(outline):
        raise ModelError(f"{path.name}: no soma; a cell needs one, at which its neurites meet")
    x, y, z = outline.mean(axis=0).tolist()
    away = np.linalg.norm(outline - [x, y, z], axis=1)
    return Sphere(x, y, z, float(away.mean() if len(outline) > 1 else found.soma.diameters[0] / 2.0))


def _samples(found, soma):
    """Soma and points as samples, and the radius with which each segment begins, NaN for its parent's."""
    points = [np.array([[soma.x, soma.y, soma.z, soma.radius, SOMA, -1, np.nan]])]
    last: dict[int, int] = {}
    count = 1
    for section in found.iter():
        rows = np.column_stack([section.points.astype(float), section.diameters.astype(float) / 2.0])
        top = section.is_root
        begin, rows = (np.nan, rows) if top else (rows[0, 3], rows[1:])
        parents = np.arange(count - 1, count - 1 + len(rows))
        parents[:1] = 0 if top else last[section.parent.id]
        begins = np.where(np.arange(len(rows)) == 0, begin, np.nan)
        kinds = np.full(len(rows), int(section.type))
        points.append(np.column_stack([rows, kinds, parents, begins]))
        count += len(rows)
        last[section.id] = count - 1
    x, y, z, radius, kind, parent, start = np.concatenate(points).T
    return Samples(np.arange(count), kind.astype(np.int16), x, y, z, radius, parent.astype(np.int64)), start


def _require(path, cell, start):
    def place(node):
        return f"{path.name}: point {node}"

    refuse(number_problems(place, np.minimum(cell.radius, start), cell.x, cell.y, cell.z))
    refuse(length_problems(place, cell.parent, distances(cell.parent, cell.x, cell.y, cell.z)))
