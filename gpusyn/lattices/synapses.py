"""How the cells of a lattice are connected: `connect`, and what can be asked of the connections."""
from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from gpusyn.errors import ModelError, nearest
from gpusyn.lattices.chemistry import Chemistry, transmitter_classes
from gpusyn.lattices.connecting import wiring_of
from gpusyn.lattices.contents import Synapses, copied
from gpusyn.lattices.grid import Grid
from gpusyn.lattices.matrices import weight_matrix
from gpusyn.lattices.systems import MultiNeurotransmitterSynapse, NeurotransmitterSystem
from gpusyn.mechanism import Mechanism
from gpusyn.model import free_name
from gpusyn.synapses import checked_rule
from gpusyn.wiring.normalising import NORMALISATIONS

MOST_DENSE = 25_000_000  # entries of `weights`: 200 MB


class Connected(Chemistry):
    """The part of a lattice that holds its synapses."""

    def connect(
        self, condition=None, weight=None, *, neurotransmitter=None, receptor=None, neurotransmitter_system=None,
        synapse_model=None, plasticity_rule=None, delay=0.0, normalisation=None, wiring=None,
    ) -> None:
        """Connect cells of the lattice with one another.

        Synapses that release a transmitter add to those that are there; each spike of a cell adds weight * quantum at
        the sites of its targets, where their receptors sit. Without a transmitter the synapses are electrical: every
        cell sees gap_conductance times the mean of weight * (v_pre - v_post) over all that are joined to it.

        Args:
            condition: ``condition(pre, post)`` of two positions (row, column); see `gpusyn.lattices.connecting`.
            weight: a number, or a callable like the condition.
            neurotransmitter, receptor: what is released, and the receptor (or a list) on the postsynaptic cells.
            neurotransmitter_system: a `NeurotransmitterSystem`, in their place.
            synapse_model: a `MultiNeurotransmitterSynapse`, in their place; or "classic".
            plasticity_rule: such as ``STDPRule()`` or ``TsodyksMarkram()``, or a list of rules that act together;
                every connection then has a weight of its own.
            delay: axonal, ms.
            normalisation: None, a sum; "mean_releasing" divides by the number of synapses of this transmitter onto the
                same cell.
            wiring: `Neighbourhood`, `AllToAll` or `SparseConnections` in the place of `condition` and `weight`.

        Raises:
            ModelError: nothing would be connected, fractions or names that do not fit, or two transmitters or receptors
                of one name with different parameters.
        """
        parts = parts_of(neurotransmitter, receptor, neurotransmitter_system, synapse_model)
        wiring = self.wired(self, condition, weight, wiring)
        self.synapses += self.received(self, wiring, parts, plasticity_rule, delay, normalisation)
        self.changed()

    def wired(self, source: Grid, condition, weight, wiring) -> Any:
        """The wiring given, or the one from the cells of `source` that condition and weight make."""
        if self.size == 0 or source.size == 0:
            raise ModelError("connect: the lattice has no cells; populate(neuron, rows, columns) first")
        if (wiring is None) == (condition is None):
            raise ModelError("connect: give a condition on two positions, or wiring=, and not both")
        if wiring is not None:
            return wiring
        return wiring_of(condition, weight, source.sites, self.sites, "connect")

    def received(self, source: Grid, wiring, parts, rule, delay, normalisation) -> list[Synapses]:
        """Synapses from the cells of `source`, with the transmitters and receptors that they need.

        Args:
            parts: what `parts_of` gives; none for electrical synapses.
            rule, delay, normalisation: as for `connect`.
        """
        if normalisation is not None and normalisation not in NORMALISATIONS:
            hint = nearest(normalisation, NORMALISATIONS)
            raise ModelError(f"connect: normalisation '{normalisation}' is unknown{hint}")
        rule, cells = checked_rule("connect", rule), "neurons" if source is self else source.cells
        taken = [synapses.name for synapses in [*self.synapses, *self.incoming]]
        if not parts:
            require_undelayed(delay, normalisation)
            rule = None if rule is None else copied(rule)
            return [Synapses(free_name(f"{cells}_gap", taken), None, wiring, rule=rule, may_learn=False)]
        found = []
        for system, fraction in parts:
            name = self.add_system(system, source)
            member = getattr(type(system.autoreceptor), "member", None)
            found.append(Synapses(free_name(f"{cells}_to_{name}", taken), name, wiring, fraction, delay,
                                  None if rule is None else copied(rule), normalisation, member))
            taken.append(found[-1].name)
        return found

    def add_system(self, system: NeurotransmitterSystem, source: Grid) -> str:
        """Give the lattice a system's transmitter and receptors, and `source` its autoreceptor; gives the transmitter.

        Raises:
            ModelError: an autoreceptor on cells that have no field of the transmitter around them.
        """
        name = self.add_neurotransmitter(system.neurotransmitter)
        for receptor in system.receptors:
            require_ligand(receptor, name)
            self.add_receptor(receptor)
        if system.autoreceptor is not None:
            require_ligand(system.autoreceptor, name)
            if not isinstance(source, Connected) or name not in source.channels:
                raise ModelError(f"connect: {type(system.autoreceptor).__name__} would sit on the cells of lattice "
                                 f"{source.id}, where there is no {name}: it is released at the targets")
            source.add_receptor(system.autoreceptor)
        return name

    def weights_now(self, synapses: Synapses) -> Any:
        """Weights of plastic synapses as they are now, (n,); None for others, and before anything has run."""
        path = f"{self.called(synapses.name)}.weight"
        if self.running.steps_done and path in self.running.simulation.state:
            return self.running.simulation.state[path]
        return None if synapses.learned is None else synapses.learned * synapses.weight

    # what is connected -----------------------------------------------------------------------------------------

    def synapses_of(self, transmitter: str | None = None) -> list[Synapses]:
        """The sets of one transmitter ("electrical" for gap junctions), by default of the first that was connected."""
        if not self.synapses:
            raise ModelError(f"lattice {self.id}: nothing is connected yet")
        wanted = transmitter or self.synapses[0].transmitter or "electrical"
        found = [s for s in self.synapses if (s.transmitter or "electrical") == wanted]
        if not found:
            known = {s.transmitter or "electrical" for s in self.synapses}
            raise ModelError(f"lattice {self.id}: no synapses of '{wanted}'{nearest(wanted, known)}")
        return found

    def get_weights(self, transmitter: str | None = None):
        """The weights as a SciPy CSR array, (source, target); where synapses are plastic, as they are now."""
        matrices = [weight_matrix(s, self.weights_now(s)).tocsr() for s in self.synapses_of(transmitter)]
        return reduce(add, matrices)

    @property
    def weights(self):
        """The weights as a dense array, 0 where nothing is connected; refused for large lattices."""
        if self.size**2 > MOST_DENSE:
            raise ModelError(f"weights: {self.size} x {self.size} entries are too many (at most {MOST_DENSE}); "
                             f"use get_weights(), which is sparse")
        return self.get_weights().toarray()

    def get_weight(self, pre: tuple[int, int], post: tuple[int, int], transmitter: str | None = None) -> float:
        """The weight from one position to another; 0 if they are not connected."""
        return float(self.get_weights(transmitter)[self.position_to_index(pre), self.position_to_index(post)])

    def get_incoming_connections(self, row: int, col: int, transmitter: str | None = None) -> list[tuple[int, int]]:
        """Positions of the cells that send to this one."""
        column = self.get_weights(transmitter)[:, [self.position_to_index((row, col))]].tocoo()
        return [self.index_to_position(k) for k in sorted(column.coords[0])]

    def get_outgoing_connections(self, row: int, col: int, transmitter: str | None = None) -> list[tuple[int, int]]:
        """Positions of the cells that this one sends to."""
        found = self.get_weights(transmitter)[[self.position_to_index((row, col))], :].tocoo()
        return [self.index_to_position(k) for k in sorted(found.coords[1])]

    def get_synapse_count(self, transmitter: str | None = None) -> int:
        """Number of connections of one transmitter, by default of all."""
        chosen = self.synapses if transmitter is None else self.synapses_of(transmitter)
        return sum(synapses.wiring.n_connections() for synapses in chosen)


