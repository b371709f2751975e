"""The recorder: copies what is wanted into rings on the device during the step, and fetches rows in blocks.

Row r of a recording is taken at the beginning of step ``r * every``, at time ``r * every * dt``: the first row is the
initial state, and what is computed (currents) is what the equations of that step see. The spike of step n has the time
``n * dt``, the beginning of the step in which the threshold was crossed. The ledger's rows are of the same times.
"""
from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError, nearest
from gpusyn.fusing.synapses import NOW
from gpusyn.ledger import ROLES, TERMS
from gpusyn.outputs import outputs_program
from gpusyn.quantities import Parameter
from gpusyn.recording.errors import RecordingError
from gpusyn.recording.layout import Histogram, Layout, LedgerTerm, Reduction, SweepAxis, Trace
from gpusyn.recording.memory import Memory
from gpusyn.recording.record import Record, require_different, require_own_name, whole_steps
from gpusyn.recording.ring import share_budget
from gpusyn.recording.tapes import Source, SpikeTape, tape_for
from gpusyn.recording.tree_geometry import TreeGeometry
from gpusyn.synapses import belongs_to_rule, has_own_array, synapse_lattices
from gpusyn.trees.part import Trees

BUDGET = 64 * 2**20  # bytes of all rings together
MOST_STEPS = 2**14  # steps that a ring holds at most: small models need no large rings


