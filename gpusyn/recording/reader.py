"""Reading a run back: `open(path)` gives its recordings as lazy arrays, its spikes, ledger, sweep and configuration."""
import json
import math
import tomllib
import warnings
from pathlib import Path

import h5py
import numpy as np

from gpusyn.errors import nearest
from gpusyn.recording.compression import require_codec
from gpusyn.recording.errors import RecordingError, UnknownRecordingError
from gpusyn.recording.hdf5 import FORMAT, VERSION
from gpusyn.recording.recorded import Amounts, Ledger, Recorded, RunSpikes, Sweep
from gpusyn.recording.recorded_trees import RunTrees
from gpusyn.recording.recovery import open_for_reading, part_of


def open(path):
    """Open a run file, finished or not; an unfinished one gives a warning. Use it as a context manager, or close it.

    If `path` is not there but `<path>.part` is, the unfinished run is opened.

    Raises:
        RecordingError: no such file, not a run of gpusyn, or one of a newer version.
        MissingCodecError: its compression needs a package that is not installed.
    """
    path = Path(path)
    if not path.exists() and part_of(path).exists():
        path = part_of(path)
    if not path.exists():
        raise RecordingError(f"{path}: there is no such run file")
    file = open_for_reading(path)
    try:
        _check(path, file)
    except BaseException:
        file.close()
        raise
    run = Run(path, file)
    if run.status != "finished":
        reason = f" ({run.reason})" if run.reason else ""
        warnings.warn(f"{path}: not finished, status '{run.status}'{reason}; this is what was recorded", stacklevel=2)
    return run


def _check(path, file):
    if file.attrs.get("format") != FORMAT:
        raise RecordingError(f"{path}: an HDF5 file, but not a run of gpusyn")
    if file.attrs["format_version"] > VERSION:
        raise RecordingError(f"{path}: format {file.attrs['format_version']}; this gpusyn reads up to {VERSION}")
    require_codec(file.attrs["compression"], path)


