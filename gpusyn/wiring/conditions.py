"""Connections from a condition on positions, evaluated on arrays, block by block."""
from __future__ import annotations

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.wiring.sparse import SparseConnections

# Pairs that are looked at together: about 200 MB of temporary arrays for a condition of a few operations.
BLOCK_PAIRS = 4_000_000
MOST_CONNECTIONS = 500_000_000

ALTERNATIVES = ("write it with &, |, ~ and numpy functions on arrays, or use Neighbourhood (by distance), AllToAll, or "
                "SparseConnections (from arrays)")


def connect_where(
    condition, pre_positions, post_positions, weight=1.0, *, name: str = "connections",
    max_connections: int = MOST_CONNECTIONS, **named,
) -> SparseConnections:
    """Connect every pair of sites for which a condition holds.

    ``condition(pre, post)`` sees arrays: ``pre[k]`` is coordinate k of a block of sources, shape (n_block, 1), and
    ``post[k]`` that of all targets, (1, n_target); it returns booleans of shape (n_block, n_target). So
    ``lambda x, y: (x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2 <= 9`` reads like a condition on two positions. Blocks have
    at most `BLOCK_PAIRS` pairs: no array of all pairs ever exists, but all n_source * n_target pairs are looked at.

    Args:
        condition: as above; a bare True or False stands for all pairs.
        pre_positions, post_positions: (n_site, n_axis), such as `Lattice.positions()`.
        weight: a number, or a function like the condition that returns numbers.
        name: dotted name for messages.
        max_connections: the most that may be made.
        named: further arguments of `SparseConnections`.

    Raises:
        ModelError: the condition does not accept arrays, returns another shape, or holds for too many pairs.
    """
    pre = np.ascontiguousarray(np.asarray(pre_positions).T)[:, :, None]
    post = np.ascontiguousarray(np.asarray(post_positions).T)[:, None, :]
    n_source, n_target = pre.shape[1], post.shape[2]
    block = max(1, BLOCK_PAIRS // max(1, n_target))
    sources, targets, weights, n = [], [], [], 0
    for start in range(0, n_source, block):
        here = pre[:, start : start + block]
        shape = (here.shape[1], n_target)
        source, target = np.nonzero(_evaluated(condition, here, post, shape, f"{name}.condition"))
        n += source.size
        if n > max_connections:
            raise ModelError(
                f"{name}.condition: holds for more than {max_connections} pairs ({n} after {start + shape[0]} of "
                f"{n_source} sources); use AllToAll or Neighbourhood, which store no list, or raise max_connections"
            )
        if callable(weight):
            value = _evaluated(weight, here, post, shape, f"{name}.weight")
            weights.append(np.asarray(value[source, target], np.float64))
        sources.append(source.astype(np.int32) + np.int32(start))
        targets.append(target.astype(np.int32))
    pre_sites, post_sites = (np.concatenate(parts) if parts else np.zeros(0, np.int32) for parts in (sources, targets))
    values = np.concatenate([np.zeros(0), *weights]) if callable(weight) else weight
    return SparseConnections(pre_sites, post_sites, values, n_source=n_source, n_target=n_target, name=name, **named)


def _evaluated(function, pre, post, shape, place):
    """The function on one block, as an array of `shape`."""
    try:
        result = np.asarray(function(pre, post))
    except (ValueError, TypeError, IndexError) as error:
        raise ModelError(f"{place}: failed on arrays of positions ({error}); {ALTERNATIVES}") from error
    if result.shape == (pre.shape[0], *shape):
        raise ModelError(
            f"{place}: returned an answer for each of {pre.shape[0]} coordinates; one per pair is asked for, such as "
            f"(x != y).any(axis=0)"
        )
    try:
        return np.broadcast_to(result, shape)
    except ValueError:
        raise ModelError(f"{place}: returned shape {result.shape} for {shape} pairs; {ALTERNATIVES}") from None