class Recorder:
    """What is recorded of a simulation, and where it goes: to memory, or to a sink such as a `Writer`.

    Args:
        records: `Record`s or dotted names.
        spikes: True for all that spike, False for none, or names of populations and sources.
        ledger: steps (or an interval) between rows of the ledger; None for none.
        budget: bytes of all rings on the device together; one row of everything always fits.
    """

    def __init__(self, records=(), *, spikes: bool | Iterable[str] = True, ledger=None, budget: int = BUDGET):
        self.records = [r if isinstance(r, Record) else Record(r) for r in records]
        self.spikes, self.ledger_every, self.budget = spikes, ledger, budget
        self.sink: Any = None

    # before the first step -------------------------------------------------------------------------------------

    def attach(self, assembly, ledger=None) -> tuple[list[Call], list[Call]]:
        """Allocate the rings; gives the calls that record states, and those that record what a step has done.

        The first go before the programs of a step, so that they see what its equations see; the others after its end.

        Raises:
            RecordingError, ModelError: something that is not there, or cannot be recorded as asked.
        """
        self.assembly, self.ledger, self.backend = assembly, ledger, assembly.backend
        model = assembly.model
        self.records = [self._resolved(record) for record in self.records]
        require_different(self.records)
        computed, calls = self._outputs()
        self.tapes = [tape_for(r, self._source(r, computed)) for r in self.records]
        self.spike_tapes = [SpikeTape(name, assembly.spikes[name]) for name in self._spiking()]
        if self.ledger_every is not None:
            self.ledger_every = whole_steps(self.ledger_every, model.dt, "ledger.every")
        self.ledger_step = int(self.ledger_every or 0) if ledger is not None and model.transmitters else 0
        self.next_ledger_row = 0
        n_step = share_budget([tape.ring for tape in self._all()], self.budget, MOST_STEPS)
        for tape in self._all():
            tape.ring.allocate(self.backend, n_step)
        for tape in self.tapes:
            calls += tape.calls(assembly)
        self.layout = self.declared()
        self.sink = Memory(self.layout)
        return calls, [call for tape in self.spike_tapes for call in tape.calls(assembly)]

    @property
    def every(self) -> int:
        """Steps that are multiples of this may have rows of states; no others have."""
        return math.gcd(*(tape.ring.every for tape in self.tapes))

    def _all(self):
        return [*self.tapes, *self.spike_tapes]

    def _resolved(self, record):
        model = self.assembly.model
        path = f"{record.path}.concentration" if record.path in model.transmitters else record.path
        owner, _, _ = model.owner(path)
        if isinstance(model.quantity(path), Parameter):
            raise RecordingError(f"{path} is a parameter: it does not change; the run's configuration has its value")
        if isinstance(record.sites, str) and isinstance(owner, Trees):
            record = replace(record, sites=owner.forest.nodes_of(record.sites))
        resolved = record.resolved(path, owner.lattice, model.dt)
        require_own_name(resolved, model)
        return resolved

    def _outputs(self):
        """Arrays by path for recorded quantities that mechanisms compute, and the calls that compute them."""
        model, wanted = self.assembly.model, {}
        for path in dict.fromkeys(r.path for r in self.records):
            if not has_own_array(model, path):
                owner, *member, name = path.split(".")
                wanted.setdefault(owner, []).append((".".join(member), name))
        arrays, calls = {}, []
        for name, outputs in wanted.items():
            part, program = self._computing(name, outputs)
            stored = {path: self.backend.zeros((self.assembly.n_point, part.n_site), self.assembly.real)
                      for _, path in program.updates}
            arrays |= {path.removesuffix(NOW): array for path, array in stored.items()}
            calls.append(self.assembly.bind(program, part, stored))
        return arrays, calls

    def _computing(self, name, outputs):
        """The part that has the outputs, and the program that computes them."""
        if name in self.assembly.synapse_sets:
            synapses = self.assembly.synapse_sets[name]
            return synapses.parts["item"], synapses.computing([output for _, output in outputs])
        part = {**self.assembly.model.populations, **self.assembly.model.transmitters}[name]
        return part, outputs_program(name, part.members, self.assembly.part_inputs[name], outputs)

    def _source(self, record, computed):
        model, path = self.assembly.model, record.path
        array = computed[path] if path in computed else self.assembly.state[path]
        quantity, (owner, _, _) = model.quantity(path), model.owner(path)
        within = getattr(quantity, "within", "") if owner.name in self.assembly.trees else ""
        return Source(array, quantity.unit, quantity.meaning, self.assembly.n_point, owner.lattice, within)

    def _spiking(self):
        known = self.assembly.spikes
        if isinstance(self.spikes, bool):
            return list(known) if self.spikes else []
        for name in self.spikes:
            if name not in known:
                raise ModelError(f"record spikes of '{name}': nothing of that name spikes{nearest(name, known)}")
        return list(self.spikes)

    def declared(self, compression: str = "gzip") -> Layout:
        """What a run file holds."""
        model, lattice = self.assembly.model, self.assembly.model.lattice
        declared, lattices = [tape.declared() for tape in self.tapes], own_lattices(model)
        lattices |= {d.name: lattices[d.quantity] for d in declared if d.quantity in lattices}
        return Layout(
            lattice.shape, (lattice.spacing,) * len(lattice.shape), model.dt, self.assembly.n_point,
            traces=tuple(d for d in declared if isinstance(d, Trace)),
            reductions=tuple(d for d in declared if isinstance(d, Reduction)),
            histograms=tuple(d for d in declared if isinstance(d, Histogram)),
            spikes=tuple(tape.name for tape in self.spike_tapes), ledger=self._ledger_terms(),
            sweep=sweep_axes(model), compression=compression, lattices=lattices,
            connections={name: model.connections[name].ends() for name in self._synapses_recorded()},
            trees={name: TreeGeometry(part.forest, part.reticula) for name, part in tree_populations(model).items()},
        )

    def _synapses_recorded(self):
        """The plastic connections of which something is recorded synapse by synapse."""
        owners = {tape.record.path.partition(".")[0]: None for tape in self.tapes if tape.record.reduce is None}
        return [name for name in owners if name in self.assembly.synapse_sets]

    def _ledger_terms(self):
        if not self.ledger_step:
            return ()
        return tuple(LedgerTerm(name, term, self.ledger.unit, ROLES[term], meaning, self.ledger_step)
                     for name in self.ledger for term, meaning in TERMS.items())

    # while it runs ---------------------------------------------------------------------------------------------

    def write_to(self, sink) -> None:
        """Give rows to a `Writer` (or what has its `append_all` and `append_spikes`) from now on."""
        self.sink = sink

    def resume(self, step: int) -> None:
        """Continue at `step` of a run whose rows of earlier steps are recorded."""
        if self.ledger_step:
            self.next_ledger_row = step // self.ledger_step + 1

    def room(self, step: int) -> int:
        """Steps that may run from `step` on before `collect` must be called."""
        limits = [tape.ring.room(step) for tape in self._all()]
        if self.ledger_step:
            limits.append(self.ledger_step - step % self.ledger_step)
        return min(limits, default=MOST_STEPS)

    def collect(self, first: int, n_step: int) -> None:
        """Fetch the rows of the `n_step` steps from `first` on, which have been run, and give them to the sink."""
        end = first + n_step
        blocks = []
        for tape in self.tapes:
            if tape.ring.first_row(end) > tape.ring.first_row(first):
                blocks += tape.blocks(*tape.ring.fetch(self.backend, first, end))
        blocks += self._ledger_row(end)
        if blocks:
            self.sink.append_all(blocks)
        for tape in self.spike_tapes if n_step else ():
            self.sink.append_spikes(tape.name, *tape.ring.fetch(self.backend, first, end), tape.n_site)

    def _ledger_row(self, step):
        """The ledger now, if a row of it is due."""
        if not self.ledger_step or step % self.ledger_step or step // self.ledger_step < self.next_ledger_row:
            return []
        row, self.next_ledger_row = step // self.ledger_step, step // self.ledger_step + 1
        amounts = self.ledger.snapshot()
        return [(f"ledger.{name}.{term}", row, amount[np.newaxis])
                for name, terms in amounts.items() for term, amount in terms.items()]

    # what was recorded -----------------------------------------------------------------------------------------

    def __getitem__(self, key) -> np.ndarray:
        """Rows in memory by name: "neurons.v", "neurons.v.mean", "neurons.v.histogram", "ledger.glutamate.released".

        Of a record with a `name` it is that in the place of the last word.
        """
        return self._memory()[key]

    def __iter__(self):
        """Names of what is in memory."""
        return iter(self._memory().keys())

    def time(self, key) -> np.ndarray:
        """Times of the rows, ms."""
        return self._memory().time(key)

    def spike_times(self, population=None, point=0):
        """Spikes of a population: `.times` in ms and `.ids`."""
        return self._memory().spikes(population, point)

    def _memory(self):
        if not isinstance(self.sink, Memory):
            raise RecordingError("the rows are in the run file; read them with gpusyn.open")
        return self.sink


