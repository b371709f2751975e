"""Plastic connections: what a model says of the states beside its synapses. Nothing here knows a device.

A connection with a rule (`Connection.synapse`) is a synapse set. The rule's states are kept per synapse, in the order
of the wiring's list (by delay, source, target), or per neuron at one end (traces). Presynaptic spikes act when they
arrive, after the delay; where connections differ in delay, a presynaptic neuron has one trace for each distinct delay,
of the spikes as they arrive: place k * n_source + source is of distinct delay number k.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpusyn.combined_rules import combined
from gpusyn.errors import ModelError, nearest
from gpusyn.fusing.synapses import lagging
from gpusyn.lattice import Lattice
from gpusyn.mechanism import Mechanism, settable
from gpusyn.quantities import Given, Output, Parameter, State

ENDS = ("pre", "post")
MOST_SYNAPSES = 2**31 - 1  # their numbers are 32-bit


@dataclass(frozen=True)
class SynapsePart:
    """What holds one kind of a rule's quantities: the synapses ("item"), or the neurons at one end.

    Attributes:
        lattice: of the neurons, or a row of all synapses.
    """

    name: str
    members: dict[str, Mechanism]
    lattice: Lattice
    at: str

    @property
    def n_site(self) -> int:
        """Number of synapses or neurons."""
        return self.lattice.n_site


def checked_rule(name: str, rule: Any) -> Mechanism | None:
    """A rule as it is given to `Model.connect`; a class stands for its defaults, a list for all of them together.

    Raises:
        ModelError: it is no mechanism, or has no weight; or several do not fit together.
    """
    if rule is None:
        return None
    if isinstance(rule, list | tuple):
        rules = [checked for one in rule if (checked := checked_rule(name, one)) is not None]
        try:
            return combined(rules)
        except ModelError as error:
            raise ModelError(f"{name}.{error}") from None
    rule = rule() if isinstance(rule, type) and issubclass(rule, Mechanism) else rule
    if not isinstance(rule, Mechanism):
        raise ModelError(f"{name}.synapse: {rule!r} is not a mechanism; pass e.g. STDPRule()")
    if not isinstance(rule.quantities.get("weight"), State | Output):
        raise ModelError(f"{name}.synapse: {type(rule).__name__} has neither a state nor an output called 'weight'")
    return rule


def belongs_to_rule(connection: Any, name: str) -> bool:
    """Whether a name after a connection's is one of its rule's; the weight is the connection's factor."""
    rule = getattr(connection, "synapse", None)
    return rule is not None and name != "weight" and name in settable(type(rule))


# parts ---------------------------------------------------------------------------------------------------------


def parts_of(model, connection) -> dict[str, SynapsePart]:
    """The parts of a synapse set: "item", "pre" and "post".

    Raises:
        ModelError: no connection exists, or too many.
    """
    listed, pre = connection.wiring.listed(), {**model.populations, **model.sources}[connection.pre]
    n_synapse = listed.n_connections()
    if not 0 < n_synapse <= MOST_SYNAPSES:
        why = "connects nothing" if n_synapse == 0 else f"makes {n_synapse} synapses, more than {MOST_SYNAPSES}"
        raise ModelError(f"{connection.name}.wiring: it {why}; a rule needs synapses to act on")
    per_delay = pre.lattice if len(listed.delays) == 1 else Lattice((len(listed.delays) * pre.n_site,))
    lattices = {"item": Lattice((n_synapse,)), "pre": per_delay, "post": post_of(model, connection).lattice}
    members = {"": connection.synapse}
    return {at: SynapsePart(connection.name, members, lattice, at) for at, lattice in lattices.items()}


def owner(model, connection, name: str) -> tuple[SynapsePart, Mechanism, str]:
    """What `Model.owner` says of a name after a connection's: the part that holds it, the rule, the name.

    Raises:
        ModelError: the rule has no such quantity.
    """
    quantities = connection.synapse.quantities
    known = [n for n, q in quantities.items() if isinstance(q, Parameter | State | Output)]
    if name not in known:
        kind = type(connection.synapse).__name__
        raise ModelError(f"'{connection.name}.{name}': {kind} has no '{name}'{nearest(name, known)}")
    return parts_of(model, connection)[getattr(quantities[name], "at", "item")], connection.synapse, name


