"""Diffusion on the CPU, in place: several substeps in one pass over memory.

A lattice is (n_plane, n_line, nx). Each worker owns a range of planes and streams along them. Substep `level` of plane
p is computed as soon as substep `level - 1` of plane p + 1 is there; the levels in between live in windows of three
planes that stay in cache, so that the field is read once and written once whatever the number of substeps. The planes
of other workers that a range depends on are saved before anybody writes (`diffuse_save_halo`); near the ends of its
range a worker computes again what its neighbour also computes. Every row is computed by the same function from the same
numbers, so the field does not depend on the number of workers or on how substeps are gathered into passes.

A plane is one flat array. Scratch of one worker, in slots of one plane: zeros, one spare, the windows, and twice
(2 * n_substep) halo planes.
"""
from gpusyn.backends.numba_ops.compiled import operation
from gpusyn.backends.numba_ops.diffusion_axis import LANES, gather_lines, propagate_cell, scatter_lines, wrap_strip
from gpusyn.backends.numba_ops.diffusion_rows import (
    ABSORBING,
    PERIODIC,
    copy_cells,
    count_and_store,
    count_change,
    count_escape,
    diffuse_line,
    diffuse_plane,
    row_difference,
    row_sum,
)

ZEROS, SPARE, WINDOWS = 0, 1, 2


@operation
def _halo_slot(n_substep, second):
    """First slot of a halo: the planes below the range, then those above."""
    return WINDOWS + (2 if n_substep == 1 else 3 * (n_substep - 1)) + (2 * n_substep if second else 0)


@operation
def _save(lattice, slots, halo, lo, hi, periodic, n_substep):
    """Copy the planes that a range depends on: ``n_substep`` on either side."""
    n_plane, size = lattice.shape
    for k in range(n_substep):
        for plane, slot in ((lo - n_substep + k, halo + k), (hi + k, halo + n_substep + k)):
            if periodic or 0 <= plane < n_plane:
                copy_cells(lattice[plane % n_plane], slots[slot, :size])


@operation
def diffuse_save_halo(worker, n_worker, step, field, scratch, n_batch, n_plane, n_line, nx, edge_plane, n_substep):
    """Save what `diffuse_explicit` will need of other workers' planes. Arguments as there."""
    lattices = field.reshape((n_batch, n_plane, n_line * nx))
    first, last = n_batch * n_plane * worker // n_worker, n_batch * n_plane * (worker + 1) // n_worker
    position = first
    while position < last:
        batch, lo = position // n_plane, position % n_plane
        hi = min(n_plane, lo + last - position)
        if hi - lo < n_plane:
            halo = _halo_slot(n_substep, position > first)
            _save(lattices[batch], scratch[worker], halo, lo, hi, edge_plane == PERIODIC, n_substep)
        position += hi - lo


@operation
def diffuse_explicit(
    worker, n_worker, step, field, scratch, coupling, loss, decayed, escaped,
    n_batch, n_plane, n_line, nx, edge_plane, edge_line, edge_x, n_substep, counted,
):  # fmt: skip
    """Advance the field by ``n_substep`` substeps in place; see `gpusyn.backends.numpy_ops.diffusion.diffuse_explicit`.

    ``scratch`` is (n_worker, slots, cells), from `gpusyn.numerics.diffusion_calls.scratch_shape`. On entry it holds the
    halos that `diffuse_save_halo` wrote for the same number of workers.
    """
    lattices = field.reshape((n_batch, n_plane, n_line * nx))
    decayed_rows = decayed.reshape((n_batch, n_plane, n_line))
    escaped_rows = escaped.reshape((n_batch, n_plane, n_line))
    slots = scratch[worker]
    slots[ZEROS] = 0
    first, last = n_batch * n_plane * worker // n_worker, n_batch * n_plane * (worker + 1) // n_worker
    position = first
    while position < last:
        batch, lo = position // n_plane, position % n_plane
        hi = min(n_plane, lo + last - position)
        whole = hi - lo == n_plane
        halo = _halo_slot(n_substep, position > first and not whole)
        if whole:
            _save(lattices[batch], slots, halo, lo, hi, edge_plane == PERIODIC, n_substep)
        _sweep(
            lattices[batch], slots, halo, lo, hi, n_line, edge_plane, edge_line, edge_x, n_substep,
            coupling[batch], loss[batch], counted, decayed_rows[batch], escaped_rows[batch],
        )  # fmt: skip
        position += hi - lo


@operation
def _sweep(
    lattice, slots, halo, lo, hi, n_line, edge_plane, edge_line, edge_x, n_substep,
    coupling, loss, counted, decayed, escaped,
):  # fmt: skip
    """All substeps of one range of planes. A plane enters at level 0 and leaves, ``n_substep`` planes later, done."""
    n_plane = lattice.shape[0]
    below, above = lo - n_substep, hi + n_substep
    if edge_plane != PERIODIC:
        below, above = max(0, below), min(n_plane, above)
    for entering in range(below, above + n_substep):
        for level in range(1, n_substep + 1):
            plane, shrunk = entering - level, n_substep - level
            if max(below, lo - shrunk) <= plane < min(above, hi + shrunk):
                _advance(
                    lattice, slots, halo, lo, hi, n_line, edge_plane, edge_line, edge_x, n_substep,
                    coupling, loss, counted and lo <= plane < hi, decayed, escaped, level, plane,
                )  # fmt: skip


