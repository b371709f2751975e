"""Connections as sparse matrices, for people to look at."""
from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array

from gpusyn.errors import ModelError
from gpusyn.lattices.contents import Synapses
from gpusyn.wiring import AllToAll

MOST_ENTRIES = 50_000_000


def weight_matrix(synapses: Synapses, now: np.ndarray | None = None) -> coo_array:
    """Weights of one set of synapses, (source, target), times the fraction of a quantum.

    Args:
        now: present weights of plastic synapses, in the order of the wiring's list, fractions included; else the
            wiring's own are taken.

    Raises:
        ModelError: all-to-all connections of so many cells that nobody wants them written out.
    """
    wiring = synapses.wiring
    if isinstance(wiring, AllToAll) and wiring.n_source * wiring.n_target > MOST_ENTRIES:
        raise ModelError(f"{synapses.name}: {wiring.n_source} x {wiring.n_target} connections, all with weight "
                         f"{wiring.weight:g}, are too many to write out (at most {MOST_ENTRIES})")
    listed = wiring.listed()
    weights = listed.weights * synapses.weight if now is None else now
    places = (listed.sources(), listed.indices)
    return coo_array((np.broadcast_to(weights, listed.indices.shape), places), shape=(listed.n_source, listed.n_target))
