"""The calls of one step, in order: sources, gap junctions, populations, delivery, transmitters, diffusion."""
from __future__ import annotations

from gpusyn.assembly import Assembly
from gpusyn.backends.plan import Call
from gpusyn.model import Field


def build(assembly: Assembly) -> list[Call]:
    """Allocate a model's arrays on the assembly's backend and give the calls of one step.

    Raises:
        ModelError: an equation needs something that the model does not provide.
    """
    model = assembly.model
    for field in model.transmitters.values():
        assembly.allocate(field, {})
    calls: list[Call] = []
    for population in model.populations.values():
        inputs = population_inputs(assembly, population)
        assembly.allocate(population, inputs)
        calls.append(assembly.program_call(population, inputs))
    calls += [assembly.program_call(field, {}) for field in model.transmitters.values() if acts_on_itself(field)]
    return calls


def population_inputs(assembly, population):
    """What equations of a population may read beside each other: concentrations, gap currents."""
    return assembly.field_inputs() if population.lattice.shape == assembly.model.lattice.shape else {}


def acts_on_itself(field: Field) -> bool:
    """Whether a transmitter has pointwise dynamics: a transporter, or a constant supply."""
    import numpy as np

    supplied = np.any(np.asarray(field.members[""].get("source")) != 0)
    return len(field.members) > 1 or bool(supplied)
