"""Groups of nodes of trees, by which values may be given and records chosen."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.config.values import FORMS, to_number
from gpusyn.errors import ModelError, nearest, shown
from gpusyn.morphology import Forest, Morphology
from gpusyn.morphology.regions import name_of

REST = "rest"
CHOICES = ("nodes", "cells", "region", "below", "beyond", "within", "order")


def region_groups(forest: Forest) -> dict[str, np.ndarray]:
    """Masks (n_node,) of the regions that there are, by name; every node is in one."""
    kind = forest.gather("kind")
    return {name_of(one).replace(" ", "_"): kind == one for one in np.unique(kind)}


def node_groups(written: Any, forest: Forest) -> dict[str, np.ndarray]:
    """Masks (n_node,) of groups that a table chooses, and "rest": the nodes that are in none of them.

        groups = { stimulus = { nodes = [500] }, tuft = { region = "apical", beyond = "200 um" } }

    Raises:
        ModelError: it chooses nothing, a node twice, or what does not exist.
    """
    if not isinstance(written, dict) or not written:
        raise ModelError("write groups of nodes, such as { tip = { nodes = [99] }, distal = { beyond = \"100 um\" } }")
    masks, taken = {}, np.zeros(forest.n_node, bool)
    for name, choice in written.items():
        if not str(name).isidentifier() or name in (REST, *FORMS, "min", "max"):
            raise ModelError(f"'{name}' cannot be the name of a group")
        masks[name] = _chosen(name, choice, forest)
        twice = np.flatnonzero(taken & masks[name])
        if twice.size:
            other = next(one for one, mask in masks.items() if mask[twice[0]])
            raise ModelError(f"{name}: node {twice[0]} is in group '{other}' already; groups must not overlap")
        taken |= masks[name]
    return masks | ({} if taken.all() else {REST: ~taken})


def _chosen(name, choice, forest) -> np.ndarray:
    """Mask of what a table chooses, in every cell or in some."""
    if not isinstance(choice, dict) or not choice:
        raise ModelError(f"{name}: {shown(choice)} chooses no nodes; write e.g. {{ nodes = [0] }} or "
                         f'{{ region = "apical" }}')
    for key in choice:
        if key not in CHOICES:
            raise ModelError(f"{name}: unknown key '{key}'{nearest(key, CHOICES)}")
    asked: dict[str, Any] = {k: v for k, v in choice.items() if k in ("region", "below", "order")}
    asked |= {k: to_number(v, "um", f"{name}.{k}") for k, v in choice.items() if k in ("beyond", "within")}
    if not _is_region(asked.get("region", "")):
        raise ModelError(f"{name}: region = {shown(asked['region'])} must be a name such as \"apical\", or several")
    within = [_of_cell(name, choice, cell, asked) for cell in forest.distinct]
    parts = [within[k] for k in forest.which]
    for number in set(range(forest.n_cell)) - set(_whole(name, choice, "cells", range(forest.n_cell), forest.n_cell)):
        parts[number] = np.zeros(len(parts[number]), bool)
    mask = np.concatenate(parts)
    if not mask.any():
        raise ModelError(f"{name}: no node is all of {shown(choice)}")
    return mask


def _of_cell(name, choice, cell: Morphology, asked) -> np.ndarray:
    mask = np.zeros(cell.n_node, bool)
    mask[_whole(name, choice, "nodes", range(cell.n_node), cell.n_node)] = True
    for key in ("below", "order"):
        if key in asked and (isinstance(asked[key], bool) or not isinstance(asked[key], int)):
            raise ModelError(f"{name}: {key} = {shown(asked[key])} must be a whole number")
    only = np.zeros(cell.n_node, bool)
    only[cell.select(**asked)] = True
    return mask & only


def _whole(name, choice, key, default, limit) -> list[int]:
    """A list of whole numbers below a limit."""
    numbers = choice.get(key, list(default))
    if not isinstance(numbers, list) or not numbers or any(_is_wrong(one, limit) for one in numbers):
        raise ModelError(f"{name}: {key} = {shown(numbers)} must be a list of whole numbers from 0 to {limit - 1}")
    return numbers


def _is_region(written) -> bool:
    return isinstance(written, str) or (isinstance(written, list) and all(isinstance(one, str) for one in written))


def _is_wrong(one, limit) -> bool:
    return isinstance(one, bool) or not isinstance(one, int) or not 0 <= one < limit

