"""Frusta: membrane, volume and axial conductance of truncated cones, and of the halves that two nodes share.

A frustum has radii a and b at its ends and length h along its axis (um). Cut in the middle, where its radius is
(a + b) / 2, its halves are frusta whose areas and volumes add up to its own.
"""
import numpy as np


def lateral_area(a, b, h):
    """Area without the end discs, um^2: pi (a + b) sqrt(h^2 + (a - b)^2)."""
    return np.pi * (a + b) * np.hypot(h, np.subtract(a, b))


def volume(a, b, h):
    """Volume, um^3: pi h (a^2 + a b + b^2) / 3."""
    return np.pi * h * (a * a + a * b + b * b) / 3.0


def halves(measure, a, b, h):
    """`measure` (lateral_area or volume) of the half at radius a and of the half at radius b."""
    middle = 0.5 * (np.asarray(a) + b)
    return measure(a, middle, 0.5 * h), measure(middle, b, 0.5 * h)


def shares(measure, parent, a, b, h):
    """What the segments to the parents give to each node, (n_node,): each half goes to the node at its end.

    Segments of length 0 (a root's, and those that are but a way into a body) give nothing.

    Args:
        measure: `lateral_area`, `volume`, or any function of (a, b, h) that is additive along h.
        parent: (n_node,) parents, -1 at roots.
        a, b, h: (n_node,) radius at the parent's end, radius at the node's end, length; um.
    """
    at_parent, at_node = halves(measure, a, b, h)
    real = (parent >= 0) & (np.asarray(h) > 0.0)
    return np.where(real, at_node, 0.0) + np.bincount(parent[real], at_parent[real], minlength=len(parent))


def hollow_resistance(a, b, inner_a, inner_b, h):
    """Steady axial resistance of a frustum around a coaxial inner one, 1/um: integral of dx / (pi (R^2 - r^2)).

    With u = R - r and w = R + r, both linear along the axis, it is h log(1 + q) / (q pi u_a w_b), q = (u_b w_a) /
    (u_a w_b) - 1; for cones of one tip (q = 0), a solid frustum among them, h / (pi u_a w_b).
    Where nothing is left to flow through, at one end or at both, it is infinite.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        across = (a - inner_a) * (b + inner_b)
        q = np.asarray((b - inner_b) * (a + inner_a) / across - 1.0)
        factor = np.where(np.abs(q) < 1e-8, 1.0 - 0.5 * q, np.log1p(q) / np.where(q == 0.0, 1.0, q))
        whole = np.where((a > inner_a) & (b > inner_b), h * factor / (np.pi * across), np.inf)
        return np.where(np.asarray(h) > 0.0, whole, 0.0)
