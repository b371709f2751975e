"""Tables of values over time in files: the first column is the time, in ms."""
from __future__ import annotations

from pathlib import Path

import numpy as np

from gpusyn.errors import ModelError

SUFFIXES = (".npy", ".csv", ".txt", ".dat")


def read_table(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Times (n_time,) and values (n_time,), or (n_time, n_site) if there are more columns: what `Model.play` takes.

    Args:
        path: an .npy file of one array with a column of times and one of values or one per site; or text in such
            columns, with commas or white space between them, a first line of names if you like, and comments after #.

    Raises:
        ModelError: no such file, or something in it that is no number, or one column only.
    """
    path = Path(path)
    try:
        rows = _array(path) if path.suffix == ".npy" else np.array(_rows(path.read_text(), path.name))
    except OSError as error:
        raise ModelError(f"{path.name}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ModelError(f"{path.name}: this is not text; give one of {', '.join(SUFFIXES)}") from None
    if rows.ndim != 2 or rows.shape[1] < 2 or not len(rows):
        raise ModelError(f"{path.name}: shape {rows.shape}; the first column is the time in ms, then follow values")
    return rows[:, 0], rows[:, 1] if rows.shape[1] == 2 else rows[:, 1:]


def _array(path):
    try:
        array = np.load(path, allow_pickle=False)
    except (ValueError, EOFError):
        raise ModelError(f"{path.name}: this is not a NumPy array of numbers") from None
    if getattr(array, "dtype", np.dtype(object)).kind not in "iuf":
        raise ModelError(f"{path.name}: this is not one array of numbers")
    return array.astype(np.float64)


def _rows(text, name) -> list[list[float]]:
    rows: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].replace(",", " ").split()
        if not words:
            continue
        try:
            row = [float(word) for word in words]
        except ValueError:
            if not rows and number == 1:
                continue  # names of the columns
            raise ModelError(f"{name}:{number}: '{line.strip()[:40]}' is not a row of numbers") from None
        if rows and len(row) != len(rows[0]):
            raise ModelError(f"{name}:{number}: {len(row)} columns where the others have {len(rows[0])}")
        rows.append(row)
    return rows
