"""The calls of one step, in order: sources, gap junctions, populations, delivery, transmitters, diffusion."""
from __future__ import annotations

from gpusyn.assembly import Assembly
from gpusyn.backends.plan import Call
from gpusyn.delivery import delivery_calls, gap_calls, source_calls
from gpusyn.model import Population
from gpusyn.transport import diffusion_calls


def build(assembly: Assembly) -> list[Call]:
    """Allocate a model's arrays on the assembly's backend and give the calls of one step.

    Raises:
        ModelError: an equation needs something that the model does not provide.
    """
    model = assembly.model
    model.check_sweep()
    for field in model.transmitters.values():
        assembly.allocate(field, {})
    inputs = {p.name: population_inputs(assembly, p) for p in model.populations.values()}
    for population in model.populations.values():
        assembly.allocate(population, inputs[population.name])
    calls = source_calls(assembly) + gap_calls(assembly)
    calls += [assembly.program_call(p, inputs[p.name]) for p in model.populations.values()]
    calls += delivery_calls(assembly)
    calls += [assembly.program_call(field, {}) for field in model.transmitters.values() if field.acts]
    return calls + diffusion_calls(assembly)


def population_inputs(assembly: Assembly, population: Population) -> dict[str, tuple[str, str]]:
    """What equations of a population may read beside each other: concentrations, and currents of gap junctions."""
    inputs = assembly.field_inputs() if population.lattice.shape == assembly.model.lattice.shape else {}
    for gap in assembly.model.gap_junctions.values():
        if gap.population == population.name:
            path = f"{gap.name}.injection"
            assembly.inputs[path] = assembly.backend.zeros((assembly.n_point, population.n_site), assembly.real)
            inputs[gap.name] = (path, "pA")
    return inputs
