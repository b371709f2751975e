"""Sections of links and of tables that are played to populations."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.config.connecting import ConnectionReader
from gpusyn.config.problems import Keys
from gpusyn.config.sections import LinkSection, PlayedSection, validated
from gpusyn.config.values import as_text, to_number, without_prefix
from gpusyn.config.wirings import Ends
from gpusyn.errors import ModelError, nearest
from gpusyn.quantities import Given
from gpusyn.tables import read_table


class LinkReader(ConnectionReader):
    """Adds links and played tables to a draft; every method gives None if something is wrong."""

    def link(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add a link; its table in full."""
        section = validated(LinkSection, table, keys, self.draft.problems)
        if section is None or self.draft.refers_to_broken(section.source, section.population):
            return None
        model, written = self.draft.model, {"source": section.source, "population": section.population}
        owners = {**model.populations, **model.transmitters}
        first = section.source.partition(".")[0]
        for key, word, names in (("source", first, owners), ("population", section.population, model.populations)):
            if word not in names:
                rule = f"there is no {'population' if names is not owners else 'population or transmitter'} '{word}'"
                self.draft.problems.add((*keys, key), rule + nearest(word, names))
                return None
        source, target = owners[first], model.populations[section.population]
        ends = Ends(name, source.lattice, target.lattice, model.dt, self.draft.sites(source.lattice))
        for key, owner in (("from_sites", source), ("to_sites", target)):
            try:
                setattr(ends, key, self._mask(getattr(section, key), owner, f"{name}.{key}"))
            except ModelError as error:
                self.draft.problems.add((*keys, key), str(error))
                return None
        wiring = self._wiring(section.wiring, ends, keys, written)
        if wiring is None or not self._added(keys, name, lambda: model.link(
                name, section.source, section.population, wiring, weight=section.weight, into=section.into)):
            return None
        masks = {"from_sites": section.from_sites, "to_sites": section.to_sites}
        written |= {key: mask for key, mask in masks.items() if mask is not None} | {"weight": section.weight}
        return written | ({"into": section.into} if section.into else {})

    def _added(self, keys, name, add) -> bool:
        """Whether something could be added to the model; if not, that is noted at the key that the message names."""
        try:
            add()
        except ModelError as error:
            rule = without_prefix(str(error), name).removeprefix(f"{name}.")
            key, colon, rest = rule.partition(": ")
            named = bool(colon) and key in (*LinkSection.model_fields, *PlayedSection.model_fields)
            self.draft.problems.add((*keys, key) if named else (*keys, "source"), rest if named else rule)
            return False
        return True

    def played(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add a table that is played; its section in full."""
        section = validated(PlayedSection, table, keys, self.draft.problems)
        if section is None or self.draft.refers_to_broken(section.population):
            return None
        model, problems = self.draft.model, self.draft.problems
        if section.population not in model.populations:
            rule = f"there is no population '{section.population}'{nearest(section.population, model.populations)}"
            problems.add((*keys, "population"), rule)
            return None
        inline = section.times is not None and section.values is not None
        if inline == (section.file is not None) or (section.times is None) != (section.values is None):
            problems.add(keys, "give either `times` and `values`, or `file`")
            return None
        unit = self._unit(name, section)
        if unit is None:
            place = f"into = '{section.into}'" if section.into else f"'{name}'"
            problems.add(keys, f"nothing in '{section.population}' reads {place}")
            return None
        found = self._inline(section, unit, keys) if inline else self._from_file(section, keys)
        if found is None:
            return None
        times, values, written = found
        if not self._added(keys, name, lambda: model.play(
                name, section.population, times, values, into=section.into)):
            return None
        return {"population": section.population} | written | ({"into": section.into} if section.into else {})

    def _unit(self, name, section) -> str | None:
        """The unit in which the population reads a table; None if nothing does."""
        for mechanism in self.draft.model.populations[section.population].members.values():
            for given, quantity in mechanism.quantities.items():
                if isinstance(quantity, Given) and (
                    mechanism.bindings.get(given, given) in (name, f"{name}.played")
                    or (quantity.kind == "total" and quantity.sums == section.into)
                ):
                    return quantity.unit
        return None

    def _inline(self, section, unit, keys):
        """Times in ms and values in their unit, one or one per site and time."""
        rows, problems = section.values, self.draft.problems
        before = len(problems.found)
        per_site = bool(rows) and all(isinstance(row, list) for row in rows)
        times = self._numbers(section.times, "ms", (*keys, "times"))
        read = [self._numbers(row, unit, (*keys, "values")) for row in (rows if per_site else [rows])]
        if len(problems.found) > before:
            return None
        if len({len(row) for row in read}) > 1:
            problems.add((*keys, "values"), "rows of different lengths; give one value per site and time")
            return None
        texts = [[as_text(one, unit) for one in row] for row in read]
        written = {"times": [as_text(one, "ms") for one in times], "values": texts if per_site else texts[0]}
        return np.array(times), np.array(read if per_site else read[0]), written

    def _numbers(self, written, unit, keys) -> list[float]:
        numbers = []
        for place, one in enumerate(written):
            try:
                numbers.append(to_number(one, unit, str(keys[-1])))
            except ModelError as error:
                self.draft.problems.add((*keys, place), str(error))
        return numbers

    def _from_file(self, section, keys):
        try:
            times, values = read_table(self.draft.folder / section.file)
        except ModelError as error:
            self.draft.problems.add((*keys, "file"), without_prefix(str(error), section.file))
            return None
        self.draft.files.append(section.file)
        return times, values, {"file": section.file}
