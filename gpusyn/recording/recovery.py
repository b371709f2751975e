"""Unfinished run files: opening what a killed writer left, and cutting it back to a checkpoint."""
from pathlib import Path

import h5py

from gpusyn.recording.errors import RecordingError
from gpusyn.recording.storage import sync_file


def part_of(path):
    """Name under which the run `path` is written until it has finished."""
    path = Path(path)
    return path.with_name(path.name + ".part")


def unready(path):
    """Name of the unfinished file of the run `path` until live readers can open it."""
    return part_of(path).with_name(part_of(path).name + ".new")


def open_for_reading(path):
    """The HDF5 file at `path`, also while its writer is at work or after the writer was killed.

    Raises:
        RecordingError: not an HDF5 file, or one that is damaged.
    """
    try:
        return h5py.File(path, "r", libver="v110")
    except (OSError, RuntimeError) as plain:        # h5py turns what HDF5 says into either
        try:
            return h5py.File(path, "r", libver="v110", swmr=True)   # a killed writer leaves its mark
        except (OSError, RuntimeError):
            raise RecordingError(f"{path}: cannot be read as an HDF5 file ({plain})") from plain


def cut_copy(part, fresh, rows):
    """Copy the unfinished file `part` to `fresh`, without a writer's mark, each dataset cut to `rows[its place]`.

    Chunks are copied as they are stored, compressed or not. The copy is on the disk when this returns.

    Raises:
        RecordingError: no such file; a dataset that is missing or has fewer rows than asked for.
    """
    part = Path(part)
    if not part.exists():
        raise RecordingError(f"{part}: there is no unfinished run to continue")
    with open_for_reading(part) as old, h5py.File(fresh, "w", libver="v110") as new:
        _check_rows(part, old, rows)
        for name in old:
            old.copy(old[name], new, name)
        new.attrs.update(old.attrs)
        for place, n_row in rows.items():
            new[place].resize(n_row, axis=0)
    sync_file(fresh)


def _check_rows(part, file, rows):
    for place, n_row in rows.items():
        if place not in file:
            raise RecordingError(f"{part}: the checkpoint has rows of {place}, which this recording lacks")
        there = file[place].shape[0]
        if there < n_row:
            raise RecordingError(f"{part}: {place} has {there} rows, fewer than the {n_row} of the checkpoint")
