"""What flows between nodes that follow each other in memory, as the programs of a step work it out for themselves.

Most nodes of a tree have their parent before them and their child after them. What of a difference flows in is the same
for all that spreads in one compartment, but for its diffusion coefficient, and in an ER whose radius is everywhere the
same part of the dendrite's it is what it is in the cytosol:

    flow_i = ease (from_before_i (x_(i-1) - x_i) + from_after_i (x_(i+1) - x_i))

A program that reads x beside its own node saves a pass over all that spreads. What flows at branch points from other
nodes is written beside each state before, as `x:spread`, which is 0 everywhere else.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpusyn.trees.spreading import Spreading

ROUNDING = 1e-14  # relative
PAD = 64  # values before and after a block: so much is a line of any cache, and both neighbours of all nodes exist


@dataclass(frozen=True)
class Neighbours:
    """The coefficients of flows along the trees of a population.

    Attributes:
        shares: of each state that flows, the paths of from_before, from_after and ease.
        values: by such a path (1 or n_point, 1 or n_node); the product of a share and an ease is a rate, 1/ms.
        branched: whether some nodes have other neighbours.
    """

    shares: dict[str, tuple[str, str, str]]
    values: dict[str, np.ndarray]
    branched: bool


def neighbours_of(name: str, parent: np.ndarray, spreading: Spreading) -> Neighbours:
    """The coefficients of flows along the trees of the population `name`."""
    follows = np.append(parent[1:] == np.arange(parent.size - 1), False)  # the next node is this one's child
    shares: dict[str, tuple[str, str, str]] = {}
    values: dict[str, np.ndarray] = {}
    groups: list[tuple[np.ndarray, np.ndarray]] = []
    for path, held, ease, coupling in zip(
            spreading.paths, spreading.capacity, spreading.ease, spreading.coupling, strict=True):
        if not (ease.any() and coupling.any()):
            continue
        after = np.zeros(np.broadcast_shapes(held.shape, coupling.shape))
        before = after.copy()
        after[:, :-1] = np.where(follows[:-1], coupling[:, 1:], 0.0)
        before[:, 1:] = after[:, :-1]
        pair = before / held, after / held
        number = next((k for k, known in enumerate(groups) if _agree(known, pair)), len(groups))
        suffix = f"_{number + 1}" if number else ""
        shares[path] = (f"{name}:from_before{suffix}", f"{name}:from_after{suffix}", f"{path}:ease")
        if number == len(groups):
            groups.append(pair)
        values |= dict(zip(shares[path], (*groups[number], ease), strict=True))
    return Neighbours(shares, values, bool(np.any((parent[1:] >= 0) & ~follows[:-1])))


def _agree(known, pair) -> bool:
    """Whether two pairs of shares are the same but for their rounding."""
    return all(one.shape == other.shape and np.allclose(one, other, rtol=ROUNDING, atol=0.0)
               for one, other in zip(known, pair, strict=True))


def with_neighbours(backend, shape, dtype):
    """A block of zeros (n_state, n_point, n_node), and views of it that begin a value earlier and a value later."""
    size = int(np.prod(shape))
    room = backend.zeros(size + 2 * PAD, dtype)
    return tuple(room[PAD + shift:PAD + shift + size].reshape(shape) for shift in (0, -1, 1))
