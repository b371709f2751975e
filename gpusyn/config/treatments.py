"""``[pharmacology.<name>]`` and ``[disorders.<name>]``: drugs and lacks that a whole model is given."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from gpusyn.config.draft import Draft
from gpusyn.config.parts import TAKEN
from gpusyn.config.problems import Keys
from gpusyn.config.sections import DisorderSection, DrugSection, validated
from gpusyn.config.values import as_text, to_number
from gpusyn.disorders import NeurologicalDisorderModel, apply_disorder_model
from gpusyn.errors import ModelError
from gpusyn.pharmacology.agent import PharmacologicalAgent
from gpusyn.pharmacology.targets import apply_pharmacology

DRUG_UNITS = {"start": "ms", "onset": "ms", "elimination_rate": "1/ms"}


class TreatmentReader:
    """Applies drugs and disorders to a draft; every method gives None if something is wrong."""

    def __init__(self, draft: Draft):
        self.draft = draft

    def drug(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Put a drug on the model, as a member of this name wherever it acts; its table in full."""
        section = validated(DrugSection, table, keys, self.draft.problems)
        if section is None or self.draft.refers_to_broken(section.target):
            return None
        if name in TAKEN:
            self.draft.problems.add(keys, f"'{name}' cannot be the name of a mechanism; choose another")
            return None
        values = {key: value for key, value in section.model_dump().items() if value is not None}
        model = self.draft.model

        def apply():
            return apply_pharmacology(model, PharmacologicalAgent(name=name, **values))

        if not self._told(apply, "target", keys):
            return None
        return {key: as_text(value, DRUG_UNITS[key]) if key in DRUG_UNITS else value for key, value in values.items()}

    def disorder(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Scale the model's parameters as a disorder does; its table in full."""
        section = validated(DisorderSection, table, keys, self.draft.problems)
        if section is None:
            return None
        values = {key: value for key, value in section.model_dump().items() if value is not None}
        deficit = values["neurotransmitter_deficit"] = {}
        for transmitter, fraction in section.neurotransmitter_deficit.items():
            try:
                deficit[transmitter] = to_number(fraction, "1", transmitter)
            except ModelError as error:
                self.draft.problems.add((*keys, "neurotransmitter_deficit"), f"{transmitter}: {error}")
                return None

        def apply():
            return apply_disorder_model(self.draft.model, NeurologicalDisorderModel(**values))

        return values if self._told(apply, "neurotransmitter_deficit", keys) else None

    def _told(self, apply: Callable[[], Any], about: str, keys: Keys) -> bool:
        """Whether a treatment could be applied; what is wrong is noted at its key, warnings at the key `about`."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                apply()
            except ModelError as error:
                place, colon, rule = str(error).partition(": ")
                key = place.partition(".")[2]
                self.draft.problems.add((*keys, key or about) if colon else keys, rule if colon else str(error))
                return False
        for warning in caught if not self.draft.broken else []:  # what is broken may be what is missed
            self.draft.problems.add((*keys, about), str(warning.message).partition(": ")[2])
        return not caught
