"""The programs of a synapse set: what spikes do, what goes on between them, and the traces kept per neuron.

Within a step, in this order:

    on_pre     the synapses of every presynaptic spike that arrives; a rule with an output `release` computes it here
    delivery   what each of these spikes gives to its target: `release`; the weight, of a rule that has no such output
    on_post    the synapses of every postsynaptic neuron that spikes
    flow       every synapse: differential equations, gates and noise; only a rule that has such pays for it
    pre, post  traces per neuron: the spikes of this step act on them, then they decay

Without a `release`, delivery comes first. Either way a spike gives what its synapse had for it when it arrived:
`release` is computed from the states before this spike changes them, with the same random numbers as the changes.

Programs see the traces as they stood when the step began: without the spikes of this step. Two spikes of one step
therefore do not change a weight as a pair, and no order among them matters.

A rule may keep states as of the latest event: its equation `catch_up` gives what they are now. Every presynaptic event
begins with it, and every postsynaptic one that asks for the weight, also for the other rules of the connection; so does
whatever reads the states (`gpusyn.catching_up`). Such a rule's `on_pre` comes before the delivery, so that a spike
gives the weight of now. A postsynaptic spike reaches synapses that lie far apart: each array that it leaves alone is
time saved.
"""
from __future__ import annotations

import re

from gpusyn.declaration import CATCH_UP
from gpusyn.errors import ModelError
from gpusyn.fusing.binding import Values
from gpusyn.fusing.fusion import Fusion
from gpusyn.numerics import gates
from gpusyn.program import DRAW_WORDS, Program
from gpusyn.quantities import Output, Parameter, State
from gpusyn.translate.pointwise import read

BOUNDS = ("weight_min", "weight_max")
RELEASE = "release"
NOW = ":now"  # follows the path of a state that is kept as of the latest event: where its present value is put


def lagging(mechanism) -> tuple[str, ...]:
    """The states that a rule keeps as of the latest event, and brings up to date by `catch_up`."""
    function = type(mechanism).functions.get(CATCH_UP)
    return () if function is None else tuple(map(str, read(function).keys or ()))


def acts_first(mechanism) -> bool:
    """Whether what an arriving spike does to a synapse must be done before the spike is delivered."""
    return isinstance(mechanism.quantities.get(RELEASE), Output) or bool(lagging(mechanism))


def asks_for_weight(mechanism, event: str) -> bool:
    """Whether an event reads the weight, also through what the rule computes, or sets it."""
    functions = type(mechanism).functions
    asked = [event] if event in functions else []
    for name in asked:  # which grows
        if isinstance(mechanism.quantities.get(name), Output) or name == event:
            asked += [parameter for parameter in read(functions[name]).parameters if parameter not in asked]
    return "weight" in asked or "weight" in (read(functions[event]).keys or () if event in functions else ())


def releases(mechanism) -> bool:
    """Whether what a spike gives is kept beside the weight.

    It is what the rule says, or the weight of now where `on_pre` goes on to change it before the delivery.
    """
    on_pre = type(mechanism).functions.get("on_pre")
    moves = on_pre is not None and "weight" in (read(on_pre).keys or ())
    return isinstance(mechanism.quantities.get(RELEASE), Output) or (moves and bool(lagging(mechanism)))


def fuse_synapses(name, mechanism, inputs, shared=None, in_step=False) -> dict[str, Program]:
    """The programs of a synapse set by their names above, in the order of a step; those that would do nothing are not.

    Args:
        inputs: (dotted name, unit) of the array that each given reads, by the given's name.
        shared: parameters that are read from elsewhere: their dotted names.
        in_step: also the program that brings all synapses up to date, after the flow.

    Raises:
        ModelError: a given that nothing provides, or a trace that depends on more than its own neuron.
    """
    def start(only="item"):
        return SynapseFusion(name, mechanism, inputs, shared or {}, only)

    programs = {"on_pre": start().event("pre"), "on_post": start().event("post"), "flow": start().flow()}
    programs |= {CATCH_UP: start().catch_up()} if in_step else {}
    programs |= {end: start(end).traces() for end in ("pre", "post")}
    return {kind: program for kind, program in programs.items() if program.updates}


