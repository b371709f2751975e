"""Disorders and drugs of a lattice: what changes the parameters of the model that it stands for."""
from __future__ import annotations

import warnings
from dataclasses import replace

from gpusyn.disorders import NeurologicalDisorderModel, apply_disorder_model
from gpusyn.lattices.chemistry import Chemistry
from gpusyn.model import Model
from gpusyn.pharmacology.agent import PharmacologicalAgent
from gpusyn.pharmacology.targets import apply_pharmacology

Treatment = NeurologicalDisorderModel | PharmacologicalAgent


class Treated(Chemistry):
    """The part of a lattice that holds its disorders and drugs: `treatments`, in the order of their application."""

    def apply_disorder_model(self, disorder: NeurologicalDisorderModel) -> None:
        """Let transmitters be released less, as the disorder says, from the next step on.

        Transmitters that the lattice does not have are a warning that names those that it has; the disorder then
        changes nothing of them, even if they come later.
        """
        self.treat(disorder)

    def apply_pharmacology(self, agent: PharmacologicalAgent) -> None:
        """Give a drug, now: the agent's `start` counts from the present time.

        A target that the lattice does not have is a warning that names what it has, and the drug changes nothing.

        Raises:
            ModelError: the drug does not act on what its target names.
        """
        self.treat(replace(agent, start=agent.start + self.running.time))

    def start_earlier(self, time: float) -> None:
        """Count the starts of drugs from a clock that is set back by `time`, ms."""
        drugs = [t for t in self.treatments if isinstance(t, PharmacologicalAgent)]
        if time and drugs:
            self.treatments = [replace(t, start=t.start - time) if t in drugs else t for t in self.treatments]
            self.changed()

    def treat(self, treatment: Treatment) -> None:
        """Keep a treatment that changes something."""
        if apply_treatment(own_parts(self.running.build(), self), treatment):
            self.treatments.append(treatment)
            self.changed()


def treat(model: Model, lattice: Treated) -> None:
    """Apply a lattice's treatments to its own parts of a model."""
    own = own_parts(model, lattice)
    with warnings.catch_warnings():  # given when the treatment was
        warnings.simplefilter("ignore")
        for treatment in lattice.treatments:
            apply_treatment(own, treatment)


def own_parts(model: Model, lattice: Chemistry) -> Model:
    """A model with the cells and transmitters of one lattice of another, which are the same objects."""
    own = Model(lattice.sites, dt=model.dt, sweep=model.sweep)
    cells = lattice.called("neurons")
    own.populations = {name: part for name, part in model.populations.items() if name == cells}
    fields = {lattice.called(name) for name in (*lattice.channels, *lattice.unprovided())}
    own.transmitters = {name: field for name, field in model.transmitters.items() if name in fields}
    return own


def apply_treatment(model: Model, treatment: Treatment) -> list[str]:
    """Change a model as a treatment does; gives the dotted names of what has changed."""
    if isinstance(treatment, PharmacologicalAgent):
        return apply_pharmacology(model, treatment)
    return apply_disorder_model(model, treatment)
