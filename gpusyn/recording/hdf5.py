"""The file of one run.

    /                              attributes: format, format_version, n_point, compression
    /ending                        bytes of JSON: status, reason, end, summary; empty while the run goes on
    /config                        the resolved configuration as TOML text; attribute sha256
    /provenance                    JSON: versions, host, device, kernel digests, seed, precision, backend, start
    /lattice                       attributes: shape (ny, nx) or (nz, ny, nx), spacing in um, dt in ms, axes
    /lattice/<owner>               the same of a population or source that has a lattice of its own
    /trees/<population>/...        shapes of the cells of a population of trees (gpusyn.recording.tree_geometry)
    /time/every_<n>                times in ms of everything recorded every n steps
    /traces/<owner>/<quantity>     (time, site), in a sweep (time, point, site); neurons.nmda.r: /traces/neurons/nmda.r
    /sites/<owner>/<quantity>      the recorded sites, where not all are
    /reductions/<owner>/<quantity>/{mean,min,max}       (time, point), over the sites
    /histograms/<owner>/<quantity>/{counts,edges}       (time, point, bin) and (bin + 1,)
    /spikes/<population>/{timestamps,node_ids}          SONATA; in a sweep <population>_point0000, _point0001, ...
    /ledger/<transmitter>/<term>   (time, point) amounts; attribute role is source, fate (equal sums) or use
    /sweep/<name>                  (point,) values of each swept parameter; attribute unit

Every growing dataset has the attributes key (its dotted name), unit, meaning, every (steps), first_step, dt (ms) and
time (the dataset with its times). The spike of step n has the timestamp n dt.

While a run goes on, its file is `run.h5.part`, open to live readers (SWMR). Only a run that has finished is renamed to
`run.h5`; one that is killed just before is whole and says so, under the unfinished name. The file gets the name
`run.h5.part` once live readers can open it, and from then on it only grows: at whatever moment the run is killed, what
it recorded stays readable. Any tool with HDF5 1.10 or newer reads both.
"""
import hashlib
import json
import os
from pathlib import Path

import h5py
import numpy as np

from gpusyn.errors import nearest
from gpusyn.recording.compression import GzipThreads, require_codec
from gpusyn.recording.errors import RecordingError, UnknownRecordingError
from gpusyn.recording.growing import Column, create_series
from gpusyn.recording.names import spike_group
from gpusyn.recording.provenance import now
from gpusyn.recording.recovery import cut_copy, part_of, unready
from gpusyn.recording.sonata import SONATA_MARK, create_population
from gpusyn.recording.storage import put_in_place, sync_file, sync_folder

FORMAT, VERSION = "gpusyn run", 1
ENDINGS = ("finished", "interrupted", "failed")
CACHE = 64 * 2**20                              # bytes of chunk cache per dataset; a chunk is 4 MiB at most