@operation
def _advance(
    lattice, slots, halo, lo, hi, n_line, edge_plane, edge_line, edge_x, n_substep,
    coupling, loss, counted, decayed, escaped, level, plane,
):  # fmt: skip
    """One substep of one plane, from ``level - 1`` to ``level``."""
    n_plane, size = lattice.shape
    if level > 1:
        window = WINDOWS + 3 * (level - 2)
        before, centre = slots[window + (plane + 2) % 3], slots[window + plane % 3]
        after = slots[window + (plane + 1) % 3]
    else:
        before = _entering(lattice, slots, halo, lo, hi, n_substep, plane - 1)
        centre = _entering(lattice, slots, halo, lo, hi, n_substep, plane)
        after = _entering(lattice, slots, halo, lo, hi, n_substep, plane + 1)
        if n_substep == 1:              # the field is overwritten at once: keep the old plane for the next one
            kept = slots[WINDOWS + plane % 2]
            copy_cells(centre, kept[:size])
            centre = kept
            if plane > lo:
                before = slots[WINDOWS + (plane + 1) % 2]
    if edge_plane != PERIODIC:
        outside = slots[ZEROS] if edge_plane == ABSORBING else centre
        if plane == 0:
            before = outside
        if plane == n_plane - 1:
            after = outside
    centre = centre[:size]

    final = level == n_substep
    if not final:
        out = slots[WINDOWS + 3 * (level - 1) + plane % 3]
    elif counted and n_substep > 1:     # the old plane is still to be compared with the new one
        out = slots[SPARE]
    else:
        out = lattice[plane]
    out = out[:size]
    if n_line == 1 and edge_line != ABSORBING:
        diffuse_line(centre, before, after, out, coupling, loss, edge_x)
    else:
        diffuse_plane(centre, before, after, slots[ZEROS], out, size // n_line, coupling, loss, edge_line, edge_x)

    if counted:
        if edge_plane == ABSORBING or edge_line == ABSORBING or edge_x == ABSORBING:
            ends = int(edge_plane == ABSORBING) * (int(plane == 0) + int(plane == n_plane - 1))
            count_escape(centre, coupling, ends, edge_line, edge_x, decayed[plane], escaped[plane])
        if final and n_substep == 1:
            count_change(centre, out, decayed[plane])
        elif final:
            count_and_store(out, lattice[plane], decayed[plane])


@operation
def _entering(lattice, slots, halo, lo, hi, n_substep, plane):
    """A plane before the first substep: in the field or in a halo."""
    if plane < lo:
        return slots[halo + plane - lo + n_substep]
    if plane >= hi:
        return slots[halo + n_substep + plane - hi]
    return lattice[plane]


@operation
def propagate_axis(
    worker, n_worker, step, field, out, table, leak, reference, table_of_batch, loss, decayed, escaped,
    n_batch, n_outer, n_axis, n_inner, nx, width, wrapped, counted,
):  # fmt: skip
    """One exact step along one axis, in place; see `gpusyn.backends.numpy_ops.diffusion.propagate_axis`.

    ``out`` is scratch, (n_worker, rows, LANES), twice the cells of the axis and a width: a strip of lines before the
    step and after it. Workers share out the ledger's entries, each with all strips that are booked there.
    """
    per_line = n_inner == 1
    across = n_outer if per_line else n_inner
    chunks = (across + LANES - 1) // LANES
    strips = chunks if per_line else n_outer * chunks
    n_site = n_outer * n_axis * n_inner
    entries = min(strips, n_site // nx)
    cells, old = field.reshape(-1), out[worker]
    booked, fled = decayed.reshape((n_batch, -1)), escaped.reshape((n_batch, -1))
    for position in range(n_batch * entries * worker // n_worker, n_batch * entries * (worker + 1) // n_worker):
        batch, entry = position // entries, position % entries
        at = table_of_batch[batch]
        lost, through_edges = 0.0, 0.0
        for strip in range(entry, strips, entries):
            first_lane = strip % chunks * LANES
            lanes = min(LANES, across - first_lane)
            start = batch * n_site
            start += first_lane * n_axis if per_line else strip // chunks * n_axis * n_inner + first_lane
            amounts = _propagate_strip(
                cells, old, start, n_axis, n_inner, lanes, table[at], leak[at], reference[at], loss[batch],
                wrapped, counted,
            )  # fmt: skip
            lost += amounts[0]
            through_edges += amounts[1]
        if counted:
            fled[batch, entry] += through_edges
            booked[batch, entry] += lost - through_edges


@operation
def _propagate_strip(
    cells, rows, start, n_axis, n_inner, lanes, weights, leaks, reference, loss, wrapped, counted
):  # fmt: skip
    """Step the lines of one strip; the first begins at ``start``. Returns what they lost, and what left by the ends."""
    width = weights.shape[0]
    radius = width // 2
    pad = radius if wrapped else 0
    along = n_inner == 1                    # lines lie one after the other: a strip of them is their transpose
    old, done = rows[: n_axis + 2 * pad], rows[n_axis + 2 * pad : 2 * (n_axis + pad)]
    if along:
        gather_lines(cells[start : start + lanes * n_axis], n_axis, old[pad : pad + n_axis, :lanes])
    else:
        for i in range(n_axis):
            copy_cells(cells[start + i * n_inner : start + i * n_inner + lanes], old[pad + i][:lanes])
    if wrapped:
        wrap_strip(old, n_axis, pad)
    lost, through_edges = 0.0, 0.0
    for i in range(n_axis):
        first = i if wrapped else max(0, min(i - radius, n_axis - width))
        kind = radius if wrapped else i - first
        new = done[i][:lanes] if along else cells[start + i * n_inner : start + i * n_inner + lanes]
        propagate_cell(old, first, pad + i, weights[kind], reference, leaks[kind], loss, new)
        if counted:
            lost += row_difference(old[pad + i][:lanes], new)
            if leaks[kind] != 0:
                through_edges += leaks[kind] * row_sum(old[pad + i][:lanes])
    if along:
        scatter_lines(done[:, :lanes], n_axis, cells[start : start + lanes * n_axis])
    return lost, through_edges
