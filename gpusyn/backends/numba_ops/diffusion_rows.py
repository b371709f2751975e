"""Hot loops of diffusion: the stencil over a plane of cells, and the sums of the ledger.

A plane is (n_line, nx) in one flat array. Slices start at zero and the loops hold no branch, so that they vectorise:
the stencil runs over all lines at once, reads across the ends of lines, and the end cells are then done again apart.
"""
from numba import njit

from gpusyn.backends.numba_ops.compiled import inner

ABSORBING, REFLECTING, PERIODIC = 0, 1, 2


def summing(function):
    """Compile a sum over a row. Only sums may be reordered, into partial sums per vector lane; cells never are."""
    return njit(nogil=True, error_model="numpy", fastmath={"contract", "nsz", "reassoc"}, cache=True)(function)


@inner
def copy_cells(source, target):
    """``target[:] = source``, as many cells as ``target`` has. A plain loop: array assignment is four times slower."""
    for k in range(target.shape[0]):
        target[k] = source[k]


@inner
def flat_stencil(west, centre, east, before, after, out, coupling, loss):
    """``out = centre + coupling * laplacian - loss * centre`` on a lattice of two axes, cell by cell.

    The neighbours of a uniform field add up to exactly four times a cell, so that it stays uniform to the last bit.

    Args:
        west, centre, east, before, after: (n,) cells and their neighbours along the last axis and the other one.
        out: (n,) overlaps none of them.
        coupling, loss: numbers in the arrays' type.
    """
    four = centre.dtype.type(4)
    for k in range(out.shape[0]):
        c = centre[k]
        bend = ((west[k] + east[k]) + (before[k] + after[k])) - four * c
        out[k] = c + (coupling * bend - loss * c)


@inner
def deep_stencil(west, centre, east, left, right, before, after, out, coupling, loss):
    """`flat_stencil` on a lattice of three axes; ``left`` and ``right`` are the neighbours along the middle axis."""
    two, four = centre.dtype.type(2), centre.dtype.type(4)
    for k in range(out.shape[0]):
        c = centre[k]
        bend = ((west[k] + east[k]) + (left[k] + right[k])) - four * c
        out[k] = c + (coupling * (bend + ((before[k] + after[k]) - two * c)) - loss * c)


@inner
def diffuse_line(centre, before, after, out, coupling, loss, edge_x):
    """One substep of a lattice of two axes, one row: all arrays (nx,)."""
    n = centre.shape[0] - 2
    if n > 0:
        flat_stencil(
            centre[:n], centre[1 : n + 1], centre[2:], before[1 : n + 1], after[1 : n + 1], out[1 : n + 1],
            coupling, loss,
        )  # fmt: skip
    line_ends(centre, before, after, centre, 0, centre, 0, out, 0, n + 2, coupling, loss, edge_x)


@inner
def diffuse_plane(centre, before, after, zeros, out, nx, coupling, loss, edge_line, edge_x):
    """One substep of a plane: all arrays (n_line * nx,) but ``zeros``, which is (nx,) or more."""
    size = out.shape[0]
    last = size - nx
    inside = last - nx
    if inside > 0:
        deep_stencil(
            centre[nx - 1 : last - 1], centre[nx:last], centre[nx + 1 : last + 1], centre[:inside], centre[2 * nx :],
            before[nx:last], after[nx:last], out[nx:last], coupling, loss,
        )  # fmt: skip
    for at in range(0, size, max(last, nx)):        # the first and the last line
        left, left_at, right, right_at = centre, at - nx, centre, at + nx
        if at == 0:
            left, left_at = centre, at
            if edge_line == ABSORBING:
                left, left_at = zeros, 0
            elif edge_line == PERIODIC:
                left, left_at = centre, last
        if at == last:
            right, right_at = centre, at
            if edge_line == ABSORBING:
                right, right_at = zeros, 0
            elif edge_line == PERIODIC:
                right, right_at = centre, 0
        if nx > 2:
            deep_stencil(
                centre[at : at + nx - 2], centre[at + 1 : at + nx - 1], centre[at + 2 : at + nx],
                left[left_at + 1 : left_at + nx - 1], right[right_at + 1 : right_at + nx - 1],
                before[at + 1 : at + nx - 1], after[at + 1 : at + nx - 1], out[at + 1 : at + nx - 1], coupling, loss,
            )  # fmt: skip
        line_ends(centre, before, after, left, left_at, right, right_at, out, at, nx, coupling, loss, edge_x)
    for at in range(nx, last, nx):
        line_ends(centre, before, after, centre, at - nx, centre, at + nx, out, at, nx, coupling, loss, edge_x)