def parts_of(neurotransmitter, receptor, system, model) -> list[tuple[NeurotransmitterSystem, float]]:
    """The transmitters that connections release, each with its receptors and its fraction; none if electrical."""
    together = model if isinstance(model, MultiNeurotransmitterSynapse) else None
    given = {"neurotransmitter": neurotransmitter, "neurotransmitter_system": system, "synapse_model": together}
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise ModelError(f"connect: {' and '.join(named)} both say what is released; give one of them")
    if receptor is not None and neurotransmitter is None:
        raise ModelError(f"connect: receptor {type(receptor).__name__} without neurotransmitter=; say what is released")
    if together is not None:
        return together.parts
    if system is not None:
        return [(system, 1.0)]
    if neurotransmitter is not None:
        return [(NeurotransmitterSystem(neurotransmitter, receptor, str(model or "classic")), 1.0)]
    if model is not None:
        raise ModelError(f"connect: synapse_model {model!r} without a neurotransmitter; say what is released")
    return []


def require_undelayed(delay, normalisation) -> None:
    """Raise a `ModelError` if electrical synapses are asked for what only chemical ones have."""
    if delay or normalisation is not None:
        raise ModelError("connect: electrical synapses have no delay, and always act by their mean; "
                         "name a neurotransmitter for chemical ones")


def require_ligand(receptor: Mechanism, transmitter: str) -> None:
    """Raise a `ModelError` if a receptor does not read a transmitter."""
    if transmitter not in receptor.quantities:
        reads = [name for name in receptor.quantities if name in transmitter_classes()]
        what = f"it reads {', '.join(reads)}" if reads else "it reads no transmitter"
        raise ModelError(f"connect: {type(receptor).__name__} is not a receptor of {transmitter}; {what}")