class SynapseFusion(Fusion):
    """One program of a synapse set under construction; see `fuse_synapses` and `gpusyn.fusing.binding.Binding`."""

    def __init__(self, name, mechanism, inputs, shared, only):
        self.mechanism, self.shared = mechanism, shared
        super().__init__(name, {"": mechanism}, inputs, only)

    # names -----------------------------------------------------------------------------------------------------

    def own(self, member, quantity, kind, at="item"):
        """The argument that holds a quantity of the rule; shared parameters are read where they are kept."""
        if kind == "parameter" and quantity.name in self.shared:
            return self.argument(self.variable(member, quantity.name), self.shared[quantity.name], kind, quantity.unit)
        return super().own(member, quantity, kind, at)

    def find_given(self, member, quantity, at):
        """The variable of a given: what neurons or fields at one end hold is read through that end's index."""
        if quantity.name not in self.inputs:
            return super().find_given(member, quantity, at)
        end = "item" if quantity.at == self.only else quantity.at
        path, _ = self.inputs[quantity.name]
        return self.argument(self.variable(member, quantity.name), path, "input", quantity.unit, end)

    def keep(self, member, output, at) -> tuple[str, str]:
        """The update that stores an output, or a state as it is now, in an array of its own."""
        if output not in lagging(self.mechanism):
            return super().keep(member, output, at)
        path = self.path(member, output) + NOW
        self.argument(self.unused(f"{self.variable(member, output)}_now"), path, "state")
        return self.find(member, output, at), path

    # programs --------------------------------------------------------------------------------------------------

    def event(self, end) -> Program:
        """What one spike at an end does to a synapse, and what a presynaptic one releases."""
        due = end == "pre" or asks_for_weight(self.mechanism, f"on_{end}")
        found = self.now() if due else Values(dict(self.old.variables))
        values = Values(dict(found.variables))
        for member, key, result in self.changes("", f"on_{end}", found):
            if self.mechanism.quantities[key].kind == "countdown":
                result = self.call(read(gates.whole_steps), [result, self.dt()])
            values.variables[member, key] = result
        released = [self.released(found)] if end == "pre" and releases(self.mechanism) else []
        return self.finished(f"on_{end}", values, released)

    def now(self) -> Values:
        """The states of a synapse as they are now: as kept, but for those that the rule brings up to date."""
        kept, now = Values(dict(self.old.variables)), Values(dict(self.old.variables))
        now.variables |= {(member, key): result for member, key, result in self.changes("", CATCH_UP, kept)}
        asked = [a.path for a in self.arguments.values() if a.kind in (*DRAW_WORDS, "time", "dt")]
        if lagging(self.mechanism) and asked:
            kind = type(self.mechanism).__name__
            raise ModelError(f"{self.name}.synapse: {kind}.{CATCH_UP} depends on '{asked[0]}'; what is by now "
                             "follows from states, parameters and givens: use a stopwatch")
        return now

    def catch_up(self) -> Program:
        """All synapses brought up to date."""
        return self.finished(CATCH_UP, self.now())

    def released(self, at: Values) -> tuple[str, str]:
        """The update that stores what a spike gives."""
        if RELEASE in self.mechanism.quantities:
            return self.keep("", RELEASE, at)
        path = self.path("", RELEASE)
        self.argument(self.unused(f"{RELEASE}_stored"), path, "state", self.mechanism.quantities["weight"].unit)
        return at.variables["", "weight"], path

    def flow(self) -> Program:
        """What happens to a synapse between spikes; a weight that is computed is stored."""
        values = Values(dict(self.old.variables))
        self.advance("", values, values)
        weight = self.mechanism.quantities.get("weight")
        if isinstance(weight, State) and values.variables["", "weight"] != self.old.variables["", "weight"]:
            values.variables["", "weight"] = self.bounded(values.variables["", "weight"], values)
        advanced = Values({k: v for k, v in values.variables.items() if k in self.advancing})
        kept = [self.keep("", "weight", advanced)] if isinstance(weight, Output) else []
        return self.finished("flow", values, kept)

    def bounded(self, weight, at) -> str:
        """The variable of a weight within the rule's parameters `weight_min` and `weight_max`, if it has them."""
        if not all(isinstance(self.mechanism.quantities.get(bound), Parameter) for bound in BOUNDS):
            return weight
        low, high = (self.find("", bound, at) for bound in BOUNDS)
        return self.let(self.unused("weight_within"), f"clip({weight}, {low}, {high})")

    def traces(self) -> Program:
        """The traces of the neurons at one end."""
        values, states = Values(dict(self.old.variables)), self.states(self.mechanism)
        if states:
            flag = self.argument(f"{self.only}_spike", f"{self.name}.{self.only}_spike", "flag", "1")
            self.events(f"on_{self.only}", flag, values)
            self.old = Values(dict(values.variables))
            self.advance("", values, values)
            self.old = Values({("", s.name): self.variable("", s.name) for s in states})
        program = self.finished(self.only, values)
        for argument in program.arguments:
            quantity = self.mechanism.quantities.get(argument.path.removeprefix(f"{self.name}."))
            if argument.at != "item" or (isinstance(quantity, State) and quantity.at != self.only):
                raise ModelError(f"{self.name}: the traces of {self.only}synaptic neurons read '{argument.path}', "
                                 "which is not theirs; a trace belongs to one neuron, whatever its synapses")
        return program

    def finished(self, name, at: Values, kept=()) -> Program:
        """The program of this name, without the arguments that nothing reads."""
        program = self.program(at, None)
        program.name = f"{self.name}_{name}".replace(".", "_")
        program.updates += kept
        words = {word for line in program.lines for word in re.findall(r"\w+", line)}
        written = {path for _, path in program.updates}
        program.arguments = [a for a in program.arguments if a.variable in words or a.path in written]
        return program
