"""The lattices of a network, by their ids."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.lattices.lattice import NeuronLattice
from gpusyn.lattices.running import Running
from gpusyn.lattices.train_lattice import SpikeTrainLattice
from gpusyn.quantities import Given


class NetworkRunning(Running):
    """The run of a network; `brought` are states, by dotted name, of lattices that had been run before they joined."""

    def restart(self) -> None:
        """Forget everything that has been run."""
        super().restart()
        self.brought: dict[str, np.ndarray] = {}

    def started(self):
        """A simulation at step 0; what joined since the last one starts where it stood."""
        simulation = super().started()
        for path, values in self.brought.items():
            if path in simulation.state:
                simulation.state[path] = values
        self.brought = {}
        return simulation

    def leave_behind(self, suffix: str) -> None:
        """Drop the states of a lattice, so that one of the same names does not go on from them."""
        if self._simulation is not None:
            persistent = self._simulation.assembly.persistent
            for name in [name for name in persistent if name.partition(".")[0].endswith(suffix)]:
                del persistent[name]


class Members:
    """The part of a network that holds its lattices: `lattices` and `spike_train_lattices`, by id."""

    running: NetworkRunning
    dt: float | None
    links: list[Any]

    def __init__(self):
        self.lattices: dict[int, NeuronLattice] = {}
        self.spike_train_lattices: dict[int, SpikeTrainLattice] = {}
        self.alone: dict[int, Running] = {}  # the runs that the lattices had of their own

    @property
    def ids(self) -> list[int]:
        """The ids of all lattices, neurons first."""
        return [*self.lattices, *self.spike_train_lattices]

    def add_lattice(self, lattice: NeuronLattice) -> None:
        """Let a lattice of neurons join; from now on it is run with the network, and goes on from where it stands.

        Raises:
            ModelError: its id is taken or cannot be one, it is part of a network already, or has another time step.
        """
        if not isinstance(lattice, NeuronLattice):
            raise ModelError(f"add_lattice: {lattice!r} is not a lattice of neurons; pass e.g. IzhikevichLattice(0)")
        self.require_joinable(lattice, "add_lattice")
        self.lattices[lattice.id] = lattice
        self.join(lattice)

    def add_spike_train_lattice(self, lattice: SpikeTrainLattice) -> None:
        """Let a lattice of spike trains join; its clock becomes the network's.

        Raises:
            ModelError: as for `add_lattice`.
        """
        if not isinstance(lattice, SpikeTrainLattice):
            raise ModelError(f"add_spike_train_lattice: {lattice!r} is not a lattice of spike trains; pass e.g. "
                             f"PoissonLattice(0)")
        self.require_joinable(lattice, "add_spike_train_lattice")
        self.spike_train_lattices[lattice.id] = lattice
        self.join(lattice)

    def require_joinable(self, lattice: NeuronLattice | SpikeTrainLattice, method: str) -> None:
        """Raise a `ModelError` unless a lattice may join under its id."""
        self.require_free(lattice, method)
        if not isinstance(lattice.id, int | np.integer) or lattice.id < 0:
            raise ModelError(f"{method}: id {lattice.id!r} must be a whole number, at least 0")
        if lattice.id in self.ids:
            free = next(k for k in range(len(self.ids) + 1) if k not in self.ids)
            raise ModelError(f"{method}: id {lattice.id} is taken by {self.member(lattice.id)!r}; the first free one "
                             f"is {free}: lattice.id = {free}")

    def require_free(self, lattice: NeuronLattice | SpikeTrainLattice, method: str) -> None:
        """Raise a `ModelError` if a lattice is part of a network, or has another time step than this one."""
        if lattice.suffix:
            raise ModelError(f"{method}: lattice {lattice.id} is part of a network already")
        if self.dt is not None and lattice.dt != self.dt:
            raise ModelError(f"{method}: lattice {lattice.id} has steps of {lattice.dt:g} ms, the network of "
                             f"{self.dt:g} ms; lattice.set_dt({self.dt:g}) before, or network.set_dt({lattice.dt:g})")

    def join(self, lattice: NeuronLattice | SpikeTrainLattice) -> None:
        """Give a lattice its names in the network, and the network's run and clock."""
        before, lattice.suffix = lattice.running, f"_{lattice.id}"
        if before.steps_done and lattice.size:
            for path, values in before.simulation.state.items():
                owner, _, rest = path.partition(".")
                self.running.brought[f"{lattice.called(owner)}.{rest}"] = values
        self.alone[lattice.id], lattice.running, self.dt = before, self.running, lattice.dt
        if isinstance(lattice, NeuronLattice):
            lattice.start_earlier(before.time - self.running.time)
        self.running.changed()

    def release(self, lattice: NeuronLattice) -> None:
        """Give a lattice its own names and its own run back, where that stood."""
        self.running.leave_behind(lattice.suffix)
        time = self.running.time
        lattice.suffix, lattice.running = "", self.alone.pop(lattice.id)
        lattice.start_earlier(time - lattice.running.time)
        lattice.changed()
        self.running.changed()

    # by id -----------------------------------------------------------------------------------------------------

    def member(self, id: int) -> NeuronLattice | SpikeTrainLattice:
        """The lattice with an id.

        Raises:
            ModelError: there is none.
        """
        found = {**self.lattices, **self.spike_train_lattices}
        if id not in found:
            raise ModelError(f"the network has no lattice {id!r}{nearest(str(id), map(str, found))}")
        return found[id]

    def get_lattice(self, id: int) -> NeuronLattice:
        """The lattice of neurons with an id: itself, not a copy.

        Raises:
            ModelError: there is none.
        """
        lattice = self.member(id)
        if not isinstance(lattice, NeuronLattice):
            raise ModelError(f"lattice {id} is of spike trains; get_spike_train_lattice({id})")
        return lattice

    def get_spike_train_lattice(self, id: int) -> SpikeTrainLattice:
        """The lattice of spike trains with an id: itself, not a copy.

        Raises:
            ModelError: there is none.
        """
        lattice = self.member(id)
        if not isinstance(lattice, SpikeTrainLattice):
            raise ModelError(f"lattice {id} is of neurons; get_lattice({id})")
        return lattice

    def set_lattice(self, id: int, lattice: NeuronLattice) -> None:
        """Put another lattice in the place of one; what leads to and from it in the network stays.

        Transmitters and receptors that this needs come along, where the lattice has none of their names. The one that
        leaves is again what it was before it joined.

        Raises:
            ModelError: other rows or columns, or another network's lattice.
        """
        old = self.get_lattice(id)
        if lattice is old:
            return
        if lattice.shape != old.shape:
            raise ModelError(f"set_lattice({id}): {lattice.height} rows and {lattice.width} columns in the place of "
                             f"{old.height} and {old.width}; what is connected in the network needs the same")
        self.require_free(lattice, "set_lattice")
        self.release(old)
        lattice.id = id
        lattice.incoming, old.incoming = old.incoming, []
        equip(lattice, old, {link.synapses.autoreceptor for link in self.links if link.source is old})
        for link in self.links:
            link.source = lattice if link.source is old else link.source
            link.target = lattice if link.target is old else link.target
        self.lattices[id] = lattice
        self.join(lattice)

    def get_neuron(self, id: int, row: int, col: int) -> Any:
        """A copy of a cell of a lattice, as it is now."""
        return self.member(id).get_neuron(row, col)

    def set_neuron(self, id: int, row: int, col: int, neuron: Any) -> None:
        """Put a cell at a position of a lattice."""
        self.member(id).set_neuron(row, col, neuron)

    def apply_lattice(self, id: int, change) -> None:
        """Change every neuron of a lattice: ``change(neuron)``."""
        self.get_lattice(id).apply(change)

    def apply_lattice_given_position(self, id: int, change) -> None:
        """Change every neuron of a lattice: ``change((row, column), neuron)``."""
        self.get_lattice(id).apply_given_position(change)

    def apply_spike_train_lattice(self, id: int, change) -> None:
        """Change every cell of a lattice of spike trains: ``change(train)``."""
        self.get_spike_train_lattice(id).apply(change)

    def apply_spike_train_lattice_given_position(self, id: int, change) -> None:
        """Change every cell of a lattice of spike trains: ``change((row, column), train)``."""
        self.get_spike_train_lattice(id).apply_given_position(change)


def equip(lattice: NeuronLattice, old: NeuronLattice, autoreceptors: set[str | None]) -> None:
    """Give a lattice what another's synapses from outside release and read, and its autoreceptors."""
    released = [synapses.transmitter for synapses in lattice.incoming if synapses.transmitter is not None]
    for name in released:
        if name not in lattice.channels:
            lattice.channels[name] = replace(old.channels[name], members=dict(old.channels[name].members))
    for member in old.receptors:
        receptor = old.members[member]
        reads = {receptor.get(name) for name, quantity in receptor.quantities.items() if isinstance(quantity, Given)}
        if member not in lattice.members and (reads & set(released) or member in autoreceptors):
            lattice.add_receptor(receptor)
