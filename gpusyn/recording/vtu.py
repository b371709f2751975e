"""Trees for ParaView: a .vtu file for each time, and a .pvd file that lists them."""
from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.recording.errors import RecordingError
from gpusyn.recording.storage import put_in_place
from gpusyn.recording.vtu_text import data_array, pvd, shape_text, vtu
from gpusyn.units import to_canonical

STATIC = {"radius": "um", "er_radius": "um", "kind": "1", "cell": "1", "path_distance": "um"}
INTEGRAL = ".integral"
SAME = 1e-6  # of a step: times that are closer are the same


def write_vtu(
    folder, source: Any, fields: Iterable[str] | Mapping[str, Any] | None = None, *, population: str | None = None,
    every: float | str | None = None, point: int = 0, times: Iterable[float] = (0.0,),
) -> Path:
    """Write trees for ParaView: ``<folder>/<population>.pvd``, and a .vtu file per time in ``<folder>/<population>/``.

    Nodes are points, segments are lines; ParaView's Tube filter with "Vary Radius: By Absolute Scalar" on `radius`
    gives them their thickness. Files get their names when they are complete, the .pvd last.

        gs.write_vtu("paraview", "runs/wave/run.h5", ["ca", "ca_er", "ca.integral", "radius"], every="0.5 ms")
        gs.write_vtu("paraview", morphology, {"area": morphology.area})

    Args:
        folder: where they go; made if it is not there.
        source: a `Run`, the path of one, a `Morphology` or a `Forest`.
        fields: of a run, names of what was recorded at every node ("ca", "cable.v"; "ca.integral" is the integral over
            time so far) and of the shape: radius, er_radius, kind, cell, path_distance; everything if None. Of a shape,
            {name: (n_node,) or (n_time, n_node) values}; its radius, kind, cell and path distance are added.
        population: of a run, which trees; needed where there are several.
        every: interval between files, as text or in ms; by default every time at which all fields were recorded.
        point: sweep point.
        times: of a shape's values, ms.

    Returns:
        Path of the .pvd file.

    Raises:
        RecordingError: no trees, an unknown field, fields that have no time in common.
        ModelError: values of a wrong shape, an interval that is not above 0.
    """
    from gpusyn.recording.reader import Run
    from gpusyn.recording.reader import open as open_run

    if isinstance(source, Run):
        return _write(Path(folder), _of_run(source, fields, population, every, point))
    if isinstance(source, str | os.PathLike):
        with open_run(source) as run:
            return _write(Path(folder), _of_run(run, fields, population, every, point))
    return _write(Path(folder), _of_shape(source, fields, times))


@dataclass
class Series:
    """What is written: a forest, its values per node that do not change, and those of each time."""

    name: str
    forest: Any
    static: list[str]  # DataArray elements
    frames: Iterator[tuple[float, list[str]]]  # time in ms, DataArray elements


def _write(folder: Path, series: Series) -> Path:
    name = "".join(c if c.isalnum() or c in "-_" else "_" for c in series.name)
    index, inside = folder / f"{name}.pvd", folder / name
    inside.mkdir(parents=True, exist_ok=True)
    index.unlink(missing_ok=True)  # what it lists is about to be replaced
    forest = series.forest
    parent = forest.parent
    places = np.stack([forest.gather(axis) for axis in "xyz"], axis=1)
    shape, files = shape_text(places, parent), []
    alone = forest.n_cell - np.count_nonzero(np.diff(forest.offset) > 1)
    n_line = np.count_nonzero(parent >= 0) + alone
    for number, (time, arrays) in enumerate(series.frames):
        file = inside / f"{number:06d}.vtu"
        part = file.with_suffix(".vtu.part")
        part.write_text(vtu(forest.n_node, n_line, shape, [*series.static, *arrays], time), encoding="utf-8")
        os.replace(part, file)
        files.append((time, f"{name}/{file.name}"))
    for left in inside.glob("[0-9]" * 6 + ".vtu"):  # of an earlier, longer series
        if int(left.stem) >= len(files):
            left.unlink()
    part = index.with_suffix(".pvd.part")
    part.write_text(pvd(files), encoding="utf-8")
    return put_in_place(part, index)


def _of_run(run, fields, population, every, point) -> Series:
    trees = _trees(run, population)
    if not 0 <= point < run.n_point:
        raise RecordingError(f"{run.path}: no sweep point {point}; there are 0 to {run.n_point - 1}")
    if isinstance(fields, str):
        fields = fields.split(",")
    names = [*trees.quantities(), *STATIC] if fields is None else [name.strip() for name in fields]
    moving = {_short(trees, name): trees.path(name.removesuffix(INTEGRAL)) for name in names if name not in STATIC}
    geometry = trees.geometry
    static = [_static(geometry, name) for name in names if name in STATIC]
    when = _times(run, list(moving.values()), every) if moving else np.zeros(1)
    return Series(trees.name, trees.forest, static, _frames(run, trees, moving, when, point))


