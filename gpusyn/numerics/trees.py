"""Diffusion along trees as linear operations: the calls that solve and spread, on any backend.

With C the diagonal of capacities (volumes, or capacitances) and K the graph Laplacian of the trees with conductance k_i
between node i and its parent (D A / L, or axial conductance), what spreads obeys C dx/dt = -K x + sources. Ends are
sealed. Sum of C x is conserved by both operations, at branch points and changes of radius as elsewhere.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.numerics.tree_chains import chains_of, grouped_by
from gpusyn.numerics.tree_factors import (
    Coefficients,
    coefficients_of,
    factors,
    factors_by_chain,
    meeting_factors,
    shares,
    trees_together,
)
from gpusyn.numerics.tree_layout import layout_of
from gpusyn.numerics.tree_runs import Runs, boundary_of, halves


def solve_calls(forest, capacity, conductance, dt_share: float, values, backend) -> list[tuple[str, list, bool]]:
    """Solve (I + dt_share C^-1 K) x = values in place, for every species, sweep point and cell.

    Args:
        forest: a `gpusyn.morphology.Forest`.
        capacity, conductance: (n_species, 1 or n_point, n_node), in units whose quotient is 1/ms; a root's conductance
            is not read. A species without conductance anywhere is left alone.
        dt_share: the implicit part of a step, ms.
        values: device array (n_species, n_point, n_node), contiguous.
        backend: ``name`` and ``asarray(array)``.

    Returns:
        Tuples (operation, arguments after the step, swaps); none where nothing spreads.

    Raises:
        ValueError: shapes that do not fit.
        ModelError: a capacity that is not positive, a conductance that is negative.
    """
    of = coefficients_of(forest, capacity, conductance, values.shape[1])
    if not of.species.size or dt_share == 0:
        return []
    n_row = values.shape[1] * of.n_copy
    if backend.name == "numpy":
        made = [factors(of, of.runs, k, dt_share, of.parent >= 0) for k in range(of.species.size)]
        own = np.array([part[0] for part in made])
        return [("solve_trees", [values, _solvers(of, made), own, of.species, n_row, of.n_node], False)]
    if backend.name == "numba":
        rows = values.reshape(len(values), n_row, of.n_node)
        cut = halves(of.parent) if n_row == 1 else None
        if cut is not None:
            return halves_calls(of, cut, dt_share, rows, backend)
        laid = layout_of(of, of.runs, dt_share, values.dtype)
        arrays = [laid.pairs, laid.downs, laid.heads, *laid.tiles, of.species, *laid.arrays(), laid.runs.part]
        sizes = [values.shape[1], of.n_copy, of.n_node, of.capacity.shape[1], trees_together(forest)]
        return [("solve_trees", [rows, *map(backend.asarray, arrays), *sizes], False)]
    chains = chains_of(of.trees)
    arrays = [factors_by_chain(of, dt_share, chains, values.dtype), of.species, *chains.arrays()]
    sizes = [of.species.size, of.trees.n_cell, n_row, of.n_node, of.capacity.shape[1]]
    return [("solve_trees", [values, *map(backend.asarray, arrays), *sizes], False)]


def halves_calls(of: Coefficients, runs: Runs, dt_share, values, backend) -> list[tuple[str, list, bool]]:
    """`solve_calls` for one tree in halves: each is eliminated, they meet, and each is filled in."""
    across, whole = map(backend.asarray, meeting_factors(of, runs, dt_share, values.dtype))
    laid = layout_of(of, runs, dt_share, values.dtype)
    pairs, downs, heads, *tiles = map(backend.asarray, (laid.pairs, laid.downs, laid.heads, *laid.tiles))
    lists = [backend.asarray(array) for array in (of.species, *laid.arrays(), laid.runs.part, laid.runs.ends)]
    meeting = backend.asarray(np.zeros((2, of.species.size, 2), values.dtype))
    return [("eliminate_halves", [values, meeting, pairs, heads, *tiles[:2], *lists], False),
            ("substitute_halves", [values, meeting, downs, tiles[0], tiles[2], across, whole, *lists], False)]


def spread_calls(
    forest, capacity, conductance, values, into, backend, sideways=False
) -> list[tuple[str, list, bool]]:
    """Write into = -C^-1 K values: what flows into every node from its neighbours, per ms.

    Args:
        forest, capacity, conductance, backend: as for `solve_calls`.
        values, into: device arrays (n_species, n_point, n_node), contiguous. `into` of a species without conductance is
            left as it is.
        sideways: write what flows from other nodes than those just before and after, at nodes that have such; `into` of
            all others is left as it is.

    Returns:
        Tuples (operation, arguments after the step, swaps); none where nothing spreads.

    Raises:
        ValueError, ModelError: as `solve_calls`.
    """
    of = coefficients_of(forest, capacity, conductance, values.shape[1])
    along, sides = shares(of, values.dtype)
    node, other, _ = of.side
    if not of.species.size or (sideways and not node.size):
        return []
    slots, slot_of, starts = grouped_by(node, of.n_node)
    neighbours = [other.astype(np.int32), sides]
    n_row, n_factor_row = values.shape[1] * of.n_copy, along.shape[1]
    if backend.name == "numba":
        parts = np.append(np.flatnonzero(of.parent < 0), of.n_node)
        if n_row == 1 and (boundary := boundary_of(of.parent)):
            parts = np.array([0, boundary, of.n_node])
        grouped = [slots, starts, *neighbours, *([] if sideways else [parts]), np.searchsorted(slots, parts)]
        sizes = [values.shape[1], of.n_copy, of.n_node, n_factor_row, trees_together(forest)]
    elif sideways:
        grouped, sizes = [slots, starts, *neighbours], [slots.size, node.size, n_row, of.n_node, n_factor_row]
    else:
        grouped, sizes = [slots, slot_of, starts, *neighbours], [node.size, n_row, of.n_node, n_factor_row]
    if backend.name != "numba":
        sizes = [of.species.size, *sizes]
    arrays = [*([] if sideways else [along]), of.species, *grouped]
    name = "spread_sideways" if sideways else "spread_trees"
    return [(name, [values, into, *map(backend.asarray, arrays), *sizes], False)]


def spread_on_host(forest, capacity, conductance, values) -> np.ndarray:
    """-C^-1 K values with NumPy in float64, (n_species, n_point, n_node).

    Args:
        forest, capacity, conductance: as for `solve_calls`.
        values: (n_species, n_point, n_node).

    Raises:
        ValueError, ModelError: as `solve_calls`.
    """
    from gpusyn.backends.numpy_ops.trees import spread_trees

    host = _Host()
    values = np.ascontiguousarray(values, np.float64)
    into = np.zeros_like(values)
    for _, args, _ in spread_calls(forest, capacity, conductance, values, into, host):
        spread_trees(0, *args)
    return into


class _Host:
    """What `spread_calls` asks of a backend, for NumPy."""

    name, asarray = "numpy", staticmethod(np.asarray)


def _solvers(of: Coefficients, made: list[np.ndarray]) -> list[list[tuple[Any, Any]]]:
    """For each species and row, what solves q = own r + up q of the children, and x = q + down x of the parent."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import splu

    child, every = np.flatnonzero(of.parent >= 0), np.arange(of.n_node)
    above = of.parent[child]

    def solver(rows, columns, share):
        entries = np.concatenate([np.ones(of.n_node), -share[child]])
        places = np.concatenate([every, rows]), np.concatenate([every, columns])
        triangle = coo_array((entries, places), shape=(of.n_node, of.n_node)).tocsc()
        return splu(triangle, permc_spec="NATURAL", diag_pivot_thresh=0.0)

    return [[(solver(above, child, up), solver(child, above, down)) for _, up, down in zip(*parts, strict=True)]
            for parts in made]
