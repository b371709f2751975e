"""Disorders of transmission: what is released less, and how the tissue makes up for it."""
from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gpusyn.errors import ModelError, nearest, users_level
from gpusyn.model import Model
from gpusyn.pharmacology.targets import REUPTAKE, receptors, transmitter_of
from gpusyn.quantities import path_of
from gpusyn.receptors.autoreceptors import Autoreceptor

MECHANISMS = ("receptor_upregulation", "reuptake_downregulation")
MOST_UPREGULATION = 2.0
RELEASED = ("quantum_size", "source", "initial_concentration")
# What a receptor does in proportion to its density. Where G protein is produced, the conductance is another channel's.
G_PROTEIN = ("g_protein_production",)
EFFECTS = ("conductance", "max_ip3_production", "max_camp_production", "max_calcium_influx")


@dataclass(frozen=True)
class NeurologicalDisorderModel:
    """A lack of transmitters, and what compensates for it.

    `neurotransmitter_deficit` gives the fraction that remains: 0.3 of dopamine is a loss of 70 %. Vesicles, constant
    supply and the level at the start are scaled by it, so that with uptake in proportion to the concentration the
    whole course is. Compensation, for each transmitter that is lacking:

        receptor_upregulation     receptors for it become denser by `upregulation`: their conductances, production of
                                  messengers, and how far their modulation_factor is from 1. Autoreceptors stay.
        reuptake_downregulation   reuptake and transporters go with the terminals: their rates are scaled by the
                                  fraction that remains. Alone, it restores the level in the steady state.

    Without `upregulation` receptors become denser by 1 / fraction, but at most twofold. After a loss of dopamine D2
    receptors become denser by a fifth to two fifths: Creese, Burt & Snyder (1977) Science 197:596 (recalled); the
    limit is proposed.

    Raises:
        ModelError: a fraction outside 0 to 1, an unknown mechanism, an upregulation below 1.
    """

    neurotransmitter_deficit: Mapping[str, float] = field(default_factory=dict)
    compensatory_mechanisms: Sequence[str] = ()
    upregulation: float | None = None

    def __post_init__(self):
        for name, fraction in self.neurotransmitter_deficit.items():
            if not 0 <= fraction <= 1:
                raise ModelError(f"NeurologicalDisorderModel.neurotransmitter_deficit: {name} = {fraction} must be the "
                                 f"fraction that remains, from 0 to 1")
        for name in self.compensatory_mechanisms:
            if name not in MECHANISMS:
                raise ModelError(f"NeurologicalDisorderModel.compensatory_mechanisms: '{name}' is "
                                 f"unknown{nearest(name, MECHANISMS)}")
        if self.upregulation is not None and not self.upregulation >= 1:
            raise ModelError(f"NeurologicalDisorderModel.upregulation: {self.upregulation} must be at least 1")

    def density_factor(self, fraction: float) -> float:
        """How much denser receptors become when this fraction of their transmitter remains."""
        if self.upregulation is not None:
            return self.upregulation if fraction < 1 else 1.0
        return min(MOST_UPREGULATION, 1.0 / fraction if fraction > 0 else MOST_UPREGULATION)


def apply_disorder_model(model: Model, disorder: NeurologicalDisorderModel) -> list[str]:
    """Scale a model's parameters as a disorder does; a second call scales them again.

    A transmitter that the model does not have is a warning that names those that it has.

    Returns:
        The dotted names of the parameters that changed.
    """
    changes = Changes(model)
    for name, fraction in disorder.neurotransmitter_deficit.items():
        fields = [f for f in model.transmitters.values() if name in (f.name, transmitter_of(f))]
        if not fields:
            known = {transmitter_of(f) or f.name for f in model.transmitters.values()}
            warnings.warn(f"disorder: there is no {name} here, so that its deficit changes nothing"
                          f"{nearest(name, known)}", stacklevel=users_level())
            continue
        for part in fields:
            changes.scale(part, "", RELEASED, fraction)
            if "reuptake_downregulation" in disorder.compensatory_mechanisms:
                weaken_reuptake(changes, part, fraction)
        if "receptor_upregulation" in disorder.compensatory_mechanisms:
            upregulate(changes, transmitter_of(fields[0]) or name, disorder.density_factor(fraction))
    return changes.paths


class Changes:
    """Changes of a model's parameters, each made once even where parts of the model share a mechanism.

    Attributes:
        paths: dotted names of what was changed.
    """

    def __init__(self, model: Model):
        self.model, self.paths = model, []
        self.done: set[tuple[int, str]] = set()

    def scale(self, part, member: str, names: Sequence[str], factor: float) -> None:
        """Multiply those of the named parameters that a member has."""
        for name in names:
            if name in part.members[member].quantities:
                self.make(part, member, name, lambda value: value * factor)

    def make(self, part, member: str, name: str, function: Callable) -> None:
        """Replace a parameter's value, and the values that a sweep gives it, by a function of each."""
        path = path_of(part.name, member, name)
        mechanism = part.members[member]
        if (id(mechanism), name) not in self.done:
            value = function(np.asarray(mechanism.get(name), np.float64))
            mechanism.set(name, value if value.ndim else float(value))
            self.done.add((id(mechanism), name))
        axes = self.model.sweep.axes
        if path in axes:
            axes[path] = [function(np.asarray(value, np.float64)) for value in axes[path]]
        self.paths.append(path)


def weaken_reuptake(changes: Changes, part, factor: float) -> None:
    """Scale a transmitter's reuptake and transporters; what else removes it stays."""
    changes.scale(part, "", ("reuptake_rate",), factor)
    for member in filter(None, part.members):
        changes.scale(part, member, ("rate",) if member == REUPTAKE else ("v_max",), factor)


def upregulate(changes: Changes, transmitter: str, factor: float) -> None:
    """Make a transmitter's receptors denser by a factor."""
    for part in changes.model.populations.values():
        for member in receptors(part):
            mechanism = part.members[member]
            if getattr(mechanism, "transmitter", "") != transmitter or isinstance(mechanism, Autoreceptor):
                continue
            cascade = set(G_PROTEIN) & set(mechanism.quantities)
            changes.scale(part, member, G_PROTEIN if cascade else EFFECTS, factor)
            if "modulation_factor" in mechanism.quantities:
                changes.make(part, member, "modulation_factor", lambda f: np.maximum(1.0 + factor * (f - 1.0), 0.0))