def _trees(run, population):
    """The trees that are meant."""
    if population is not None:
        return run.trees[population]
    if not run.trees:
        raise RecordingError(f"{run.path}: this run has no trees; only those can be written as VTU")
    if len(run.trees) > 1:
        raise RecordingError(f"{run.path}: name the population; there are {', '.join(run.trees)}")
    return next(iter(run.trees.values()))


def _short(trees, name):
    """The name of a field in the file: without the population."""
    end = INTEGRAL if name.endswith(INTEGRAL) else ""
    return trees.path(name.removesuffix(INTEGRAL)).removeprefix(f"{trees.name}.") + end


def _static(geometry, name):
    forest = geometry.forest
    values = {"er_radius": lambda: geometry.er_radius, "cell": lambda: forest.cell_of}.get(
        name, lambda: forest.gather(name))()
    return data_array(name, values, STATIC[name])


def _times(run, paths, every) -> np.ndarray:
    """Times at which all fields have a row, thinned out to the interval asked for."""
    common = run.time(paths[0])
    for path in paths[1:]:
        common = common[_nearest(run.time(path), common, run.dt)[1]]
    if not len(common):
        raise RecordingError(f"{run.path}: {', '.join(paths)} have no time in common at which all were recorded")
    if every is None:
        return common
    interval = to_canonical(every, "ms", where="every")
    if not interval > 0:
        raise ModelError(f"every: {interval:g} ms must be above 0 ms")
    due = np.arange(common[0], common[-1] + SAME * run.dt, interval)
    return common[np.unique(np.abs(common[:, None] - due).argmin(axis=0))]


def _nearest(stored, wanted, dt):
    """Index of the row nearest to each time, and whether it is of that time."""
    if not len(stored):
        return np.zeros(len(wanted), int), np.zeros(len(wanted), bool)
    right = np.clip(np.searchsorted(stored, wanted), 1, max(1, len(stored) - 1))
    left = right - 1
    right = np.minimum(right, len(stored) - 1)
    row = np.where(np.abs(stored[left] - wanted) <= np.abs(stored[right] - wanted), left, right)
    return row, np.abs(stored[row] - wanted) <= SAME * dt


def _frames(run, trees, moving, when, point):
    """The fields of each time, one time after the other."""
    sums = {name: _Integral(run, trees, path, point) for name, path in moving.items() if name.endswith(INTEGRAL)}
    rows = {path: _nearest(run.time(path), when, run.dt)[0] for path in moving.values()}
    for number, time in enumerate(when):
        arrays = []
        for name, path in moving.items():
            row, unit = rows[path][number], run.units(path)
            if name in sums:
                arrays.append(data_array(name, sums[name].until(row), f"{unit} ms"))
            else:
                arrays.append(data_array(name, trees.rows(path, [row], point)[0], unit))
        yield float(time), arrays


class _Integral:
    """The integral of a quantity over time up to a row, by trapezoids between all rows."""

    def __init__(self, run, trees, path, point):
        self.trees, self.path, self.point, self.time = trees, path, point, run.time(path)
        self.row, self.last, self.total = 0, None, np.zeros(trees.n_node)

    def until(self, row) -> np.ndarray:
        """Rows must be asked for in ascending order."""
        if self.last is None:
            self.last = self._values(0)
        while self.row < row:
            following = self._values(self.row + 1)
            self.total += (self.last + following) / 2 * (self.time[self.row + 1] - self.time[self.row])
            self.row, self.last = self.row + 1, following
        return self.total

    def _values(self, row):
        return self.trees.rows(self.path, [row], self.point)[0].astype(np.float64)


def _of_shape(source, fields, times) -> Series:
    from gpusyn.morphology import Forest, Morphology

    if isinstance(source, Morphology):
        name, source = source.name, Forest([source])
    elif isinstance(source, Forest):
        name = "forest"
    else:
        raise ModelError(f"write_vtu: {source!r} is no run, morphology or forest")
    times = np.atleast_1d(np.asarray(list(times), np.float64))
    values = {field: _checked(field, given, source, len(times)) for field, given in dict(fields or {}).items()}
    static = [data_array(field, source.cell_of if field == "cell" else source.gather(field), unit)
              for field, unit in STATIC.items() if field != "er_radius" and field not in values]

    def frames():
        for number, time in enumerate(times):
            yield float(time), [data_array(field, given[number]) for field, given in values.items()]

    return Series(name, source, static, frames())


def _checked(field, values, forest, n_time):
    """(n_time, n_node) values."""
    values = np.asarray(values)
    values = values if values.dtype.kind == "f" and values.itemsize in (4, 8) else values.astype(np.float64)
    if values.shape not in ((forest.n_node,), (n_time, forest.n_node)):
        raise ModelError(f"write_vtu: '{field}' has shape {values.shape}; ({forest.n_node},) or "
                         f"({n_time}, {forest.n_node}), one number per time and node")
    return np.broadcast_to(values, (n_time, forest.n_node))
