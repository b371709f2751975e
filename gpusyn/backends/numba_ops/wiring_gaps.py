"""Currents through gap junctions: a stencil on the lattice, or a gather along lists of neighbours."""
import math

import numpy as np

from gpusyn.backends.numba_ops.compiled import inner, operation
from gpusyn.backends.numba_ops.share import share
from gpusyn.backends.numba_ops.wiring_offsets import wrapped


@inner
def add_difference(total, v_neighbour, v, conductance):
    """total += conductance * (v_neighbour - v)."""
    for i in range(total.shape[0]):
        total[i] += conductance * (v_neighbour[i] - v[i])


@inner
def write_current(current, total, strength, scale, scale_stride, adds):
    """current = strength * scale * total, or added to what is there."""
    for i in range(total.shape[0]):
        value = strength * scale[i * scale_stride] * total[i]
        current[i] = current[i] + value if adds else value


@operation
def gap_offsets(
    worker, n_worker, step, v, current, strength, weight, offsets, scale, n_point, nz, ny, nx, n_offset, periodic,
    strength_point, scale_stride, adds,
):
    """Currents between lattice neighbours. See `gpusyn.backends.numpy_ops.wiring_gaps`."""
    n_row = nz * ny
    first, last = share(worker, n_worker, n_point * n_row)
    total = np.empty(nx, v.dtype)
    for place in range(first, last):
        point, row = place // n_row, place % n_row
        z, y = row // ny, row % ny
        total[:] = 0
        here = v[point, row * nx : (row + 1) * nx]
        for k in range(n_offset):
            other_z = wrapped(z - offsets[k, 0], nz, periodic & 4)
            other_y = wrapped(y - offsets[k, 1], ny, periodic & 2)
            if other_z < 0 or other_y < 0:
                continue
            start = (other_z * ny + other_y) * nx
            there = v[point, start : start + nx]
            shift = np.int64(offsets[k, 2])
            low, high = max(shift, 0), min(nx + shift, nx)
            add_difference(total[low:high], there[low - shift : high - shift], here[low:high], weight[k])
            if periodic & 1 and shift > 0:
                add_difference(total[:shift], there[nx - shift :], here[:shift], weight[k])
            if periodic & 1 and shift < 0:
                add_difference(total[nx + shift :], there[:-shift], here[nx + shift :], weight[k])
        row_scale = scale[row * nx * scale_stride :]
        write_current(
            current[point, row * nx : (row + 1) * nx], total, strength[point * strength_point], row_scale, scale_stride,
            adds,
        )


@operation
def gap_sparse(
    worker, n_worker, step, v_source, v_target, current, strength, indptr, indices, weight, numbers, scale, n_point,
    n_source, n_target, strength_point, weight_point, weight_stride, numbered, scale_stride, adds,
):
    """Currents along lists of neighbours. See `gpusyn.backends.numpy_ops.wiring_gaps`."""
    first, last = share(worker, n_worker, n_target)
    for point in range(n_point):
        for site in range(first, last):
            here = v_target[point, site]
            total = v_target.dtype.type(0)
            for k in range(indptr[site], indptr[site + 1]):
                number = numbers[k] if numbered else k
                total += weight[point * weight_point + number * weight_stride] * (v_source[point, indices[k]] - here)
            value = strength[point * strength_point] * scale[site * scale_stride] * total
            current[point, site] = current[point, site] + value if adds else value


@inner
def opened(difference, shape):
    """Fraction of a rectifying junction's conductance."""
    real = shape.dtype.type
    half = real(0.5)
    across = shape[3] * difference if shape[3] != 0 else abs(difference)
    return shape[2] + (real(1) - shape[2]) * half * (real(1) + math.tanh(shape[0] * (across - shape[1]) * half))


@operation
def gap_rectified(
    worker, n_worker, step, v_source, v_target, current, strength, indptr, indices, weight, numbers, scale, shape,
    n_point, n_source, n_target, strength_point, weight_point, weight_stride, numbered, scale_stride, adds,
):
    """Currents along lists of neighbours that rectify. See `gpusyn.backends.numpy_ops.wiring_gaps`."""
    first, last = share(worker, n_worker, n_target)
    for point in range(n_point):
        for site in range(first, last):
            here = v_target[point, site]
            total = v_target.dtype.type(0)
            for k in range(indptr[site], indptr[site + 1]):
                number = numbers[k] if numbered else k
                difference = v_source[point, indices[k]] - here
                each = weight[point * weight_point + number * weight_stride]
                total += each * opened(difference, shape) * difference
            value = strength[point * strength_point] * scale[site * scale_stride] * total
            current[point, site] = current[point, site] + value if adds else value
