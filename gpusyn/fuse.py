"""Fuse the mechanisms of a population into one program.

The order within a step: every mechanism's states advance from the values at the start of the step; then the cell
advances, driven by the outputs of the advanced mechanisms at the old potential; then events act. Names bind as pytest
fixtures do: an equation's argument is a quantity of its own mechanism, else of the cell, else of the one other
mechanism that has it, else an input of the population.
"""
from __future__ import annotations

from gpusyn.fusing.binding import Values
from gpusyn.fusing.fusion import Fusion
from gpusyn.fusing.synapses import fuse_synapses
from gpusyn.program import Program

__all__ = ["Fusion", "Values", "fuse_population", "fuse_synapses"]


def fuse_population(name, members, inputs, stored=()) -> Program:
    """The program that steps a population: see `Fusion`.

    Args:
        stored: (member, output) names that are kept in arrays of their own, for what comes later in the step.
    """
    return Fusion(name, members, inputs).step(stored)
