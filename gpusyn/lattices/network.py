"""Networks: several lattices of neurons and of spike trains, connected to one another and run as one."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.lattices.grid import require_steps
from gpusyn.lattices.lattice import NeuronLattice
from gpusyn.lattices.learning import REWARD, Acting
from gpusyn.lattices.network_building import Link, build_network
from gpusyn.lattices.network_members import NetworkRunning
from gpusyn.lattices.network_weights import NetworkWeights
from gpusyn.lattices.synapses import parts_of
from gpusyn.lattices.train_lattice import SpikeTrainLattice
from gpusyn.lattices.warning import warn_of_silence, warn_of_unprovided
from gpusyn.model import Model
from gpusyn.simulation import Simulation


class LatticeNetwork(NetworkWeights):
    """Lattices with ids of their own, the connections between them, and one clock.

    All lattices are parts of one `gpusyn.Model`, in which the names of a lattice end with its id: "neurons_3",
    "glutamate_3"; a lattice of spike trains is "trains_4". Lattices are still asked for their histories and changed
    themselves; they are run by the network. ``run_lattices(a); run_lattices(b)`` equals ``run_lattices(a + b)`` bit for
    bit.

    Args:
        backend: "auto", "numpy", "numba", "cuda" or "cuda-on-host".
        precision: "float32" or "float64".
        seed: of all random numbers.

    Attributes:
        electrical_synapse, chemical_synapse: whether synapses of the kind act: where the target lattice's own flag is
            set too. With both off a run does nothing.
        lattices, spike_train_lattices: by id.
    """

    electrical_synapse = Acting(True, "electrical synapses carry currents")
    chemical_synapse = Acting(True, "chemical synapses release transmitter")

    def __init__(self, *, backend="auto", precision="float32", seed: int = 0):
        super().__init__()
        self.links: list[Link] = []
        self.dt: float | None = None
        self.running = NetworkRunning(
            lambda: build_network(self), self.recorded, backend=backend, precision=precision, seed=seed
        )

    @classmethod
    def generate_network(
        cls, lattices: Iterable[NeuronLattice], spike_train_lattices: Iterable[SpikeTrainLattice] = (), **settings
    ) -> LatticeNetwork:
        """A network of lattices; `settings` (backend, precision, seed) that are not given are the first lattice's.

        Raises:
            ModelError: two ids are alike, or lattices have different time steps.
        """
        lattices, trains = list(lattices), list(spike_train_lattices)
        first = next(iter([*lattices, *trains]), None)
        network = cls(**{**({} if first is None else first.running.settings), **settings})
        for lattice in lattices:
            network.add_lattice(lattice)
        for train in trains:
            network.add_spike_train_lattice(train)
        return network

    def connect(
        self, presynaptic_id: int, postsynaptic_id: int, condition=None, weight=None, *, neurotransmitter=None,
        receptor=None, neurotransmitter_system=None, synapse_model=None, plasticity_rule=None, delay=0.0,
        normalisation=None, wiring=None,
    ) -> None:
        """Connect the cells of one lattice to those of another, or of the same.

        Arguments are those of `NeuronLattice.connect`: `condition` and `weight` see positions of the one lattice and of
        the other. Transmitter is released at the targets, into the field of their lattice. Without a transmitter the
        synapses are electrical, in this direction only; those of spike trains act as `SpikeTrainCell` says.

        Raises:
            ModelError: there is no such lattice, spike trains would be postsynaptic, or as of `NeuronLattice.connect`.
        """
        source, target = self.member(presynaptic_id), self.member(postsynaptic_id)
        if not isinstance(target, NeuronLattice):
            raise ModelError(f"connect: lattice {postsynaptic_id} is of spike trains, which nothing can drive; "
                             f"they can be presynaptic only")
        parts = parts_of(neurotransmitter, receptor, neurotransmitter_system, synapse_model)
        wiring = target.wired(source, condition, weight, wiring)
        found = target.received(source, wiring, parts, plasticity_rule, delay, normalisation)
        if source is target:
            target.synapses += found
        else:
            self.links += [Link(source, target, synapses) for synapses in found]
            target.incoming += found
        self.running.changed()

    def connect_internally(self, id: int, condition=None, weight=None, **named) -> None:
        """Connect the cells of one lattice with one another, as `NeuronLattice.connect` does."""
        self.get_lattice(id).connect(condition, weight, **named)

    # running ---------------------------------------------------------------------------------------------------

    @property
    def model(self) -> Model:
        """The model that the network stands for."""
        return self.running.model

    @property
    def simulation(self) -> Simulation:
        """The simulation of the model, at its present step."""
        return self.running.simulation

    def changed(self) -> None:
        """The model is no longer what it was: it will be built anew before the next step."""
        self.running.changed()

    def recorded(self, model: Model) -> tuple[list, list]:
        """What the flags of all lattices ask to be recorded."""
        asked = [self.member(id).recorded(model) for id in self.ids if self.member(id).size]
        return [r for records, _ in asked for r in records], [name for _, spiking in asked for name in spiking]

    def set_dt(self, dt: float) -> None:
        """Set the time step of all lattices, ms."""
        if not dt > 0:
            raise ModelError(f"set_dt: {dt} ms must be positive")
        self.dt = float(dt)
        for id in self.ids:
            self.member(id).dt = self.dt
        self.changed()

    def run_lattices(self, iterations: int) -> None:
        """Run all lattices for a number of steps."""
        n_step = require_steps(iterations, "run_lattices")
        full = [lattice for lattice in self.lattices.values() if lattice.size]
        sizes = [self.member(id).size for id in self.ids]
        if not (n_step and np.any(sizes) and (self.electrical_synapse or self.chemical_synapse)):
            return
        for lattice in full:
            warn_of_unprovided(lattice)
        self.simulation.step(n_step)
        for lattice in full:
            warn_of_silence(lattice)

    def run_lattices_with_reward(self, reward: float, iterations: int = 1) -> None:
        """Reward the cells of every lattice that has a reward system, and run.

        Raises:
            ModelError: no lattice has one (`NeuronLattice.set_reward_system`).
        """
        rewarded = [lattice for lattice in self.lattices.values() if REWARD in lattice.members and lattice.size]
        if not rewarded:
            raise ModelError("run_lattices_with_reward: no lattice has a reward system; call "
                             "network.get_lattice(id).set_reward_system(RewardSignal()) first")
        for lattice in rewarded:
            lattice.give_reward(reward)
        self.run_lattices(iterations)

    def reset_timing(self) -> None:
        """Set the clock to 0: steps, random numbers and spike trains start over; states and drugs stay."""
        for lattice in self.lattices.values():
            lattice.start_earlier(self.running.time)
        self.running.restart_clock()

    def reset_history(self) -> None:
        """Drop everything that was recorded of any lattice."""
        self.running.forget()

    def __repr__(self):
        members = ", ".join(repr(self.member(id)) for id in self.ids)
        links = sum(link.synapses.wiring.n_connections() for link in self.links)
        return f"{type(self).__name__}({members}; {links} connections between them)"


class IzhikevichNetwork(LatticeNetwork):
    """A network of lattices of `IzhikevichNeuron`, or of others."""
