"""A running simulation: a model on a backend, its step counter, its state and its ledger."""
from __future__ import annotations

import time
from collections.abc import MutableMapping
from pathlib import Path

import numpy as np

from gpusyn import backends
from gpusyn.assembly import Assembly
from gpusyn.backends.paired import Paired
from gpusyn.build import build
from gpusyn.errors import ModelError, SimulationError, nearest
from gpusyn.ledger import Ledger
from gpusyn.model import Model
from gpusyn.units import to_canonical

PRECISIONS = ("float32", "float64")
SECONDS_PER_CHUNK = 0.1  # between looks at the state, at signals and at the clock


class Simulation:
    """A model on a device, ready to run.

    Args:
        model: a `Model`, or the path of a TOML file that describes one.
        backend: "auto", "numpy", "numba", "cuda" or "cuda-on-host".
        precision: "float32" or "float64".
        seed: of all random numbers; together with the model it determines every result.
        threads: for Numba, how many; by default one per core.
        recorder: what to record (`gpusyn.recording.recorder`); nothing if None.

    Raises:
        ModelError: the model cannot be simulated, or does not fit in memory.
        BackendError: the backend is not to be had here.
    """

    def __init__(self, model, *, backend="auto", precision="float32", seed=None, threads=None, recorder=None):
        if isinstance(model, str | Path):
            from gpusyn.config import load

            config = load(model)
            model, seed = config.model, config.run.seed if seed is None else seed
        if precision not in PRECISIONS:
            raise ModelError(f"precision: '{precision}' is unknown{nearest(precision, PRECISIONS)}")
        self.model: Model = model
        self.backend = backends.get(backend, threads) if isinstance(backend, str) else backend
        self.precision, self.seed = precision, 0 if seed is None else int(seed)
        self.assembly = Assembly(model, self.backend, precision, self.seed)
        self.calls = build(self.assembly)
        self.recorder = recorder
        if recorder is not None:
            self.calls += recorder.attach(self.assembly)
        self.runner = self.backend.runner(self.calls, precision)
        self.state = StateView(self)
        self.ledger = Ledger(self.assembly)
        self.steps_done = 0
        self.steps_per_second = 0.0

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
            each_chunk: called without arguments about ten times a second, between steps; it may raise to stop.

        Raises:
            SimulationError: a state became NaN, infinite, or negative where it must not be.
        """
        end = self.steps_done + n_step
        while self.steps_done < end:
            size = min(end - self.steps_done, self.chunk())
            started = time.perf_counter()
            self.runner.run(self.steps_done, size)
            self.steps_per_second = size / max(time.perf_counter() - started, 1e-9)
            first, self.steps_done = self.steps_done, self.steps_done + size
            if self.recorder is not None:
                self.recorder.collect(first, size)
            self.check(first)
            if each_chunk is not None:
                each_chunk()

    def chunk(self) -> int:
        """Steps to run before the next look: about a tenth of a second, and no more than the recorder can hold."""
        wanted = int(self.steps_per_second * SECONDS_PER_CHUNK) if self.steps_per_second else 10
        room = self.recorder.room(self.steps_done) if self.recorder is not None else wanted
        return max(1, min(wanted, room))

    def check(self, since: int) -> None:
        """Raise `SimulationError` for a NaN or infinity in any state, or a negative one where that cannot be."""
        for path in self.assembly.state:
            values = self.state.on_host(path)
            bad = ~np.isfinite(values)
            if path in self.assembly.watched:
                bad |= values < 0
            if bad.any():
                self.fail(path, values, np.unravel_index(np.argmax(bad), bad.shape), since)

    def fail(self, path, values, where, since):
        """Raise, with the quantity, the site and the time."""
        point, site = (int(k) for k in where)
        unit = self.model.quantity(path).unit
        part = path.partition(".")[0]
        shape = {**self.model.populations, **self.model.transmitters}[part].lattice.shape
        place = tuple(int(k) for k in np.unravel_index(site, shape))
        which = f", sweep point {point}" if self.model.n_point > 1 else ""
        raise SimulationError(
            f"{path} became {values[point, site]} {unit} at site {place}{which}, between t = "
            f"{since * self.model.dt:g} ms and {self.time:g} ms; it must be finite"
            + (" and not negative" if path in self.assembly.watched else "")
            + "; try a smaller dt"
        )

    def spike_counts(self, population: str) -> np.ndarray:
        """Number of spikes so far, per sweep point, int64 (n_point,)."""
        return self.backend.to_host(self.assembly.spike_counts[population]).sum(axis=1)


class StateView(MutableMapping):
    """The state by dotted name: reading copies to the host, (site,) or (point, site); writing copies to the device."""

    def __init__(self, simulation):
        self._simulation = simulation
        self._state = simulation.assembly.state

    def on_host(self, path) -> np.ndarray:
        """A host copy, always (n_point, n_site)."""
        held = self._state[path]
        return self._simulation.backend.to_host(held.front if isinstance(held, Paired) else held)

    def __getitem__(self, path):
        values = self.on_host(self._known(path))
        return values[0] if values.shape[0] == 1 else values

    def __setitem__(self, path, value):
        held = self._state[self._known(path)]
        device = held.front if isinstance(held, Paired) else held
        shape = device.shape
        value = np.asarray(value, device.dtype)
        if value.size == shape[1]:
            value = value.reshape(1, -1)
        try:
            full = np.broadcast_to(value, shape)
        except ValueError:
            raise ModelError(f"{path}: cannot set {shape} values from an array of shape {value.shape}") from None
        device[...] = self._simulation.backend.asarray(full)

    def _known(self, path):
        if path not in self._state:
            raise KeyError(f"no state '{path}'{nearest(path, self._state)}")
        return path

    def __delitem__(self, path):
        raise ModelError(f"{path}: a state cannot be removed")

    def __iter__(self):
        return iter(self._state)

    def __len__(self):
        return len(self._state)