class Run:
    """One run on disk.

        run["neurons.v"][-1]            the last recorded row; NumPy arrays come out of slices
        run.time("neurons.v")           its times in ms
        run["neurons.v.mean"][:]        a reduction, (time, point)
        run.spikes["neurons"].times     in ms, with .ids; .point(3) in a sweep
        run.ledger["glutamate"]["released"][:]
        run.trees["dendrite"].forest    the shapes of trees, with .mean("ca"), .integral("ca"), .crossing("ca", 1.0)
    """

    def __init__(self, path, file):
        self.path, self.file = Path(path), file
        self._found = {}
        file.visititems(self._find)
        self.spikes = RunSpikes(path, file["spikes"])
        self.ledger = Ledger(path, {transmitter: Amounts(path, group) for transmitter, group in file["ledger"].items()})
        self.sweep = Sweep(file["sweep"], self.n_point)
        self.trees = RunTrees(self)

    def _find(self, _, thing):
        if isinstance(thing, h5py.Dataset) and "key" in thing.attrs:
            self._found[str(thing.attrs["key"])] = thing

    def __getitem__(self, name):
        """The recording `name`, as a lazy array: indexing reads from disk."""
        return Recorded(self._dataset(name))

    def __contains__(self, name):
        return name in self._found

    def __iter__(self):
        return iter(self.keys())

    def keys(self):
        """Names of everything recorded over time, ledger terms included; spikes are in `run.spikes`."""
        return sorted(self._found)

    def traces(self):
        """Names of the quantities recorded site by site."""
        return [name for name, dataset in sorted(self._found.items()) if dataset.name.startswith("/traces/")]

    def time(self, name):
        """Times of the rows of `name` in ms, shape (time,)."""
        dataset = self._dataset(name)
        return self.file[dataset.attrs["time"]][:dataset.shape[0]]

    def units(self, name):
        """Unit of `name`."""
        return str(self._dataset(name).attrs["unit"])

    def meaning(self, name):
        """What `name` is, in words."""
        return str(self._dataset(name).attrs["meaning"])

    def attribute(self, name, attribute):
        """What the file notes beside the recording `name`, or None."""
        return self._dataset(name).attrs.get(attribute)

    def sites(self, name):
        """Indices of the recorded sites into the flattened lattice, shape (site,)."""
        where = self._dataset(name).attrs.get("sites", "all")
        return np.arange(self.n_site(name)) if where == "all" else self.file[where][:].astype(np.int64)

    def edges(self, name):
        """Bin edges of the histogram '<quantity>.histogram', shape (bin + 1,)."""
        dataset = self._dataset(name)
        if "edges" not in dataset.attrs:
            raise RecordingError(f"{self.path}: '{name}' is no histogram; only those have edges")
        return self.file[dataset.attrs["edges"]][:]

    @property
    def status(self):
        """running, finished, interrupted or failed."""
        return self._ending.get("status", "running")

    @property
    def reason(self):
        """Why the run ended as it did; empty if there is nothing to say."""
        return self._ending.get("reason", "")

    @property
    def _ending(self):
        try:
            return json.loads(self.file["ending"][:].tobytes())
        except ValueError:                      # empty, or its writer was killed as it wrote it
            return {}

    @property
    def n_point(self):
        """Number of sweep points; 1 without a sweep."""
        return int(self.file.attrs["n_point"])

    def lattice_shape(self, name=""):
        """(ny, nx) or (nz, ny, nx) of the population or transmitter that `name` begins with, or of the model."""
        return tuple(int(n) for n in self._lattice(name).attrs["shape"])

    def spacing(self, name=""):
        """Distance between neighbouring sites along the same axes, um."""
        return tuple(float(length) for length in self._lattice(name).attrs["spacing"])

    def n_site(self, name=""):
        """Number of sites of the same lattice."""
        return math.prod(self.lattice_shape(name))

    def _lattice(self, name):
        lattice = self.file["lattice"]
        return next((lattice[known] for known in (name, name.partition(".")[0]) if known and known in lattice), lattice)

    def synapses(self, connection):
        """Source and target site of each synapse of a plastic connection, in the order of its recordings.

        Raises:
            UnknownRecordingError: nothing was recorded synapse by synapse of such a connection.
        """
        known = self.file.get("connections", {})
        if connection not in known:
            raise UnknownRecordingError(f"{self.path}: no synapses of '{connection}' were recorded"
                                        f"{nearest(connection, known)}")
        return known[connection]["pre"][:], known[connection]["post"][:]

    @property
    def dt(self):
        """Time step, ms."""
        return float(self.file["lattice"].attrs["dt"])

    @property
    def config_text(self):
        """The resolved configuration as TOML."""
        return self.file["config"].asstr()[()]

    @property
    def config(self):
        """The resolved configuration."""
        return tomllib.loads(self.config_text)

    @property
    def provenance(self):
        """Versions, host, device, kernel digests, seed, precision, backend and why, start and end."""
        return {**json.loads(self.file["provenance"].asstr()[()]), "end": self._ending.get("end", "")}

    @property
    def summary(self):
        """Figures of the whole run; empty until it has ended."""
        return self._ending.get("summary", {})

    def refresh(self):
        """See what a running simulation has written meanwhile."""
        self.file.close()
        self.__init__(self.path, open_for_reading(self.path))

    def close(self):
        """Let go of the file."""
        self.file.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        if not self.file:
            return f"<Run {self.path.name}, closed>"
        return (f"<Run {self.path.name}, {self.status}: lattice {self.lattice_shape()}, {self.n_point} sweep point(s), "
                f"{len(self._found)} recordings, spikes of {len(self.spikes)} population(s)>")

    def _dataset(self, name):
        if name not in self._found and f"{name}.concentration" in self._found:
            name = f"{name}.concentration"  # a transmitter's own name means its concentration, as in a config
        if name not in self._found:
            raise UnknownRecordingError(f"{self.path}: '{name}' was not recorded{nearest(name, self._found)}")
        return self._found[name]
