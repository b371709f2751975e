"""Programs that compute what mechanisms put out, from the states as they are: currents, open fractions, fluxes."""
from __future__ import annotations

from gpusyn.fuse import Fusion, Values
from gpusyn.program import Program


def outputs_program(name, members, inputs, wanted: list[tuple[str, str]]) -> Program:
    """The program that stores outputs of a population's mechanisms in arrays of their own, and steps nothing.

    Args:
        name, members, inputs: as for `Fusion`.
        wanted: (member, output) names.
    """
    fusion = Fusion(name, members, inputs)
    at, updates = Values(dict(fusion.old.variables)), []
    for member, output in wanted:
        path, unit = fusion.path(member, output), members[member].quantities[output].unit
        updates.append((fusion.find(member, output, at), path))
        fusion.argument(fusion.unused(f"{fusion.variable(member, output)}_stored"), path, "state", unit)
    return Program(f"{name}_outputs", list(fusion.arguments.values()), fusion.lines, updates, fusion.functions)
