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
"""
from __future__ import annotations

import re

from gpusyn.errors import ModelError
from gpusyn.fusing.binding import Values
from gpusyn.fusing.fusion import Fusion
from gpusyn.numerics import gates
from gpusyn.program import Program
from gpusyn.quantities import Output, Parameter, State
from gpusyn.translate.pointwise import read

BOUNDS = ("weight_min", "weight_max")
RELEASE = "release"


def releases(mechanism) -> bool:
    """Whether a rule says what a presynaptic spike gives to its target; if not, it gives the weight."""
    return isinstance(mechanism.quantities.get(RELEASE), Output)


def fuse_synapses(name, mechanism, inputs, shared=None) -> dict[str, Program]:
    """The programs of a synapse set by their names above, in the order of a step; those that would do nothing are not.

    Args:
        inputs: (dotted name, unit) of the array that each given reads, by the given's name.
        shared: parameters that are read from elsewhere: their dotted names.

    Raises:
        ModelError: a given that nothing provides, or a trace that depends on more than its own neuron.
    """
    def start(only="item"):
        return SynapseFusion(name, mechanism, inputs, shared or {}, only)

    programs = {"on_pre": start().event("pre"), "on_post": start().event("post"), "flow": start().flow(),
                "pre": start("pre").traces(), "post": start("post").traces()}
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

    # programs --------------------------------------------------------------------------------------------------

    def event(self, end) -> Program:
        """What one spike at an end does to a synapse, and what a presynaptic one releases."""
        found, values = Values(dict(self.old.variables)), Values(dict(self.old.variables))
        for member, key, result in self.changes("", f"on_{end}", found):
            if self.mechanism.quantities[key].kind == "countdown":
                result = self.call(read(gates.whole_steps), [result, self.dt()])
            values.variables[member, key] = result
        released = [self.keep("", RELEASE, found)] if end == "pre" and releases(self.mechanism) else []
        return self.finished(f"on_{end}", values, released)

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
