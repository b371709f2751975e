"""Cells with a shape: a population whose sites are the nodes of a forest."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.lattice import Lattice
from gpusyn.mechanism import Mechanism
from gpusyn.morphology.cell import Morphology
from gpusyn.morphology.endoplasmic import Reticulum, reticulum
from gpusyn.morphology.forest import Forest
from gpusyn.numerics.tree_factors import FEWEST_TASKS, trees_together
from gpusyn.numerics.tree_runs import boundary_of
from gpusyn.parts import Population
from gpusyn.quantities import Parameter
from gpusyn.trees.adaptive import Adaptive

SCHEMES = {
    "sbdf2": "diffusion implicit, reactions explicit, second order in time",
    "midpoint": "all explicit, second order in time",
    "euler": "all explicit, first order in time",
    "adaptive": "diffusion and reactions implicit, second order in time, steps as long as a tolerance allows",
    "spine": "as SPINE steps, for comparison with it; first order in time",
}
LARGEST_BLOCK, LARGEST_HALVED = 4096, 2048  # nodes
LAWS = ("ratio", "volume_fraction", "gap")
EMPTY = 1e-6  # of a node's cytosol: the volume of an ER that is not there, so that nothing is divided by zero


@dataclass
class Trees(Population):
    """Cells of one kind, each a tree of nodes: site k of the population is node k of the forest.

    Args:
        forest: the cells; their nodes are the sites, cell by cell.
        reticula: the ER of each distinct morphology of the forest.
        scheme: how what spreads is stepped: one of `SCHEMES`.
        adaptive: what the scheme "adaptive" allows.
    """

    forest: Forest
    reticula: tuple[Reticulum, ...] = field(default_factory=tuple)
    scheme: str = "sbdf2"
    adaptive: Adaptive = field(default_factory=Adaptive)

    @property
    def together(self) -> int:
        """Nodes of whole trees that a core takes through a step together, 0 for no such number.

        Trees of one size that are neither few nor large are stepped a few at a time, so that what one operation wrote
        is still in the core's cache for the next.
        """
        sizes = np.diff(self.forest.offset)
        few = self.forest.n_cell < FEWEST_TASKS
        unlike = sizes.min() < sizes.max()
        return 0 if few or unlike or sizes[0] > LARGEST_BLOCK else trees_together(self.forest) * int(sizes[0])

    @cached_property
    def boundary(self) -> int:
        """Where the second half of one small tree begins, if all nodes before it are the first half; else 0."""
        small = self.forest.n_cell == 1 and self.forest.n_node <= LARGEST_HALVED
        return boundary_of(self.forest.parent.astype(np.int64)) if small else 0

    @property
    def block(self) -> int:
        """Nodes that a core takes through a program together, 0 for what suits any items: half of one small tree."""
        return self.boundary or self.together

    @cached_property
    def geometry(self) -> dict[str, np.ndarray]:
        """What parameters of these names are at every node, unless they were set: areas in um^2, volumes in um^3."""
        whole = self.gathered("cytosol_volume")
        inner = self.gathered("volume")
        return {
            "membrane_area": self.forest.gather("area"), "cytosol_volume": whole, "er_area": self.gathered("area"),
            "er_volume": np.where(inner > 0, inner, EMPTY * whole),
        }

    def gathered(self, name: str) -> np.ndarray:
        """A quantity of every `Reticulum` over all nodes, (n_node,)."""
        own = [getattr(er, name) for er in self.reticula]
        return np.concatenate([own[k] for k in self.forest.which])

    def placed(self, mechanism: Mechanism, name: str, values: np.ndarray) -> np.ndarray:
        """A parameter's values: the morphology's, where a parameter of the geometry was left at its default."""
        default = mechanism.quantities[name]
        if name not in self.geometry or not isinstance(default, Parameter):
            return values
        return self.geometry[name].reshape(1, -1) if mechanism.values[name] is default.default else values

    def spreading(self) -> list[tuple[str, str]]:
        """(member, state) of what spreads along the trees, in order."""
        return [(member, name) for member, mechanism in self.members.items()
                for name, quantity in mechanism.quantities.items() if getattr(quantity, "spreads", "")]

    def node(self, cell: int, node: int) -> int:
        """The site of a node of a cell."""
        return self.forest.node(cell, node)


def trees(name: str, cells: Any, members: dict[str, Mechanism], er: Any, scheme: str | Adaptive) -> Trees:
    """A `Trees` of a morphology, several, or a forest; see `Model.add_trees`.

    Raises:
        ModelError: no morphology, a scheme that does not exist, or nothing that spreads.
    """
    forest = cells if isinstance(cells, Forest) else Forest([cells] if isinstance(cells, Morphology) else cells)
    scheme, adaptive = ("adaptive", scheme) if isinstance(scheme, Adaptive) else (scheme, Adaptive())
    if scheme not in SCHEMES:
        raise ModelError(f"{name}.scheme: '{scheme}' is unknown{nearest(scheme, SCHEMES)}")
    reticula = tuple(reticulum(cell, **law_of(name, er)) for cell in forest.distinct)
    made = Trees(name, members, Lattice((forest.n_node,)), forest, reticula, scheme, adaptive)
    if not made.spreading():
        raise ModelError(f"{name}: nothing spreads along the trees; add e.g. CalciumCompartment() or Cable()")
    return made


def law_of(name: str, er: Any) -> dict[str, Any]:
    """What `reticulum` is told: a law by its name, else a ratio for all or by region.

    Raises:
        ModelError: a name that is nearly that of a law.
    """
    if not isinstance(er, Mapping) or not set(er) <= set(LAWS):
        for key in er if isinstance(er, Mapping) else ():
            if get_close_matches(str(key), LAWS):
                raise ModelError(f"{name}.er: '{key}' is no law of an ER's size{nearest(key, LAWS)}")
        return {"ratio": er}
    return dict(er)
