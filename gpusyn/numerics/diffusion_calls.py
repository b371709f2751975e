"""The calls by which one time step moves a diffusing field: operations with their arguments, on any backend."""
from __future__ import annotations

import math

import numpy as np

from gpusyn.numerics.diffusion import EDGES, Scheme, Transport
from gpusyn.numerics.propagators import propagator

LANES = 64                      # lines side by side in a strip, as in the compiled operation
PADDING = 80                    # cells between planes of scratch: planes of 2^n bytes would share cache lines
CACHE = 2 * 2**20               # bytes of planes in flight that should stay in a core's cache
MOST_SUBSTEPS_PER_PASS = 8
SMALL_LATTICE = 16384           # cells: a lattice that fits the first caches is stepped as one plane


def transport_calls(
    transport: Transport, scheme: Scheme, field, decayed, escaped, backend, *, counted: bool = True, n_worker: int = 1
) -> list[tuple[str, list, bool]]:
    """One time step of a field.

    Args:
        transport: shape, edges and coefficients; one coefficient, or one per row of ``field``.
        scheme: from `choose_scheme`.
        field: the backend's real (n_batch, n_site), or on a backend that is not ``in_place`` a pair of them, with
            ``shape`` and ``dtype``.
        decayed, escaped: the backend's float64 (n_batch, n_site / nx); every step adds what first-order loss (with
            the field's rounding) and absorbing edges took, in concentration summed over cells. Only sums over rows are
            amounts.
        backend: ``name``, ``in_place``, ``asarray(array)`` and ``zeros(shape, dtype)``; for the numbers of each batch
            entry and for scratch.
        counted: False leaves ``decayed`` and ``escaped`` alone and costs nothing.
        n_worker: threads that will share the work, on the Numba backend.

    Returns:
        Tuples (operation, arguments after the step, swaps), in order. Where ``swaps`` is True the field's two halves
        are the operation's first two arguments and change roles after it. There is nothing to do, and the list is
        empty, where nothing diffuses or decays.

    Raises:
        ValueError: the field's shape does not fit the lattice or the coefficients.
    """
    n_batch, n_site = field.shape
    if n_site != math.prod(transport.shape):
        raise ValueError(f"a field of {n_site} sites does not fit a lattice of shape {transport.shape}")
    if not {transport.shares.size, transport.losses.size} <= {1, n_batch}:
        raise ValueError(f"coefficients are given for {transport.shares.size} entries; the field has {n_batch}")
    if transport.leaving() == 0:
        return []
    ledger = [decayed, escaped]
    build = _explicit_calls if scheme.name == "explicit" else _exact_calls
    return build(transport, scheme, field, ledger, backend, int(counted), n_worker)


def planes(transport: Transport, one_plane: bool = False) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The lattice as (n_plane, n_line, nx), and its edges as numbers.

    Two axes are rows without a middle axis; ``one_plane`` makes them a single plane.
    """
    codes = tuple(EDGES.index(edge) for edge in transport.edges)
    none = EDGES.index("reflecting")        # across an axis of one cell nothing flows
    if len(transport.shape) == 3:
        return transport.shape, codes
    ny, nx = (1, *transport.shape)[-2:]
    edge_y, edge_x = (none, *codes)[-2:]
    return ((1, ny, nx), (none, edge_y, edge_x)) if one_plane else ((ny, 1, nx), (edge_y, none, edge_x))


def substeps_per_pass(n_substep: int, plane_bytes: int) -> int:
    """How many explicit substeps one pass over memory takes: as many as keep the planes in flight in cache."""
    fits = 1 + max(0, (CACHE // max(1, plane_bytes) - 4) // 3)
    most = min(MOST_SUBSTEPS_PER_PASS, fits, n_substep)
    return -(-n_substep // -(-n_substep // most))           # passes of like length


def scratch_shape(n_worker: int, plane: int, n_substep: int) -> tuple[int, int, int]:
    """Shape of `diffuse_explicit`'s scratch on the Numba backend: (n_worker, slots, cells)."""
    windows = 2 if n_substep == 1 else 3 * (n_substep - 1)
    return n_worker, 2 + windows + 4 * n_substep, plane + PADDING


def _explicit_calls(transport, scheme, field, ledger, backend, counted, n_worker):
    n_batch, real = field.shape[0], np.dtype(field.dtype)
    threads = backend.name == "numba"
    sizes, edges = planes(transport, threads and math.prod(transport.shape) <= SMALL_LATTICE)
    rates = [_per_batch(v / scheme.n_substep, n_batch, real, backend) for v in (transport.shares, transport.losses)]
    plane = sizes[1] * sizes[2]
    left, calls = scheme.n_substep, []
    most = substeps_per_pass(left, plane * real.itemsize) if backend.in_place else 1
    scratch = backend.zeros(scratch_shape(n_worker, plane, most) if threads else (1,), real)
    while left:
        m = min(most, left)
        left -= m
        if threads:
            calls.append(("diffuse_save_halo", [field, scratch, n_batch, *sizes, edges[0], m], False))
        arrays = [field, scratch] if backend.in_place else [field]
        args = [*arrays, *rates, *ledger, n_batch, *sizes, *edges, m, counted]
        calls.append(("diffuse_explicit", args, not backend.in_place))
    return calls


def _exact_calls(transport, scheme, field, ledger, backend, counted, n_worker):
    n_batch, real = field.shape[0], np.dtype(field.dtype)
    widths = transport.widths(real.name)
    axes = [axis for axis in range(len(widths)) if transport.diffuses_along(axis) and transport.shares.max() > 0]
    axes = axes or [len(widths) - 1]        # loss alone: a band of one cell
    loss = _per_batch(-np.expm1(-transport.losses / len(axes)), n_batch, real, backend)
    rows = max(2 * transport.shape[axis] + widths[axis] for axis in axes)
    strip = backend.zeros((n_worker, rows, LANES) if backend.name == "numba" else (1,), real)
    arrays = [field, strip] if backend.in_place else [field]
    calls = []
    for axis in axes:
        tables, width, wrapped = _tables(transport, axis, widths[axis], n_batch, real, backend)
        n_outer, n_axis = math.prod(transport.shape[:axis]), transport.shape[axis]
        sizes = [n_batch, n_outer, n_axis, math.prod(transport.shape[axis + 1 :]), transport.shape[-1]]
        args = [*arrays, *tables, loss, *ledger, *sizes, width, wrapped, counted]
        calls.append(("propagate_axis", args, not backend.in_place))
    return calls


def _tables(transport, axis, width, n_batch, real, backend):
    """Propagators of one axis, each distinct coefficient once: table, leak, reference and which entry uses which."""
    distinct, which = np.unique(transport.shares, return_inverse=True)
    found = [propagator(transport.shape[axis], a, transport.edges[axis], real.name, width) for a in distinct]
    arrays = [np.array([getattr(p, name) for p in found], real) for name in ("table", "leak", "reference")]
    arrays.append(np.array(np.broadcast_to(which.ravel(), n_batch), np.int64))
    return [backend.asarray(array) for array in arrays], width, int(found[0].wrapped)


def _per_batch(values, n_batch, real, backend):
    return backend.asarray(np.array(np.broadcast_to(values, n_batch), real))