class RunFile:
    """Writer of one run file. Create it with `RunFile.create`, or continue an unfinished one with `RunFile.reopen`.

    Not for several threads at once; `Writer` gives it a thread of its own.
    """

    def __init__(self, path, file):
        self.path, self.file = Path(path), file
        self.n_point = int(file.attrs["n_point"])
        self.gzip = GzipThreads() if file.attrs["compression"] == "gzip" else None
        self.columns, self.clocks = {}, {}
        file.visititems(self._adopt)
        file.swmr_mode = True

    @classmethod
    def create(cls, path, layout, config="", provenance=None, overwrite=False):
        """Start the file of a run: all datasets empty, status 'running', open to live readers.

        Args:
            path: where the finished run will lie; until then it is `<path>.part`.
            layout: `Layout` of what is recorded.
            config: the resolved configuration, TOML text.
            provenance: what `collect_provenance` returned.
            overwrite: replace a run that is already there, finished or not.

        Raises:
            RecordingError: a run is already there.
            MissingCodecError: the compression needs a package that is not installed.
        """
        path = Path(path)
        require_codec(layout.compression, path.name)
        for there, advice in ((path, "choose another name"), (part_of(path), "resume it, choose another name")):
            if there.exists() and not overwrite:
                raise RecordingError(f"{there}: a run is already there; {advice}, or ask to overwrite it")
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = unready(path)
        file = h5py.File(fresh, "w", libver="v110", rdcc_nbytes=CACHE)
        _describe(file, layout, config, provenance or {})
        _create_datasets(file, layout)
        return cls._start(path, fresh, file)

    @classmethod
    def reopen(cls, path, rows):
        """Continue the unfinished run that would become `path`, cut back to `rows` (what `flush` gave at a checkpoint).

        The unfinished file is copied with the surplus cut off, and replaced once the copy is complete: a writer that
        was killed leaves a file that HDF5 refuses to open for writing.

        Raises:
            RecordingError: there is no unfinished run, or it has fewer rows than `rows` asks for.
        """
        fresh = unready(path)
        cut_copy(part_of(path), fresh, {**rows, "/ending": 0})
        file = h5py.File(fresh, "r+", libver="v110", rdcc_nbytes=CACHE)
        require_codec(file.attrs["compression"], Path(path).name)
        return cls._start(path, fresh, file)

    @classmethod
    def _start(cls, path, fresh, file):
        """Give the file `fresh`, which is open, the name of the unfinished run: not before live readers can open it."""
        if os.name == "nt":                     # an open file cannot be renamed there
            file.close()
            os.replace(fresh, part_of(path))
            return cls(path, h5py.File(part_of(path), "r+", libver="v110", rdcc_nbytes=CACHE))
        run_file = cls(path, file)
        os.replace(fresh, part_of(path))
        sync_folder(part_of(path).parent)
        return run_file

    def append(self, key, first_row, rows):
        """Append rows of one recorded quantity.

        Args:
            key: 'neurons.v', 'neurons.v.mean', 'neurons.v.histogram', 'ledger.glutamate.released', ...
            first_row: index of the first row; rows come without gaps.
            rows: (n, point, site) for a trace, (n, point) for a reduction or ledger term, (n, point, bin) for a
                histogram; a trace of a run without sweep may omit the point.
        """
        if key not in self.columns:
            raise UnknownRecordingError(f"{self.path.name}: '{key}' was not declared{nearest(key, self.columns)}")
        column = self.columns[key]
        column.append(first_row, rows)
        self._extend_time(column)

    def append_spikes(self, population, point, steps, sites):
        """Append spikes of one sweep point, sorted by step; `steps` and `sites` are integer arrays of one length."""
        name = spike_group(population, point, self.n_point)
        group = self.file.get(f"spikes/{name}")
        if group is None:
            raise UnknownRecordingError(f"{self.path.name}: no spikes were declared for population '{name}'"
                                        f"{nearest(name, self.file['spikes'])}")
        if len(steps) == 0:
            return
        times, ids = group["timestamps"], group["node_ids"]
        first, end = times.shape[0], times.shape[0] + len(steps)
        # Ids before times: readers take the length of the times, and find an id for each of them.
        for dataset, values in ((ids, sites), (times, np.asarray(steps) * float(group.attrs["dt"]))):
            dataset.resize(end, axis=0)
            dataset[first:end] = values
            dataset.flush()

    def flush(self, durable=False):
        """Make every row visible to live readers; `durable` also waits until they are on the disk.

        Returns:
            Rows (or spikes) of every growing dataset, by its place in the file: what a checkpoint keeps for `reopen`.
        """
        for column in (*self.columns.values(), *self.clocks.values()):
            column.flush()
        self.file.flush()
        if durable:
            sync_file(part_of(self.path))
        return self._rows()

    def _rows(self):
        counts = {column.dataset.name: column.n_row for column in (*self.columns.values(), *self.clocks.values())}
        for group in self.file["spikes"].values():
            counts.update({group[name].name: group[name].shape[0] for name in ("timestamps", "node_ids")})
        return counts

    def close(self, status="finished", reason="", summary=None):
        """End the recording. A finished run gets its final name; an interrupted or failed one stays `<path>.part`.

        Args:
            status: finished, interrupted or failed.
            reason: why, for those who open the file.
            summary: what JSON can hold; figures over sweep points under "per_point":
                {"<name>": {"values": [...], "unit": "..."}}.

        Returns:
            The path at which the file now lies.
        """
        if status not in ENDINGS:
            raise RecordingError(f"{self.path.name}: status '{status}' is not one of {', '.join(ENDINGS)}")
        self.flush(durable=True)                # before the file says how it ended
        ending = {"status": status, "reason": reason, "end": now(), "summary": summary or {}}
        self._write_ending(json.dumps(ending, indent=1).encode())
        self._release()
        part = part_of(self.path)
        return put_in_place(part, self.path if status == "finished" else part)

    def _write_ending(self, text):
        # Bytes that grow: under SWMR no object can be added and no attribute changed, and outside it a writer that is
        # killed leaves a file that nobody can open.
        ending = self.file["ending"]
        ending.resize(len(text), axis=0)
        ending[:] = np.frombuffer(text, np.uint8)
        ending.flush()

    def abandon(self):
        """Close without saying how the run ended, after an error while writing."""
        self._release()

    def _release(self):
        self.file.close()
        if self.gzip is not None:
            self.gzip.close()

    def _adopt(self, path, thing):
        if isinstance(thing, h5py.Dataset) and "key" in thing.attrs:
            column = Column(thing, self.gzip)
            self.columns[str(column.about["key"])] = column
        elif path.startswith("time/"):
            self.clocks[f"/{path}"] = Column(thing)

    def _extend_time(self, column):
        """Give the times of rows that are the first of their rhythm."""
        clock = self.clocks[column.about["time"]]
        first, end = clock.n_row, column.n_row
        if end > first:
            about = clock.about
            clock.append(first, (about["first_step"] + np.arange(first, end) * about["every"]) * about["dt"])


