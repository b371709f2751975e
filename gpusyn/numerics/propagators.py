"""Exact propagators of diffusion along one lattice axis, in closed form.

The lattice Laplacian is a sum over axes, so that exp(t D laplacian) is a product of one-dimensional propagators. On an
infinite axis a cell sends the share

    G(k) = exp(-2 a) I_k(2 a),      a = D t / spacing^2,

to the cell k places away (I_k: modified Bessel function): positive, symmetric, of sum one. Edges are images: a
reflecting edge mirrors the lattice about the outer side of its last cell, an absorbing one (zeros outside) mirrors it
with the opposite sign about the first cell outside, and a periodic axis wraps. All three give positive, symmetric
matrices.

Source: Feller (1971) An Introduction to Probability Theory and Its Applications II, section II.7 (G, "randomized random
walk"); images as for the heat equation, Carslaw & Jaeger (1959) Conduction of Heat in Solids, chapter 10.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ive

# Shares below these, of the total, are left out: they are lost in the rounding of the result.
SMALLEST_SHARE = {"float32": 1e-10, "float64": 1e-17}
# With less of a cell staying than this, differences to it would drown what is left of it after the step.
LEAST_KEPT = 1e-3
ROUNDING = 1e-15


@dataclass(frozen=True)
class Propagator:
    """One step along one axis, as `propagate_axis` takes it.

    Attributes:
        table: (width, width) rows of the propagator: the cells near the first end, one or more in the middle, the cells
            near the last end. A cell i has row i - start and reads cells start to start + width - 1, with
            start = i - width // 2 moved so that all lie inside the axis.
        leak: (width,) what each of these cells loses through absorbing ends.
        reference: 1.0 where rows are to be applied to differences from the cell itself, else 0.0.
        wrapped: the axis is periodic and longer than the band.
    """

    table: np.ndarray
    leak: np.ndarray
    reference: float
    wrapped: bool

    @property
    def width(self) -> int:
        """Cells that a cell depends on."""
        return len(self.leak)

    def matrix(self, n: int) -> np.ndarray:
        """The propagator of an axis of ``n`` cells in full, (n, n)."""
        full, middle = np.zeros((n, n)), self.width // 2
        for i in range(n):
            start = i - middle if self.wrapped else int(np.clip(i - middle, 0, n - self.width))
            row = middle if self.wrapped else i - start
            full[i, (start + np.arange(self.width)) % n] = self.table[row]
        return full


def band_radius(n: int, a: float, edge: str, precision: str) -> int:
    """How far away the last cell lies that receives a share worth keeping, at most what the axis can tell apart.

    Args:
        n: cells along the axis.
        a: diffusion coefficient * step / spacing^2, not negative.
        edge: what the axis ends in.
        precision: "float32" or "float64".
    """
    a, smallest, far = _distinct(n, a, edge), SMALLEST_SHARE[precision], 8
    while ive(far, 2 * a) > smallest:
        far *= 2
    return int(np.count_nonzero(ive(np.arange(1, far + 1), 2 * a) > smallest))


def _distinct(n: int, a: float, edge: str) -> float:
    """``a``, or where the axis is mixed to within e^-200 anyway, the smallest value that mixes it so."""
    # The slowest mode of n cells decays as exp(-4 a sin^2(pi / 2 n)) or faster, and sin x >= 2 x / pi.
    return a if edge == "absorbing" else min(a, 50.0 * n * n)


def propagator(n: int, a: float, edge: str, precision: str = "float64", width: int = 0) -> Propagator:
    """The propagator of one axis.

    Args:
        n: cells along the axis.
        a: diffusion coefficient * step / spacing^2, not negative.
        edge: "absorbing", "reflecting" or "periodic".
        precision: "float32" or "float64": how small a share is left out.
        width: odd, or ``n``: a band wider than needed, to be as wide as others.
    """
    radius = band_radius(n, a, edge, precision)
    width = min(n, max(width, 2 * radius + 1))
    # Of a longer axis, the rows near both ends and in the middle are just the rows of an axis of `width` cells.
    if edge == "absorbing" and a > (n + 1) ** 2 / 4:
        table = _sine_modes(n, a)
    else:
        table = _images(width, _distinct(n, a, edge), edge, radius)
    leak = np.zeros(width)
    if edge == "absorbing":
        leak = 1 - table.sum(axis=1)
        leak[leak < ROUNDING] = 0
    reference = 1.0 if edge != "absorbing" or table.diagonal().min() >= LEAST_KEPT else 0.0
    return Propagator(table, leak, reference, edge == "periodic" and width < n)


def _images(n: int, a: float, edge: str, radius: int) -> np.ndarray:
    """The propagator of n cells from the free one and its images, which repeat with a period. O(radius + n^2)."""
    period = {"periodic": n, "reflecting": 2 * n, "absorbing": 2 * (n + 1)}[edge]
    shares = ive(np.arange(radius + 1), 2 * a)
    shares /= shares[0] + 2 * shares[:0:-1].sum()          # what the band leaves out is not lost
    away = np.arange(-radius, radius + 1)
    repeated = np.bincount(away % period, shares[abs(away)], period)
    repeated = (repeated + repeated[-np.arange(period)]) / 2    # symmetric to the last bit: no flux may be lost
    i, j = np.ogrid[:n, :n]
    direct = repeated[(i - j) % period]
    if edge == "periodic":
        return direct
    if edge == "reflecting":
        return direct + repeated[(i + j + 1) % period]
    return np.maximum(direct - repeated[(i + j + 2) % period], 0)


def _sine_modes(n: int, a: float) -> np.ndarray:
    """The propagator of n cells between absorbing ends when so much escapes that images would cancel."""
    mode = np.arange(1, n + 1)
    sines = np.sin(np.pi / (n + 1) * np.outer(mode, mode))
    decay = np.exp(-4 * a * np.sin(np.pi * mode / (2 * (n + 1))) ** 2)
    table = np.maximum(2 / (n + 1) * (sines * decay) @ sines, 0)
    return (table + table.T) / 2
