"""How a diffusing field is stepped: the scheme, its numbers, and the calls of one time step.

    dc/dt = D laplacian(c) - k c        on a lattice, absorbing, reflecting or periodic edges per axis

explicit    c += coupling * (neighbours - number of neighbours * c) - loss * c, in m substeps of dt / m; coupling =
            D dt / (m h^2), loss = k dt / m, so that n steps without losses at edges keep exactly (1 - k dt / m)^(n m).
            First order in time. In place on the host: memory is the field and a few planes per thread.
exact       the product over axes of `gpusyn.numerics.propagators`, times exp(-k dt): no error in time at any dt,
            positive, conserving. In place on the host: the field and one strip of 64 lines per thread.

Both are second order in space. On a GPU both write a second field, which then changes roles with the first.
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.numerics.propagators import band_radius

EDGES = ("absorbing", "reflecting", "periodic")
SCHEMES = ("explicit", "exact")
# Below this sum of shares that leave a cell in one substep nothing turns negative, in float32 either.
MOST_LEAVING = 1 - 1e-6
# Measured on two cores in float32: one axis costs as much as so many explicit substeps, and so many per weight.
AXIS_COST, WEIGHT_COST = 5.0, 0.2
MOST_WEIGHTS = 2**26        # of all propagator tables together; 0.5 GB in float64


@dataclass(frozen=True)
class Scheme:
    """How a field is stepped.

    Attributes:
        name: "explicit" or "exact".
        n_substep: explicit substeps per step (1 for the exact scheme).
        widths: cells that a cell depends on along each axis in the exact scheme.
        cost: work per cell and step, in explicit substeps.
        reason: one line for the user.
    """

    name: str
    n_substep: int
    widths: tuple[int, ...]
    cost: float
    reason: str


@dataclass(frozen=True)
class Transport:
    """A field's transport, checked: what `choose_scheme` and `gpusyn.numerics.diffusion_calls` work on.

    Args:
        shape: cells per axis, slowest first, one to three axes.
        edges: "absorbing" (zeros outside), "reflecting" (no flux) or "periodic", one or one per axis.
        diffusion_coefficient: um^2/ms, one or one per batch entry (sweep point, or species and sweep point).
        decay_rate: rate of first-order loss, 1/ms, one or one per batch entry.
        dt: time step, ms.
        spacing: distance between cells, um.

    Raises:
        ModelError: a number that is negative or not finite, a step or spacing of zero, unknown edges.
    """

    shape: tuple[int, ...]
    edges: str | tuple[str, ...]
    diffusion_coefficient: Any
    decay_rate: Any
    dt: float
    spacing: float = 1.0

    def __post_init__(self):
        shape = tuple(int(n) for n in self.shape)
        edges = (self.edges,) * len(shape) if isinstance(self.edges, str) else tuple(self.edges)
        if not 1 <= len(shape) <= 3 or min(shape) < 1:
            raise ModelError(f"diffusion: shape {shape} must be one to three sizes of at least 1")
        if len(edges) != len(shape):
            raise ModelError(f"diffusion: {len(edges)} edges for {len(shape)} axes; give one, or one per axis")
        for edge in edges:
            if edge not in EDGES:
                raise ModelError(f"diffusion: edge '{edge}' is unknown{nearest(edge, EDGES)}")
        for name, unit in (("diffusion_coefficient", "um^2/ms"), ("decay_rate", "1/ms")):
            values = np.atleast_1d(np.asarray(getattr(self, name), np.float64))
            for value in values[~(np.isfinite(values) & (values >= 0))][:1]:
                raise ModelError(f"diffusion: {name} = {value} {unit} must be finite and not negative")
            object.__setattr__(self, name, values)
        if len({self.diffusion_coefficient.size, self.decay_rate.size} - {1}) > 1:
            raise ModelError(
                f"diffusion: {self.diffusion_coefficient.size} diffusion coefficients and {self.decay_rate.size} decay "
                f"rates; give one, or as many of both"
            )
        for name, unit in (("dt", "ms"), ("spacing", "um")):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ModelError(f"diffusion: {name} = {getattr(self, name)} {unit} must be positive")
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "edges", edges)

    @property
    def shares(self) -> np.ndarray:
        """D dt / h^2 of each batch entry, without unit."""
        return self.diffusion_coefficient * self.dt / self.spacing**2

    @property
    def losses(self) -> np.ndarray:
        """k dt of each batch entry, without unit."""
        return self.decay_rate * self.dt

    def diffuses_along(self, axis: int) -> bool:
        """Whether cells have a neighbour, or an outside, along an axis."""
        return self.shape[axis] > 1 or self.edges[axis] == "absorbing"

    def leaving(self) -> float:
        """The largest share of a cell that would leave it in one explicit step: 2 (axes) D dt / h^2 + k dt."""
        n_axis = sum(self.diffuses_along(axis) for axis in range(len(self.shape)))
        return float(np.max(2 * n_axis * self.shares + self.losses))

    def widths(self, precision: str = "float64") -> tuple[int, ...]:
        """Width of the exact scheme's band along each axis, wide enough for every batch entry."""
        return tuple(
            max(min(n, 2 * band_radius(n, a, edge, precision) + 1) for a in np.unique(self.shares))
            for n, edge in zip(self.shape, self.edges, strict=True)
        )


def choose_scheme(transport: Transport, scheme: str = "auto") -> Scheme:
    """The cheaper of the two schemes, or the one that is asked for.

    Explicit substeps are as many as keep every cell from giving away more than it has, 2 (axes) D dt / (m h^2) +
    k dt / m <= 1: then the field is stable and never negative. The choice is the same for every backend and precision.

    Args:
        transport: the field's transport.
        scheme: "auto", "explicit" or "exact".

    Raises:
        ModelError: an unknown scheme; or the exact one where its tables would take more than `MOST_WEIGHTS` numbers.
    """
    if scheme not in ("auto", *SCHEMES):
        raise ModelError(f"diffusion: scheme '{scheme}' is unknown{nearest(scheme, ('auto', *SCHEMES))}")
    leaving = transport.leaving()
    n_substep = max(1, math.ceil(leaving / MOST_LEAVING))
    widths = transport.widths()
    active = [width for axis, width in enumerate(widths) if transport.diffuses_along(axis)]
    exact_cost = sum(AXIS_COST + WEIGHT_COST * width for width in active)
    weights = len(np.unique(transport.shares)) * max(width**2 for width in widths)
    if scheme == "exact" and weights > MOST_WEIGHTS:
        raise ModelError(
            f"diffusion: the exact scheme would need {weights} weights for {len(np.unique(transport.shares))} "
            f"coefficients, more than {MOST_WEIGHTS}; use 'explicit' ({n_substep} substeps), or a shorter dt"
        )
    if scheme == "auto":
        scheme = "explicit" if n_substep <= exact_cost or weights > MOST_WEIGHTS else "exact"
        forced = ""
    else:
        forced = "asked for; "
    bands = " x ".join(map(str, widths))
    if scheme == "explicit":
        other = "" if n_substep == 1 else f"; bands of {bands} cells would cost as much as {exact_cost:.0f}"
        plural = "" if n_substep == 1 else "s"
        reason = f"explicit: {forced}{n_substep} substep{plural}, {leaving:.3g} of a cell leaves it per step{other}"
        return Scheme("explicit", n_substep, widths, float(n_substep), reason)
    reason = (
        f"exact: {forced}bands of {bands} cells cost as much as {exact_cost:.0f} explicit substeps, and "
        f"{n_substep} would be needed"
    )
    return Scheme("exact", 1, widths, exact_cost, reason)
