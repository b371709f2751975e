"""A cell's shape as arrays per node, and the finite volumes that follow from it."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.morphology import frusta, graph, radii, refining, selecting, spines
from gpusyn.morphology.checks import distances
from gpusyn.morphology.filling import fill_in, require_tree, require_volumes
from gpusyn.morphology.paths import Paths, paths
from gpusyn.morphology.regions import BASAL, SOMA, SPINE_HEAD, SPINE_NECK, name_of


@dataclass(frozen=True, eq=False, repr=False)
class Morphology:
    """The shape of one cell: a tree of nodes, each with the segment (a frustum) that leads to it from its parent.

    Every quantity is held per node in arrays of shape (n_node,), float64 unless said otherwise, read-only. Each node's
    finite volume is half of the segment to its parent and half of each segment to its children, plus what it owns
    (a spherical soma, a spine). So areas and volumes add up to those of the frusta, at branch points, at changes of
    radius and at ends alike. Ends are sealed and have no membrane.

    Args:
        parent: int32, -1 at the root, which is node 0; parents come before their children.
        x, y, z: positions, um.
        radius: um.
        kind: int16, SWC's types (`gpusyn.morphology.regions`); by default 3, a dendrite.
        start_radius: um, radius of the segment where it leaves the parent; by default the parent's. A number of its
            own makes a step in radius, as at a branch of Rall's.
        length: um, length of the segment's membrane; by default the distance to the parent. 0 at the root.
        access: um, a cylinder of `start_radius` without membrane or volume of its own, in series with the segment:
            the way into a spherical soma, or along a spine neck. By default 0.
        own_area, own_volume: um^2, um^3, what a node has beside its halves of segments. By default 0.
        sample: int64, the number of the node's point in its file; -1 for nodes that came later. By default the node's
            own number.
        name: for messages.

    Scalars stand for all nodes.

    Raises:
        ModelError: no nodes, arrays of different lengths, two roots, a cycle, a parent that does not exist or comes
            later, numbers that are not finite, a radius or length of 0, a node without volume. Every problem is named.
    """

    parent: Any
    x: Any
    y: Any
    z: Any
    radius: Any
    kind: Any = BASAL
    start_radius: Any = None
    length: Any = None
    access: Any = 0.0
    own_area: Any = 0.0
    own_volume: Any = 0.0
    sample: Any = None
    name: str = "morphology"

    def __post_init__(self):
        fill_in(self)
        require_tree(self)
        require_volumes(self)

    @property
    def n_node(self) -> int:
        """Number of nodes."""
        return len(self.parent)

    @cached_property
    def spacing(self) -> np.ndarray:
        """Distance from the parent, um; 0 at the root."""
        return distances(self.parent, self.x, self.y, self.z)

    @cached_property
    def area(self) -> np.ndarray:
        """Membrane of each node's finite volume, um^2."""
        return self.own_area + self._shares(frusta.lateral_area)

    @cached_property
    def volume(self) -> np.ndarray:
        """Finite volume of each node, um^3."""
        return self.own_volume + self._shares(frusta.volume)

    @cached_property
    def extent(self) -> np.ndarray:
        """Length of dendrite that belongs to each node, um: half of every adjoining segment."""
        return self._shares(lambda a, b, h: h)

    @cached_property
    def coupling(self) -> np.ndarray:
        """A / L of the diffusion between a node and its parent, um; 0 at the root.

        D coupling (c_parent - c) is the flow into the node, amount per time. It is the steady flow through the frustum,
        pi a b / h, in series with the access cylinder.
        """
        tube = frusta.hollow_resistance(self.start_radius, self.radius, 0.0, 0.0, self.length)
        way = tube + self.access / (np.pi * self.start_radius**2)
        return np.divide(1.0, way, out=np.zeros(self.n_node), where=self.parent >= 0)

    @cached_property
    def cross_section(self) -> np.ndarray:
        """Cross-section between a node and its parent, um^2: `coupling` times the way, length + access."""
        return self.coupling * (self.length + self.access)

    @cached_property
    def depth(self) -> np.ndarray:
        """Number of segments between the root and each node."""
        return graph.path_sums(self.parent, (self.parent >= 0).astype(np.int64))

    @cached_property
    def path_distance(self) -> np.ndarray:
        """Way along the tree from the soma, um: 0 on its nodes. Without a soma, from the root."""
        soma = np.flatnonzero(self.kind == SOMA)
        return selecting.distances_from(self, int(soma[0]) if len(soma) else 0, soma_counts=False)

    @cached_property
    def branch_order(self) -> np.ndarray:
        """0 on the soma, 1 on what leaves it, one more after each branch point. Spines do not count as branches."""
        return selecting.branch_orders(self)

    @cached_property
    def paths(self) -> Paths:
        """The tree as chains in levels, for solves that are parallel within it."""
        return paths(self.parent)

    def distances_from(self, node: int) -> np.ndarray:
        """Way along the tree from a node to every node, um."""
        return selecting.distances_from(self, node)

    def node(self, sample: int) -> int:
        """The node of a point of the file.

        Raises:
            ModelError: there is none; the message names the nearest.
        """
        found = np.flatnonzero(self.sample == sample)
        if sample < 0 or not len(found):
            near = self.sample[np.argmin(np.abs(self.sample - sample))]
            raise ModelError(f"{self.name}: no node comes from sample {sample}; the nearest is {near}")
        return int(found[0])

    def nearest(self, x: float, y: float, z: float = 0.0) -> int:
        """The node that is nearest to a point, um; of several the first."""
        return int(np.argmin((self.x - x) ** 2 + (self.y - y) ** 2 + (self.z - z) ** 2))

    def select(self, region=None, below: int | None = None, beyond: float | None = None, within: float | None = None,
               order: int | None = None) -> np.ndarray:
        """Nodes that are all of what is asked, ascending.

        Args:
            region: a name ("soma", "axon", "basal", "apical", "dendrite", "spine_head", ...), a type, or several.
            below: a node; it and what hangs on it.
            beyond, within: path distance from the soma, um: at least, at most.
            order: branch order.

        Raises:
            ModelError: a region or node that does not exist.
        """
        return selecting.select(self, region, below, beyond, within, order)

    def extract(self, nodes: Iterable[int]) -> Morphology:
        """The part that consists of these nodes; segments that lead out of it are dropped whole.

        Raises:
            ModelError: nodes that do not exist, or do not hang together.
        """
        return selecting.extract(self, nodes)

    def refine(self, spacing: float) -> Morphology:
        """The same shape with nodes at most `spacing` um apart: segments are cut into equal parts.

        Areas, volumes, lengths and the resistance along every path stay as they are. `sample` is -1 for new nodes.

        Raises:
            ModelError: a spacing that is not positive, or more nodes than can be numbered.
        """
        return refining.refine(self, spacing)

    def with_radii(self, law) -> Morphology:
        """The same tree with other radii: a number, an array (n_node,), or a law (`constant`, `taper`, `rall`).

        What owns its volume (a spherical soma, spines) stays as it is.

        Raises:
            ModelError: an array of another length, or radii that are not positive.
        """
        return radii.with_radii(self, law)

    def with_spines(self, nodes=None, **shape) -> Morphology:
        """The cell with spines; see `gpusyn.morphology.spines.with_spines`."""
        return spines.with_spines(self, nodes, **shape)

    @property
    def spine_heads(self) -> np.ndarray:
        """Nodes of the spine heads, ascending: the order in which the spines were attached."""
        return np.flatnonzero(self.kind == SPINE_HEAD)

    @cached_property
    def spine_bases(self) -> np.ndarray:
        """The node of the dendrite that each spine head hangs on, through its neck."""
        base = self.parent[self.spine_heads]
        while len(inside := np.flatnonzero(self.kind[base] == SPINE_NECK)):
            base[inside] = self.parent[base[inside]]
        return base

    def _shares(self, measure):
        return frusta.shares(measure, self.parent, self.start_radius, self.radius, self.length)

    def __repr__(self):
        kinds, counts = np.unique(self.kind, return_counts=True)
        parts = ", ".join(f"{count} {name_of(kind)}" for kind, count in zip(kinds, counts, strict=True))
        return (f"<Morphology '{self.name}': {self.n_node} nodes ({parts}), {self.length.sum():.6g} um, "
                f"{self.area.sum():.6g} um^2, {self.volume.sum():.6g} um^3>")
