"""Connections as sparse matrices, for people to look at."""
from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array

from gpusyn.errors import ModelError
from gpusyn.lattices.contents import Synapses
from gpusyn.wiring import AllToAll, SparseConnections

MOST_ENTRIES = 50_000_000


def weight_matrix(lattice, synapses: Synapses) -> coo_array:
    """Weights of one set of synapses, (source, target), times the fraction of a quantum; plastic ones as they are now.

    Raises:
        ModelError: all-to-all connections of so many cells that nobody wants them written out.
    """
    pre, post, weights = entries(synapses.wiring)
    now = lattice.present_weights(synapses)
    weights = weights * synapses.weight if now is None else now * synapses.weight
    n_target = getattr(synapses.wiring, "n_target", lattice.size)
    return coo_array((weights, (pre, post)), shape=(lattice.size, n_target))


def entries(wiring) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Source, target and weight of every connection, (n,) each, in the order of its stored weights."""
    if isinstance(wiring, SparseConnections):
        return wiring.sources(), wiring.indices, np.broadcast_to(wiring.weights, wiring.indices.shape)
    if isinstance(wiring, AllToAll):
        return _all(wiring)
    pairs = [wiring.pairs(k) for k in range(wiring.n_offset)]
    weights = [np.full(pre.size, weight) for (pre, _), weight in zip(pairs, wiring.weights, strict=True)]
    pre, post = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    return pre, post, np.concatenate(weights)


def _all(wiring: AllToAll):
    n = wiring.n_source * wiring.n_target
    if n > MOST_ENTRIES:
        raise ModelError(f"{wiring.name}: {n} connections, all with weight {wiring.weight:g}, are too many to write "
                         f"out (at most {MOST_ENTRIES})")
    pre, post = (k.reshape(-1) for k in np.indices((wiring.n_source, wiring.n_target)))
    kept = np.ones(n, bool) if wiring.include_self else pre != post
    return pre[kept], post[kept], np.full(int(kept.sum()), wiring.weight)
