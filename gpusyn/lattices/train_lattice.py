"""Lattices of cells that only spike: what drives the neurons of a network."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.lattices.activity import Activity
from gpusyn.lattices.contents import copied
from gpusyn.lattices.grid import require_steps
from gpusyn.lattices.running import Running
from gpusyn.lattices.spike_trains import (
    PoissonNeuron,
    PresetSpikeTrain,
    RateSpikeTrain,
    SpikeTrainCell,
    TrainRule,
    column,
)
from gpusyn.lattices.train_potential import POTENTIALS
from gpusyn.model import Model
from gpusyn.simulation import Simulation

DT = 0.1  # ms


class SpikeTrainLattice(Activity):
    """Cells on a grid that spike by a rule of their own; in a network they drive neurons, and nothing drives them.

    Args:
        id: of the lattice in a network, where neurons' lattices have ids too.
        backend: "auto", "numpy", "numba", "cuda" or "cuda-on-host".
        precision: "float32" or "float64".
        seed: of all random numbers.
        spacing: between neighbouring sites, um.

    Attributes:
        trains: the cells: one for all sites, or one per site.
    """

    kind: type[SpikeTrainCell] = PoissonNeuron
    drives = True

    def __init__(self, id: int = 0, *, backend="auto", precision="float32", seed: int = 0, spacing: float = 1.0):
        self.id, self.spacing, self.dt, self.shape = id, float(spacing), DT, (0, 0)
        self.trains: list[SpikeTrainCell] = [self.kind()]
        self.running = Running(
            lambda: build_trains(self), self.recorded, backend=backend, precision=precision, seed=seed
        )

    @property
    def cells(self) -> str:
        """The name in the model of what spikes."""
        return self.called("trains")

    @property
    def membranes(self) -> str:
        """The name in the model of what has the potential that electrical synapses see."""
        return f"{self.cells}_potential"

    def recorded(self, model: Model) -> tuple[list, list]:
        """What is recorded: no states, and the spikes if they are kept."""
        return [], [self.cells] if self.track_spikes else []

    # cells -----------------------------------------------------------------------------------------------------

    def populate(self, train: SpikeTrainCell, rows: int, cols: int) -> None:
        """Put a copy of a cell at every site; time starts at 0.

        Raises:
            ModelError: it is no spike train, or the lattice is part of a network and would change its shape.
        """
        if not isinstance(train, SpikeTrainCell):
            raise ModelError(f"populate: {train!r} is not a spike train; "
                             f"pass e.g. PoissonNeuron.from_firing_rate(20.0)")
        self.trains, self.shape = [copied(train)], self.new_shape(rows, cols)
        self.running.restart()

    def get_neuron(self, row: int, col: int) -> SpikeTrainCell:
        """A copy of the cell at a position."""
        site = self.position_to_index((row, col))
        train = copied(self.trains[site if len(self.trains) > 1 else 0])
        per_site = {name: np.asarray(value) for name, value in train.values.items() if np.size(value) > 1}
        train.values |= {name: values[site].item() for name, values in per_site.items()}
        return train

    def set_neuron(self, row: int, col: int, train: SpikeTrainCell) -> None:
        """Put a cell, of the lattice's kind, at a position."""
        self.position_to_index((row, col))
        self.apply_given_position(lambda position, old: train if position == (row, col) else old)

    def apply(self, change: Callable[[SpikeTrainCell], SpikeTrainCell | None]) -> None:
        """Change every cell: ``change(train)`` gives it back, or changes the one that it is given."""
        self.apply_given_position(lambda position, train: change(train))

    def apply_given_position(
        self, change: Callable[[tuple[int, int], SpikeTrainCell], SpikeTrainCell | None]
    ) -> None:
        """Change every cell, knowing where it is: ``change((row, column), train)``.

        Raises:
            ModelError: a cell of another kind came back.
        """
        trains = []
        for site in range(self.size):
            position = self.index_to_position(site)
            train = self.get_neuron(*position)
            changed = change(position, train)
            changed = train if changed is None else changed
            if type(changed) is not type(self.trains[0]):
                raise ModelError(f"site {position}: a {type(changed).__name__} cannot take the place of a "
                                 f"{type(self.trains[0]).__name__}; a lattice has one kind of spike train")
            trains.append(copied(changed))
        self.trains = trains or self.trains
        self.changed()

    # running ---------------------------------------------------------------------------------------------------

    @property
    def model(self) -> Model:
        """The model that the lattice stands for, or that it is part of."""
        return self.running.model

    @property
    def simulation(self) -> Simulation:
        """The simulation of the model, at its present step."""
        return self.running.simulation

    def set_dt(self, dt: float) -> None:
        """Set the time step, ms; rates stay."""
        self.require_alone("set_dt", f"set_dt({dt})")
        if not dt > 0:
            raise ModelError(f"set_dt: {dt} ms must be positive")
        self.dt = float(dt)
        self.changed()

    def run_lattice(self, iterations: int) -> None:
        """Run a number of steps of `dt`."""
        self.require_alone("run_lattice", f"run_lattices({iterations})")
        n_step = require_steps(iterations, "run_lattice")
        if self.size and n_step:
            self.running.simulation.step(n_step)

    def reset_timing(self) -> None:
        """Set the clock to 0: steps, random numbers and waits start over."""
        self.require_alone("reset_timing", "reset_timing()")
        self.running.restart_clock()

    def reset_history(self) -> None:
        """Drop everything that was recorded."""
        self.require_alone("reset_history", "reset_history()")
        self.running.forget()

    @property
    def history(self) -> np.ndarray:
        """Potential of every cell, mV, (time, row, column): v_th in the steps in which it spikes, else v_resting."""
        high, low = (column(self.trains, name) for name in ("v_th", "v_resting"))
        high, low = (values if values.size == 1 else values.reshape(self.shape) for values in (high, low))
        return np.where(self.get_spike_history(), high, low)

    def __repr__(self):
        return f"{type(self).__name__}(id={self.id}: {self.height} x {self.width} {type(self.trains[0]).__name__})"


