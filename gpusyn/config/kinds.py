"""Which class a `kind` means: one of gpusyn's, one from a file or module of the user's, or one of the config's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gpusyn import sources
from gpusyn.config.problems import Problems
from gpusyn.errors import EquationError, ModelError, nearest, shown
from gpusyn.mechanism import Mechanism
from gpusyn.registry import FOLDERS, bases, find_kind, kinds
from gpusyn.text_mechanism.building import build
from gpusyn.text_mechanism.names import NAME

SOURCES = {kind.__name__: kind for kind in (sources.Poisson, sources.Regular, sources.SpikeFile, sources.SpikeTrain)}
RULES = "rules of synapses"
HOMES = {"populations": ("neurons",), "transmitters": ("transmitters",), RULES: ("plasticity",)}
SECTION = "mechanisms"


class Kinds:
    """The mechanisms that a config may name.

    Args:
        tables: what stands under ``[mechanisms]``, by name.
        folder: where the user's files are looked for.
        problems: takes what is wrong with the tables.

    Attributes:
        made: the classes of the tables that are right.
        files: names of the files of text that were read.
    """

    def __init__(self, tables: Mapping[str, Any], folder: Path, problems: Problems):
        self.tables, self.folder, self.problems = tables, folder, problems
        self.made: dict[str, type[Mechanism] | None] = {}  # None: wrong, and its problems are noted
        self.reading: list[str] = []
        self.files: list[str] = []

    def read_all(self) -> None:
        """Make the classes of all tables."""
        for name in self.tables:
            self.own(name)

    def own(self, name: str) -> type[Mechanism] | None:
        """The class of a table; None if something is wrong with it.

        Raises:
            ModelError: it is based on itself.
        """
        if name in self.reading:
            circle = " <- ".join([*self.reading[self.reading.index(name):], name])
            raise ModelError(f"'{name}' would be based on itself: {circle}")
        if name not in self.made:
            self.reading.append(name)
            self.made[name] = self._built(name, self.tables[name])
            self.reading.pop()
        return self.made[name]

    def _built(self, name, table):
        built_in = choices("")
        if not NAME.fullmatch(name) or name in built_in:
            rule = "is a mechanism of gpusyn's; choose another name" if name in built_in else (
                "cannot be a name: use up to 60 letters, digits and _, a letter first"
            )  # fmt: skip
            self.problems.add((SECTION, name), f"'{name}' {rule}")
            return None
        if not isinstance(table, Mapping):
            self.problems.add((SECTION, name), f"{shown(table)} is not a table")
            return None
        return build(name, table, self.base, lambda keys, rule: self.problems.add((SECTION, name, *keys), rule))

    def base(self, kind: str) -> type[Mechanism] | None:
        """What a table may be based on: gpusyn's mechanisms, their bases, other texts; no Python is run for it."""
        if ":" in kind and not kind.rpartition(":")[0].endswith(".toml"):
            raise ModelError(f"'{kind}': a text is based on one of gpusyn's mechanisms or on a text, not on a module")
        return bases()[kind] if kind in bases() else self.find(kind, "")

    def find(self, kind: Any, section: str) -> type[Mechanism] | None:
        """The mechanism of this kind: a name of the config's or of gpusyn's, "module:Class", or "file.py:Class".

        Returns:
            The class; None if it is a table of the config that has problems of its own.

        Raises:
            ModelError: it is not text, there is no such mechanism, or the user's file fails.
        """
        if not isinstance(kind, str) or not kind:
            raise ModelError(f"{shown(kind)} is not the name of a mechanism")
        if kind in self.tables:
            return self.own(kind)
        try:
            found = find_kind(kind, self.folder)
        except SyntaxError as error:
            place = f"{Path(error.filename or kind).name}, line {error.lineno}"
            raise ModelError(f"'{kind}': {place}: {error.msg}") from None
        except (ModelError, EquationError) as error:
            if ":" not in kind:
                names = [*self.tables, *choices(section)]
                raise ModelError(f"there is no '{kind}'{nearest(kind, names)}") from None
            raise ModelError(str(error).removeprefix("kind ")) from None
        except Exception as error:  # a user's file may fail in any way, and its author wants to know in which
            raise ModelError(f"'{kind}': {type(error).__name__}: {error}") from None
        file = kind.rpartition(":")[0]
        if file.endswith(".toml") and file not in self.files:
            self.files.append(file)
        return found


def choices(section: str) -> list[str]:
    """Names of gpusyn's mechanisms that a section is made for; all of them if it is for several folders'."""
    return [name for folder in HOMES.get(section, FOLDERS) for name in kinds(folder)]


def source_class(kind: Any) -> type:
    """The rule of a spike source."""
    if not isinstance(kind, str) or kind not in SOURCES:
        raise ModelError(f"{shown(kind)} is not a source{nearest(str(kind), SOURCES)}")
    return SOURCES[kind]