def sizes(model, connection, name: str) -> tuple[int, ...]:
    """How many values, beside one, a quantity of a connection may have: of its rule, one per synapse or neuron."""
    if not belongs_to_rule(connection, name):
        return (1,)
    return tuple({part.n_site: None for part in parts_of(model, connection).values()})


def synapse_lattices(model) -> dict[str, Lattice]:
    """The lattice of every synapse set, by its name, and of the traces that it keeps per neuron, by theirs."""
    found = {}
    for connection in model.connections.values():
        if connection.synapse is not None:
            parts = parts_of(model, connection)
            found[connection.name] = parts["item"].lattice
            found |= {f"{connection.name}.{q.name}": parts[q.at].lattice
                      for q in connection.synapse.quantities.values() if isinstance(q, State) and q.at != "item"}
    return found


def has_own_array(model, path: str) -> bool:
    """Whether there is an array of a quantity as it is now: of states, and of a weight that a rule computes.

    There is none of what else is computed, nor of states that synapses keep as of their latest event.
    """
    first, _, rest = path.partition(".")
    if first in model.connections:
        return rest not in lagging(model.connections[first].synapse) and (
            rest == "weight" or isinstance(model.quantity(path), State))
    return not isinstance(model.quantity(path), Output)


def place_of(model, part, site: int) -> str:
    """A site of a population, transmitter or synapse set in words."""
    if isinstance(part, SynapsePart) and part.at == "item":
        sources, targets = model.connections[part.name].ends()
        return f"synapse {site} (from site {sources[site]} to site {targets[site]})"
    return f"site {tuple(int(k) for k in np.unravel_index(site, part.lattice.shape))}"


def post_of(model, connection) -> Any:
    """The population whose spikes are postsynaptic.

    Raises:
        ModelError: it does not exist, several could be meant, or it has another number of cells than the target.
    """
    target, _, _ = model.owner(connection.target)
    if connection.post is not None:
        if connection.post not in model.populations:
            raise ModelError(f"{connection.name}.post: '{connection.post}' is not a population"
                             f"{nearest(connection.post, model.populations)}")
        found = model.populations[connection.post]
        if found.n_site != target.n_site:
            raise ModelError(f"{connection.name}.post: '{found.name}' has {found.n_site} cells, and "
                             f"'{connection.target}' {target.n_site} sites; each synapse has a cell at its site")
        return found
    if target.name in model.populations:
        return target
    here = [p for p in model.populations.values() if p.lattice.same_sites(target.lattice)]
    if len(here) != 1:
        choices = " or ".join(f"'{p.name}'" for p in here) or "none has such a lattice"
        raise ModelError(f"{connection.name}.post: whose spikes are postsynaptic? Name the population ({choices})")
    return here[0]


# weights -------------------------------------------------------------------------------------------------------


def start_weights(model, connection) -> np.ndarray:
    """Weights at time 0, (1 or n_point, 1 or n_synapse): the rule's own if set, else the wiring's; times the factor.

    Raises:
        ModelError: another number of weights than synapses, or a weight outside the rule's bounds.
    """
    rule, listed = connection.synapse, connection.wiring.listed()
    given = rule.initial.get("weight", listed.weights)
    given = model.values(f"{connection.name}.{given}") if isinstance(given, str) else np.asarray(given, np.float64)
    if given.size not in (1, listed.n_connections()):
        raise ModelError(f"{connection.name}.weight: {given.size} values for {listed.n_connections()} synapses; give "
                         "one, or one each")
    weights = given.reshape(-1, given.shape[-1] if given.ndim else 1) * model.values(f"{connection.name}.weight")
    for bound, outside in (("weight_min", np.less), ("weight_max", np.greater)):
        limit = rule.values.get(bound)
        if limit is not None and np.any(outside(weights, limit)):
            value = weights[outside(weights, limit)][0]
            raise ModelError(f"{connection.name}.weight: starts at {value:g}, beyond {bound} = {np.asarray(limit)}")
    return weights


