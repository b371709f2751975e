"""A drug in a pharmacologist's words, and the mechanism that it becomes on what it acts on."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.mechanism import Mechanism
from gpusyn.pharmacology.drug import Drug, GradedDrug, half_effect_of
from gpusyn.pharmacology.receptor_drugs import (
    Agonist,
    CompetitiveAntagonist,
    NoncompetitiveAntagonist,
    PositiveModulator,
)
from gpusyn.pharmacology.uptake_drugs import CompetitiveReuptakeInhibitor, ReuptakeInhibitor
from gpusyn.quantities import Output

STANDARD_DOSE = 1.0  # uM: a unit, as affinities follow from the effect that it has
COURSES = tuple(Drug.presets)
MECHANISMS: dict[str, type[Drug]] = {
    "inhibition": ReuptakeInhibitor,
    "competitive_inhibition": CompetitiveReuptakeInhibitor,
    "agonism": Agonist,
    "antagonism": CompetitiveAntagonist,
    "noncompetitive_antagonism": NoncompetitiveAntagonist,
    "positive_modulation": PositiveModulator,
}


@dataclass(frozen=True)
class PharmacologicalAgent:
    """A drug: what it acts on, how, how strongly, and for how long.

    `apply_pharmacology` puts it on a model. Potency is the share of the largest possible effect that the standard dose
    has; `dose` counts standard doses. With the Hill coefficient h the drug's EC50 or IC50 is then
    ((1 - potency) / potency)^(1/h) standard doses, so that 0.8 leaves a transporter 0.2 of its largest uptake, and ten
    times the dose leaves it 0.0244. For an agonist, potency is the share of receptors that it binds alone; for an
    antagonist, that it holds where there is no ligand; for a positive modulator, of the shift `largest_gain`.

    Args:
        target: "serotonin_transporter", "dopamine_reuptake", "acetylcholinesterase", "ampa_receptor", or a dotted name
            of a member ("neurons.ampa") or of its quantity ("neurons.nmda.conductance").
        mechanism: "inhibition" (of a transporter, or of a receptor whatever its ligand), "competitive_inhibition" (of a
            transporter), "agonism", "antagonism" (competitive), "noncompetitive_antagonism", "positive_modulation".
        potency: above 0, at most 1.
        time_course: "chronic" (sustained) or "acute" (comes and goes), as the presets of `Drug`.
        dose: in standard doses.
        hill: Hill coefficient of "inhibition", "noncompetitive_antagonism" and "positive_modulation".
        start: when it is given, ms.
        onset, elimination_rate: of its course at the effect site, ms and 1/ms, instead of the time course's.
        largest_gain: of a positive modulator.
        name: of the member that it becomes.

    Raises:
        ModelError: an unknown mechanism or time course, a potency of 0 or above 1, a negative dose.
    """

    target: str
    mechanism: str = "inhibition"
    potency: float = 0.8
    time_course: str = "chronic"
    dose: float = 1.0
    hill: float = 1.0
    start: float = 0.0
    onset: float | None = None
    elimination_rate: float | None = None
    largest_gain: float = 3.0
    name: str = "drug"

    def __post_init__(self):
        for name, choices in (("mechanism", MECHANISMS), ("time_course", COURSES)):
            chosen = getattr(self, name)
            if chosen not in choices:
                raise ModelError(f"PharmacologicalAgent.{name}: '{chosen}' is unknown{nearest(chosen, choices)}")
        if not 0 < self.potency <= 1:
            raise ModelError(f"PharmacologicalAgent.potency: {self.potency} must be above 0 and at most 1")
        if not self.dose >= 0:
            raise ModelError(f"PharmacologicalAgent.dose: {self.dose} must not be negative")

    def mechanism_for(self, member: str, mechanism: Mechanism, quantity: str = "") -> Drug:
        """The mechanism that this drug is on a member of a population or transmitter.

        Args:
            member: its name.
            mechanism: what the member is: a receptor or a transporter.
            quantity: what of it the drug changes; by default what suits both.

        Raises:
            ModelError: such a drug does not act on such a mechanism.
        """
        kind, usual = MECHANISMS[self.mechanism], usual_targets(mechanism)
        if not quantity and self.mechanism not in usual:
            raise ModelError(self._refusal(member, mechanism, usual))
        if kind is CompetitiveReuptakeInhibitor and "k_m" not in mechanism.quantities:
            kind = ReuptakeInhibitor  # far below saturation the two are one
        target = f"{member}.{quantity or usual[self.mechanism]}".removeprefix(".")
        course = {"onset": self.onset, "elimination_rate": self.elimination_rate}
        values: dict[str, Any] = {name: value for name, value in course.items() if value is not None}
        values |= self._strength(kind, member, mechanism)
        return kind(preset=self.time_course, target=target, dose=self.dose * STANDARD_DOSE, start=self.start, **values)

    def _strength(self, kind, member, mechanism) -> dict[str, Any]:
        """The parameters of a kind of drug whose standard dose has an effect of `potency`."""
        constant = max(half_effect_of(self.potency, STANDARD_DOSE), 1e-9)
        if issubclass(kind, GradedDrug):
            shift = {"largest_gain": self.largest_gain} if kind is PositiveModulator else {}
            return {"half_effect": half_effect_of(self.potency, STANDARD_DOSE, self.hill), "hill": self.hill, **shift}
        if kind is Agonist:
            return {"relative_affinity": half_bound_at(member, mechanism) / constant}
        return {"k_i": constant} if kind is CompetitiveReuptakeInhibitor else {"k_b": constant}

    def _refusal(self, member, mechanism, usual) -> str:
        if not usual:
            return (f"PharmacologicalAgent: '{member}' is a {type(mechanism).__name__}, neither a transporter nor a "
                    f"receptor; name what of it the drug changes: '{self.target}.<quantity>'")
        return (f"PharmacologicalAgent.mechanism: '{self.mechanism}' does not act on '{member}', a "
                f"{type(mechanism).__name__}; valid: {', '.join(sorted(usual))}")


def usual_targets(mechanism: Mechanism) -> dict[str, str]:
    """The quantity of a transporter or receptor that each kind of drug acts on; empty for other mechanisms."""
    quantities, ligand = mechanism.quantities, getattr(mechanism, "transmitter", "")
    if isinstance(quantities.get("uptake"), Output):
        largest, half = ("v_max", "k_m") if "k_m" in quantities else ("rate", "rate")
        return {"inhibition": largest, "competitive_inhibition": half, "positive_modulation": largest}
    if ligand not in quantities:
        return {}
    found: dict[str, str] = dict.fromkeys(("agonism", "antagonism", "positive_modulation"), ligand)
    if "conductance" in quantities:
        found |= dict.fromkeys(("inhibition", "noncompetitive_antagonism"), "conductance")
    return found


def half_bound_at(member: str, mechanism: Mechanism):
    """The concentration of ligand that binds half of a receptor's population, uM; an array if rates differ by site.

    Raises:
        ModelError: the receptor does not bind in one step.
    """
    if not {"binding_rate", "unbinding_rate"} <= set(mechanism.quantities):
        raise ModelError(f"PharmacologicalAgent: '{member}', a {type(mechanism).__name__}, does not bind in one step, "
                         f"so that its EC50 is not known here; add an Agonist with its relative_affinity instead")
    half = np.asarray(mechanism.get("unbinding_rate"), float) / np.asarray(mechanism.get("binding_rate"), float)
    return half if half.ndim else float(half)
