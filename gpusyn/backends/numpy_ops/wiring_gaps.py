"""Currents through gap junctions, plainly."""
import numpy as np

from gpusyn.backends.numpy_ops.wiring_offsets import neighbour


def gap_offsets(
    step, v, current, strength, weight, offsets, scale, n_point, nz, ny, nx, n_offset, periodic,
    strength_point, scale_stride, adds,
):
    """Current into each cell: ``strength * scale * sum of weight * (v of the neighbour - v)``, pA for nS and mV.

    Args:
        v: (n_point, n_site) real, mV.
        current: (n_point, n_site) real, pA, into the cell positive; overwritten, or added to if `adds`.
        strength: real, at [point * strength_point].
        weight: (n_offset,) real, conductance at each offset.
        offsets: (n_offset, 3) int32, from the neighbour to the cell; each shorter than the lattice.
        scale: real, at [site * scale_stride], for the cell that receives.
        periodic: sum of 1 (x), 2 (y), 4 (z) of the axes that wrap.
    """
    n_site = nz * ny * nx
    total = np.zeros((n_point, n_site), v.dtype)
    site = np.arange(n_site)
    for k in range(n_offset):
        other, valid = neighbour(site, -offsets[k], (nz, ny, nx), periodic)
        total[:, valid] += weight[k] * (v[:, other[valid]] - v[:, valid])
    write_currents(current, total, strength, scale, strength_point, scale_stride, adds)


def gap_sparse(
    step, v_source, v_target, current, strength, indptr, indices, weight, numbers, scale, n_point, n_source, n_target,
    strength_point, weight_point, weight_stride, numbered, scale_stride, adds,
):
    """Current into each cell from the cells that its list names; as `gap_offsets`.

    Args:
        v_source: (n_point, n_source) real, mV, of the population that the lists name.
        v_target, current: (n_point, n_target) real.
        indptr: (n_target + 1,) int64, where the list of each target begins.
        indices: int32 sources.
        weight: real, at [point * weight_point + number * weight_stride].
        numbers: int32, the number of each place in indices if `numbered`; else that is the place itself.
    """
    target = np.repeat(np.arange(n_target), np.diff(indptr))
    place = (numbers[: indices.size] if numbered else np.arange(indices.size)) * weight_stride
    total = np.zeros((n_point, n_target), v_target.dtype)
    for point in range(n_point):
        each = weight[point * weight_point + place]
        np.add.at(total[point], target, each * (v_source[point, indices] - v_target[point, target]))
    write_currents(current, total, strength, scale, strength_point, scale_stride, adds)


def opened(difference, shape):
    """Fraction of a rectifying junction's conductance at v_source - v_target (mV). See `gpusyn.wiring.Rectification`.

    Args:
        shape: (4,) real: steepness (1/mV), half (mV), least, polarity.
    """
    steepness, half, least, polarity = shape
    across = polarity * difference if polarity else np.abs(difference)
    return least + (1 - least) * (1 + np.tanh(steepness * (across - half) / 2)) / 2


def gap_rectified(
    step, v_source, v_target, current, strength, indptr, indices, weight, numbers, scale, shape, n_point, n_source,
    n_target, strength_point, weight_point, weight_stride, numbered, scale_stride, adds,
):
    """As `gap_sparse`, of junctions whose conductance depends on the voltage across them as `opened` says."""
    target = np.repeat(np.arange(n_target), np.diff(indptr))
    place = (numbers[: indices.size] if numbered else np.arange(indices.size)) * weight_stride
    total = np.zeros((n_point, n_target), v_target.dtype)
    for point in range(n_point):
        difference = v_source[point, indices] - v_target[point, target]
        np.add.at(total[point], target, weight[point * weight_point + place] * opened(difference, shape) * difference)
    write_currents(current, total, strength, scale, strength_point, scale_stride, adds)


def write_currents(current, total, strength, scale, strength_point, scale_stride, adds):
    """Scale the sums and write or add them."""
    for point in range(current.shape[0]):
        at = np.arange(current.shape[1]) * scale_stride
        value = strength[point * strength_point] * scale[at] * total[point]
        current[point] = current[point] + value if adds else value
