"""SWC files: one line 'id type x y z radius parent' per sample, um, parent -1 at the root, '#' before comments.

MorphIO reads SWC too, but its cells no longer know which soma sample a neurite leaves from, nor the samples' numbers,
and hold single precision; it accepts cycles and segments of length 0. So the table is read as the seven columns that it
is; the tests compare the outcome with MorphIO's. Other formats come through MorphIO (`gpusyn.morphology.formats`).

Source: Cannon, Turner, Pyapali & Wheal (1998) An on-line archive of reconstructed hippocampal neurons, J. Neurosci.
Methods 84:49-54; NeuroMorpho.Org's standard.
"""
from __future__ import annotations

import math
import os
import warnings
from pathlib import Path

import numpy as np

from gpusyn.errors import ModelError, nearest, shown, users_level
from gpusyn.morphology import graph
from gpusyn.morphology.cell import Morphology
from gpusyn.morphology.checks import distances, length_problems, number_problems, refuse, tree_problems
from gpusyn.morphology.soma import Samples, at_surface, leaving, sphere_of, with_sphere

COLUMNS = ("id", "type", "x", "y", "z", "radius", "parent")
RULE = "one line per sample has the 7 numbers 'id type x y z radius parent'"
WHOLE = (0, 1, 6)               # columns of whole numbers
LARGEST_NUMBER, LARGEST_TYPE = 2**53, 32767


def read_swc(path: str | os.PathLike[str], soma: str = "auto", scale: float = 1.0, merge: bool = False) -> Morphology:
    """The cell of an SWC file, checked.

    Node k is the file's k-th sample; if some sample comes before its parent, the nodes are put in order, with a
    warning. `Morphology.sample` holds the file's numbers.

    Args:
        path: the file; LF, CRLF or CR, tabs or spaces, comments and empty lines anywhere.
        soma: what soma samples mean: "auto", "cylinders", "sphere", "contour" or "samples"
            (`gpusyn.morphology.soma.sphere_of`).
        scale: um per unit of the file.
        merge: leave out samples that lie on their parents, instead of refusing them.

    Raises:
        ModelError: no such file, no samples, text that is no number, missing or surplus columns, two samples of one
            number, a missing parent, two roots, a cycle, a radius or length of 0, NaN. Names every problem's line.
    """
    path = Path(path)
    if not (math.isfinite(scale) and scale > 0):
        raise ModelError(f"{path.name}: scale {scale} um must be positive")
    rows, lines = _rows(path)
    samples, lines = _in_order(path, _samples(path, rows, lines, scale), lines)
    if merge:
        samples, lines = _merged(samples, lines)
    refuse(length_problems(lambda node: f"{path.name}:{lines[node]}: sample {samples.sample[node]}", samples.parent,
                           distances(samples.parent, samples.x, samples.y, samples.z)))
    sphere = sphere_of(samples, soma, path.name)
    sideways = leaving(samples) & (soma != "samples")
    cell, body = (samples, at_surface(samples, sideways)) if sphere is None else with_sphere(samples, sphere)
    return Morphology(**vars(cell), **body, name=path.stem)


def _rows(path) -> tuple[np.ndarray, list[int]]:
    """The numbers of all samples, (n, 7), and the line of each."""
    rows, lines, problems = [], [], []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            row = [float(word) for word in words]
        except ValueError:
            row = []
        if len(row) == len(COLUMNS) and all(row[column].is_integer() for column in WHOLE):
            rows.append(row)
            lines.append(number)
        else:
            problems.append(f"{path.name}:{number}: {_complaint(words)}")
    if not rows and not problems:
        problems = [f"{path.name}: no samples; {RULE}"]
    refuse(problems)
    return np.array(rows), lines


def _text(path):
    try:
        return path.read_bytes().decode("utf-8-sig", errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    except FileNotFoundError:
        near = [file.name for file in path.parent.glob("*.swc")]
        raise ModelError(f"{path}: there is no such file{nearest(path.name, near)}") from None
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}") from None


def _complaint(words):
    """What is wrong with the words of a line."""
    if len(words) != len(COLUMNS):
        return f"{len(words)} columns; {RULE}"
    for column, (name, word) in enumerate(zip(COLUMNS, words, strict=True)):
        try:
            value = float(word)
        except ValueError:
            return f"{name} {shown(word)} is no number; {RULE}"
        if column in WHOLE and not value.is_integer():
            return f"{name} {word} must be a whole number"
    raise AssertionError(words)


def _samples(path, rows, lines, scale) -> Samples:
    """Samples with their parents as positions, once every number, parent and root has been checked."""
    def place(row):
        return f"{path.name}:{lines[row]}: sample {rows[row, 0]:.0f}"

    number, above = rows[:, 0], rows[:, 6]
    x, y, z, radius = rows[:, 2:6].T * scale
    for column, largest in ((0, LARGEST_NUMBER), (1, LARGEST_TYPE)):
        refuse(f"{place(row)}: {COLUMNS[column]} {rows[row, column]:.0f} must be from 0 to {largest}"
               for row in np.flatnonzero((rows[:, column] < 0) | (rows[:, column] > largest)))
    by_number = np.argsort(number, kind="stable")
    again = by_number[1:][number[by_number[1:]] == number[by_number[:-1]]]
    refuse(f"{place(row)}: this number was given before, in line {lines[np.argmax(number == number[row])]}; numbers "
           "must differ" for row in np.sort(again))
    found = by_number[np.minimum(np.searchsorted(number[by_number], above), len(rows) - 1)]
    missing = (above != -1) & (number[found] != above)
    problems = [f"{place(row)}: parent {above[row]:.0f} is no sample of this file; near it: {_near(number, above[row])}"
                for row in np.flatnonzero(missing)]
    parent = np.where(above == -1, -1, found)
    problems += number_problems(place, radius, x, y, z)
    refuse(problems + ([] if missing.any() else tree_problems(place, parent)))
    return Samples(number.astype(np.int64), rows[:, 1].astype(np.int16), x, y, z, radius, parent)


def _near(numbers, wanted):
    """The samples' numbers around one that does not exist."""
    return ", ".join(f"{number:.0f}" for number in numbers[np.argsort(np.abs(numbers - wanted), kind="stable")[:3]])


def _in_order(path, samples, lines):
    """Samples with parents before children, and their lines; warns if that is not the file's order."""
    order = graph.parents_first(samples.parent)
    if (order == np.arange(len(order))).all():
        return samples, lines
    row = int(np.argmax(samples.parent > np.arange(len(order))))
    warnings.warn(f"{path.name}:{lines[row]}: sample {samples.sample[row]} comes before its parent "
                  f"{samples.sample[samples.parent[row]]}; nodes were put in order, parents first, and "
                  "Morphology.sample holds the file's numbers", UserWarning, stacklevel=users_level())
    return samples.taken(order), [lines[row] for row in order]


def _merged(samples, lines):
    """Samples without those that lie on their parents; their children hang on the parents."""
    on_parent = (distances(samples.parent, samples.x, samples.y, samples.z) == 0) & (samples.parent >= 0)
    stay = np.arange(len(on_parent))
    for node in np.flatnonzero(on_parent):
        stay[node] = stay[samples.parent[node]]
    kept = np.flatnonzero(~on_parent)
    parent = np.where(samples.parent >= 0, stay[samples.parent], -1)
    place = np.cumsum(~on_parent) - 1
    moved = np.where(parent[kept] >= 0, place[parent[kept]], -1)
    return samples.taken(kept, parent=moved), [lines[row] for row in kept]
