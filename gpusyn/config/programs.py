"""The fused programs of a model without any of its arrays: for checking a config, and for showing its equations."""

from __future__ import annotations

from gpusyn.fuse import fuse_population
from gpusyn.model import Field, Model, Population
from gpusyn.program import Program
from gpusyn.translate.layout import Layout, lay_out


def inputs_of(model: Model, part: Population | Field) -> dict[str, tuple[str, str]]:
    """What a part's equations may read beside its own quantities: concentrations and currents of gap junctions."""
    if isinstance(part, Field):
        return {}
    inputs = {}
    if part.lattice.shape == getattr(model.lattice, "shape", None):
        inputs = {name: (f"{name}.concentration", "uM") for name in model.transmitters}
    junctions = [gap.name for gap in model.gap_junctions.values() if gap.population == part.name]
    return inputs | {name: (f"{name}.injection", "pA") for name in junctions}


def program_of(model: Model, part: Population | Field) -> Program:
    """What one launch computes for a population or transmitter.

    Raises:
        ModelError: an equation needs something that the model does not provide.
    """
    return fuse_population(part.name, part.members, inputs_of(model, part))


def layout_of(model: Model, part: Population | Field) -> Layout:
    """The program with its arguments as they will lie in memory: numbers, and arrays per site or sweep point."""
    from gpusyn.assembly import varies

    program = program_of(model, part)
    shapes = {a.path: model.values(a.path).shape for a in program.arguments if a.kind == "parameter"}
    return lay_out(program, {path: varies(shape) for path, shape in shapes.items()})
