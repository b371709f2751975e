"""Long runs of nodes, cut into eight stretches that a core takes side by side in the lanes of a vector.

What is passed along a run is multiplied by a factor below 1 at every node. Where the last few tiles of each stretch
make it less than a part of a rounding, a stretch needs to know no more than those of the one before it, and all can be
taken at the same time (`gpusyn.backends.numba_ops.lanes`). Where diffusion reaches farther in a step, runs stay whole.
"""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from gpusyn.numerics.tree_runs import Runs

LANES = 8             # stretches, and nodes of each in a tile
TILE = LANES**2       # nodes
FORGOTTEN = 2.0**-10  # roundings that may be left of what was passed on


def in_lanes(runs: Runs, passed: np.ndarray, real) -> Runs:
    """The same order with long runs cut in two: what is taken in lanes, and the last nodes.

    Args:
        runs: none of which is taken in lanes.
        passed: (..., n_node) float64, by which factor each node multiplies what it is passed, in any of the quantities
            and directions.
        real: the type of the values.
    """
    limit = np.log(FORGOTTEN * np.finfo(real).eps)
    stride = (runs.count - 1) // TILE * LANES
    warm = np.zeros(runs.count.size, np.int64)
    for run in np.flatnonzero(stride):
        nodes = runs.start[run] + runs.step[run] * np.arange(LANES * stride[run])
        warm[run] = tiles_to_forget(passed[..., nodes], limit)
    if not warm.any():
        return runs
    rest = np.where(warm > 0, runs.count - LANES * stride, 0)
    cut = np.repeat(np.arange(warm.size), np.where(rest > 0, 2, 1))   # which run each of the new ones is a part of
    early = np.r_[False, cut[1:] == cut[:-1]]                         # its first nodes come last
    late = (rest[cut] > 0) & ~early
    after = runs.start + (runs.count - rest) * runs.step
    return replace(
        runs,
        start=np.where(late, after[cut], runs.start[cut]), step=runs.step[cut],
        count=np.where(early, (runs.count - rest)[cut], np.where(late, rest[cut], runs.count[cut])),
        target=np.where(early, after[cut], runs.target[cut]), warm=np.where(early, warm[cut], 0),
        part=np.searchsorted(cut, runs.part),
    )


def tiles_to_forget(passed, limit) -> int:
    """How many tiles at either end of every stretch forget what came before them; 0 if no stretch is so long.

    Args:
        passed: (..., n) factors along a run, n a multiple of `TILE`.
        limit: logarithm of what counts as nothing.
    """
    with np.errstate(divide="ignore"):
        tiles = np.log(passed).reshape(*passed.shape[:-1], LANES, -1, LANES).sum(axis=-1)
    left = np.maximum(tiles.cumsum(axis=-1), tiles[..., ::-1].cumsum(axis=-1))
    enough = (left <= limit).reshape(-1, left.shape[-1]).all(axis=0)
    return int(enough.argmax()) + 1 if enough.any() else 0


def tiled(of_node: np.ndarray) -> np.ndarray:
    """Numbers of the nodes of a run, (n, ...), ascending in memory, as lanes take them: (tile, node, ..., lane)."""
    stretches = of_node.reshape(LANES, -1, LANES, *of_node.shape[1:])
    return np.moveaxis(stretches, 0, -1)
