"""The calls of one step: sources, links, gap junctions, populations, delivery, synapses, transmitters, diffusion."""
from __future__ import annotations

from gpusyn.assembly import Assembly
from gpusyn.backends.plan import Call
from gpusyn.delivery import delivery_calls, gap_calls, source_calls
from gpusyn.errors import ModelError
from gpusyn.givens import require_givens
from gpusyn.links import allocate_inputs, first_sources, input_calls
from gpusyn.synapse_sets import SynapseSet
from gpusyn.transport import diffusion_calls
from gpusyn.trees.adaptive_stepping import AdaptiveStepping
from gpusyn.trees.part import Trees
from gpusyn.trees.stepping import TreeStepping


def build(assembly: Assembly) -> list[Call]:
    """Allocate a model's arrays on the assembly's backend and give the calls of one step.

    Raises:
        ModelError: an equation needs something that the model does not provide.
    """
    model = assembly.model
    model.check_sweep()
    check_steps(model)
    require_givens(model)
    for field in model.transmitters.values():
        assembly.allocate(field, {})
    allocate_gap_currents(assembly)
    allocate_inputs(assembly)
    inputs = {p.name: model.inputs_of(p) for p in model.populations.values()}
    for population in first_sources(model):
        if isinstance(population, Trees):
            stepping = AdaptiveStepping if population.scheme == "adaptive" else TreeStepping
            assembly.trees[population.name] = stepping(assembly, population)
            assembly.trees[population.name].allocate(inputs[population.name])
        else:
            assembly.allocate(population, inputs[population.name])
    assembly.start_inputs()
    first = source_calls(assembly)
    calls = [call for p in model.populations.values() for call in population_calls(assembly, p, inputs[p.name])]
    for connection in model.connections.values():
        if connection.synapse is not None:
            assembly.synapse_sets[connection.name] = SynapseSet(assembly, connection)
    calls = first + input_calls(assembly) + gap_calls(assembly) + calls
    calls += delivery_calls(assembly)
    calls += [call for synapses in assembly.synapse_sets.values() for call in synapses.calls()]
    calls += [assembly.program_call(field, {}) for field in model.transmitters.values() if field.acts]
    return calls + diffusion_calls(assembly)


def population_calls(assembly: Assembly, population, inputs) -> list[Call]:
    """The calls that advance one population; trees take several, and one that only receives takes none."""
    if isinstance(population, Trees):
        return assembly.trees[population.name].calls(inputs)
    call = assembly.program_call(population, inputs)
    return [call] if call.operation.program.returned else []


def check_steps(model) -> None:
    """Raise a `ModelError` if a cell asks for another time step than the model's."""
    for population in model.populations.values():
        wanted = population.members[""].options.get("dt")
        if wanted is not None and wanted != model.dt:
            raise ModelError(f"{population.name}.dt: {wanted} ms, but model.dt is {model.dt} ms; they share one step")


def allocate_gap_currents(assembly: Assembly) -> None:
    """Make room for the currents that gap junctions write and populations read."""
    model = assembly.model
    for gap in model.gap_junctions.values():
        shape = (assembly.n_point, model.populations[gap.population].n_site)
        assembly.inputs[f"{gap.name}.injection"] = assembly.backend.zeros(shape, assembly.real)