def own_lattices(model) -> dict[str, tuple[tuple[int, ...], tuple[float, ...]]]:
    """Shape and spacing of every lattice that is not the model's, by the name of what is on it."""
    owners = (*model.populations.values(), *model.sources.values(), *model.transmitters.values())
    lattices = {owner.name: owner.lattice for owner in owners if not owner.lattice.same_sites(model.lattice)}
    lattices |= synapse_lattices(model)
    return {name: (lattice.shape, (lattice.spacing,) * len(lattice.shape)) for name, lattice in lattices.items()}


def tree_populations(model) -> dict[str, Trees]:
    """The populations whose sites are nodes of trees."""
    return {name: part for name, part in model.populations.items() if isinstance(part, Trees)}


def sweep_axes(model) -> tuple[SweepAxis, ...]:
    """The swept parameters as a run file holds them; of values per site their mean."""
    axes = []
    for path in model.sweep.axes:
        values = model.sweep.values(path)
        per_point = values[:, 0] if values.shape[1] == 1 else values.mean(axis=1)
        axes.append(SweepAxis(path, per_point, swept_unit(model, path)))
    return tuple(axes)


def swept_unit(model, path: str) -> str:
    """Unit of a parameter that a sweep may vary."""
    first, _, rest = path.partition(".")
    if first in {**model.populations, **model.transmitters} or belongs_to_rule(model.connections.get(first), rest):
        return model.quantity(path).unit
    return {"conductance": "nS", "delay": "ms"}.get(path.rpartition(".")[2], "1")
