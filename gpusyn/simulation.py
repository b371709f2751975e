"""A running simulation: a model on a backend, its step counter, its state and its ledger."""
from __future__ import annotations

import time
import warnings

import numpy as np

from gpusyn import backends, memory_estimate, saving
from gpusyn.assembly import Assembly
from gpusyn.backends.plan import Call
from gpusyn.backends.rare import recording_runner
from gpusyn.backends.striding import StridingRunner
from gpusyn.build import build
from gpusyn.errors import ModelError, SimulationError, nearest, users_level
from gpusyn.idle_members import idle_members
from gpusyn.ledger import Ledger
from gpusyn.model import Model
from gpusyn.model_text import describe
from gpusyn.recording.recorder import Recorder
from gpusyn.state_view import StateView, on_host, put
from gpusyn.synapses import place_of
from gpusyn.transport import STEPS_AT_ONCE, many_step_calls
from gpusyn.trees.adaptive_stepping import AdaptiveStepping
from gpusyn.trees.pace import Pace
from gpusyn.units import to_canonical
from gpusyn.watch import Impossible, Watch

PRECISIONS = ("float32", "float64")
SECONDS_BETWEEN_CHECKS = 0.5
SECONDS_PER_CHUNK = 0.1  # between looks at the state, at signals and at the clock
FIRST_CHUNK = 10  # steps, before their speed is known


