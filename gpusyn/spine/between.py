"""Synapses between neurons: mechanisms of the one, which read the other over links, or what the host asks."""
from __future__ import annotations

import copy
from typing import Any

from gpusyn.errors import ModelError
from gpusyn.receptors.graded import CalciumCoupling
from gpusyn.spine import hosted
from gpusyn.spine.electricity import potential_of
from gpusyn.spine.sources import direct
from gpusyn.spine.synapse.receptors import NativeReceptor
from gpusyn.spine.synapse.synapses import CalciumCoupledSynapse, ChemicalSynapse, DirectCalciumRelease
from gpusyn.spine.translating import UntranslatableError, mechanism_of
from gpusyn.spine.units import PER_MS, UM
from gpusyn.wiring import SparseConnections


def connect(cell, place: int, publish) -> None:
    """Add the members of synapses that other neurons drive, and the links that they read.

    Args:
        cell: a `gpusyn.spine.building.Cell`.
        place: the number of its neuron.
        publish: brings every neuron's `sol` up to date.
    """
    members, tabulated = cell.model.populations[cell.name].members, direct(cell.neuron)
    for number, synapse in enumerate(cell.neuron.synapse_instances):
        if isinstance(synapse, ChemicalSynapse | CalciumCoupledSynapse):
            for layer, connections in enumerate(layers(cell, place, synapse)):
                driven(cell, members, f"driven{number}_{layer}", synapse, connections)
        elif synapse not in tabulated and not isinstance(synapse, DirectCalciumRelease):
            hosted.warn(f"{cell.name}: {type(synapse).__name__}", "it computes its flux itself")
            ip3 = synapse.domain == "ip3"
            members[f"hosted{number}"] = hosted.HostedIP3() if ip3 else hosted.HostedCalcium()
            cell.built.acts.append(hosted.HostedSynapse(f"{cell.name}.hosted{number}.level", synapse, cell.neuron,
                                                        (cell.communicator, place), publish))


def layers(cell, place, synapse) -> list[list]:
    """The connections to a synapse's nodes, each node at most once in a layer."""
    found = [] if cell.communicator is None else cell.communicator.to(place)
    layers: list[dict[int, Any]] = []
    for connection in (c for c in found if c.post_node in synapse.post_nodes):
        layer = next((one for one in layers if connection.post_node not in one), None)
        if layer is None:
            layers.append(layer := {})
        layer[connection.post_node] = connection
    return [list(layer.values()) for layer in layers]


def driven(cell, members, member, synapse, connections) -> None:
    """Add one member, whose presynaptic values come over a link from another neuron."""
    weight = cell.weights({c.post_node: c.weight * getattr(synapse, "weight", 1.0) for c in connections})
    try:
        made = mechanism(cell, synapse, weight)
    except UntranslatableError as reason:
        hosted.warn(f"{cell.name}: {type(synapse.receptor_model).__name__}", str(reason))
        return host(cell, members, member, synapse, connections)
    for given_name, quantity in (("pre_v", potential_of), ("pre_ca", lambda neuron: "ca")):
        if given_name in made.quantities:
            made.set(given_name, link(cell, f"{cell.name}_{member}_{given_name}", connections, quantity))
    members[member] = made


def mechanism(cell, synapse, weight):
    """What a synapse between neurons becomes."""
    if isinstance(synapse, CalciumCoupledSynapse):
        return CalciumCoupling(sensitivity=synapse.sensitivity * PER_MS, weight=weight,
                               resting_ca=cell.neuron.settings.cceq * UM)
    receptor = synapse.receptor_model
    if isinstance(receptor, NativeReceptor) and receptor.is_native:
        return receptor.native(weight)
    return mechanism_of(receptor, cell.neuron.settings.dt)(weight=weight)


def link(cell, name, connections, quantity) -> str:
    """The link along which a presynaptic quantity comes, by name.

    Raises:
        ModelError: the connections of one synapse come from several neurons.
    """
    pre = {c.pre for c in connections}
    if len(pre) > 1:
        raise ModelError(f"{name}: one synapse is driven by neurons {sorted(pre)}; give each a synapse of its own")
    source = cell.built.names[pre.pop()]
    n_source = cell.model.populations[source].n_site
    wiring = SparseConnections([c.pre_node for c in connections], [c.post_node for c in connections], 1.0,
                               n_source=n_source, n_target=cell.neuron.n_node)
    neuron = cell.communicator.neurons[connections[0].pre]
    cell.model.link(name, f"{source}.{quantity(neuron)}", cell.name, wiring)
    return name


def host(cell, members, member, synapse, connections) -> None:
    """Add a receptor that the host asks, a copy for each connection."""
    for k, c in enumerate(connections):
        members[f"{member}_{k}"] = hosted.HostedCurrent()
        pre = cell.built.names[c.pre], cell.communicator.neurons[c.pre], c.pre_node
        cell.built.acts.append(hosted.HostedReceptor(
            f"{cell.name}.{member}_{k}.level", copy.deepcopy(synapse.receptor_model), pre,
            (cell.name, cell.neuron, c.post_node), c.weight * synapse.weight))
