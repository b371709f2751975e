"""Factors of trees as a core takes them (`gpusyn.backends.numba_ops.trees`): by node, or by tile where lanes take runs.

Tiles with the same factors are held once, however often they occur.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpusyn.numerics.tree_factors import Coefficients, factors
from gpusyn.numerics.tree_lanes import LANES, TILE, in_lanes, tiled
from gpusyn.numerics.tree_runs import Runs


@dataclass(frozen=True, eq=False)
class Layout:
    """Runs, the long ones cut for lanes, and the factors along them.

    Attributes:
        runs: see there.
        base: (n_run,) int64: where the factors of a run begin, in nodes, less its lowest node; of a run in lanes, where
            its tiles begin in a row of `tile_at`, by quantity and tile.
        pairs: real (n_factor_row, n * n_active * 2), by node that is not in lanes, and quantity: own, and up of the
            node before it in its run (`gpusyn.numerics.tree_factors`), 0 where there is none.
        downs: real (n_factor_row, n * n_active), of the same nodes.
        heads: real (n_factor_row, n_run * n_active), up of each run's last node.
        tile_at: int64 (n_factor_row, n_listed), which tile is where.
        tile_pairs: real (n_tile, 128), by node of a stretch: own of all lanes, up of all lanes.
        tile_downs: real (n_tile, 64).
    """

    runs: Runs
    base: np.ndarray
    pairs: np.ndarray
    downs: np.ndarray
    heads: np.ndarray
    tile_at: np.ndarray
    tile_pairs: np.ndarray
    tile_downs: np.ndarray

    @property
    def tiles(self) -> list[np.ndarray]:
        """Which tile is where, and the tiles."""
        return [self.tile_at, self.tile_pairs, self.tile_downs]

    def arrays(self) -> list[np.ndarray]:
        """What describes the runs."""
        return [*self.runs.arrays(), self.base]


def layout_of(of: Coefficients, runs: Runs, dt_share: float, real) -> Layout:
    """The layout of factors for runs of which none is taken in lanes, for values of the type `real`."""
    made = np.stack([factors(of, runs, k, dt_share, runs.continued) for k in range(of.species.size)], axis=-1)
    own, up, down = made                                    # each (n_factor_row, n_node, n_active)
    cut = in_lanes(runs, np.stack([np.moveaxis(up, 1, -1), np.moveaxis(down, 1, -1)]), real)
    ends = cut.last[cut.warm > 0]                           # passed on to another run, before that is scaled
    up[:, ends] /= own[:, cut.toward[ends]]
    inside = np.flatnonzero(cut.continued)
    entering = np.zeros_like(up)                            # up of the node before
    entering[:, cut.toward[inside]] = up[:, inside]
    by_node = np.stack([own, entering, down], axis=-1).astype(real)
    base, nodes = _places(cut, of.species.size)
    held, rows = by_node[:, nodes], len(own)
    return Layout(cut, base, held[..., :2].reshape(rows, -1), held[..., 2].reshape(rows, -1),
                  up[:, cut.last].reshape(rows, -1).astype(real), *_tiles(cut, by_node))


def _places(runs: Runs, n_active: int) -> tuple[np.ndarray, np.ndarray]:
    """`Layout.base`, and the nodes that are not in lanes, in the order of their factors."""
    low = np.minimum(runs.start, runs.last)
    in_lanes = runs.warm > 0
    alone = np.where(in_lanes, 0, runs.count)
    listed = np.where(in_lanes, runs.count // TILE * n_active, 0)
    base = np.where(in_lanes, np.cumsum(listed) - listed, np.cumsum(alone) - alone - low)
    by_itself = np.repeat(low - (np.cumsum(alone) - alone), alone) + np.arange(alone.sum())
    return base, by_itself


def _tiles(runs: Runs, by_node: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`Layout.tiles`, of factors (n_factor_row, n_node, n_active, 3) of all nodes."""
    number: dict[bytes, int] = {}
    found: list[np.ndarray] = []
    at: list[list[int]] = [[] for _ in by_node]
    low = np.minimum(runs.start, runs.last)
    for run in np.flatnonzero(runs.warm):
        for row, listed in zip(by_node[:, low[run]:low[run] + runs.count[run]], at, strict=True):
            for tile in np.concatenate([tiled(quantity) for quantity in np.moveaxis(row, 1, 0)]):
                key = tile.tobytes()
                if key not in number:
                    number[key] = len(found)
                    found.append(tile)
                listed.append(number[key])
    tiles = np.array(found, by_node.dtype).reshape(-1, LANES, 3, LANES)
    return (np.array(at, np.int64), np.ascontiguousarray(tiles[:, :, :2]).reshape(-1, 2 * TILE),
            np.ascontiguousarray(tiles[:, :, 2]).reshape(-1, TILE))
