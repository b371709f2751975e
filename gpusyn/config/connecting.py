"""Sections of connections."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.config.draft import Draft
from gpusyn.config.problems import Keys, Problems
from gpusyn.config.rules import RuleReader
from gpusyn.config.sections import MOST_DELAY, ConnectionSection, validated
from gpusyn.config.sweeps import weight_unit
from gpusyn.config.values import as_text, read_value, require_room, to_number
from gpusyn.config.wirings import Ends, WiringError, read_wiring
from gpusyn.errors import ModelError, nearest, shown
from gpusyn.quantities import Output
from gpusyn.wiring.normalising import mean_over


class ConnectionReader:
    """Adds connections to a draft; every method gives None if something is wrong."""

    def __init__(self, draft: Draft):
        self.draft = draft
        self.means: list[str] = []  # connections whose targets receive the mean

    def connection(self, name: str, table: Any, keys: Keys) -> dict | None:
        """Add a connection; its table in full."""
        section = self._section(table, keys)
        if section is None or self.draft.refers_to_broken(section.from_, section.to):
            return None
        ends, written = self._ends(name, section, keys), {"from": section.from_, "to": section.to}
        if ends is None:
            return None
        weight = self._weight(section, keys, written)
        wiring = self._wiring(section.wiring, ends, keys, written)
        steps = section.delay / self.draft.model.dt
        if not steps <= MOST_DELAY:
            self.draft.problems.add((*keys, "delay"), f"{steps:.3g} steps; {MOST_DELAY} at most")
        rule = RuleReader(self.draft).read(section, wiring, keys, written)
        named = self._probability(section, keys)
        if weight is None or wiring is None or rule is False or not named or not steps <= MOST_DELAY:
            return None
        numbers = {"weight": weight, "delay": section.delay, "probability": section.probability}
        self.draft.model.connect(
            section.from_, section.to, wiring, name=name, synapse=rule, post=section.post, **numbers
        )
        if wiring.n_connections() == 0:
            self.draft.notes.append(f"{name}.wiring: it connects nothing")
        masks = {"from_sites": section.from_sites, "to_sites": section.to_sites}
        written |= {key: mask for key, mask in masks.items() if mask is not None}
        written["delay"] = as_text(section.delay, "ms")
        words = {"probability": section.probability, "normalisation": section.normalisation}
        self.means += [name] if section.normalisation else []
        return written | {key: said for key, said in words.items() if said is not None}

    def take_means(self) -> None:
        """Let the targets of connections that say so receive means; all connections must have been read."""
        connections = self.draft.model.connections
        onto = {connections[name].target: None for name in self.means}
        releasing = {to: [c.wiring for c in connections.values() if c.target == to] for to in onto}
        for name in self.means:
            connections[name].wiring = mean_over(connections[name].wiring, releasing[connections[name].target])

    def _section(self, table, keys) -> ConnectionSection | None:
        """The table; without the keys that are wrong, if it says at least what is connected, for further checks."""
        section = validated(ConnectionSection, table, keys, self.draft.problems)
        if section is not None or not isinstance(table, dict):
            return section
        core = {key: table[key] for key in ("from", "to", "wiring", "from_sites", "to_sites") if key in table}
        return validated(ConnectionSection, core, keys, Problems(""))

    def _probability(self, section, keys) -> bool:
        """Whether a probability is a number, or the name of something that the presynaptic population computes."""
        path, model = section.probability, self.draft.model
        if not isinstance(path, str):
            return True
        if self.draft.refers_to_broken(path):
            return False
        try:
            owner, mechanism, name = model.owner(path)
            if owner.name != section.from_ or not isinstance(mechanism.quantities[name], Output):
                known = [
                    f"{section.from_}.{member}.{one}".replace("..", ".")
                    for member, one_of in model.populations[section.from_].members.items()
                    for one, quantity in one_of.quantities.items() if isinstance(quantity, Output)
                ] if section.from_ in model.populations else []  # fmt: skip
                raise ModelError(f"'{path}' is not an output of '{section.from_}'{nearest(path, known)}")
        except ModelError as error:
            self.draft.problems.add((*keys, "probability"), str(error))
            return False
        return True

    def _weight(self, section, keys, written) -> float | None:
        try:
            unit = weight_unit(self.draft.model, self.draft.model.target_path(section.to))
        except ModelError as error:
            self.draft.problems.add((*keys, "to"), str(error).removeprefix("connect: "))
            return None
        try:
            weight = to_number(section.weight, unit, "weight")
        except ModelError as error:
            self.draft.problems.add((*keys, "weight"), str(error))
            return None
        written["weight"] = as_text(weight, unit)
        return weight

    def _ends(self, name, section, keys) -> Ends | None:
        model = self.draft.model
        spiking = {**model.populations, **model.sources}
        targets = {**model.populations, **model.transmitters}
        first = section.to.partition(".")[0]
        for key, what, word, names in (
            ("from", "population or source", section.from_, spiking),
            ("to", "transmitter or population", first, targets),
        ):  # fmt: skip
            if word not in names:
                self.draft.problems.add((*keys, key), f"there is no {what} '{word}'{nearest(word, names)}")
        if section.from_ not in spiking or first not in targets:
            return None
        source, target = spiking[section.from_], targets[first]
        ends = Ends(name, source.lattice, target.lattice, model.dt, self.draft.sites(source.lattice))
        for key, owner in (("from_sites", source), ("to_sites", target)):
            try:
                setattr(ends, key, self._mask(getattr(section, key), owner, f"{name}.{key}"))
            except ModelError as error:
                self.draft.problems.add((*keys, key), str(error))
                return None
        return ends

    def _mask(self, written, owner, path) -> np.ndarray | None:
        """Factors per site: a group, several of them, or values per site."""
        if written is None:
            return None
        names = [written] if isinstance(written, str) else written
        groups = self.draft.groups.get(owner.name, {})
        require_room(owner.n_site)
        if isinstance(names, list):
            for name in names:
                if not isinstance(name, str) or name not in groups:
                    raise ModelError(f"'{owner.name}' has no group {shown(name)}{nearest(str(name), groups)}")
            masks = [np.zeros(owner.n_site, bool), *(groups[name] for name in names)]
            return np.logical_or.reduce(masks).astype(np.float64)
        sites = self.draft.sites(owner.lattice)
        sites.groups = groups
        return np.broadcast_to(read_value(written, "1", path, sites)[0], (owner.n_site,))

    def _wiring(self, table, ends: Ends, keys, written):
        try:
            wiring, written["wiring"] = read_wiring(table, ends)
            return wiring
        except WiringError as error:
            self.draft.problems.add((*keys, "wiring", error.key), str(error))
        except ModelError as error:
            self.draft.problems.add((*keys, "wiring"), str(error))
        return None
