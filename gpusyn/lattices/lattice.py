"""Lattices of neurons: what the neurotransmitter tutorial starts with."""
from __future__ import annotations

from typing import ClassVar

from gpusyn.errors import ModelError
from gpusyn.lattices.building import build_model
from gpusyn.lattices.contents import copied
from gpusyn.lattices.grid import require_steps
from gpusyn.lattices.histories import Histories
from gpusyn.lattices.learning import Acting, Learning
from gpusyn.lattices.running import Running
from gpusyn.lattices.sites import Sites
from gpusyn.lattices.systems import require_mechanism
from gpusyn.lattices.treatments import Treated, Treatment
from gpusyn.lattices.volume import Volume
from gpusyn.lattices.warning import warn_of_silence, warn_of_unprovided
from gpusyn.mechanism import Mechanism
from gpusyn.memory_estimate import count_arrays
from gpusyn.model import Model
from gpusyn.neurons import IzhikevichNeuron
from gpusyn.simulation import Simulation


class NeuronLattice(Sites, Learning, Volume, Treated, Histories):
    """Neurons of one kind on a grid, the transmitters that they release, and the receptors that read them.

    A lattice is a front: `model` is the `gpusyn.Model` that it stands for, `simulation` the `gpusyn.Simulation` of it.
    Whatever changes after the first step makes the next step build both anew and go on from the same states, so that
    ``run_lattice(a); run_lattice(b)`` equals ``run_lattice(a + b)`` bit for bit.

    Args:
        id: of the lattice in a network.
        backend: "auto", "numpy", "numba", "cuda" or "cuda-on-host".
        precision: "float32" or "float64".
        seed: of all random numbers.
        spacing: between neighbouring sites, um.

    Attributes:
        electrical_synapse, chemical_synapse: whether synapses of the kind act; with both off a run does nothing.
        track_concentrations, track_currents, track_receptors, track_spikes, update_grid_history, track_every: what is
            recorded (`Histories`).
    """

    kind: ClassVar[type] = Mechanism  # of the neurons
    usual_dt: ClassVar[float] = 0.1  # ms
    electrical_synapse = Acting(True, "electrical synapses carry currents")
    chemical_synapse = Acting(True, "chemical synapses release transmitter")

    def __init__(self, id: int = 0, *, backend="auto", precision="float32", seed: int = 0, spacing: float = 1.0):
        self.id, self.spacing = id, float(spacing)
        self.neuron = IzhikevichNeuron() if self.kind is Mechanism else self.kind()
        self.shape, self.dt = (0, 0), self.usual_dt
        self.members, self.channels, self.receptors, self.synapses, self.incoming = {}, {}, [], [], []
        self.treatments: list[Treatment] = []
        self.warned: set[str] = set()
        self.running = Running(
            lambda: build_model(self), self.recorded, backend=backend, precision=precision, seed=seed
        )

    def populate(self, neuron: Mechanism, rows: int, cols: int) -> None:
        """Put a copy of a neuron at every site; what was connected before is gone, and time starts at 0.

        A `dt` of the neuron becomes the lattice's.
        """
        require_mechanism(neuron, "populate", f"{type(self.neuron).__name__}()")
        if not isinstance(neuron, self.kind):
            raise ModelError(f"populate: a {type(self).__name__} takes {self.kind.__name__}, not "
                             f"{type(neuron).__name__}; NeuronLattice takes any neuron")
        self.neuron, self.shape = copied(neuron), self.new_shape(rows, cols)
        self.synapses.clear()
        for channel in self.channels.values():
            channel.decay_rate, channel.cleared = 0.0, None  # a volume's, whose cells are gone
        self.running.restart()
        own = getattr(neuron, "options", {}).get("dt")
        if own is not None:
            self.set_dt(own)

    def recorded(self, model: Model) -> tuple[list, list]:
        """What is recorded: `Record`s, and the names of the populations whose spikes are kept."""
        return self.wanted_records() + self.weight_records(model), [self.called("neurons")] if self.track_spikes else []

    @property
    def model(self) -> Model:
        """The model that the lattice stands for."""
        return self.running.model

    @property
    def simulation(self) -> Simulation:
        """The simulation of the model, at its present step."""
        return self.running.simulation

    def set(self, path: str, value) -> None:
        """Set a parameter by its dotted name in the model, such as "neurons.ampa.conductance", from the next step on.

        Raises:
            ModelError: there is no such name.
        """
        self.model.get(path)
        first, _, rest = path.partition(".")
        member, _, name = rest.rpartition(".")
        if first == self.called("neurons"):
            (self.members[member] if member else self.neuron).set(name, value)
        elif first in map(self.called, self.channels):
            channel = next(c for n, c in self.channels.items() if self.called(n) == first)
            (channel.members[member] if member else channel.transmitter).set(name, value)
        else:
            self.set_synapses(first, rest, value)
        self.changed()

    def set_synapses(self, called: str, name: str, value) -> None:
        """Set the weight (a factor on all) or the delay of the synapses that one `connect` made."""
        found = [synapses for synapses in self.synapses if self.called(synapses.name) == called]
        if not found or name not in ("weight", "delay"):
            raise ModelError(f"'{called}.{name}' cannot be set; synapses have weight and delay, "
                             f"{', '.join(self.called(s.name) for s in self.synapses) or 'but there are none'}")
        setattr(found[0], name, value)

    def set_dt(self, dt: float) -> None:
        """Set the time step, ms."""
        self.require_alone("set_dt", f"set_dt({dt})")
        if not dt > 0:
            raise ModelError(f"set_dt: {dt} ms must be positive")
        self.dt = float(dt)
        self.changed()

    def run_lattice(self, iterations: int) -> None:
        """Run a number of steps of `dt`."""
        self.require_alone("run_lattice", f"run_lattices({iterations})")
        n_step = require_steps(iterations, "run_lattice")
        if self.size and n_step and (self.electrical_synapse or self.chemical_synapse):
            warn_of_unprovided(self)
            self.simulation.step(n_step)
            warn_of_silence(self)

    def run_lattice_with_reward(self, reward: float, iterations: int = 1) -> None:
        """Reward all cells, `reward` times the reward system's value, and run.

        Raises:
            ModelError: there is no reward system (`set_reward_system`).
        """
        self.give_reward(reward)
        self.run_lattice(iterations)

    def reset_timing(self) -> None:
        """Set the clock to 0: steps, and with them random numbers and sources, start over; states and drugs stay."""
        self.require_alone("reset_timing", "reset_timing()")
        self.start_earlier(self.running.time)
        self.running.restart_clock()

    def reset_history(self) -> None:
        """Drop everything that was recorded."""
        self.require_alone("reset_history", "reset_history()")
        self.running.forget()

    def get_memory_usage(self) -> int:
        """Bytes of the arrays on the device, wiring, parameters and recorder included."""
        simulation = self.simulation
        return count_arrays(simulation.assembly, simulation.calls, simulation.recording_calls).total

    def __repr__(self):
        cells = f"{self.height} x {self.width} {type(self.neuron).__name__}"
        released = ", ".join(self.channels) or "no transmitter"
        return f"{type(self).__name__}(id={self.id}: {cells}; {released}; {self.get_synapse_count()} connections)"
