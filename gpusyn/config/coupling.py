"""Sections of gap junctions."""

from __future__ import annotations

from typing import Any, Literal

from gpusyn.config.connecting import ConnectionReader
from gpusyn.config.problems import Keys
from gpusyn.config.sections import GapSection, RectificationSection, validated
from gpusyn.config.values import as_text, without_prefix
from gpusyn.config.wirings import Ends
from gpusyn.errors import ModelError, nearest
from gpusyn.wiring import GapJunctions, Rectification


class CouplingReader(ConnectionReader):
    """Adds gap junctions to a draft; every method gives None if something is wrong."""

    def gap_junctions(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add gap junctions; their table in full."""
        section = validated(GapSection, table, keys, self.draft.problems)
        if section is None or self.draft.refers_to_broken(section.population):
            return None
        model, written = self.draft.model, {"population": section.population}
        if section.population not in model.populations:
            rule = f"there is no population '{section.population}'{nearest(section.population, model.populations)}"
            self.draft.problems.add((*keys, "population"), rule)
            return None
        lattice = model.populations[section.population].lattice
        ends = Ends(name, lattice, lattice, model.dt, self.draft.sites(lattice))
        wiring = self._wiring(section.wiring, ends, keys, written)
        shape = self._rectification(section.rectification, (*keys, "rectification"), written)
        if wiring is None or shape is False:
            return None
        try:
            junctions = GapJunctions(wiring, section.normalisation, shape)
        except ModelError as error:
            key = "rectification" if shape is not None and "polarity" in str(error) else "wiring"
            self.draft.problems.add((*keys, key), without_prefix(str(error), name))
            return None
        model.couple(section.population, junctions, conductance=section.conductance, name=name)
        return written | {"conductance": as_text(section.conductance, "nS"), "normalisation": section.normalisation}

    def _rectification(self, table, keys: Keys, written) -> Rectification | Literal[False] | None:
        """How the conductance depends on the voltage; None if it does not, False if what is said is wrong."""
        if table is None:
            return None
        section = validated(RectificationSection, table, keys, self.draft.problems)
        if section is None:
            return False
        written["rectification"] = {
            "half": as_text(section.half, "mV"), "steepness": as_text(section.steepness, "1/mV"),
            "least": section.least, "polarity": section.polarity,
        }  # fmt: skip
        return Rectification(**section.model_dump())
