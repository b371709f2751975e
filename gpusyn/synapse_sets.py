"""Plastic connections on a device: arrays beside the wiring, and the operations by which spikes and time change them.

A spike carries what its synapse had when it arrived: the weight as it was before the plasticity of its own step, or
what the rule says that this spike releases (`gpusyn.fusing.synapses` has the order of a step).
"""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.backends.numpy_ import compile_python
from gpusyn.backends.plan import Call
from gpusyn.declaration import CATCH_UP
from gpusyn.errors import ModelError
from gpusyn.fusing.binding import spiking_member
from gpusyn.fusing.synapses import RELEASE, SynapseFusion, acts_first, fuse_synapses, releases
from gpusyn.initial import given_start, initial_states
from gpusyn.program import Program
from gpusyn.quantities import Output, State
from gpusyn.synapses import inputs_of, parts_of, post_of, shared_parameters, start_weights
from gpusyn.translate.event_layout import lay_out_event


class SynapseSet:
    """The synapses of one connection with a rule.

    Attributes:
        wiring: the connections one by one, in the order of all arrays per synapse.
        parts: "item", "pre" and "post" (`gpusyn.synapses.SynapsePart`).
        programs: by name, in the order of a step (`gpusyn.fusing.synapses`).
        targets: (n_synapse,) int32 on the device.
    """

    def __init__(self, assembly, connection):
        self.assembly, self.connection, self.rule = assembly, connection, connection.synapse
        self.name, self.wiring, model = connection.name, connection.wiring.listed(), assembly.model
        self.post, self.parts = post_of(model, connection), parts_of(model, connection)
        n_source = {**model.populations, **model.sources}[connection.pre].n_site
        if (self.wiring.n_source, self.wiring.n_target) != (n_source, self.post.n_site):
            raise ModelError(f"{self.name}.wiring: connects {self.wiring.n_source} to {self.wiring.n_target} sites; "
                             f"'{connection.pre}' has {n_source} and '{self.post.name}' {self.post.n_site}")
        self.require_names(model)
        self.inputs, self.shared = inputs_of(model, connection), shared_parameters(model, connection)
        in_step = any(gap.weights == self.name for gap in model.gap_junctions.values())
        self.programs = fuse_synapses(self.name, self.rule, self.inputs, self.shared, in_step)
        self.targets = assembly.handed(self.wiring.indices)
        self.heard: dict[str, list] = {}
        if self.listens("post") and spiking_member(self.post.members) is None:
            raise ModelError(f"{self.name}.synapse: {type(self.rule).__name__} waits for spikes of '{self.post.name}', "
                             f"and {type(self.post.members['']).__name__} never spikes")
        self.allocate()

    def require_names(self, model) -> None:
        """Raise a ModelError if generated code would call this connection's programs as it calls another part's."""
        for kind in ("on_pre", "on_post", "flow", CATCH_UP, "pre", "post"):
            if f"{self.name}_{kind}" in {*model.populations, *model.transmitters}:
                raise ModelError(f"{self.name}: '{self.name}_{kind}' is also the name of a program of this connection; "
                                 "rename one")

    def listens(self, end: str) -> bool:
        """Whether spikes at this end do anything."""
        return f"on_{end}" in self.programs or end in self.programs

    @property
    def weights(self):
        """(n_point, n_synapse) on the device."""
        return self.assembly.state[f"{self.name}.weight"]

    @property
    def delivered(self):
        """(n_point, n_synapse) on the device: what a spike gives to its target where it arrives in this step."""
        return self.assembly.state[f"{self.name}.{RELEASE}"] if releases(self.rule) else self.weights

    @property
    def delays(self) -> list[int]:
        """The distinct delays after which presynaptic spikes act, in steps, ascending: as the wiring's."""
        model = self.assembly.model
        extra = self.rule.values.get("pre_delay", 0.0)
        if np.size(extra) > 1 or f"{self.name}.pre_delay" in model.sweep.axes:
            raise ModelError(f"{self.name}.pre_delay: all synapses and sweep points share one delay; give one number")
        if acts_first(self.rule) and np.any(np.asarray(extra) != 0):
            raise ModelError(f"{self.name}.pre_delay: {extra} ms; a rule that says what a spike gives acts when it "
                             "arrives and not later. Give pre_delay=0, or the delay to the connection")
        common = round(float(self.connection.delay) / model.dt) + round(float(extra) / model.dt)
        return [int(delay) + common for delay in self.wiring.delays]

    # states ----------------------------------------------------------------------------------------------------

    def allocate(self) -> None:
        """Put the states at time 0 on the device."""
        starts = self.starts()
        for path, (at, start) in starts.items():
            shape = (self.assembly.n_point, self.parts[at].n_site)
            if start.shape[1] not in (1, shape[1]):
                raise ModelError(f"'{path}': {start.shape[1]} values for {shape[1]}; give one, or one each")
            self.assembly.state[path] = self.assembly.keep(path, self.assembly.filled(shape, start))
        if releases(self.rule):
            shape = (self.assembly.n_point, self.parts["item"].n_site)
            self.assembly.state[f"{self.name}.{RELEASE}"] = self.assembly.backend.zeros(shape, self.assembly.real)
        for program in self.programs.values():
            self.assembly.watched += [path for path in program.watched if path not in self.assembly.watched]

    def starts(self) -> dict[str, tuple[str, np.ndarray]]:
        """Where each state is kept, and its values at time 0, which broadcast to (n_point, n); by dotted name."""
        values = self.assembly.model.values
        found = {}
        for quantity in self.rule.quantities.values():
            if isinstance(quantity, State) and quantity.at != "item":
                start = given_start(self.rule, quantity, lambda name: values(f"{self.name}.{name}"))
                found[f"{self.name}.{quantity.name}"] = quantity.at, np.atleast_2d(np.asarray(start, np.float64))
        steady = initial_states(self.name, {"": self.rule}, self.inputs, values)
        found |= {path: ("item", start) for path, start in steady.items()}
        weight = self.rule.quantities["weight"]
        if isinstance(weight, Output):
            start = self.computed_weight(steady)
        elif "start_weight" in type(self.rule).functions and "weight" not in self.rule.initial:
            start = steady[f"{self.name}.weight"]
        else:
            start = start_weights(self.assembly.model, self.connection)
        return found | {f"{self.name}.weight": ("item", np.atleast_2d(start))}

    def computed_weight(self, starts) -> np.ndarray:
        """The weight of a rule that computes it, from the states at time 0."""
        program, stored = self.computing(["weight"]), f"{self.name}.weight"
        held = [starts[a.path] if a.path in starts else 0.0 if a.path == stored else self.assembly.values(a.path)
                for a in program.arguments]
        return compile_python(program)(*held)[0]

    def computing(self, names: list[str]) -> Program:
        """The program that stores outputs of the rule, and states as of now, in arrays of their own."""
        fusion = SynapseFusion(self.name, self.rule, self.inputs, self.shared, "item")
        at = fusion.now()
        updates = [fusion.keep("", name, at) for name in names]
        return Program(f"{self.name}_outputs", list(fusion.arguments.values()), fusion.lines, updates, fusion.functions)

    # wiring ----------------------------------------------------------------------------------------------------

    def upload(self, array):
        """A device copy; the targets, which delivery asks for too, are there already."""
        return self.targets if array is self.wiring.indices else self.assembly.backend.asarray(array)

    def index(self, end: str) -> tuple[Any, int]:
        """For all synapses the place of their neuron at one end, on the device, and the number of places."""
        if end == "post":
            return self.targets, self.parts[end].n_site
        return self.assembly.handed(self.pre_places()), self.parts[end].n_site

    def pre_places(self) -> np.ndarray:
        """For all synapses the place of their presynaptic neuron, by distinct delay, (n_synapse,) int32."""
        starts = self.wiring.rows()
        return np.repeat(np.arange(starts.size - 1, dtype=np.int32), np.diff(starts))

    def hear(self, end: str, history) -> None:
        """Ask the spikes of the population at one end for lists of those that act now."""
        self.heard[end] = [history.listed(delay) for delay in (self.delays if end == "pre" else [0])]
        if end == "pre":
            self.history = history

    # calls -----------------------------------------------------------------------------------------------------

    def before_delivery(self) -> list[Call]:
        """What must be known before spikes are delivered: what each of them gives, and what that leaves."""
        return self.arrivals() if acts_first(self.rule) else []

    def calls(self) -> list[Call]:
        """What happens to the synapses in a step after delivery, in order."""
        for name, program in self.programs.items():
            self.assembly.programs[f"{self.name}.{name}"] = program
        events = self.arrivals() if "on_pre" in self.programs and not acts_first(self.rule) else []
        events += self.backfires() if "on_post" in self.programs else []
        passes = [self.assembly.bind(self.checked(name), self.parts["item"])
                  for name in ("flow", CATCH_UP) if name in self.programs]
        return events + passes + self.trace_calls()

    def arrivals(self) -> list[Call]:
        """The synapses of the presynaptic neurons whose spikes arrive, delay by delay."""
        return [
            self.event("pre", k * self.wiring.n_source, heard, self.assembly.backend.asarray(starts), [self.targets])
            for k, (heard, starts) in enumerate(zip(self.heard["pre"], self.wiring.indptr, strict=True))
        ]

    def backfires(self) -> list[Call]:
        """The synapses of the postsynaptic neurons that spike."""
        starts, rows, numbers = self.assembly.incoming(self)
        return [self.event("post", 0, self.heard["post"][0], starts, [rows, numbers])]

    def event(self, end, first, heard, starts, lists) -> Call:
        """The call of what spikes at one end do."""
        program = self.checked(f"on_{end}")
        layout = lay_out_event(program, self.assembly.variations(program), end)
        sites, n_listed = heard
        sizes = [self.assembly.n_point, self.parts["item"].n_site, np.float64(self.assembly.model.dt)]
        sizes += [self.parts["pre"].n_site, self.parts["post"].n_site, sites.shape[1], first]
        slots = self.assembly.slot_arguments(layout)
        return Call(layout, [*sizes, sites, n_listed, starts, *lists, *slots, *self.assembly.draw_arguments(layout)])

    def trace_calls(self) -> list[Call]:
        """The traces per neuron: what spikes do to them, and their decay."""
        calls = []
        if "pre" in self.programs:
            flags, calls = self.arrival_flags()
            calls.append(self.trace("pre", flags))
        if "post" in self.programs:
            calls.append(self.trace("post", self.assembly.spikes[self.post.name]))
        return calls

    def trace(self, end, flags) -> Call:
        """The call of the traces at one end."""
        return self.assembly.bind(self.checked(end), self.parts[end], {f"{self.name}.{end}_spike": flags})

    def arrival_flags(self) -> tuple[Any, list[Call]]:
        """Flags of the presynaptic spikes that arrive now, by place, and the operations that write them."""
        if self.delays == [0]:
            return self.assembly.spikes[self.connection.pre], []
        flags = self.assembly.backend.zeros((self.assembly.n_point, self.parts["pre"].n_site), np.uint8)
        n_source = self.wiring.n_source
        return flags, [self.history.flag_call(d, flags, k * n_source) for k, d in enumerate(self.delays)]

    def checked(self, name: str) -> Program:
        """A program whose parameters have one value, or one for each of its items.

        Raises:
            ModelError: a parameter has another number of values.
        """
        program, at = self.programs[name], name if name in self.parts else "item"
        n, what = self.parts[at].n_site, "synapses" if at == "item" else f"{at}synaptic neurons"
        for argument in program.arguments:
            if argument.kind == "parameter":
                size = self.assembly.model.values(argument.path).shape[1]
                if size not in (1, n):
                    raise ModelError(f"'{argument.path}': {size} values for {n} {what}; give one, or one each")
        return program