class Simulation:
    """A model on a device, ready to run.

    Args:
        model: a `Model`, or the path of a TOML file that describes one (or what `gpusyn.config.load` made of it).
        backend: "auto", "numpy", "numba", "cuda" or "cuda-on-host".
        precision: "float32" or "float64".
        seed: of all random numbers; together with the model it determines every result.
        threads: for Numba, how many; by default one per core.
        recorder: a `Recorder`, or a list of names or `Record`s to keep in memory; by default nothing is recorded.

    Raises:
        ModelError: the model cannot be simulated, or does not fit in memory.
        BackendError: the backend is not to be had here.
    """

    def __init__(self, model, *, backend="auto", precision="float32", seed=None, threads=None, recorder=None):
        self.described = describe(model)
        self.model: Model = self.described.model
        if precision not in PRECISIONS:
            raise ModelError(f"precision: '{precision}' is unknown{nearest(precision, PRECISIONS)}")
        self.backend = backends.get(backend, threads) if isinstance(backend, str) else backend
        self.precision, self.seed = precision, int(self.described.seed if seed is None else seed)
        self.recorder = recorder if isinstance(recorder, Recorder | None) else Recorder(recorder)
        memory_estimate.require(self.model, precision, self.backend, self.recorder)
        self.recording_calls: list[Call] = []
        self.assembly = Assembly(self.model, self.backend, precision, self.seed)
        self.calls = build(self.assembly)
        self.ledger = Ledger(self.assembly)
        self.runner = self.make_runner()
        self.warn_of_idle_members()
        self.state, self.watch = StateView(self.assembly, self.ledger), Watch(self.assembly)
        self.steps_done = 0
        self.steps_per_second = 0.0

    def warn_of_idle_members(self) -> None:
        """Warn of what changes nothing; a config has such among its notes."""
        recorded = [] if self.recorder is None else [record.path for record in self.recorder.records]
        for message in idle_members(self.model, recorded) if self.described.config is None else ():
            warnings.warn(message, UserWarning, stacklevel=users_level())

    def make_runner(self):
        """The runner of a step, and of what records it."""
        before, after = ([], []) if self.recorder is None else self.recorder.attach(self.assembly, self.ledger)
        self.recording_calls = before + after
        if any(isinstance(trees, AdaptiveStepping) for trees in self.assembly.trees.values()):
            rows = {tape.ring.every for tape in self.recorder.tapes} if self.recorder is not None else ()
            return Pace(self.assembly, before, rows)
        if self.recorder is None:
            return self.unrecorded_runner()
        return recording_runner(self.backend, self.precision, self.calls, before, after, self.recorder.every)

    def unrecorded_runner(self):
        """The runner of a step; where only fields move, several steps share a pass over memory."""
        single, many = self.backend.runner(self.calls, self.precision), many_step_calls(self.assembly)
        if many is None:
            return single
        return StridingRunner(single, self.backend.runner(many, self.precision), STEPS_AT_ONCE)

    def continue_from(self, other: Simulation) -> None:
        """Take over the clock and every state of another simulation that is here too, by name and shape.

        Steps then go on as they would have there, with the mechanisms, wiring and parameters of this model.
        """
        for name, held in other.assembly.persistent.items():
            mine = self.assembly.persistent.get(name)
            if mine is not None and not name.startswith("ledger.") and mine.shape == held.shape:
                put(self.backend, mine, on_host(other.backend, held))
        self.ledger.continue_from(other.ledger)
        self.steps_done = other.steps_done
        if self.recorder is not None:
            self.recorder.resume(self.steps_done)

    @property
    def steps_taken(self) -> int:
        """Steps that this simulation took: fewer than `steps_done`, which counts in model.dt, if they are adaptive."""
        return self.runner.taken if isinstance(self.runner, Pace) else self.steps_done

    @property
    def time(self) -> float:
        """Simulated time, ms."""
        return self.steps_done * self.model.dt

    def run(self, duration) -> None:
        """Run for a duration in ms, or as text ("200 ms"); it is rounded to whole steps."""
        self.step(max(0, round(to_canonical(duration, "ms", where="duration") / self.model.dt)))

    def step(self, n_step: int = 1, each_chunk=None) -> None:
        """Run whole steps.

        Args:
            each_chunk: called without arguments about ten times a second, between steps; a true result stops.

        Raises:
            SimulationError: a state became NaN, infinite, or negative where it must not be.
        """
        end, unseen, looked = self.steps_done + n_step, 0, time.perf_counter()
        self.collect(0)
        if self.steps_done == 0:
            for trees in self.assembly.trees.values():
                trees.start()
        while self.steps_done < end:
            size = min(end - self.steps_done, self.chunk())
            started = time.perf_counter()
            self.runner.run(self.steps_done, size)
            self.steps_per_second = size / max(time.perf_counter() - started, 1e-9)
            self.steps_done += size
            self.collect(size)
            unseen += size
            # Whoever is told of a chunk may save it, and may save no impossible state.
            if each_chunk or self.steps_done == end or time.perf_counter() - looked > SECONDS_BETWEEN_CHECKS:
                self.check(unseen)
                unseen, looked = 0, time.perf_counter()
            if each_chunk is not None and each_chunk():
                return

    def chunk(self) -> int:
        """Steps to run before the next look: about a tenth of a second, and no more than the recorder can hold."""
        wanted = int(self.steps_per_second * SECONDS_PER_CHUNK) if self.steps_per_second else FIRST_CHUNK
        stride = getattr(self.runner, "stride", 1)
        size = max(1, wanted + self.steps_done % stride) // stride * stride or stride
        size -= self.steps_done % stride  # so that strides begin at their multiples, whatever was run before
        return max(1, size if self.recorder is None else min(size, self.recorder.room(self.steps_done)))

    def collect(self, n_step: int) -> None:
        """Fetch what the recorder took in the last `n_step` steps."""
        if self.recorder is not None:
            self.recorder.collect(self.steps_done - n_step, n_step)

    def check(self, n_step: int) -> None:
        """Raise `SimulationError` if the last `n_step` steps left a NaN, an infinity or a forbidden negative value."""
        found = self.watch.look(self.steps_done)
        if found is not None:
            raise SimulationError(self.complaint(found, self.time - n_step * self.model.dt))

    def complaint(self, found: Impossible, since: float) -> str:
        """What to say of an impossible value that was not there at `since` ms."""
        value = self.state.on_host(found.path)[found.point, found.site]
        owner, _, _ = self.model.owner(found.path)
        place = place_of(self.model, owner, found.site)
        which = f", sweep point {found.point}" if self.model.n_point > 1 else ""
        rule = "finite and not negative" if found.path in self.assembly.watched else "finite"
        return (f"{found.path} became {value} {self.model.quantity(found.path).unit} at {place}{which}, between "
                f"t = {since:g} ms and {self.time:g} ms; it must be {rule}; try a smaller dt")

    def spike_counts(self, population: str) -> np.ndarray:
        """Number of spikes so far, per sweep point, int64 (n_point,).

        Raises:
            ModelError: nothing counts them: the population does not spike, or takes adaptive steps.
        """
        counts = self.assembly.spike_counts
        if population not in counts:
            raise ModelError(f"'{population}': no spikes are counted there{nearest(population, counts)}")
        return self.backend.to_host(counts[population]).sum(axis=1)

    def save(self, path, **notes) -> None:
        """Write a checkpoint from which `resume` continues bit for bit; `notes` (of JSON's types) are kept with it."""
        saving.save(self, path, notes)

    @classmethod
    def resume(cls, path, model=None, *, backend=None, threads=None, recorder=None, allow_config_change=False):
        """The simulation that `save` wrote, at its step.

        Args:
            path: of the checkpoint.
            model: the same model again, or its TOML file; not needed where the simulation was made from a TOML file.
            backend: by default that of the saved simulation.
            recorder: what to record from here on.
            allow_config_change: continue although the model differs from the saved one.

        Raises:
            CheckpointError: no whole checkpoint, another model, or a model is needed.
        """
        found, described = saving.checkpoint_and_model(path, model, allow_config_change)
        return saving.restore(cls, found, described, backend, threads, recorder, allow_config_change)

