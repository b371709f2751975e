"""From what a lattice holds to a `gpusyn.Model`: functions that add one lattice to a model.

In a model of its own the population is called "neurons" and a field as its transmitter; in a network every name ends
with the lattice's suffix ("neurons_3", "glutamate_3").
"""
from __future__ import annotations

import copy
from typing import Any

import numpy as np

from gpusyn.lattice import Lattice
from gpusyn.lattices.chemistry import Chemistry, transmitter_classes
from gpusyn.lattices.contents import Channel, Synapses, copied
from gpusyn.lattices.treatments import treat
from gpusyn.mechanism import Mechanism
from gpusyn.model import Model
from gpusyn.quantities import Given
from gpusyn.wiring import GapJunctions


def build_model(lattice) -> Model:
    """The model of a lattice that stands alone."""
    model = Model(lattice.sites, dt=lattice.dt, name=f"lattice_{lattice.id}")
    add_lattice(model, lattice)
    return model


def add_lattice(model: Model, lattice) -> None:
    """Add a lattice's cells, transmitters and synapses to a model; a lattice without cells adds nothing."""
    if lattice.size == 0:
        return
    add_cells(model, lattice)
    add_transmitters(model, lattice)
    if lattice.chemical_synapse:
        add_synapses(model, lattice)
    if lattice.electrical_synapse:
        add_junctions(model, lattice)
    treat(model, lattice)


def add_cells(model: Model, lattice: Chemistry) -> None:
    """Add the population: the neuron with everything that sits on it."""
    members = {name: bound(lattice, copied(mechanism)) for name, mechanism in lattice.members.items()}
    for synapses in lattice.synapses:
        if synapses.autoreceptor is not None and synapses.transmitter is not None:
            probability = lattice.channels[synapses.transmitter].transmitter.get("release_probability")
            members[synapses.autoreceptor].set("base_release_probability", probability)
    if "nmda" in members and "calcium" in members and "nmda_current" not in members["calcium"].bindings:
        members["calcium"].set("nmda_current", "nmda.current")
    model.add_population(lattice.called("neurons"), copied(lattice.neuron), lattice=lattice.sites, **members)


def add_transmitters(model: Model, lattice: Chemistry) -> None:
    """Add a field for every transmitter of the lattice, and for those that only its receptors know of."""
    for name, channel in lattice.channels.items():
        add_field(model, lattice, name, channel)
    for name in lattice.unprovided():
        add_field(model, lattice, name, Channel(transmitter_classes()[name]()))


def add_field(model: Model, lattice: Chemistry, name: str, channel: Channel) -> None:
    """Add the field of one transmitter; decay adds to reuptake."""
    transmitter = copied(channel.transmitter)
    if channel.decay_rate:
        transmitter.set("reuptake_rate", transmitter.get("reuptake_rate") + channel.decay_rate)
    members: dict[str, Any] = {member: copied(mechanism) for member, mechanism in channel.members.items()}
    where = Lattice(lattice.shape, lattice.spacing, channel.edges)
    model.add_transmitter(lattice.called(name), transmitter, lattice=where, **members)


def add_synapses(model: Model, lattice: Chemistry) -> None:
    """Add the chemical synapses within a lattice."""
    for synapses in lattice.synapses:
        if synapses.transmitter is not None:
            add_chemical(model, lattice, lattice, synapses, lattice.synapses)


def add_chemical(
    model: Model, source: Chemistry, target: Chemistry, synapses: Synapses, others: list[Synapses]
) -> None:
    """Add one set of synapses from the cells of `source` to a field of `target`; `others` lead to the same cells."""
    assert synapses.transmitter is not None
    probability = None
    if synapses.autoreceptor is not None:
        probability = source.path_of(f"neurons.{synapses.autoreceptor}", "release_probability")
    more: dict[str, Any] = {} if synapses.rule is None else {"synapse": copied(synapses.rule)}
    model.connect(
        source.called("neurons"), target.called(synapses.transmitter), normalised(synapses, others),
        weight=synapses.weight, delay=synapses.delay, probability=probability, name=target.called(synapses.name),
        **more,
    )


def normalised(synapses: Synapses, others: list[Synapses]):
    """The wiring; for "mean_releasing" every target's sum is divided by the number of synapses that release to it."""
    if synapses.normalisation is None:
        return synapses.wiring
    degree = sum(s.wiring.in_degree() for s in others if s.transmitter == synapses.transmitter)
    return with_target_factor(synapses.wiring, 1.0 / np.maximum(degree, 1))


def with_target_factor(wiring, factor):
    """The same wiring with a factor on what each target receives."""
    twin = copy.copy(wiring)
    twin.to_sites = factor if wiring.to_sites is None else factor * wiring.to_sites
    return twin


def add_junctions(model: Model, lattice: Chemistry) -> None:
    """Add the electrical synapses: each cell sees the mean over all that are joined to it, by its gap_conductance."""
    junctions = [synapses for synapses in lattice.synapses if synapses.transmitter is None]
    degree = np.maximum(sum(s.wiring.in_degree() for s in junctions), 1)
    conductance = np.asarray(lattice.neuron.get("gap_conductance"), np.float64).reshape(-1)
    for synapses in junctions:
        wiring = GapJunctions(with_target_factor(synapses.wiring, conductance / degree))
        model.couple(lattice.called("neurons"), wiring, name=lattice.called(synapses.name))


def bound(lattice: Chemistry, mechanism: Mechanism) -> Mechanism:
    """A mechanism that reads the lattice's own fields, also where their names carry a suffix."""
    if lattice.suffix:
        fields = {*lattice.channels, *lattice.unprovided()}
        for name, quantity in mechanism.quantities.items():
            if isinstance(quantity, Given) and mechanism.get(name) in fields:
                mechanism.set(name, lattice.called(mechanism.get(name)))
    return mechanism
