"""From a model to arrays on a device and the calls of one step."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gpusyn.backends.paired import Paired, front_of
from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.fuse import fuse_population
from gpusyn.initial import initial_states
from gpusyn.links import at_start
from gpusyn.model import Model
from gpusyn.numerics.philox import seed_words, stream_of
from gpusyn.parts import Field, Population
from gpusyn.program import Program
from gpusyn.quantities import path_of
from gpusyn.synapse_sets import SynapseSet
from gpusyn.translate.layout import ITEM, POINT, RECIPROCAL, SCALAR, SITE, lay_out


@dataclass
class Account:
    """Where a ledger quantity is summed: partial sums on the device, and what one unit of them means."""

    partial: Any
    transmitter: str
    kind: str  # released, supplied, taken_up, decayed or escaped


@dataclass
class Assembly:
    """Arrays and calls of a model on one backend.

    Attributes:
        state: device arrays (n_point, n_site) by dotted name; what is double-buffered is `Paired`.
        spikes: uint8 flags of the present step, by population or source.
        spike_counts: int64 partial counts (n_point, n_block), by population.
        accounts: the ledger.
        watched: states that may not become negative.
        programs: the generated programs by name.
        part_inputs: what equations of each population or transmitter read beside its own states.
        notes: what was chosen for each transmitter and why, for people.
        persistent: everything that a checkpoint holds, by name.
        synapse_sets: plastic connections, by name.
        trees: how populations of trees are stepped, by name.
    """

    model: Model
    backend: Any
    precision: str
    seed: int
    state: dict[str, Any] = field(default_factory=dict)
    spikes: dict[str, Any] = field(default_factory=dict)
    spike_counts: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)
    programs: dict[str, Program] = field(default_factory=dict)
    part_inputs: dict[str, dict] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    persistent: dict[str, Any] = field(default_factory=dict)
    synapse_sets: dict[str, SynapseSet] = field(default_factory=dict)
    trees: dict[str, Any] = field(default_factory=dict)
    coefficients: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self):
        self.real = np.dtype(self.precision)
        self.n_point = self.model.n_point
        self.seeds = self.backend.asarray(self.seed_array())

    def seed_array(self):
        """Philox keys per sweep point, uint32 (n_point, 2); points share one unless the sweep varies the seed."""
        seeds = [self.seed] * self.n_point
        if "seed" in self.model.sweep.axes:
            seeds = [int(s[0]) for s in self.model.sweep.values("seed")]
        return np.array([seed_words(s) for s in seeds], np.uint32)

    def to_device(self, array, dtype=None):
        """A device copy in the real type, or in `dtype`."""
        return self.backend.asarray(np.ascontiguousarray(array, dtype or self.real))

    def filled(self, shape, values):
        """A device array of `shape` in the real type, holding `values`, which broadcast to it."""
        device = self.backend.zeros(shape, self.real)
        self.fill(device, values)
        return device

    def fill(self, device, values):
        """Copy host values that broadcast to a device array's shape into it."""
        device[...] = self.to_device(values)

    def keep(self, name: str, array):
        """Register an array that a checkpoint must hold; gives it back."""
        self.persistent[name] = array
        return array

    def values(self, path: str) -> np.ndarray:
        """A parameter's values, from the sweep or the model, or a coefficient; broadcasts to (n_point, n_site)."""
        return self.coefficients[path] if path in self.coefficients else self.model.values(path)

    # states ----------------------------------------------------------------------------------------------------

    def allocate(self, part: Population | Field, inputs) -> None:
        """Put the initial states of a population or transmitter on the device."""
        for path, start in self.starts(part, inputs).items():
            device = self.filled((self.n_point, part.n_site), start)
            paired = isinstance(part, Field) and path.endswith(".concentration") and not self.backend.in_place
            held = Paired((device, self.backend.zeros(device.shape, self.real))) if paired else device
            self.state[path] = self.keep(path, held)

    def starts(self, part: Population | Field, inputs) -> dict[str, np.ndarray]:
        """Initial states by dotted name, on the host; they broadcast to (n_point, n_site).

        Raises:
            ModelError: there are more or fewer of a state than sites.
        """
        for member, mechanism in part.members.items():
            for name, start in mechanism.initial.items():
                if not isinstance(start, str | dict) and np.size(start) not in (1, part.n_site):
                    path = path_of(part.name, member, name)
                    shape = np.shape(start)
                    raise ModelError(f"'{path}': {shape} values for {part.n_site} sites; give one, or one per site")
        return initial_states(part.name, part.members, inputs, self.start_values)

    def start_values(self, path):
        """What an equation sees of a parameter or an input at time 0; broadcasts to (n_point, n_site)."""
        if path in self.state:
            return self.backend.to_host(front_of(self.state[path]))
        if path in self.inputs:
            return at_start(self, path)
        return self.model.values(path)

    def start_inputs(self) -> None:
        """Put what is linked or played on the device as it is at time 0, for what is read before the first step."""
        for part in (*self.model.links.values(), *self.model.played.values()):
            self.fill(self.inputs[part.path], at_start(self, part.path))

    # calls -----------------------------------------------------------------------------------------------------

    def program_call(self, part: Population | Field, inputs) -> Call:
        """The call of a part's fused program, its arguments bound to arrays."""
        stored = self.model.outputs_needed(part) if isinstance(part, Population) else []
        for member, output in stored:
            path = path_of(part.name, member, output)
            self.state[path] = self.backend.zeros((self.n_point, part.n_site), self.real)
        program = fuse_population(part.name, part.members, inputs, stored)
        self.programs[part.name], self.part_inputs[part.name] = program, inputs
        self.watched += program.watched
        return self.bind(program, part)

    def bind(self, program: Program, part: Population | Field, stored=None) -> Call:
        """The call of a program over a part's items; `stored` are arrays by path that it writes beside the states."""
        layout = lay_out(program, self.variations(program), self.backend.name == "numba")
        layout = replace(layout, block=getattr(part, "block", 0))
        args: list = [1, self.n_point, part.n_site, np.float64(self.model.dt)]
        return Call(layout, args + self.slot_arguments(layout, stored) + self.trailing(part, layout))

    def variations(self, program: Program) -> dict[str, str]:
        """How each parameter of a program varies, by dotted name; one whose values are all equal does not."""
        paths = [a.path for a in program.arguments if a.kind == "parameter"]
        return {path: varies((1, 1) if alike(self.values(path)) else self.values(path).shape) for path in paths}

    def slot_arguments(self, layout, stored=None) -> list:
        """Numbers and arrays for the slots of a layout, in order; `stored` as for `bind`."""
        arrays = {**self.inputs, **self.state, **(stored or {})}
        return [self.parameter(self.parameter_values(slot.argument.path), slot.varies)
                if slot.argument.kind == "parameter" else arrays[slot.argument.path] for slot in layout.slots]

    def parameter_values(self, path):
        """A parameter's values, or their reciprocals."""
        if not path.endswith(RECIPROCAL):
            return self.values(path)
        with np.errstate(divide="ignore"):
            return 1.0 / self.values(path.removesuffix(RECIPROCAL))

    def parameter(self, value, how):
        """A parameter as a number or a device array of the shape that its layout says."""
        if how == SCALAR:
            return float(value[0, 0])
        return self.to_device(value[:, 0] if how == POINT else value[0] if how == SITE else value)

    def trailing(self, part, layout):
        """Arguments after the slots: spikes, ledger and random numbers."""
        blocks = (self.n_point, self.backend.ledger_blocks(part.n_site, layout.block))
        args: list = [one for end in layout.ends for one in self.synapse_sets[part.name].index(end)]
        if layout.program.spike:
            flags = self.backend.zeros((self.n_point, part.n_site), np.uint8)
            self.spikes[part.name] = self.keep(f"{part.name}.spikes", flags)
            counts = self.backend.zeros(blocks, np.int64)
            self.spike_counts[part.name] = self.keep(f"{part.name}.spike_counts", counts)
            args += [self.spikes[part.name], self.spike_counts[part.name]]
        for _, path in layout.program.ledger:
            args.append(self.account(blocks, part.name, path.rsplit(".", 1)[1]))
        return args + self.draw_arguments(layout)

    def draw_arguments(self, layout) -> list:
        """Seeds and streams, if the layout's program draws random numbers."""
        return [self.seeds, *(np.uint32(stream_of(a.path)) for a in layout.draws)] if layout.draws else []

    def incoming(self, synapses: SynapseSet) -> tuple[Any, Any, Any]:
        """Synapses by target, on the device: where each target's begin, their rows, their numbers."""
        starts, rows, numbers = synapses.wiring.incoming()
        return self.handed(starts), self.handed(rows), self.handed(numbers)

    def handed(self, array):
        """The device array of a host array that nothing will write to: the same one, where the device is the host."""
        return array if self.backend.on_host else self.backend.asarray(array)

    def account(self, shape, transmitter, kind):
        """A new ledger account's partial sums, float64 on the device."""
        partial = self.backend.zeros(shape, np.float64)
        self.accounts.append(Account(partial, transmitter, kind))
        self.keep(f"ledger.{len(self.accounts)}.{transmitter}.{kind}", partial)
        return partial


def alike(values: np.ndarray) -> bool:
    """Whether all numbers of an array are the same, and there are some."""
    return values.size > 0 and bool((values == values.flat[0]).all())


def varies(shape) -> str:
    """How a parameter of this shape, (1 or n_point, 1 or n_item), varies."""
    points, items = shape[0] > 1, shape[1] > 1
    return ITEM if points and items else POINT if points else SITE if items else SCALAR
