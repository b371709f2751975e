"""Where transporters sit on a lattice, seen from the synapses that release the transmitter.

A synapse is a site that a connection releases into. At a spacing of a micrometre its cleft and the membranes around it
lie in one site, so the maps are these:

    uniform        every site
    synaptic       the synapses' sites
    perisynaptic   the synapses' sites and their nearest neighbours

v_max is what a site has where transporters are; a map does not change it, it leaves sites out. Where nothing releases
the transmitter there is no synapse to be near, and transporters are everywhere.
"""
from __future__ import annotations

import numpy as np

LOCALIZATIONS = ("perisynaptic", "synaptic", "uniform")


def share_of_sites(model, field, localization: str) -> float | np.ndarray:
    """1 where a field's transporters are and 0 elsewhere, (n_site,) float64; the number 1.0 if that is everywhere."""
    if localization == "uniform":
        return 1.0
    sites = synapses(model, field)
    if localization == "perisynaptic":
        sites = with_neighbours(sites.reshape(field.lattice.shape), field.lattice.edges).ravel()
    return 1.0 if sites.all() or not sites.any() else sites.astype(np.float64)


def synapses(model, field) -> np.ndarray:
    """The sites that some connection releases the field's transmitter into, (n_site,) bool."""
    sites = np.zeros(field.n_site, bool)
    for connection in model.connections.values():
        if connection.target == f"{field.name}.concentration":
            sites |= connection.wiring.in_degree() > 0
    return sites


def with_neighbours(sites: np.ndarray, edges: tuple[str, ...]) -> np.ndarray:
    """Sites and those that share a face with them, on a lattice of this shape; periodic axes wrap."""
    grown = sites.copy()
    for axis, edge in enumerate(edges):
        for move, came_round in ((1, 0), (-1, -1)):
            moved = np.roll(sites, move, axis)
            if edge != "periodic":
                np.moveaxis(moved, axis, 0)[came_round] = False
            grown |= moved
    return grown
