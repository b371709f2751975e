"""Regions of a cell: the type numbers of SWC files, and names for them."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gpusyn.errors import ModelError, nearest

SOMA, AXON, BASAL, APICAL = 1, 2, 3, 4
SPINE_NECK, SPINE_HEAD = 16, 17  # SWC leaves 5 and above to its users
KINDS = {
    "undefined": 0, "soma": SOMA, "axon": AXON, "basal": BASAL, "apical": APICAL, "spine_neck": SPINE_NECK,
    "spine_head": SPINE_HEAD,
}  # fmt: skip
GROUPS = {"dendrite": (BASAL, APICAL), "spine": (SPINE_NECK, SPINE_HEAD), "neurite": (AXON, BASAL, APICAL)}
NAMES = {number: name for name, number in KINDS.items()}


def name_of(kind: int) -> str:
    """'apical' for 4; 'type 7' for numbers without a name."""
    return NAMES.get(int(kind), f"type {int(kind)}")


def kinds_of(region: str | int | Iterable[str | int], place: str = "region") -> tuple[int, ...]:
    """The type numbers of a region: a name, a group ("dendrite", "spine", "neurite"), a number, or several of these.

    Raises:
        ModelError: an unknown name; the message suggests the nearest.
    """
    if isinstance(region, int | np.integer):
        return (int(region),)
    if not isinstance(region, str):
        return tuple(kind for part in region for kind in kinds_of(part, place))
    if region in GROUPS:
        return GROUPS[region]
    if region not in KINDS:
        raise ModelError(f"{place}: there is no region '{region}'{nearest(region, [*KINDS, *GROUPS])}")
    return (KINDS[region],)
