"""The calls that carry spikes: sources, gap junctions, and the delivery of spikes along connections."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gpusyn.assembly import Assembly
from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.fusing.binding import readable
from gpusyn.numerics.philox import stream_of
from gpusyn.outputs import outputs_program
from gpusyn.parts import Connection
from gpusyn.synapse_sets import SynapseSet
from gpusyn.units import molecules_to_uM
from gpusyn.wiring import GapJunctions, Neighbourhood, PoissonSpikes, SpikeHistory

ROW_LENGTH = 2048


def source_calls(assembly: Assembly) -> list[Call]:
    """Operations that set the flags of the spike sources."""
    calls: list[Call] = []
    for source in assembly.model.sources.values():
        flags = assembly.backend.zeros((assembly.n_point, source.n_site), np.uint8)
        assembly.spikes[source.name] = assembly.inputs[f"{source.name}.spikes"] = assembly.keep(
            f"{source.name}.spikes", flags)
        rule = source.rule.bind(assembly.model.dt, source.n_site, source.name) if hasattr(source.rule, "bind") else (
            source.rule
        )
        random = {"seeds": assembly.seeds, "real": assembly.real, "stream": stream_of(source.name)}
        named = random if isinstance(rule, PoissonSpikes) else {}
        calls += rule.calls(flags, upload=assembly.backend.asarray, **named)
    return calls


def gap_calls(assembly: Assembly) -> list[Call]:
    """Operations that write the currents through gap junctions, from the potentials at the start of the step."""
    model, calls = assembly.model, []
    potentials: dict[str, Any] = {}
    for gap in model.gap_junctions.values():
        for cells in dict.fromkeys([gap.source, gap.population]):
            if cells not in potentials:
                potentials[cells], before = potential(assembly, cells)
                calls += before
        wiring = gap.wiring if isinstance(gap.wiring, GapJunctions) else GapJunctions(gap.wiring)
        v, injection = potentials[gap.population], assembly.inputs[f"{gap.name}.injection"]
        v = assembly.backend.zeros(v.shape, assembly.real) if gap.drives else v
        weights = assembly.synapse_sets[gap.weights].weights if gap.weights else None
        conductance = assembly.to_device(np.atleast_1d(assembly.values(f"{gap.name}.conductance")[:, 0]))
        calls += wiring.calls(v, injection, conductance, upload=assembly.backend.asarray,
                              v_source=potentials[gap.source], weights=weights)
    return calls


def potential(assembly: Assembly, population: str) -> tuple[Any, list[Call]]:
    """The potentials of a population's cells on the device, and the calls that compute them if they are no state."""
    part = assembly.model.populations[population]
    member = next((m for m, mechanism in part.members.items() if "v" in readable(mechanism)), "")
    path = f"{population}.{member}.v" if member else f"{population}.v"
    if path in assembly.state:
        return assembly.state[path], []
    inputs = assembly.model.inputs_of(part)
    program = outputs_program(population, part.members, inputs, [(member, "v")])
    program = replace(program, name=f"{population}_potential")
    stored = {path: assembly.backend.zeros((assembly.n_point, part.n_site), assembly.real)}
    return stored[path], [assembly.bind(program, part, stored)]


def delivery_calls(assembly: Assembly) -> list[Call]:
    """Operations that remember the spikes of this step and deliver those that arrive in it."""
    calls: list[Call] = []
    model = assembly.model
    for name, part in {**model.sources, **model.populations}.items():
        connections = [c for c in model.connections.values() if c.pre == name]
        ends = heard_by(assembly, name)
        if not connections and not ends:
            continue
        delays = [longest_delay(c, model.dt) for c in connections] + [max(s.delays) for s, end in ends if end == "pre"]
        history = SpikeHistory(
            assembly.n_point, part.lattice.shape, max(delays, default=0), row_length(part, connections),
            assembly.backend.zeros,
        )
        for synapses, end in ends:
            synapses.hear(end, history)
        assembly.keep(f"{name}.history.bits", history.bits)
        assembly.keep(f"{name}.history.busy", history.busy)
        released = [call for s, end in ends if end == "pre" for call in s.before_delivery()]
        deliveries = [call for c in connections for call in deliver(assembly, c, history)]
        calls += [*history.calls(assembly.spikes[name]), *released, *deliveries]
    return calls


