"""Sections of named things put together into a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gpusyn.config.connecting import ConnectionReader
from gpusyn.config.coupling import CouplingReader
from gpusyn.config.draft import Draft, described
from gpusyn.config.kinds import SECTION, Kinds
from gpusyn.config.linking import LinkReader
from gpusyn.config.parts import PartReader
from gpusyn.config.problems import SECTIONS_OF_NAMES, Problems
from gpusyn.config.programs import all_programs, programs_of_rule
from gpusyn.config.reading import SECTIONS
from gpusyn.config.sections import ConnectionSection, LatticeSection, Run, validated
from gpusyn.config.spiking import SourceReader
from gpusyn.config.treatments import TreatmentReader
from gpusyn.config.trees import TreeReader
from gpusyn.errors import GpusynError
from gpusyn.givens import missing_givens
from gpusyn.lattice import Lattice
from gpusyn.model import Model
from gpusyn.numerics.diffusion import choose_scheme
from gpusyn.parts import Connection, Field
from gpusyn.transport import transport_of
from gpusyn.trees.part import Trees


class ModelReader(Draft):
    """Reads lattice, transmitters, populations, sources, connections and gap junctions."""

    def __init__(self, tree: dict, run: Run | None, folder: Path, problems: Problems):
        run = run or Run(duration=0.0)
        model = Model(dt=run.dt, name=run.name)
        kinds = Kinds(tree.get(SECTION, {}), folder, problems)
        super().__init__(tree, model, Lattice((1, 1)), run.seed, folder, problems, kinds)

    def read(self) -> tuple[Model, dict]:
        """The model, without its sweep, and its sections in full."""
        full: dict[str, Any] = {"lattice": self._lattice()}
        self.check_names()
        self.kinds.read_all()
        full |= {SECTION: self.tree[SECTION]} if self.tree.get(SECTION) else {}
        parts, joins, links = PartReader(self), ConnectionReader(self), LinkReader(self)
        readers = {
            "lattices": self._named,
            "transmitters": parts.transmitter,
            "populations": parts.population,
            "trees": TreeReader(self).trees,
            "sources": SourceReader(self).source,
            "connections": joins.connection,
            "gap_junctions": CouplingReader(self).gap_junctions,
            "links": links.link,
            "played": links.played,
            "pharmacology": TreatmentReader(self).drug,
        }
        for section, read in readers.items():
            written = self._read_all(section, read)
            if written:
                full[section] = written
        joins.take_means()
        self.files += self.kinds.files
        if not any(self.tree.get(section) for section in ("populations", "trees", "transmitters")):
            parts = "[populations.<name>], [trees.<name>] or [transmitters.<name>]"
            self.problems.add((), f"nothing to simulate: write {parts}")
        return self.model, full

    def _read_all(self, section, read) -> dict:
        written = {}
        for name, table in self.tree.get(section, {}).items():
            if name in self.broken:
                continue
            before = len(self.problems.found)
            written[name] = read(name, table, (section, name))
            if len(self.problems.found) > before or written[name] is None:
                self.broken.add(name)
        return written

    def apply_disorders(self) -> dict:
        """Apply the disorders, which scale what is swept too; their section in full."""
        return self._read_all("disorders", TreatmentReader(self).disorder)

    def check_programs(self) -> None:
        """Fuse every part's equations and choose schemes, so that what nothing provides is found now."""
        model = self.model
        sections = ("transmitters", "gap_junctions", "links", "played")
        provides = {name for section in sections for name in self.tree.get(section, {})}
        if self.broken & provides:
            return
        shaped = {name: part for name, part in model.populations.items() if isinstance(part, Trees)}
        for section, parts in (
            ("populations", {n: part for n, part in model.populations.items() if n not in shaped}), ("trees", shaped),
            ("transmitters", model.transmitters),
            ("connections", {n: c for n, c in model.connections.items() if c.synapse is not None}),
        ):  # fmt: skip
            for name, part in parts.items():
                for message in [] if name in self.broken else self._wrong_with(part):
                    path, _, rule = message.partition(" ")
                    words = path.rstrip(":").split(".")
                    known = words[0] == name  # the message begins with the name of its place
                    self.problems.add(
                        (section, *self._place(words)) if known else (section, name), rule if known else message
                    )

    def _wrong_with(self, part) -> list[str]:
        """What keeps a part from being simulated."""
        try:
            missing = [] if isinstance(part, Connection) else missing_givens(self.model, part)
            if not missing:
                self._check_program(part)
        except GpusynError as error:
            return [str(error)]
        return missing

    def _check_program(self, part) -> None:
        if isinstance(part, Connection):
            programs_of_rule(self.model, part)
            return
        all_programs(self.model, part)
        if isinstance(part, Field):
            choose_scheme(transport_of(self.model, part), part.scheme)

    def _place(self, words) -> tuple[str, ...]:
        """Where the table has what a message names: a rule's givens stand in the rule's own table."""
        name, *rest = words
        rule = name in self.model.connections and rest and rest[0] not in ConnectionSection.model_fields
        return (name, "synapse", *rest) if rule else tuple(words)

    def check_names(self) -> None:
        """Note names that are no names, or are taken."""
        seen: dict[str, str] = {}
        for section in SECTIONS_OF_NAMES:
            for name in self.tree.get(section, {}):
                rule = None
                if not name.isidentifier():
                    rule = f"'{name}' cannot be a name: use letters, digits and _"
                elif name in SECTIONS or name == "seed":
                    rule = f"'{name}' is a word of configs; choose another name"
                elif name in seen:
                    rule = f"'{name}' is a name in [{seen[name]}] already; names are unique over all sections"
                seen.setdefault(name, section)
                if rule:
                    self.problems.add((section, name), rule)
                    self.broken.add(name)

    def _lattice(self) -> dict:
        section = self.tree.get("lattice", {"shape": [1, 1]})
        read = validated(LatticeSection, section, ("lattice",), self.problems)
        lattice = None if read is None else self.shape(read.shape, ("lattice", "shape"), read.spacing, read.edges)
        if lattice is None:
            self.broken.add("")
            return {}
        self.model.lattice = self.lattice = lattice
        return described(lattice)

    def _named(self, name, table, keys) -> dict | None:
        lattice = self.read_lattice(table, keys)
        if lattice is None:
            return None
        self.lattices[name] = lattice
        return described(lattice)
