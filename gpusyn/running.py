"""A run to files: a folder with its recording and its checkpoints, from the first step to the summary."""
from __future__ import annotations

import hashlib
import time
from pathlib import Path

from gpusyn import backends, saving
from gpusyn.backends.operations import module_of
from gpusyn.errors import ModelError, SimulationError
from gpusyn.kernel_files import kernel_source
from gpusyn.model_text import describe
from gpusyn.progress import progress_for
from gpusyn.recording.errors import RecordingError
from gpusyn.recording.hdf5 import RunFile
from gpusyn.recording.provenance import collect_provenance
from gpusyn.recording.record import Record
from gpusyn.recording.recorder import BUDGET, Recorder
from gpusyn.recording.recovery import part_of
from gpusyn.recording.writer import Writer
from gpusyn.signals import Interruptions
from gpusyn.simulation import Simulation
from gpusyn.summary import Summary, summarise
from gpusyn.units import to_canonical

LEDGER_ROWS = 200  # rows of the ledger in a run, at least
MS_PER_SECOND = 1000.0


def run(
    model, folder=None, *, duration, backend="auto", precision="float32", seed=None, threads=None, record=(),
    spikes=True, checkpoint_every="10 min", compression="gzip", budget=BUDGET, force=False, progress=True,
) -> Summary:
    """Run a model and write its recording, ``run.h5``, into a folder.

    Until the run has finished the file is ``run.h5.part``; beside it lies the last checkpoint, ``run.ckpt``. SIGINT,
    SIGTERM and SIGUSR1 write a checkpoint and stop; `resume` continues.

    Args:
        model: a `Model`, a validated configuration, or the path of a TOML file.
        folder: by default ``runs/<name of the model>`` under the current directory.
        duration: in ms, or as text ("200 ms"); rounded to whole steps.
        backend, precision, seed, threads: as for `Simulation`.
        record: `Record`s or dotted names.
        spikes: as for `Recorder`.
        checkpoint_every: wall time between checkpoints, as text or in ms.
        compression: "none", "gzip", "lz4" or "zstd".
        budget: bytes for rows on the device.
        force: replace a run that is in the folder already.
        progress: show how far it is, on standard error.

    Raises:
        RecordingError: a run is already there, or something cannot be recorded.
        ModelError: the model cannot be simulated, or does not fit in memory.
        SimulationError: a state became impossible; the recording so far is marked as failed.
    """
    described = describe(model)
    seconds = to_canonical(checkpoint_every, "ms", where="checkpoint_every") / MS_PER_SECOND
    place = RunFolder(Path("runs") / described.model.name if folder is None else folder)
    place.require_free(force)
    n_step = round(to_canonical(duration, "ms", where="duration") / described.model.dt)
    if n_step < 1:
        raise ModelError(f"duration: {duration} is less than one step of {described.model.dt:g} ms")
    recorder = Recorder(record, spikes=spikes, ledger=max(1, n_step // LEDGER_ROWS), budget=budget)
    simulation = Simulation(
        described, backend=backend, precision=precision, seed=seed, threads=threads, recorder=recorder
    )
    layout = recorder.declared(compression)
    place.clear()
    file = RunFile.create(place.result, layout, described.text, provenance(simulation, chosen(backend)))
    settings = {"n_step": n_step, "checkpoint_every": seconds,
                "budget": budget, "ledger": recorder.ledger_every, "record": [r.as_json() for r in recorder.records],
                "spikes": [tape.name for tape in recorder.spike_tapes]}
    return Execution(simulation, file, place, settings, 0.0, progress).run()


def resume(folder, model=None, *, threads=None, allow_config_change=False, progress=True) -> Summary:
    """Continue an interrupted or killed run from its last checkpoint, bit for bit as if it had never stopped.

    Args:
        folder: as given to `run`.
        model: the same model again, where it was built in Python; a run of a TOML file needs none.
        threads: for Numba; their number changes no result.
        allow_config_change: continue although the model differs from the one that was started.

    Raises:
        RecordingError: the run has finished, or there is none.
        CheckpointError: there is no whole checkpoint, or it is of another model.
    """
    place = RunFolder(folder)
    if place.result.exists():
        raise RecordingError(f"{place.result}: this run has finished; there is nothing to resume")
    found, described = saving.checkpoint_and_model(place.checkpoint, model, allow_config_change)
    settings = found.attrs["settings"]
    recorder = Recorder([Record.from_json(r) for r in settings["record"]], spikes=settings["spikes"],
                        ledger=settings["ledger"], budget=settings["budget"])
    simulation = saving.restore(Simulation, found, described, None, threads, recorder, allow_config_change)
    file = RunFile.reopen(place.result, found.attrs["rows"])
    return Execution(simulation, file, place, settings, found.attrs["wall"], progress).run()


class RunFolder:
    """Where the files of one run lie."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.result, self.checkpoint = self.folder / "run.h5", self.folder / "run.ckpt"

    def require_free(self, force: bool) -> None:
        """Raise a `RecordingError` if a run is here already, unless it may be replaced."""
        for path in (self.result, part_of(self.result), self.checkpoint):
            if path.exists() and not force:
                advice = "choose another folder" if path == self.result else "resume it, choose another folder"
                raise RecordingError(f"{path}: a run is already there; {advice}, or force its replacement")

    def clear(self) -> None:
        """Remove the run that is here, and what a killed one left behind."""
        for path in (*self.folder.glob(f"{self.result.name}*"), *self.folder.glob(f"{self.checkpoint.name}*")):
            path.unlink()

    def clear_checkpoints(self) -> None:
        """Remove the checkpoints of a run that has finished."""
        for path in self.folder.glob(f"{self.checkpoint.name}*"):
            path.unlink()


class Execution:
    """A run from where its simulation stands to its end, or until it is stopped."""

    def __init__(self, simulation: Simulation, file: RunFile, place: RunFolder, settings: dict, wall: float, progress):
        self.simulation, self.place, self.settings = simulation, place, settings
        self.wall_before, self.started = wall, time.perf_counter()
        self.last_checkpoint = self.started
        self.writer, self.signals = Writer(file), Interruptions()
        self.progress = progress_for(progress, settings["n_step"], simulation.model.dt, simulation.steps_done)
        simulation.recorder.write_to(self.writer)

    @property
    def wall(self) -> float:
        """Seconds that the run took, earlier parts included."""
        return self.wall_before + time.perf_counter() - self.started

    def run(self) -> Summary:
        """Step to the end; whatever happens, the file says how it ended."""
        with self.signals:
            try:
                self.simulation.collect(0)  # the first row of the ledger, so that the checkpoint counts it
                self.save()
                self.simulation.step(self.steps_left, self.look)
                return self.end("interrupted", self.cause()) if self.steps_left else self.end("finished")
            except SimulationError as error:
                self.end("failed", str(error))
                raise
            except KeyboardInterrupt:
                self.writer.close("interrupted", "stopped at once; the last checkpoint is older")
                raise
            except BaseException as error:
                self.writer.__exit__(type(error), error, None)
                raise
            finally:
                self.progress.close()

    @property
    def steps_left(self) -> int:
        """Steps that remain."""
        return self.settings["n_step"] - self.simulation.steps_done

    def cause(self) -> str:
        """What stopped the run, and when."""
        return f"{self.signals.received} at t = {self.simulation.time:g} ms"

    def look(self) -> bool:
        """Between steps: show the progress, write a checkpoint if one is due; whether a signal asks the run to stop."""
        self.progress.update(self.simulation.steps_done)
        late = time.perf_counter() - self.last_checkpoint >= self.settings["checkpoint_every"]
        stop = self.signals.received is not None
        if self.steps_left and (late or stop):
            self.save()
        return stop

    def save(self) -> None:
        """Write a checkpoint, after the rows that it counts are on the disk."""
        rows = self.writer.flush(durable=True)
        self.simulation.save(self.place.checkpoint, rows=rows, settings=self.settings, wall=self.wall)
        self.last_checkpoint = time.perf_counter()

    def end(self, status: str, reason: str = "") -> Summary:
        """Close the file with the summary in it."""
        path = self.place.result if status == "finished" else part_of(self.place.result)
        summary = summarise(self.simulation, path, self.wall, status, reason)
        self.writer.close(status, reason, summary.as_json())
        if status == "finished":
            self.place.clear_checkpoints()
        return summary


def chosen(backend) -> str:
    """Why the backend is the one that it is."""
    return backends.choose()[1] if backend == "auto" else "asked for"


def provenance(simulation: Simulation, reason: str) -> dict:
    """Where a run comes from, as its file keeps it."""
    digests = saving.program_digests(simulation.assembly)
    name = simulation.backend.name
    family = name if name in ("numpy", "numba") else "cuda"
    for call in [*simulation.calls, *simulation.recording_calls]:
        if isinstance(call.operation, str):
            kernel = module_of(family, call.name).__name__.rsplit(".", 1)[1] + ".cu"
            digests[kernel] = hashlib.sha256(kernel_source(kernel).encode()).hexdigest()
    device = getattr(simulation.backend, "device", None)
    return collect_provenance(
        backend=simulation.backend.name, backend_reason=reason, seed=simulation.seed, precision=simulation.precision,
        device=simulation.backend.description, driver=str(getattr(device, "driver", "")), kernel_digests=digests,
    )