# what a rule reads of the neurons ------------------------------------------------------------------------------


def inputs_of(model, connection) -> dict[str, tuple[str, str]]:
    """What each given of a rule reads at its end: (dotted name, unit), by the given's name.

    Raises:
        ModelError: nothing provides a given that must be there, several things do, or spikes arrive at several times.
    """
    found = {}
    for given in connection.synapse.quantities.values():
        if not (isinstance(given, Given) and given.kind == "given"):
            continue
        wanted = connection.synapse.bindings.get(given.name, given.name)
        choices = readable_at(model, connection, given.at)
        paths = choices.get(wanted, {})
        place = f"{connection.name}.{given.name}"
        if len(paths) > 1:
            raise ModelError(f"{place}: several things are called '{wanted}'; bind it to {' or '.join(paths)}")
        if paths:
            found[given.name] = next(iter(paths.items()))
            refuse_delays(connection, given, place)
        elif given.default is None or given.name in connection.synapse.bindings:
            where = f"{given.at}synaptic neurons" if given.at in ENDS else "a synapse"
            raise ModelError(f"{place}: '{wanted}' is nothing that {where} can read{nearest(wanted, choices)}")
    return found


def readable_at(model, connection, end: str) -> dict[str, dict[str, str]]:
    """What can be read at one end: for each way to write it, the unit by dotted name.

    A field of the same sites, or a state or output of the population: "neurons.reward.level", "reward.level", "level".
    """
    found: dict[str, dict[str, str]] = {}
    population = post_of(model, connection) if end == "post" else model.populations.get(connection.pre)
    if end not in ENDS or population is None:
        return found
    for name, (path, unit) in model.inputs_of(population).items():
        for spelling in (name, path):
            found.setdefault(spelling, {})[path] = unit
    for member, mechanism in population.members.items():
        for name, quantity in mechanism.quantities.items():
            if isinstance(quantity, State | Output):
                short = f"{member}.{name}" if member else name
                for spelling in {name, short, f"{population.name}.{short}"}:
                    found.setdefault(spelling, {})[f"{population.name}.{short}"] = quantity.unit
    return found


def refuse_delays(connection, given, place: str) -> None:
    """Raise a ModelError where presynaptic values are asked for by connections of several delays."""
    if given.at == "pre" and len(connection.wiring.listed().delays) > 1:
        raise ModelError(f"{place}: read at presynaptic neurons whose spikes arrive after several delays; give all "
                         "connections one delay")


def outputs_read(model, population) -> list[tuple[str, str]]:
    """The outputs of a population, as (member, output), that rules read."""
    found: dict[tuple[str, str], None] = {}
    for connection in model.connections.values():
        if connection.synapse is None:
            continue
        for path, _ in inputs_of(model, connection).values():
            first, _, rest = path.partition(".")
            member, _, name = rest.rpartition(".")
            if first == population.name and isinstance(population.members[member].quantities[name], Output):
                found[member, name] = None
    return list(found)


def shared_parameters(model, connection) -> dict[str, str]:
    """Parameters that a rule takes from the mechanism that one of its givens is bound to: their dotted names.

    A rule's `taken_from` names the given for each; what is set on the rule itself, or swept, stays the rule's.
    """
    rule, inputs, found = connection.synapse, inputs_of(model, connection), {}
    for name, given in getattr(type(rule), "taken_from", {}).items():
        place = inputs.get(given, ("", ""))[0].rpartition(".")[0]
        _, _, member = place.partition(".")
        first = model.populations.get(place.partition(".")[0])
        there = first is not None and isinstance(first.members[member].quantities.get(name), Parameter)
        own = (np.any(rule.values[name] != rule.quantities[name].default)
               or f"{connection.name}.{name}" in model.sweep.axes)
        if there and not own:
            found[name] = f"{place}.{name}"
    return found
