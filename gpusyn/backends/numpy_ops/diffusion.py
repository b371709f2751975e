"""Diffusion in plain NumPy: the reference that the other backends are compared with."""
import numpy as np

ABSORBING, REFLECTING, PERIODIC = 0, 1, 2


def diffuse_explicit(
    step, field, scratch, coupling, loss, decayed, escaped,
    n_batch, n_plane, n_line, nx, edge_plane, edge_line, edge_x, n_substep, counted,
):  # fmt: skip
    """Advance concentrations by explicit substeps, in place:

        c += coupling * (sum of the neighbours - number of neighbours * c) - loss * c

    Beyond an absorbing edge lie zeros, beyond a reflecting edge the cell itself (no flux), beyond a periodic edge the
    other end. Never negative where 2 * (number of axes) * coupling + loss <= 1.

    The ledger is what cells really lost, in float64: ``escaped`` gains the flux through absorbing edges, ``decayed``
    all the rest. So it also holds what the rounding of the field took or gave, and nothing else where ``loss`` is 0:
    near a steady state a cell is rounded the same way in every step, and in float32 that adds up (with loss k dt, to a
    part 3e-8 / (k dt) of what decays). A row's entry holds the flux to other rows too; only the sum over all rows is an
    amount.

    Args:
        step: not read.
        field: real (n_batch, n_plane * n_line * nx), concentrations.
        scratch: not read (other backends keep old planes, or the result, there).
        coupling: real (n_batch,), diffusion coefficient * substep / spacing^2.
        loss: real (n_batch,), rate of first-order loss * substep.
        decayed, escaped: float64 (n_batch, n_plane * n_line), added to: concentration summed over cells.
        n_batch: independent lattices (species and sweep points).
        n_plane, n_line, nx: lattice shape, last axis fastest; two axes are (ny, 1, nx).
        edge_plane, edge_line, edge_x: 0 absorbing, 1 reflecting, 2 periodic, per axis.
        n_substep: substeps to take.
        counted: 0 leaves the ledger alone.
    """
    lattices = field.reshape(n_batch, n_plane, n_line, nx)
    edges = (edge_plane, edge_line, edge_x)
    k, lost = (values.reshape(-1, 1, 1, 1) for values in (coupling, loss))
    for _ in range(n_substep):
        old = lattices.copy()
        bend = sum(second_difference(old, axis, edge) for axis, edge in enumerate(edges, start=1))
        lattices[...] = old + (k * bend - lost * old)
        if counted:
            flux = k.astype(np.float64) * escaping(old.astype(np.float64), edges)
            count(old, lattices, flux, decayed, escaped)


def second_difference(cells, axis, edge):
    """Neighbours on both sides minus twice the cell, along one axis."""
    before, after = np.roll(cells, 1, axis), np.roll(cells, -1, axis)
    if edge != PERIODIC:
        for neighbour, end in ((before, 0), (after, -1)):
            outside = [slice(None)] * cells.ndim
            outside[axis] = end
            neighbour[tuple(outside)] = cells[tuple(outside)] if edge == REFLECTING else 0
    return (before + after) - (cells + cells)


def escaping(cells, edges):
    """Each cell times the number of its neighbours that lie outside an absorbing edge."""
    missing = np.zeros(cells.shape[1:])
    for axis, edge in enumerate(edges):
        if edge == ABSORBING:
            ends = np.moveaxis(missing, axis, 0)
            ends[0] += 1
            ends[-1] += 1
    return missing * cells


def count(old, new, flux, decayed, escaped):
    """Book what every row lost, and of it the flux through absorbing edges; see `diffuse_explicit`."""
    change = (old.astype(np.float64) - new).sum(-1).reshape(decayed.shape)
    flux = flux.sum(-1).reshape(decayed.shape)
    decayed += change - flux
    escaped += flux


def propagate_axis(
    step, field, out, table, leak, reference, table_of_batch, loss, decayed, escaped,
    n_batch, n_outer, n_axis, n_inner, nx, width, wrapped, counted,
):  # fmt: skip
    """Diffuse along one axis for a whole step, exactly, in place: field = (1 - loss) * propagator * field.

    Cell i becomes the sum over ``width`` cells j of ``table[i - start, j - start] * field[j]``, with start =
    i - width // 2 moved so that all lie inside the axis. Wrapped (a periodic axis longer than the band), start is not
    moved, j runs across the ends and the weights are the middle row's. See `gpusyn.numerics.propagators`.

    Args:
        step: not read.
        field: real (n_batch, n_outer * n_axis * n_inner).
        out: not read (Numba keeps old cells there, CUDA writes the result there).
        table: real (n_table, width, width), rows of the propagator.
        leak: real (n_table, width), what each of these cells loses through absorbing ends.
        reference: real (n_table,), 1: the sum runs over differences to cell i, so that a uniform field stays uniform to
            the last bit; 0: over the cells themselves, which is accurate where nearly everything escapes.
        table_of_batch: int64 (n_batch,), which table a batch entry uses.
        loss: real (n_batch,), fraction lost to first-order loss in this pass.
        decayed, escaped: float64 (n_batch, n_site / nx), added to as in `diffuse_explicit`.
        n_batch, n_outer, n_axis, n_inner: the field's shape around this axis.
        nx: cells in a row of the lattice.
        width: cells that a cell depends on, at most n_axis.
        wrapped: 1 if the band runs across the ends of the axis.
        counted: 0 leaves the ledger alone.
    """
    i = np.arange(n_axis)
    start = i - width // 2 if wrapped else np.clip(i - width // 2, 0, n_axis - width)
    kind = np.full(n_axis, width // 2) if wrapped else i - start
    sources = (start[:, None] + np.arange(width)) % n_axis
    cells = field.reshape(n_batch, n_outer, n_axis, n_inner)
    old = cells.copy()
    flux = np.zeros_like(old, np.float64)
    for batch, at in enumerate(table_of_batch):
        own = reference[at] * old[batch]
        arriving = np.zeros_like(own)
        for k in range(width):
            arriving += table[at, kind, k][:, None] * (old[batch][:, sources[:, k]] - own)
        new = own + (arriving - leak[at, kind][:, None] * own)
        cells[batch] = new - loss[batch] * new
        flux[batch] = leak[at, kind].astype(np.float64)[:, None] * old[batch]
    if counted:
        rows = (n_batch, -1, nx)
        count(old.reshape(rows), cells.reshape(rows), flux.reshape(rows), decayed, escaped)
