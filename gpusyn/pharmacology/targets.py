"""What a drug acts on in a model, and putting it there."""
from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gpusyn.errors import nearest, users_level
from gpusyn.mechanism import Mechanism
from gpusyn.model import Model, free_name
from gpusyn.parts import Field, Population
from gpusyn.pharmacology.agent import PharmacologicalAgent
from gpusyn.quantities import Output
from gpusyn.transmitters.uptake import FirstOrderUptake

REUPTAKE = "reuptake"  # member that a field's first-order reuptake becomes
OTHER_WORDS = {"acetylcholinesterase": "acetylcholine_transporter"}


@dataclass
class Place:
    """A member of a population or transmitter, and what of it is named."""

    part: Population | Field
    member: str
    quantity: str = ""

    @property
    def mechanism(self) -> Mechanism:
        """What the member is, or will be."""
        return self.part.members.get(self.member, FirstOrderUptake())


def apply_pharmacology(model: Model, agent: PharmacologicalAgent) -> list[str]:
    """Put a drug on a model: a member for each receptor or transporter that it acts on.

    A transmitter without transporters has its first-order reuptake moved into a member ``reuptake``
    (`FirstOrderUptake`), so that a drug can act on it. If nothing of the name is there, a warning says what is, and
    nothing changes.

    Returns:
        The dotted names of the members that were added, such as "serotonin.drug".

    Raises:
        ModelError: the drug does not act on what its target names.
    """
    places = places_of(model, agent.target)
    if not places:
        warnings.warn(f"pharmacology: nothing is called '{agent.target}' here, so that the drug changes nothing"
                      f"{nearest(agent.target, known_targets(model))}", stacklevel=users_level())
    drugs = [agent.mechanism_for(place.member, place.mechanism, place.quantity) for place in places]
    added = []
    for place, drug in zip(places, drugs, strict=True):
        if place.member not in place.part.members:
            move_reuptake(model, place.part)
        name = free_name(agent.name, place.part.members)
        place.part.members[name] = drug
        added.append(f"{place.part.name}.{name}")
    return added


def places_of(model: Model, target: str) -> list[Place]:
    """The receptors or transporters that a target names; see `PharmacologicalAgent`."""
    if "." in target:
        return dotted(model, target)
    word = OTHER_WORDS.get(target, target)
    name, _, what = word.rpartition("_")
    if what in ("transporter", "reuptake"):
        fields = [f for f in model.transmitters.values() if name in (f.name, transmitter_of(f))]
        return [place for field in fields for place in uptake_places(field, what)]
    wanted = word.removesuffix("_receptor")
    return [Place(part, member) for part in model.populations.values() for member in receptors(part)
            if wanted in (member, getattr(part.members[member], "member", ""))]


def dotted(model, target) -> list[Place]:
    """The member, or the quantity of a member, of a dotted name; nothing if it does not exist."""
    first, _, rest = target.partition(".")
    part = {**model.populations, **model.transmitters}.get(first)
    if part is None:
        return []
    if rest in part.members:
        return [Place(part, rest)]
    member, _, quantity = rest.rpartition(".")
    known = member in part.members and quantity in part.members[member].quantities
    return [Place(part, member, quantity)] if known else []


def uptake_places(field: Field, what: str) -> list[Place]:
    """A field's transporters; its first-order reuptake too if that is meant, or if there are no transporters."""
    saturating = [Place(field, name) for name, m in field.members.items()
                  if isinstance(m.quantities.get("uptake"), Output) and "k_m" in m.quantities]
    if saturating and what == "transporter":
        return saturating
    first_order = REUPTAKE in field.members or np.any(np.asarray(field.members[""].get("reuptake_rate")) > 0)
    return saturating + ([Place(field, REUPTAKE)] if first_order else [])


def move_reuptake(model: Model, field) -> None:
    """Turn a field's first-order reuptake into a member that does the same, with its sweep."""
    old, new = f"{field.name}.reuptake_rate", f"{field.name}.{REUPTAKE}.rate"
    field.members[REUPTAKE] = FirstOrderUptake(rate=field.members[""].get("reuptake_rate"))
    field.members[""].set("reuptake_rate", 0.0)
    model.sweep.axes = {new if path == old else path: values for path, values in model.sweep.axes.items()}


def transmitter_of(field: Field) -> str:
    """The name of what a field consists of."""
    return getattr(field.members[""], "transmitter", "")


def receptors(part: Population) -> list[str]:
    """The members that bind a transmitter."""
    return [name for name, m in part.members.items() if getattr(m, "transmitter", "") in m.quantities]


def known_targets(model: Model) -> Iterable[str]:
    """What a drug could be given to in a model."""
    for field in model.transmitters.values():
        word = transmitter_of(field) or field.name
        yield from (f"{word}_{what}" for what in ("transporter", "reuptake") if uptake_places(field, what))
    for part in model.populations.values():
        yield from (f"{name}_receptor" for name in receptors(part))
