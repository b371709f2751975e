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
    at = Values(dict(fusion.old.variables))
    updates = [fusion.keep(member, output, at) for member, output in wanted]
    return Program(f"{name}_outputs", list(fusion.arguments.values()), fusion.lines, updates, fusion.functions)
