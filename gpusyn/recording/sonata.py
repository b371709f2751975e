"""Spikes in SONATA files, the layout that the field's simulators and analysis tools exchange.

    /spikes/<population>/timestamps   float64, ms; attribute units
    /spikes/<population>/node_ids     uint64
    /spikes/<population>              attribute sorting: an enum of none, by_id and by_time

Source: the SONATA specification, https://github.com/AllenInstitute/sonata; Dai et al. (2020) PLoS Comput. Biol.
16:e1007696.
"""
from pathlib import Path

import h5py
import numpy as np

from gpusyn.errors import nearest
from gpusyn.recording.errors import RecordingError, UnknownRecordingError
from gpusyn.recording.recovery import open_for_reading, part_of
from gpusyn.recording.storage import put_in_place

SORTING = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")
BY_TIME = 2
SONATA_MARK = {"magic": np.uint32(0x0A7A), "version": np.array([0, 1], np.uint32)}      # root attributes


def create_population(spikes, name, chunk=65536):
    """An empty population that grows, in the HDF5 group `spikes`; returns its group."""
    group = spikes.create_group(name)
    group.attrs.create("sorting", BY_TIME, dtype=SORTING)
    group.create_dataset("timestamps", (0,), "f8", maxshape=(None,), chunks=(chunk,)).attrs["units"] = "ms"
    group.create_dataset("node_ids", (0,), "u8", maxshape=(None,), chunks=(chunk,))
    return group


def write_spikes(path, populations):
    """Write spikes as a SONATA file.

    Args:
        path: the file; one that is there is replaced once the new one is complete.
        populations: {name: (times in ms, node ids)}, two arrays of one length; sorted by time on the way.

    Raises:
        RecordingError: lengths differ, a time is not finite or negative, an id is negative or not whole.
    """
    part = part_of(path)
    with h5py.File(part, "w", libver="v110") as file:
        file.attrs.update(SONATA_MARK)
        spikes = file.create_group("spikes")
        for name, (times, ids) in populations.items():
            times, ids = _checked(f"{path}, population '{name}'", times, ids)
            group = create_population(spikes, name)
            for dataset, values in (("timestamps", times), ("node_ids", ids)):
                group[dataset].resize((len(values),))
                group[dataset][:] = values
    put_in_place(part, path)


def read_spikes(path, population=None):
    """Spikes of one population of a SONATA file.

    Args:
        path: any SONATA spike file, a run file included.
        population: its name; may be left out where there is only one.

    Returns:
        Times in ms (float64) and node ids (uint64), sorted by time, spikes of one time by id.

    Raises:
        RecordingError: no such file, no spikes, a unit other than ms, or values that are no spikes.
        UnknownRecordingError: no such population.
    """
    if not Path(path).exists():
        raise RecordingError(f"{path}: there is no such file")
    with open_for_reading(path) as file:
        if "spikes" not in file:
            raise RecordingError(f"{path}: no group /spikes; a SONATA spike file has /spikes/<population>/timestamps")
        group = _choose(path, file["spikes"], population)
        place = f"{path}, population '{group.name.split('/')[-1]}'"
        for dataset in ("timestamps", "node_ids"):
            if dataset not in group:
                raise RecordingError(f"{place}: no dataset '{dataset}'; SONATA asks for timestamps and node_ids")
        _require_ms(place, group["timestamps"].attrs.get("units", "ms"))
        n = group["timestamps"].shape[0]        # a file that is being written may have more ids than times
        return _checked(place, group["timestamps"][:n], group["node_ids"][:n])


def _choose(path, spikes, population):
    names = [name for name, thing in spikes.items() if isinstance(thing, h5py.Group)]
    if not names:
        raise RecordingError(f"{path}: no population in /spikes; SONATA asks for /spikes/<population>")
    if population is None and len(names) > 1:
        raise RecordingError(f"{path}: name the population; there are {', '.join(names)}")
    if population is not None and population not in names:
        raise UnknownRecordingError(f"{path}: no population '{population}'{nearest(population, names)}")
    return spikes[population or names[0]]


def _require_ms(place, unit):
    unit = unit.decode() if isinstance(unit, bytes) else str(unit)
    if unit not in ("ms", "milliseconds"):
        raise RecordingError(f"{place}: times are in '{unit}'; SONATA asks for ms")


def _checked(place, times, ids):
    """Times and ids as float64 and uint64, sorted by time and id."""
    times, ids = np.asarray(times, np.float64).reshape(-1), np.asarray(ids).reshape(-1)
    if len(times) != len(ids):
        raise RecordingError(f"{place}: {len(times)} times but {len(ids)} node ids")
    bad = np.flatnonzero(~(np.isfinite(times) & (times >= 0)))
    if bad.size:
        raise RecordingError(f"{place}: time {bad[0]} is {times[bad[0]]} ms; times are finite and not negative")
    if ids.size and (ids.dtype.kind not in "iu" or ids.min() < 0):
        raise RecordingError(f"{place}: node ids are whole numbers from 0 on, not {ids.dtype} from {ids.min()} on")
    order = np.lexsort((ids, times))
    return times[order], ids[order].astype(np.uint64)
