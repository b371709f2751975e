"""Hot loops of the exact step along one axis: a band of weights times a strip of lines.

A strip holds up to `LANES` lines side by side, (cells along the axis, lane). Weights are then the same for all lanes,
whatever the edges, so that the loops over lanes vectorise.
"""
from gpusyn.backends.numba_ops.compiled import inner

LANES = 64


@inner
def propagate_cell(old, first, own_at, weights, reference, leak, loss, out):
    """One cell of every lane: ``out = (1 - loss) * sum of weights[k] * old[first + k]``.

    Args:
        old: (n, lanes) cells before the step.
        first: first row of ``old`` that the weights belong to.
        own_at: row of ``old`` with the cell itself.
        weights: (width,) real.
        reference: 1 to sum over differences to the cell itself, 0 to sum over the cells.
        leak: what leaves through absorbing ends, in the first form.
        loss: fraction lost after that.
        out: (lanes,) written.
    """
    lanes = out.shape[0]
    own = old[own_at][:lanes]
    for lane in range(lanes):
        out[lane] = 0
    whole = weights.shape[0] // 4 * 4
    for k in range(0, whole, 4):            # four at a time: fewer trips of `out` through the cache
        w0, w1, w2, w3 = weights[k], weights[k + 1], weights[k + 2], weights[k + 3]
        c0, c1 = old[first + k][:lanes], old[first + k + 1][:lanes]
        c2, c3 = old[first + k + 2][:lanes], old[first + k + 3][:lanes]
        for lane in range(lanes):
            c = reference * own[lane]
            out[lane] += (w0 * (c0[lane] - c) + w1 * (c1[lane] - c)) + (w2 * (c2[lane] - c) + w3 * (c3[lane] - c))
    for k in range(whole, weights.shape[0]):
        w, cells = weights[k], old[first + k][:lanes]
        for lane in range(lanes):
            out[lane] += w * (cells[lane] - reference * own[lane])
    for lane in range(lanes):
        c = reference * own[lane]
        new = c + (out[lane] - leak * c)
        out[lane] = new - loss * new


@inner
def gather_lines(cells, n_axis, strip):
    """Transpose neighbouring lines, one after the other in ``cells``, into a strip (n_axis, lanes)."""
    for lane in range(strip.shape[1]):
        line = cells[lane * n_axis : (lane + 1) * n_axis]
        for i in range(line.shape[0]):
            strip[i, lane] = line[i]


@inner
def scatter_lines(strip, n_axis, cells):
    """Transpose a strip back into its lines."""
    for lane in range(strip.shape[1]):
        line = cells[lane * n_axis : (lane + 1) * n_axis]
        for i in range(line.shape[0]):
            line[i] = strip[i, lane]


@inner
def wrap_strip(old, n_axis, pad):
    """Repeat the ends of a periodic axis beyond each other: row ``pad`` holds the first cell."""
    for i in range(pad):
        old[i] = old[i + n_axis]
        old[pad + n_axis + i] = old[pad + i]
