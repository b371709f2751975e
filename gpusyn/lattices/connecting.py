"""From a callable on two positions to a wiring: by displacement, from arrays, or pair by pair."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.lattice import Lattice
from gpusyn.lattices.callables import (
    ALTERNATIVES,
    MOST_CALLS,
    agrees,
    by_arrays,
    by_displacement,
    by_references,
    pair_by_pair,
)
from gpusyn.lattices.displacements import Displacements
from gpusyn.wiring import AllToAll, SparseConnections
from gpusyn.wiring.neighbours import MOST_OFFSETS

MOST_PAIRS = 1_000_000_000  # looked at with arrays: some ten seconds
BLOCK_PAIRS = 4_000_000
N_SAMPLES = 400
NEAR = 3  # sites; half of the pairs that are checked lie so close together


def wiring_of(condition, weight, pre: Lattice, post: Lattice, name: str) -> Any:
    """Connections between all pairs of sites for which a condition holds.

    What depends on the displacement between the sites only becomes `AllToAll` or `Displacements`, which store nothing
    per connection; anything else is `SparseConnections`.

    Args:
        condition: ``condition(pre, post)`` of two positions (row, column), in sites. It is called with arrays where
            it can be, else once per displacement, else once per pair.
        weight: a number, None (1), or a callable like the condition that returns numbers.
        pre, post: lattices of the sources and of the targets.
        name: for messages.

    Raises:
        ModelError: the condition holds for no pair, or there are too many pairs to ask for one by one.
    """
    weight = 1.0 if weight is None else weight
    by_step = None if pre.shape != post.shape else from_displacements(condition, weight, pre, name, by_displacement)
    if by_step is not None:
        return by_step
    found = pairs_where(condition, pre, post, f"{name}.condition")
    if found is None and pre.shape == post.shape:
        by_step = from_displacements(condition, weight, pre, name, lambda f, steps: by_references(f, steps, pre.shape))
        if by_step is not None:
            return by_step
    if found is None:
        raise ModelError(f"{name}.condition: {pre.n_site * post.n_site} pairs of sites are too many to ask for one by "
                         f"one (at most {MOST_CALLS}, or {MOST_PAIRS} with arrays); {ALTERNATIVES}")
    sources, targets = found
    require_some(sources.size, f"{name}.condition")
    values = weights_of(weight, pre.positions()[sources], post.positions()[targets], f"{name}.weight")
    return SparseConnections(sources, targets, values, n_source=pre.n_site, n_target=post.n_site, name=name)


def from_displacements(condition, weight, lattice: Lattice, name: str, ask):
    """The wiring if condition and weight depend on the displacement only, else None.

    Args:
        ask: ``ask(callable, steps)`` gives what a callable says of displacements, or None if it depends on more.
    """
    steps = all_displacements(lattice.shape)
    holds = ask(condition, steps)
    if holds is None:
        return None
    holds = holds.astype(bool)
    pre, post, at = sample_pairs(lattice.shape)
    if not agrees(lambda a, b: bool(condition(a, b)), pre, post, holds[at]):
        return None
    require_some(holds, f"{name}.condition")
    chosen = holds[at]
    values = weights_by_displacement(weight, steps[holds], pre[chosen], post[chosen], lattice.shape, ask)
    if values is None:
        return None
    here = ~steps.any(axis=1)
    if holds[~here].all() and len(np.unique(values)) == 1:
        return AllToAll(lattice.n_site, weight=float(values[0]), include_self=bool(holds[here][0]), name=name)
    return Displacements(lattice, steps[holds], values, name) if holds.sum() <= MOST_OFFSETS else None


def weights_by_displacement(weight, steps, pre, post, shape, ask) -> np.ndarray | None:
    """Weights of connections at displacements, (n,), or None if they depend on more; `pre` and `post` are samples."""
    if not callable(weight):
        return np.full(len(steps), float(weight))
    values = ask(weight, steps)
    if values is None or not agrees(weight, pre, post, values[_places(steps, post - pre, shape)]):
        return None
    return values.astype(np.float64)


def pairs_where(condition, pre: Lattice, post: Lattice, place: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Sources and targets of all pairs for which a condition holds, sources ascending; None if there are too many."""
    here, there = pre.positions(), post.positions()
    n_pair = len(here) * len(there)
    if 0 < n_pair <= MOST_PAIRS and takes_arrays(condition, here, there):
        block = max(1, BLOCK_PAIRS // len(there))
        found = [_pairs_in(condition, here, there, start, block) for start in range(0, len(here), block)]
        sources, targets = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return sources, targets
    if n_pair > MOST_CALLS:
        return None
    first, second = np.repeat(here, len(there), axis=0), np.tile(there, (len(here), 1))
    sources, targets = np.divmod(np.flatnonzero(pair_by_pair(condition, first, second, place)), len(there))
    return sources, targets


def weights_of(weight, pre: np.ndarray, post: np.ndarray, place: str):
    """Weights of connections between positions, (n,), or the number for all."""
    if not callable(weight):
        return float(weight)
    values = by_arrays(weight, pre, post)
    if values is not None and agrees(weight, pre, post, values):
        return values
    return pair_by_pair(weight, pre, post, place)


def takes_arrays(condition, here: np.ndarray, there: np.ndarray) -> bool:
    """Whether a condition gives with arrays of positions what it gives one by one."""
    rng = np.random.default_rng(0)
    pre = here[rng.integers(0, len(here), N_SAMPLES)]
    near = np.clip(pre[: N_SAMPLES // 2] + rng.integers(-NEAR, NEAR + 1, (N_SAMPLES // 2, 2)), 0, there.max(axis=0))
    post = np.concatenate([near, there[rng.integers(0, len(there), N_SAMPLES - len(near))]])
    answers = by_arrays(condition, pre, post)
    return answers is not None and agrees(lambda a, b: bool(condition(a, b)), pre, post, answers.astype(bool))


def _pairs_in(condition, here, there, start, block):
    """The pairs that hold among a block of sources and all targets."""
    some = here[start : start + block]
    holds = by_arrays(condition, np.repeat(some, len(there), axis=0), np.tile(there, (len(some), 1)))
    sources, targets = np.divmod(np.flatnonzero(np.asarray(holds)), len(there))
    return sources + start, targets


def all_displacements(shape: tuple[int, ...]) -> np.ndarray:
    """Every displacement between two sites, (n, n_axis), the last axis fastest."""
    axes = [np.arange(1 - n, n) for n in shape]
    return np.stack([grid.reshape(-1) for grid in np.meshgrid(*axes, indexing="ij")], axis=1)


def sample_pairs(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of positions, half of them close together, and the place of each displacement in `all_displacements`."""
    rng, size = np.random.default_rng(0), np.array(shape)
    pre = rng.integers(0, size, (N_SAMPLES, len(size)))
    post = rng.integers(0, size, (N_SAMPLES, len(size)))
    near = pre + rng.integers(-NEAR, NEAR + 1, pre.shape)
    close = np.arange(N_SAMPLES) % 2 == 0
    post[close] = np.clip(near, 0, size - 1)[close]
    return pre, post, np.asarray(np.ravel_multi_index(tuple((post - pre + size - 1).T), tuple(2 * size - 1)))


def _places(steps, wanted, shape) -> np.ndarray:
    """Where each wanted displacement is among `steps`, which ascend."""
    size = np.array(shape)
    numbers, wanted = (np.ravel_multi_index(tuple((s + size - 1).T), tuple(2 * size - 1)) for s in (steps, wanted))
    return np.asarray(np.searchsorted(np.asarray(numbers), wanted))


def require_some(holds, place: str) -> None:
    """Raise a `ModelError` if nothing is connected."""
    if not np.any(holds):
        raise ModelError(f"{place}: holds for no pair of sites, so that nothing would be connected; positions are "
                         f"(row, column) in sites, from 0")
