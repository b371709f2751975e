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
ONE = np.ones((1, 1))


@dataclass(frozen=True)
class Spreading:
    """What spreads along the trees of a population, all of it.

    Attributes:
        paths: dotted names of the states.
        capacity, conductance: (n_state, 1 or n_point, n_node); conductance is that to the parent, 0 at roots.
        rates: of the same shape, the rate at which each state leaves each node, 1/ms.
        ease, coupling: of each state, arrays whose product is its conductance; ease is (1 or n_point, 1), unless what
            it depends on differs from node to node: then it is 1.
    """

    paths: list[str]
    capacity: np.ndarray
    conductance: np.ndarray
    rates: np.ndarray
    ease: list[np.ndarray]
    coupling: list[np.ndarray]

    @property
    def fastest(self) -> float:
        """The largest rate at which anything leaves a node, 1/ms; twice that bounds the eigenvalues (Gershgorin)."""
        return float(self.rates.max(initial=0.0))


def spreading_of(model, trees: Trees) -> Spreading:
    """The capacities and conductances of a population's trees.

    Raises:
        ModelError: a potential without a capacitance.
    """
    names = trees.spreading()
    held, ease, coupling = zip(*(_coefficients(model, trees, member, state) for member, state in names), strict=True)
    shape = (max(len(given) for given in (*held, *ease, *coupling)), trees.n_site)
    capacity = np.stack([np.broadcast_to(c, shape) for c in held])
    conductance = np.stack([np.broadcast_to(e * k, shape) for e, k in zip(ease, coupling, strict=True)])
    paths = [path_of(trees.name, member, state) for member, state in names]
    rates = _rates(trees, capacity, conductance)
    return Spreading(paths, capacity, conductance, rates, list(ease), list(coupling))


def _coefficients(model, trees, member, state):
    """(capacity, ease, coupling) of one state, each (1 or n_point, n_node), ease maybe (1 or n_point, 1)."""
    mechanism = trees.members[member]
    quantity, prefix = mechanism.quantities[state], f"{trees.name}.{member}." if member else f"{trees.name}."
    given = model.values(prefix + quantity.spreads)
    alike = given.shape[1] == 1
    if quantity.within == "membrane":
        if "capacitance" not in mechanism.quantities:
            raise ModelError(f"{prefix}{state} spreads within the membrane, so {type(mechanism).__name__} needs a "
                             "parameter 'capacitance', pF/um^2")
        held = model.values(f"{prefix}capacitance") * trees.geometry["membrane_area"]
        ease, coupling = NANOSIEMENS / _between(trees, given), trees.forest.gather("coupling").reshape(1, -1)
        return (held, ease, coupling) if alike else (held, ONE, ease * coupling)
    cytosol = quantity.within == "cytosol"
    held = trees.geometry["cytosol_volume" if cytosol else "er_volume"].reshape(1, -1)
    coupling = trees.gathered("cytosol_coupling" if cytosol else "coupling").reshape(1, -1)
    return (held, given, coupling) if alike else (held, ONE, _between(trees, given) * coupling)


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
