"""Arguments of operations: arrays that vary along some axes and not along others become flat, with strides."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpusyn.errors import ModelError


def along(array, sizes: tuple[int, ...], place: str) -> tuple[Any, list[int]]:
    """A device array as a flat array, and its stride along each axis (0: constant).

    Args:
        array: C-contiguous, each axis of length 1 or as long as `sizes` says; axes missing at the end count as 1.
        sizes: lengths of all axes.
        place: dotted name for messages.

    Raises:
        ModelError: a length fits neither.
    """
    shape = tuple(array.shape) + (1,) * (len(sizes) - array.ndim)
    if len(shape) != len(sizes) or any(n not in (1, size) for n, size in zip(shape, sizes, strict=True)):
        wanted = " x ".join(f"1 or {size}" for size in sizes)
        raise ModelError(f"{place}: shape {tuple(array.shape)} must be {wanted} (axes missing at the end count as 1)")
    strides, step = [], 1
    for n in reversed(shape):
        strides.insert(0, step if n > 1 else 0)
        step *= n
    return array.reshape(-1), strides


def per_site(values, n_site: int, place: str) -> np.ndarray | None:
    """A mask or factor per site as float64 (n_site,), or None for None.

    Raises:
        ModelError: another shape, or a value that is not finite.
    """
    if values is None:
        return None
    values = np.asarray(values, np.float64).reshape(-1)
    if values.size != n_site:
        raise ModelError(f"{place}: {values.size} values for {n_site} sites; give one per site")
    if not np.isfinite(values).all():
        site = int(np.flatnonzero(~np.isfinite(values))[0])
        raise ModelError(f"{place}: {values[site]} at site {site}; it must be finite")
    return values


def scale_argument(values: np.ndarray | None, real, upload) -> tuple[Any, int]:
    """A factor per site on the device and its stride; 1 for all sites if there is none."""
    if values is None:
        return upload(np.ones(1, real)), 0
    return upload(values.astype(real)), 1


@dataclass(frozen=True)
class ReleaseArguments:
    """What every delivery is told of amounts, chances, factors per site and the ledger: device arrays, strides."""

    amount: Any
    amount_strides: list[int]
    chance: Any
    chance_strides: list[int]
    source_scale: Any
    source_stride: int
    target_scale: Any
    target_stride: int
    ledger: Any
    seeds: Any
    draws: int
    counted: int


def release_arguments(
    wiring, sizes: tuple[int, ...], target, amount, released, probability, seeds, upload
) -> ReleaseArguments:
    """Check and flatten what a delivery needs.

    Args:
        wiring: has `name`, `from_sites` and `to_sites`.
        sizes: axes of `probability`: n_point, n_source, and the connections where they have chances of their own.
        target, amount, released, probability, seeds, upload: as in `Neighbourhood.calls`.

    Raises:
        ModelError: a shape that does not fit, or a probability without seeds.
    """
    real = target.dtype
    draws = probability is not None
    if draws and seeds is None:
        raise ModelError(f"{wiring.name}.probability: releases are drawn, so seeds are needed, (n_point, 2) uint32")
    amount, amount_strides = along(amount, sizes[:2], f"{wiring.name}.amount")
    chance = probability if draws else upload(np.ones(1, real))
    chance, chance_strides = along(chance, sizes, f"{wiring.name}.probability")
    source_scale, source_stride = scale_argument(wiring.from_sites, real, upload)
    target_scale, target_stride = scale_argument(wiring.to_sites, real, upload)
    ledger = upload(np.zeros((1, 1))) if released is None else released
    seeds = upload(np.zeros((1, 2), np.uint32)) if seeds is None else seeds
    return ReleaseArguments(
        amount, amount_strides, chance, chance_strides, source_scale, source_stride, target_scale, target_stride,
        ledger, seeds, int(draws), int(released is not None),
    )