def row_length(part, connections: list[Connection]) -> int | None:
    """How many sites make a row of a population's spikes: the last axis, where neighbourhoods ask for that.

    Elsewhere rows are of a length that many sites can be shared by, and few do not make many rows of.
    """
    if any(isinstance(c.wiring, Neighbourhood) and c.synapse is None for c in connections):
        return None
    return min(part.n_site, ROW_LENGTH)


def heard_by(assembly: Assembly, name: str) -> list[tuple[SynapseSet, str]]:
    """The plastic connections that listen to the spikes of a population or source, and at which end it is."""
    sets = assembly.synapse_sets.values()
    at_ends = {"pre": [s for s in sets if s.connection.pre == name], "post": [s for s in sets if s.post.name == name]}
    return [(s, end) for end, there in at_ends.items() for s in there if s.listens(end)]


def longest_delay(connection: Connection, dt: float) -> int:
    """Delay of the slowest of a set's connections, in steps."""
    own = getattr(connection.wiring, "delays", np.zeros(1, int))
    return delay_steps(connection, dt) + (int(own.max()) if own.size else 0)


def delay_steps(connection: Connection, dt: float) -> int:
    """A connection's axonal delay in whole steps."""
    return round(float(connection.delay) / dt)


def deliver(assembly: Assembly, connection: Connection, history: SpikeHistory) -> list[Call]:
    """The operations of one connection set."""
    if not connection.delivers:
        return []
    model, real = assembly.model, assembly.real
    owner, _, _ = model.owner(connection.target)
    amount, chance, ledger = assembly.values(f"{connection.name}.weight"), connection.probability, None
    if connection.synapse is not None:
        amount = np.ones((1, 1))  # the factor is in the synapses' own weights, from the start on
    if owner.name in model.transmitters:
        amount = amount * vesicle(assembly, owner.name)
        chance = model.values(f"{owner.name}.release_probability") if chance is None else chance
        ledger = assembly.account((assembly.n_point, owner.lattice.n_row), owner.name, "released")
    chance = release_chance(assembly, connection, chance)
    draws = chance is not None
    wiring, own = connection.wiring, {"upload": assembly.backend.asarray}
    if connection.name in assembly.synapse_sets:
        synapses = assembly.synapse_sets[connection.name]
        wiring, own = synapses.wiring, {"upload": synapses.upload, "weights": synapses.delivered}
    return wiring.calls(
        history, assembly.state[connection.target], assembly.to_device(amount, real), **own,
        delay=delay_steps(connection, model.dt), released=ledger,
        probability=chance, seeds=assembly.seeds if draws else None, stream=stream_of(f"{connection.name}.release"),
    )


def release_chance(assembly: Assembly, connection: Connection, chance):
    """Device array of the probabilities of release, (1 or n_point, 1 or n_source); None if every spike releases."""
    if isinstance(chance, str):
        return assembly.state[chance]
    chance = np.atleast_2d(np.asarray(1.0 if chance is None else chance, np.float64))
    if not ((chance >= 0) & (chance <= 1)).all():
        raise ModelError(f"{connection.name}.probability: {chance[(chance < 0) | (chance > 1)][0]} must be from 0 to 1")
    return assembly.to_device(chance) if (chance < 1).any() else None


def vesicle(assembly: Assembly, transmitter: str) -> np.ndarray:
    """What one vesicle adds to the concentration of its site, uM; broadcasts to (n_point, n_site)."""
    molecules = assembly.model.values(f"{transmitter}.quantum_size")
    return molecules_to_uM(molecules, assembly.model.values(f"{transmitter}.release_volume"))
