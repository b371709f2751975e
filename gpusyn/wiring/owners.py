"""Which sites of a lattice own which nodes of trees: a dendrite or a spine for each, and the wiring between the two."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.wiring.sparse import SparseConnections


class Owners:
    """Sites of one population that own nodes of another: what `Model.link` takes for either direction.

        owners = Owners(neurons, dendrites, sites=[0, 5, 9])             # one site for each cell of the trees
        owners = Owners(neurons, dendrites, sites=[0, 5], nodes=[17, 40])     # one site for each node, e.g. spine heads
        model.link("glutamate_at_spines", "glutamate", "dendrites", owners.to_nodes)
        model.link("spine_ca", "dendrites.ca", "neurons", owners.to_sites)

    Args:
        population: `Population`, or `Field`, whose sites own nodes.
        trees: `Trees`, or any other population: then its sites are the nodes.
        sites: the owner of each cell of the trees with all its nodes; or of each of `nodes`. A site may own several.
        nodes: sites of `trees`, each at most once.

    Attributes:
        to_nodes: each node reads its owner.
        to_sites: each owner reads the mean over its nodes.

    Raises:
        ModelError: as many sites as neither cells nor nodes, or a site or node that does not exist or has two owners.
    """

    def __init__(self, population: Any, trees: Any, sites, nodes=None):
        sites = np.asarray(sites).reshape(-1)
        if nodes is None:
            forest = getattr(trees, "forest", None)
            per_cell = np.ones(trees.n_site, int) if forest is None else np.diff(forest.offset)
            if sites.size != per_cell.size:
                raise ModelError(f"owners.sites: {sites.size} owners for {per_cell.size} cells of '{trees.name}'; give "
                                 "one for each cell, or name the nodes")
            sites, nodes = np.repeat(sites, per_cell), np.arange(trees.n_site)
        nodes = np.asarray(nodes).reshape(-1)
        if sites.size != nodes.size:
            raise ModelError(f"owners.sites: {sites.size} owners for {nodes.size} nodes; give one for each")
        twice = np.flatnonzero(np.bincount(nodes[nodes >= 0]) > 1) if nodes.size else nodes
        if twice.size:
            raise ModelError(f"owners.nodes: node {twice[0]} has two owners; it can have one")
        sizes = {"n_source": population.n_site, "n_target": trees.n_site}
        self.to_nodes = SparseConnections(sites, nodes, 1.0, name="owners", **sizes)
        share = 1.0 / np.maximum(np.bincount(sites, minlength=population.n_site), 1)[sites]
        self.to_sites = SparseConnections(nodes, sites, share, n_source=trees.n_site, n_target=population.n_site,
                                          name="owners")
