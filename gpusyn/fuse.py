"""Fuse the mechanisms of a population into one program.

The order within a step: every mechanism's states advance from the values at the start of the step; then the cell
advances, driven by the outputs of the advanced mechanisms at the old potential; then events act. Names bind as pytest
fixtures do: an equation's argument is a quantity of its own mechanism, else of the cell, else of the one other
mechanism that has it, else an input of the population.
"""
from __future__ import annotations

from gpusyn.fusing.binding import Values
from gpusyn.fusing.fusion import Fusion
from gpusyn.program import Program
from gpusyn.quantities import State

__all__ = ["Fusion", "Values", "fuse_population", "fuse_synapses"]


def fuse_population(name, members, inputs, stored=()) -> Program:
    """The program that steps a population: see `Fusion`.

    Args:
        stored: (member, output) names that are kept in arrays of their own, for what comes later in the step.
    """
    return Fusion(name, members, inputs).step(stored)


def fuse_synapses(name, mechanism, inputs) -> dict[str, Program]:
    """Programs of a synapse set: "pre" and "post" for traces kept per neuron (if any), "item" for the synapses.

    Traces are advanced at the start of a step, from the spikes of the step before: a synapse therefore sees them
    without the spikes of its own step, and two spikes in one step do not change a weight whatever their order.
    """
    programs = {}
    for end in ("pre", "post"):
        if any(isinstance(q, State) and q.at == end for q in mechanism.quantities.values()):
            programs[end] = _fuse_traces(name, mechanism, inputs, end)
    fusion = Fusion(name, {"": mechanism}, inputs)
    values = Values(dict(fusion.old.variables))
    fusion.advance("", values, values)
    for end in ("pre", "post"):
        if fusion.has_equation("", f"on_{end}"):
            flag = fusion.argument(f"{end}_spike", f"{name}.{end}_spike", "flag", "1", end)
            fusion.events(f"on_{end}", flag, values)
    programs["item"] = fusion.program(values, None)
    return programs


def _fuse_traces(name, mechanism, inputs, end):
    fusion = Fusion(name, {"": mechanism}, inputs, only=end)
    values = Values(dict(fusion.old.variables))
    flag = fusion.argument(f"{end}_spike", f"{name}.{end}_spike", "flag", "1")
    fusion.events(f"on_{end}", flag, values)
    fusion.old = Values(dict(values.variables))
    fusion.advance("", values, values)
    fusion.old = Values({("", s.name): s.name for s in fusion.states(mechanism)})
    return fusion.program(values, None)