@inner
def line_ends(centre, before, after, left, left_at, right, right_at, out, at, nx, coupling, loss, edge):
    """The first and the last cell of the line that begins at ``at``; ``edge`` says what lies beyond them."""
    last = at + nx - 1
    two, four, outside = centre.dtype.type(2), centre.dtype.type(4), centre.dtype.type(0)
    for k in (at, last):
        c = centre[k]
        west, east = c, c
        if edge == ABSORBING:
            west, east = outside, outside
        elif edge == PERIODIC:
            west, east = centre[last], centre[at]
        if k > at:
            west = centre[k - 1]
        if k < last:
            east = centre[k + 1]
        bend = ((west + east) + (left[left_at + k - at] + right[right_at + k - at])) - four * c
        out[k] = c + (coupling * (bend + ((before[k] + after[k]) - two * c)) - loss * c)


@summing
def row_sum(row):
    """Sum of a row, float64."""
    total = row.dtype.type(0)
    for k in range(row.shape[0]):
        total += row[k]
    return float(total)


@summing
def row_difference(old, new):
    """Sum of ``old - new``, float64. Summing differences keeps the digits that a difference of sums would lose."""
    total = old.dtype.type(0)
    for k in range(new.shape[0]):
        total += old[k] - new[k]
    return float(total)


@summing
def replace_row(new, row):
    """``row[:] = new``; returns the sum of what the row lost by it, float64."""
    total = row.dtype.type(0)
    for k in range(row.shape[0]):
        total += row[k] - new[k]
        row[k] = new[k]
    return float(total)


@summing
def count_and_store(new, plane, booked):
    """``plane[:] = new``, (n_line * nx,), and add to each row's entry in ``booked`` (n_line,) what it lost by that."""
    n_line = booked.shape[0]
    nx = plane.shape[0] // n_line
    for line in range(n_line):
        booked[line] += replace_row(new[line * nx : (line + 1) * nx], plane[line * nx : (line + 1) * nx])


@summing
def count_change(old, new, booked):
    """Add to each row's entry in ``booked`` (n_line,) how much it lost from ``old`` to ``new``, (n_line * nx,)."""
    n_line = booked.shape[0]
    nx = new.shape[0] // n_line
    for line in range(n_line):
        booked[line] += row_difference(old[line * nx : (line + 1) * nx], new[line * nx : (line + 1) * nx])


@summing
def count_escape(plane, coupling, ends, edge_line, edge_x, decayed, escaped):
    """Book what one substep loses from a plane through absorbing edges, and take it off the decayed amount.

    Args:
        plane: (n_line * nx,) cells before the substep.
        coupling: fraction of a cell that goes to each neighbour.
        ends: how many neighbours along the slow axis lie outside an absorbing edge, 0 to 2.
        edge_line, edge_x: edges of the middle and the last axis.
        decayed, escaped: (n_line,) float64.
    """
    n_line = escaped.shape[0]
    nx = plane.shape[0] // n_line
    for line in range(n_line):
        missing = ends
        if edge_line == ABSORBING:
            missing += int(line == 0) + int(line == n_line - 1)
        amount = 0.0
        if missing > 0:
            amount = missing * row_sum(plane[line * nx : (line + 1) * nx])
        if edge_x == ABSORBING:
            amount += float(plane[line * nx]) + float(plane[line * nx + nx - 1])
        escaped[line] += coupling * amount
        decayed[line] -= coupling * amount
