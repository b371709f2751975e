"""How easily what spreads flows between the nodes of a tree, and how much each node holds of it.

A concentration has the volume of its compartment as capacity, um^3, and D A / L as conductance, um^3/ms; a potential
has its membrane's capacitance, pF, and the axial conductance, nS. Both give 1/ms when divided.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.quantities import path_of
from gpusyn.trees.part import Trees

NANOSIEMENS = 1e5  # um / (Ohm cm), in nS


@dataclass(frozen=True)
class Spreading:
    """What spreads along the trees of a population, all of it.

    Attributes:
        paths: dotted names of the states.
        capacity, conductance: (n_state, 1 or n_point, n_node); conductance is that to the parent, 0 at roots.
    """

    paths: list[str]
    capacity: np.ndarray
    conductance: np.ndarray

    @property
    def fastest(self) -> float:
        """The largest rate at which anything leaves a node, 1/ms; twice that bounds the eigenvalues (Gershgorin)."""
        return float(self.rates.max(initial=0.0))

    rates: np.ndarray  # (n_state, 1 or n_point, n_node)


def spreading_of(model, trees: Trees) -> Spreading:
    """The capacities and conductances of a population's trees.

    Raises:
        ModelError: a potential without a capacitance.
    """
    names = trees.spreading()
    pairs = [_coefficients(model, trees, member, state) for member, state in names]
    shape = (max(max(c.shape[0], k.shape[0]) for c, k in pairs), trees.n_site)
    capacity = np.stack([np.broadcast_to(c, shape) for c, _ in pairs])
    conductance = np.stack([np.broadcast_to(k, shape) for _, k in pairs])
    paths = [path_of(trees.name, member, state) for member, state in names]
    return Spreading(paths, capacity, conductance, _rates(trees, capacity, conductance))


def _coefficients(model, trees, member, state):
    """(capacity, conductance) of one state, each (1 or n_point, n_node)."""
    mechanism = trees.members[member]
    quantity, prefix = mechanism.quantities[state], f"{trees.name}.{member}." if member else f"{trees.name}."
    ease = _between(trees, model.values(prefix + quantity.spreads))
    if quantity.within == "membrane":
        if "capacitance" not in mechanism.quantities:
            raise ModelError(f"{prefix}{state} spreads within the membrane, so {type(mechanism).__name__} needs a "
                             "parameter 'capacitance', pF/um^2")
        held = model.values(f"{prefix}capacitance") * trees.geometry["membrane_area"]
        return held, NANOSIEMENS / ease * trees.forest.gather("coupling")
    cytosol = quantity.within == "cytosol"
    held = trees.geometry["cytosol_volume" if cytosol else "er_volume"].reshape(1, -1)
    return held, ease * trees.gathered("cytosol_coupling" if cytosol else "coupling")


def _between(trees, values):
    """A coefficient on the segment that leads to each node: the mean of its ends, where nodes differ."""
    if values.shape[1] == 1:
        return values
    parent = trees.forest.parent
    return np.where(parent >= 0, 0.5 * (values + values[:, parent]), values)


def _rates(trees, capacity, conductance):
    """The rate at which each state leaves each node, 1/ms."""
    parent, out = trees.forest.parent, conductance.copy()
    child = np.flatnonzero(parent >= 0)
    flat = out.reshape(-1, out.shape[-1])
    for row, own in zip(flat, conductance.reshape(flat.shape), strict=True):
        row += np.bincount(parent[child], own[child], minlength=row.size)
    return out / capacity
