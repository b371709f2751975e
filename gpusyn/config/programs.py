"""The fused programs of a model without any of its arrays: for checking a config, and for showing its equations."""

from __future__ import annotations

from gpusyn.fuse import fuse_population, fuse_synapses
from gpusyn.fusing.tree_programs import tree_programs
from gpusyn.model import Model
from gpusyn.parts import Connection, Field, Population
from gpusyn.program import Program
from gpusyn.synapses import inputs_of, shared_parameters
from gpusyn.translate.event_layout import lay_out_event
from gpusyn.translate.layout import Layout, lay_out
from gpusyn.trees.part import Trees


def program_of(model: Model, part: Population | Field) -> Program:
    """What one launch computes for a population or transmitter.

    Raises:
        ModelError: an equation needs something that the model does not provide.
    """
    return fuse_population(part.name, part.members, model.inputs_of(part))


def programs_of_rule(model: Model, connection: Connection) -> dict[str, Program]:
    """The programs of a plastic connection, by what they are for; see `gpusyn.fusing.synapses`.

    Raises:
        ModelError: the rule needs something that the neurons at its ends do not provide.
    """
    inputs = inputs_of(model, connection)
    return fuse_synapses(connection.name, connection.synapse, inputs, shared_parameters(model, connection))


def all_programs(model: Model, part: Population | Field | Connection) -> dict[str, Program]:
    """The programs of anything that has some, by what they are for; a population or transmitter has one, "".

    Trees have one for each stage of a step.
    """
    if isinstance(part, Trees):
        steps = tree_programs(part.name, part.members, model.inputs_of(part), part.scheme)
        return {f"stage {number}": program for number, program in enumerate(steps, 1)}
    return programs_of_rule(model, part) if isinstance(part, Connection) else {"": program_of(model, part)}


def layouts_of(model: Model, part: Population | Field | Connection) -> list[Layout]:
    """The programs with their arguments as they will lie in memory: numbers, and arrays per item or sweep point."""
    from gpusyn.assembly import varies

    found = []
    for name, program in all_programs(model, part).items():
        paths = [argument.path for argument in program.arguments if argument.kind == "parameter"]
        how = {path: varies(model.values(path).shape) for path in paths}
        event = name.removeprefix("on_") if name.startswith("on_") else ""
        found.append(lay_out_event(program, how, event) if event else lay_out(program, how))
    return found
