"""From what a lattice holds to a `gpusyn.Model`: functions that add one lattice to a model.

In a model of its own the population is called "neurons" and a field as its transmitter; in a network every name ends
with the lattice's suffix ("neurons_3", "glutamate_3").
"""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.lattice import Lattice
from gpusyn.lattices.chemistry import Chemistry, transmitter_classes
from gpusyn.lattices.contents import Channel, Synapses, copied
from gpusyn.lattices.grid import Grid
from gpusyn.lattices.learning import Learning
from gpusyn.lattices.matrices import MOST_ENTRIES
from gpusyn.lattices.treatments import treat
from gpusyn.mechanism import Mechanism
from gpusyn.model import Model
from gpusyn.quantities import Given
from gpusyn.transmitters import FirstOrderUptake
from gpusyn.wiring import AllToAll, GapJunctions, Neighbourhood
from gpusyn.wiring.normalising import mean_over, with_target_factor

AT_ONCE = 10.0  # clearances per step: exp(-10) is left, well above round-off


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
        add_junctions(model, lattice, [(lattice, s) for s in lattice.synapses if s.transmitter is None])
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
    if channel.cleared is not None:
        members["beyond_radius"] = FirstOrderUptake(rate=channel.cleared * AT_ONCE / model.dt)
    where = Lattice(lattice.shape, lattice.spacing, channel.edges)
    model.add_transmitter(lattice.called(name), transmitter, lattice=where, **members)


def add_synapses(model: Model, lattice: Learning) -> None:
    """Add the chemical synapses within a lattice."""
    for synapses in lattice.synapses:
        if synapses.transmitter is not None:
            add_chemical(model, lattice, lattice, synapses, lattice.synapses)


def add_chemical(
    model: Model, source: Grid, target: Learning, synapses: Synapses, others: list[Synapses]
) -> None:
    """Add one set of synapses from the cells of `source` to a field of `target`; `others` lead to the same cells."""
    assert synapses.transmitter is not None
    probability = None
    if synapses.autoreceptor is not None:
        probability = source.path_of(f"neurons.{synapses.autoreceptor}", "release_probability")
    rule = target.rule_of(synapses)
    more: dict[str, Any] = {} if rule is None else {"synapse": rule, "post": target.cells}
    model.connect(
        source.cells, target.called(synapses.transmitter), normalised(target.wiring_of(synapses), synapses, others),
        weight=synapses.weight, delay=synapses.delay, probability=probability, name=target.called(synapses.name),
        **more,
    )


def normalised(wiring, synapses: Synapses, others: list[Synapses]):
    """The wiring; for "mean_releasing" every target's sum is divided by the number of synapses that release to it."""
    if synapses.normalisation is None:
        return wiring
    return mean_over(wiring, [s.wiring for s in others if s.transmitter == synapses.transmitter])


def add_junctions(model: Model, target: Learning, junctions: list[tuple[Grid, Synapses]]) -> None:
    """Add electrical synapses, each with the lattice that it comes from.

    A cell sees the mean over all that are joined to it, times its gap_conductance.
    """
    degree = np.maximum(sum(synapses.wiring.in_degree() for _, synapses in junctions), 1)
    conductance = np.asarray(target.neuron.get("gap_conductance"), np.float64).reshape(-1)
    for source, synapses in junctions:
        name, weights, wiring = target.called(synapses.name), "", target.wiring_of(synapses)
        wiring, rule = conducting(wiring, source is target), target.rule_of(synapses)
        if rule is not None:
            wiring, weights = wiring.listed(), name
            model.connect(source.cells, f"{target.cells}.v", wiring, name=name, synapse=rule, delivers=False)
        junction = GapJunctions(with_target_factor(wiring, conductance / degree))
        model.couple(target.cells, junction, source=source.membranes, drives=source.drives, weights=weights,
                     name=f"{name}_current" if weights else name)


def conducting(wiring, within: bool):
    """A wiring along which currents can flow: a list where it is all-to-all, or leads to another lattice.

    Raises:
        ModelError: all-to-all connections of too many cells.
    """
    if isinstance(wiring, AllToAll) and wiring.n_source * wiring.n_target > MOST_ENTRIES:
        raise ModelError(f"{wiring.name}: electrical synapses between all of {wiring.n_source} and {wiring.n_target} "
                         f"cells are too many (at most {MOST_ENTRIES}); join neighbours, or use SparseConnections")
    return wiring if within and isinstance(wiring, Neighbourhood) else wiring.listed()


def bound(lattice: Chemistry, mechanism: Mechanism) -> Mechanism:
    """A mechanism that reads the lattice's own fields, also where names carry a suffix or rewards are dopamine too."""
    fields = {*lattice.channels, *lattice.unprovided()}
    for name, quantity in mechanism.quantities.items():
        if isinstance(quantity, Given) and mechanism.get(name) in fields:
            mechanism.set(name, lattice.path_of(mechanism.get(name), "concentration"))
    return mechanism