class PoissonLattice(SpikeTrainLattice):
    """A lattice of `PoissonNeuron`."""


class RateSpikeTrainLattice(SpikeTrainLattice):
    """A lattice of `RateSpikeTrain`."""

    kind = RateSpikeTrain


class PresetSpikeTrainLattice(SpikeTrainLattice):
    """A lattice of `PresetSpikeTrain`."""

    kind = PresetSpikeTrain


def build_trains(lattice: SpikeTrainLattice) -> Model:
    """The model of a lattice of spike trains that stands alone."""
    model = Model(lattice.sites, dt=lattice.dt, name=f"trains_{lattice.id}")
    add_trains(model, lattice)
    return model


def add_trains(model: Model, lattice: SpikeTrainLattice) -> None:
    """Add a lattice of spike trains to a model, as a source; one without cells adds nothing."""
    if lattice.size:
        model.add_source(lattice.cells, TrainRule(lattice.trains), lattice=lattice.sites)


def add_potential(model: Model, lattice: SpikeTrainLattice) -> None:
    """Add the potentials that electrical synapses see of a lattice of spike trains; the trains are there."""
    effects = {train.options["refractoriness"] for train in lattice.trains}
    if len(effects) > 1:
        raise ModelError(f"lattice {lattice.id}: refractoriness is {' and '.join(sorted(effects))}; electrical "
                         f"synapses need one for all cells")
    columns = {name: column(lattice.trains, name) for name in ("v_th", "v_resting", "k")}
    values = {name: values if values.size > 1 else float(values[0]) for name, values in columns.items()}
    potential = POTENTIALS[effects.pop()](fired=lattice.cells, latency=model.dt, **values)
    model.add_population(lattice.membranes, potential, lattice=lattice.sites)
