"""A model while its config is being read: what every reader of a section needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gpusyn.config.kinds import Kinds
from gpusyn.config.problems import Keys, Problems
from gpusyn.config.sections import OwnLatticeSection, validated
from gpusyn.config.values import MOST_INDICES, Sites, as_text
from gpusyn.errors import ModelError, nearest, shown
from gpusyn.lattice import Lattice
from gpusyn.model import Model


@dataclass
class Draft:
    """The model so far, and what was found on the way.

    Attributes:
        tree: the config.
        folder: where its files are looked for.
        lattice: of the config; the model's.
        kinds: the mechanisms that there are, those of the config included.
        lattices: further ones, by name.
        groups: masks (n_site,) of every population's groups.
        broken: names whose tables have problems, "" for the lattice; what refers to them is not complained about again.
        files: names of the files that were read.
        notes: warnings.
    """

    tree: dict
    model: Model
    lattice: Lattice
    seed: int
    folder: Path
    problems: Problems
    kinds: Kinds
    lattices: dict[str, Lattice] = field(default_factory=dict)
    groups: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def shape(self, shape: Any, keys: Keys, spacing=1.0, edges: Any = "reflecting") -> Lattice | None:
        """A lattice of this shape, or None and a problem."""
        sizes: Any = [shape, shape] if isinstance(shape, int) and not isinstance(shape, bool) else shape
        whole = isinstance(sizes, list) and all(isinstance(n, int) and not isinstance(n, bool) for n in sizes)
        if not whole or not 1 <= len(sizes) <= 3 or not all(1 <= n <= MOST_INDICES for n in sizes):
            self.problems.add(keys, f"{shown(shape)} must be 1 to 3 whole numbers of at least 1, such as [64, 64]")
            return None
        n_site = int(np.prod([float(n) for n in sizes]))
        if n_site > MOST_INDICES:
            self.problems.add(keys, f"{n_site:.3g} sites; {MOST_INDICES} at most, sites have 32-bit numbers")
            return None
        try:
            return Lattice(tuple(sizes), spacing, tuple(edges) if isinstance(edges, list) else edges)
        except ModelError as error:
            key, _, rule = str(error).partition(": ")
            self.problems.add((*keys[:-1], key.rpartition(".")[2]), rule)
            return None

    def sites(self, lattice: Lattice) -> Sites:
        """What values per site of a lattice are made for."""
        return Sites(lattice.n_site, self.seed, self.folder, files=self.files)

    def own_lattice(self, table, keys: Keys, default: Lattice) -> tuple[Lattice, dict] | None:
        """The lattice of a table that has one of its own, else the default; and how the table says so, in full."""
        own = [key for key in ("shape", "lattice") if isinstance(table, dict) and key in table]
        if not own:
            return default, {}
        if len(own) > 1:
            self.problems.add((*keys, "shape"), "give either `shape` or `lattice`, not both")
            return None
        if own == ["shape"]:
            lattice = self.shape(table["shape"], (*keys, "shape"), self.lattice.spacing)
            return None if lattice is None else (lattice, {"shape": list(lattice.shape)})
        wanted = table["lattice"]
        if isinstance(wanted, str):
            return self._named_lattice(wanted, (*keys, "lattice"))
        lattice = self.read_lattice(wanted, (*keys, "lattice"))
        return None if lattice is None else (lattice, {"lattice": described(lattice)})

    def _named_lattice(self, name, keys):
        if name in self.broken:
            return None
        if name not in self.lattices:
            self.problems.add(keys, f"there is no lattice '{name}'{nearest(name, self.lattices)}")
            return None
        return self.lattices[name], {"lattice": name}

    def read_lattice(self, table: Any, keys: Keys) -> Lattice | None:
        """A lattice that is like the config's but for what its table says; None, and problems, if that is wrong."""
        section = validated(OwnLatticeSection, table, keys, self.problems)
        if section is None:
            return None
        shape = list(self.lattice.shape) if section.shape is None else section.shape
        spacing = self.lattice.spacing if section.spacing is None else section.spacing
        edges: Any = section.edges
        if edges is None:  # the config's, if it has as many axes
            same = len(self.lattice.shape) == (2 if isinstance(shape, int) else len(shape))
            edges = list(self.lattice.edges) if same else "reflecting"
        return self.shape(shape, (*keys, "shape"), spacing, edges)

    def refers_to_broken(self, *paths) -> bool:
        """Whether a dotted name belongs to something whose own problems are noted already."""
        return "" in self.broken or any(path.partition(".")[0] in self.broken for path in paths)


def described(lattice: Lattice) -> dict[str, Any]:
    """A lattice as a config writes it."""
    edges = lattice.edges[0] if len(set(lattice.edges)) == 1 else list(lattice.edges)
    return {"shape": list(lattice.shape), "spacing": as_text(lattice.spacing, "um"), "edges": edges}