def _describe(file, layout, config, provenance):
    """Everything that is known before the first step."""
    file.attrs.update(format=FORMAT, format_version=VERSION, n_point=layout.n_point,
                      compression=layout.compression, **SONATA_MARK)
    file.create_dataset("ending", (0,), "u1", maxshape=(None,), chunks=(4096,))
    file["config"] = config
    file["config"].attrs["sha256"] = hashlib.sha256(config.encode()).hexdigest()
    file["provenance"] = json.dumps(provenance, indent=1)
    lattice = file.create_group("lattice")
    lattice.attrs.update(dt=layout.dt, dt_unit="ms")
    _describe_lattice(lattice, layout.lattice_shape, layout.spacing)
    for owner, (shape, spacing) in layout.lattices.items():
        _describe_lattice(lattice.create_group(owner), shape, spacing)
    for name, (pre, post) in layout.connections.items():
        file[f"connections/{name}/pre"], file[f"connections/{name}/post"] = pre, post
    for name, geometry in layout.trees.items():
        geometry.write(file.create_group(f"trees/{name}"))
    sweep = file.create_group("sweep")
    sweep.attrs["names"] = [axis.name for axis in layout.sweep] or h5py.Empty("S1")
    for axis in layout.sweep:
        values = np.asarray(axis.values)
        sweep[axis.name] = values.astype(h5py.string_dtype()) if values.dtype.kind in "US" else values
        sweep[axis.name].attrs["unit"] = axis.unit


def _describe_lattice(group, shape, spacing):
    axes = ("z", "y", "x")[-len(shape):]
    group.attrs.update(shape=shape, spacing=spacing, spacing_unit="um", axes=list(axes))


def _create_datasets(file, layout):
    """Every growing dataset and the constants that explain it; under SWMR none can be added later."""
    for folder in ("traces", "reductions", "histograms", "ledger", "time", "spikes"):
        file.create_group(folder)
    for series in layout.series():
        create_series(file, series, layout.compression, layout.dt)
        if series.time_path not in file:
            clock = file.create_dataset(series.time_path, (0,), "f8", maxshape=(None,), chunks=(4096,))
            clock.attrs.update(unit="ms", every=series.every, first_step=series.first_step, dt=layout.dt)
    for trace in layout.traces:
        where = file[f"traces/{trace.name.replace('.', '/', 1)}"].attrs["sites"]
        if where != "all":
            file[where] = np.asarray(trace.sites, np.uint64)
    for histogram in layout.histograms:
        edges = file.create_dataset(f"histograms/{histogram.name.replace('.', '/', 1)}/edges", data=histogram.edges)
        edges.attrs["unit"] = histogram.unit
    for population in layout.spikes:
        for point in range(layout.n_point):
            group = create_population(file["spikes"], spike_group(population, point, layout.n_point),
                                      chunk=int(np.clip(65536 // layout.n_point, 1024, 65536)))
            group.attrs.update(population=population, point=point, dt=layout.dt)
