"""``synapse = { kind = ... }`` of a connection: the rule by which its weights change, with states of each synapse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from gpusyn.config.draft import Draft
from gpusyn.config.kinds import RULES as SECTION
from gpusyn.config.mechanisms import MechanismReader
from gpusyn.config.problems import Keys
from gpusyn.errors import ModelError, nearest
from gpusyn.lattice import Lattice
from gpusyn.mechanism import Mechanism
from gpusyn.synapses import checked_rule


class RuleReader:
    """Reads the rules of connections, for a draft."""

    def __init__(self, draft: Draft):
        self.draft = draft

    def read(self, section, wiring: Any, keys: Keys, written: dict) -> Mechanism | Literal[False] | None:
        """The rule of a connection, written in full into its table; None if it has none, False if that is wrong.

        Args:
            section: of the connection.
            wiring: of which values per synapse have as many as there are connections; None if it is wrong itself.
            keys: of the connection.
            written: its table in full.
        """
        if section.post is not None and not self._post(section.post, keys, written):
            return False
        if section.synapse is None:
            return None
        tables = section.synapse if isinstance(section.synapse, list) else [section.synapse]
        places = [(*keys, "synapse", *([str(k)] if tables is section.synapse else [])) for k in range(len(tables))]
        if wiring is None or not all(self._has_weight(t, p) for t, p in zip(tables, places, strict=True)):
            return False
        n_synapse = wiring.listed().n_connections()
        if n_synapse == 0:
            self.draft.problems.add((*keys, "wiring"), "it connects nothing; a rule needs synapses to act on")
            return False
        read = [self._rule(table, n_synapse, place) for table, place in zip(tables, places, strict=True)]
        found = [one for one in read if one is not None]
        if len(found) < len(tables):
            return False
        written["synapse"] = [full for _, full in found] if tables is section.synapse else found[0][1]
        try:
            return checked_rule("", [rule for rule, _ in found])
        except ModelError as error:
            self.draft.problems.add((*keys, "synapse"), str(error).removeprefix(".synapse: "))
            return False

    def _rule(self, table: dict, n_synapse: int, keys: Keys) -> tuple[Mechanism, dict] | None:
        """One rule, and its table in full; None if something is wrong with it."""
        per_synapse = any(isinstance(value, Mapping) for value in table.values())
        sites = self.draft.sites(Lattice((n_synapse if per_synapse else 1,)))
        fields = self.draft.model.transmitters
        reader = MechanismReader(sites, self.draft.kinds, self.draft.problems, (), fields)
        before = len(self.draft.problems.found)
        read = reader.mechanism(table, keys, SECTION)
        self.draft.notes += reader.notes
        return read if len(self.draft.problems.found) == before else None

    def _has_weight(self, table, keys) -> bool:
        """Whether the kind of a rule, if there is such a kind, has the weight that a connection needs."""
        try:
            kind = self.draft.kinds.find(table.get("kind"), SECTION)
            if kind is not None:
                checked_rule("", kind)
        except ModelError as error:
            if "kind" in table:
                self.draft.problems.add((*keys, "kind"), str(error).removeprefix(".synapse: "))
                return False
        return True

    def _post(self, name, keys, written) -> bool:
        populations = self.draft.model.populations
        if name in populations:
            written["post"] = name
        elif name not in self.draft.broken:
            rule = f"there is no population '{name}'{nearest(name, populations)}"
            self.draft.problems.add((*keys, "post"), rule)
        return name in populations
