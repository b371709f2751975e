"""Offsets of a lattice neighbourhood: which there are, how far they reach, and how they lie in memory."""
from __future__ import annotations

import numpy as np

from gpusyn.errors import ModelError, nearest

MOST_OFFSETS = 100_000
METRICS = {
    "euclidean": lambda steps: np.sqrt(np.square(steps).sum(axis=-1)),
    "chebyshev": lambda steps: np.abs(steps).max(axis=-1),
    "manhattan": lambda steps: np.abs(steps).sum(axis=-1),
}
ROUNDING = 1e-9


def distances_of(offsets: np.ndarray, metric: str) -> np.ndarray:
    """Length of each offset in lattice steps, (n_offset,) float64."""
    return METRICS[metric](offsets.astype(np.float64))


def offsets_within(
    shape: tuple[int, ...], wraps: tuple[bool, ...], radius: float, metric: str, include_self: bool, name: str
) -> np.ndarray:
    """All offsets no longer than the radius, each leading to another site.

    Args:
        shape: sites along z, y, x.
        wraps: whether each axis is periodic.
        radius: lattice steps.
        metric: a key of `METRICS`.
        include_self: whether the offset (0, 0, 0) is among them.
        name: dotted name for messages.

    Returns:
        (n_offset, 3) int32 in ascending order. Each is shorter than its axis; on a periodic axis it is the shortest
        of those that lead to the same site.

    Raises:
        ModelError: an unknown metric, a radius that is negative or not finite, or more than `MOST_OFFSETS` offsets.
    """
    if metric not in METRICS:
        raise ModelError(f"{name}.metric: '{metric}' is unknown{nearest(metric, METRICS)}")
    if not (np.isfinite(radius) and radius >= 0):
        raise ModelError(f"{name}.radius: {radius} must be a distance of at least 0")
    axes = [_steps(size, wrap, radius) for size, wrap in zip(shape, wraps, strict=True)]
    if np.prod([float(axis.size) for axis in axes]) > 8 * MOST_OFFSETS:
        raise ModelError(
            f"{name}.radius: {radius:g} steps reach too many sites (more than {MOST_OFFSETS}); "
            f"use AllToAll, or a smaller radius"
        )
    offsets = np.stack([grid.reshape(-1) for grid in np.meshgrid(*axes, indexing="ij")], axis=1).astype(np.int32)
    offsets = offsets[distances_of(offsets, metric) <= radius * (1 + ROUNDING)]
    return offsets if include_self else offsets[offsets.any(axis=1)]


def _steps(size: int, wraps: bool, radius: float) -> np.ndarray:
    """Steps along one axis that lead to different sites, ascending."""
    reach = int(min(np.floor(radius * (1 + ROUNDING)), size - 1))
    if not wraps:
        return np.arange(-reach, reach + 1)
    return np.arange(max(-reach, -((size - 1) // 2)), min(reach, size // 2) + 1)


def runs_of(offsets: np.ndarray) -> np.ndarray:
    """Offsets that differ by one step in x, put together.

    Args:
        offsets: (n_offset, 3) int32, ascending.

    Returns:
        (n_run, 5) int32: z, y, first offset, number of offsets, x of the first.
    """
    breaks = np.ones(len(offsets), bool)
    breaks[1:] = (np.diff(offsets, axis=0) != [0, 0, 1]).any(axis=1)
    first = np.flatnonzero(breaks)
    counts = np.diff(np.append(first, len(offsets)))
    return np.column_stack([offsets[first, :2], first, counts, offsets[first, 2]]).astype(np.int32)
