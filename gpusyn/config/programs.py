"""The fused programs of a model without any of its arrays: for checking a config, and for showing its equations."""

from __future__ import annotations

from gpusyn.fuse import fuse_population
from gpusyn.model import Field, Model, Population
from gpusyn.program import Program
from gpusyn.translate.layout import Layout, lay_out


def program_of(model: Model, part: Population | Field) -> Program:
    """What one launch computes for a population or transmitter.

    Raises:
        ModelError: an equation needs something that the model does not provide.
    """
    return fuse_population(part.name, part.members, model.inputs_of(part))


def layout_of(model: Model, part: Population | Field) -> Layout:
    """The program with its arguments as they will lie in memory: numbers, and arrays per site or sweep point."""
    from gpusyn.assembly import varies

    program = program_of(model, part)
    shapes = {a.path: model.values(a.path).shape for a in program.arguments if a.kind == "parameter"}
    return lay_out(program, {path: varies(shape) for path, shape in shapes.items()})
