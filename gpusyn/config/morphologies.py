"""Shapes of cells: from files, or made up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from gpusyn.config.problems import Keys, Problems
from gpusyn.config.sections import Section, quantity, validated
from gpusyn.config.values import MOST_INDICES, as_text, require_room, to_number
from gpusyn.errors import ModelError, shown
from gpusyn.morphology import Forest, gen_beam, gen_branch, gen_tree, rall, read_morphology, taper

SHAPES = ("morphology", "beam", "branch", "tree")
BYTES_PER_NODE = 40  # values per node that a morphology and its ER hold at most, of 8 bytes, in values of a site
NODES = Annotated[int, Field(ge=1, le=MOST_INDICES)]


class FileSection(Section):
    """``morphology = { file = ... }``: options as of `gpusyn.read_swc`."""

    file: str
    soma: str = "auto"
    scale: Annotated[float, quantity("1", above=0.0)] = 1.0
    merge: bool = False


class BeamSection(Section):
    """``beam = { ... }``: a straight cable, as `gpusyn.gen_beam`."""

    length: Annotated[float, quantity("um")] = 64.0
    radius: Any = 0.5
    n: NODES = 500


class BranchSection(BeamSection):
    """``branch = { ... }``: a cable with a side branch, as `gpusyn.gen_branch`; the angle is in degrees."""

    factor: Annotated[float, quantity("1")] = 1.0
    angle: Annotated[float, quantity("1")] = 45.0


class TreeSection(BeamSection):
    """``tree = { ... }``: a binary tree, as `gpusyn.gen_tree`."""

    levels: Annotated[int, Field(ge=1, le=24)] = 4
    length: Annotated[float, quantity("um")] = 32.0
    n: NODES = 32


MADE = {"beam": (BeamSection, gen_beam), "branch": (BranchSection, gen_branch), "tree": (TreeSection, gen_tree)}


class ShapeReader:
    """Reads the shape of a population of trees.

    Args:
        folder: where files are looked for.

    Attributes:
        files: names of the files that were read.
    """

    def __init__(self, folder: Path, problems: Problems):
        self.folder, self.problems = folder, problems
        self.files: list[str] = []

    def forest(self, table: dict, keys: Keys) -> tuple[Forest, dict] | None:
        """The cells that a table describes, and how it says so in full; None, and problems, if that is wrong."""
        given = [key for key in SHAPES if key in table]
        if len(given) != 1:
            rule = f"give one of {', '.join(SHAPES)}" + (f", not {' and '.join(given)}" if given else "")
            self.problems.add((*keys, *given[:1]), f"{rule}: trees need a shape")
            return None
        (kind,) = given
        try:
            read = self._files(table[kind], (*keys, kind)) if kind == "morphology" else (
                self._made(kind, table[kind], (*keys, kind)))
            return None if read is None else self._repeated(*read, table, kind, keys)
        except ModelError as error:
            for line in str(error).splitlines():
                self.problems.add((*keys, kind), line)
            return None

    def _repeated(self, cells, written, table, kind, keys):
        """The cells refined, `count` of each."""
        full = {kind: written}
        if "refine" in table:
            spacing = self._spacing(table["refine"], (*keys, "refine"))
            if spacing is None:
                return None
            cells, full["refine"] = [cell.refine(spacing) for cell in cells], as_text(spacing, "um")
        count = table.get("count", 1)
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_INDICES:
            self.problems.add((*keys, "count"), f"{shown(count)} must be a whole number of at least 1")
            return None
        n_node = count * sum(cell.n_node for cell in cells)
        if n_node > MOST_INDICES:
            raise ModelError(f"{n_node:.3g} nodes; {MOST_INDICES} at most, nodes have 32-bit numbers")
        require_room(n_node)
        full |= {"count": count} if "count" in table else {}
        forest = Forest.of(cells[0], count) if len(cells) == 1 else Forest([c for c in cells for _ in range(count)])
        return forest, full

    def _spacing(self, written, keys) -> float | None:
        """A distance between nodes."""
        try:
            spacing = to_number(written, "um", "refine")
        except ModelError as error:
            self.problems.add(keys, str(error))
            return None
        if not spacing > 0:
            self.problems.add(keys, f"{spacing:g} um must be above 0 um")
            return None
        return spacing

    def _files(self, written, keys):
        """Cells of one file or several."""
        several = written if isinstance(written, list) and written else [written]
        cells, full = [], []
        for one in several:
            section = validated(FileSection, {"file": one} if isinstance(one, str) else one, keys, self.problems)
            if section is None:
                return None
            options = {key: getattr(section, key) for key in section.model_fields_set - {"file"}}
            cells.append(read_morphology(self.folder / section.file, **options))
            self.files.append(section.file)
            full.append(one if isinstance(one, str) else {"file": section.file} | options)
        return cells, full if isinstance(written, list) else full[0]

    def _made(self, kind, written, keys):
        section, make = MADE[kind]
        read = validated(section, written, keys, self.problems)
        if read is None:
            return None
        values = read.model_dump()
        n_node = values["n"] * 2.0 ** values.get("levels", 1)
        if n_node > MOST_INDICES:
            raise ModelError(f"n = {values['n']} makes up to {n_node:.3g} nodes; {MOST_INDICES} at most")
        require_room(int(n_node) * BYTES_PER_NODE)
        values["radius"], radius = radius_law(values["radius"])
        full = values | {"radius": radius, "length": as_text(values["length"], "um")}
        return [make(**values)], full


def radius_law(written: Any) -> tuple[Any, Any]:
    """A radius, or a law of radii, and the same as TOML.

    Raises:
        ModelError: it is none.
    """
    if not isinstance(written, dict):
        number = to_number(written, "um", "radius")
        return number, as_text(number, "um")
    if set(written) == {"from", "to"}:
        ends = [to_number(written[key], "um", "radius") for key in ("from", "to")]
        return taper(*ends), dict(zip(("from", "to"), (as_text(end, "um") for end in ends), strict=True))
    if set(written) <= {"rall", "exponent"} and "rall" in written:
        first, exponent = to_number(written["rall"], "um", "radius"), to_number(written.get("exponent", 1.5), "1", "")
        if not (first > 0 and exponent > 0):
            raise ModelError(f"radius: {shown(written)}: both must be above 0")
        return rall(first, exponent), {"rall": as_text(first, "um"), "exponent": exponent}
    raise ModelError(f'radius: {shown(written)} is not a length, {{ from, to }} or {{ rall, exponent }}')
