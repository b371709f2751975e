"""The wiring of W2 as explicit lists, for simulators that need them."""

import numpy as np

from benchmarks.w2_lattice import offsets, signs, weight


def connection_lists(shape):
    """Source, target and weight of every synapse.

    Returns:
        Two int32 arrays and one float64 array (weights in pA, negative behind inhibitory sources), of equal length,
        ordered by offset.
    """
    ny, nx = shape
    site, sign = np.arange(ny * nx, dtype=np.int32).reshape(shape), signs(shape)
    parts = []
    for dy, dx in offsets():
        source = np.s_[max(0, -dy) : ny - max(0, dy), max(0, -dx) : nx - max(0, dx)]
        target = np.s_[max(0, dy) : ny - max(0, -dy), max(0, dx) : nx - max(0, -dx)]
        parts.append((site[source].ravel(), site[target].ravel(), weight(dy, dx) * sign[source].ravel()))
    return tuple(np.concatenate(each) for each in zip(*parts, strict=True))
