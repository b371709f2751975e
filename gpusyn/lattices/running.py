"""A run that may change on the way: a simulation that is built anew when its model has changed, and goes on."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.model import Model
from gpusyn.recording.memory import Memory
from gpusyn.recording.recorder import Recorder
from gpusyn.simulation import Simulation


class Running:
    """A model that is made when it is first needed, its simulation, and what was recorded of it so far.

    After `changed` the next step builds model and simulation anew; states, clock and random numbers go on.

    Args:
        build: makes the model.
        wanted: gives the `Record`s, and the names of the populations whose spikes are kept.
        backend, precision, seed: as for `Simulation`.
    """

    def __init__(self, build: Callable[[], Model], wanted: Callable, *, backend="auto", precision="float32", seed=0):
        self.build, self.wanted = build, wanted
        self.settings = {"backend": backend, "precision": precision, "seed": seed}
        self.restart()

    def restart(self) -> None:
        """Forget everything that has been run."""
        self._model: Model | None = None
        self._simulation: Simulation | None = None
        self._current = False
        self._past: list[Memory] = []
        self._clock_started = 0  # recordings before the clock was last set to 0

    def changed(self) -> None:
        """The model is no longer what it was."""
        self._model, self._current = None, False

    @property
    def model(self) -> Model:
        """The model as it is now."""
        if self._model is None:
            self._model = self.build()
        return self._model

    @property
    def simulation(self) -> Simulation:
        """The simulation of the model as it is now, at the step where the last one stood."""
        if self._simulation is None or not self._current:
            before, self._simulation = self._simulation, self.started()
            if before is not None:
                self._simulation.continue_from(before)
                self.keep(before)
            self._current = True
        return self._simulation

    def started(self) -> Simulation:
        """A simulation at step 0, with a recorder."""
        records, spiking = self.wanted(self.model)
        return Simulation(self.model, recorder=Recorder(records, spikes=spiking), **self.settings)

    def keep(self, simulation: Simulation) -> None:
        """Keep what a simulation recorded, without its device arrays."""
        self._past.append(simulation.recorder.sink)

    @property
    def steps_done(self) -> int:
        """Steps since the start, or since `restart_clock`."""
        return 0 if self._simulation is None else self._simulation.steps_done

    @property
    def time(self) -> float:
        """Simulated time since then, ms."""
        return 0.0 if self._simulation is None else self._simulation.time

    def restart_clock(self) -> None:
        """Count steps from 0 again; states stay, spikes that are under way are lost, and spike times are dropped."""
        if self.steps_done:
            simulation = self.simulation
            for name, array in simulation.assembly.persistent.items():
                if ".history." in name:
                    array[...] = 0
            simulation.steps_done = 0
            self.keep(simulation)
            simulation.recorder.sink = Memory(simulation.recorder.layout)
            self._clock_started = len(self._past)

    def forget(self) -> None:
        """Drop everything that was recorded."""
        self._past.clear()
        self._clock_started = 0
        if self._simulation is not None:
            recorder = self._simulation.recorder
            recorder.sink = Memory(recorder.layout)

    # what was recorded -----------------------------------------------------------------------------------------

    def memories(self) -> list[Memory]:
        """Recordings, oldest first."""
        return [*self._past, *([] if self._simulation is None else [self._simulation.recorder.sink])]

    def series(self, key: str, advice: str) -> np.ndarray:
        """All rows of a recording, (time, ...).

        Raises:
            ModelError: nothing was recorded; the message gives the advice.
        """
        found = [memory[key] for memory in self.memories() if key in recorded_by(memory)]
        if not found:
            known = {known for memory in self.memories() for known in recorded_by(memory)}
            raise ModelError(f"'{key}' was not recorded; {advice}{nearest(key, known) if known else ''}")
        return found[0] if len(found) == 1 else np.concatenate(found)

    def spikes(self, population: str) -> tuple[np.ndarray, np.ndarray]:
        """Times (ms) and sites of the spikes of a population since the clock was at 0, in order, as far as recorded."""
        memories = self.memories()[self._clock_started :]
        kept = [memory.spikes(population) for memory in memories if population in memory.layout.spikes]
        times = np.concatenate([np.empty(0), *(spikes.times for spikes in kept)])
        return times, np.concatenate([np.empty(0, np.int64), *(spikes.ids for spikes in kept)])


def recorded_by(memory: Memory) -> list[str]:
    """Names of what a recording has over time."""
    return memory.keys()
