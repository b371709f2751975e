"""Areas and volumes of compartments with an ER inside."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.errors import ModelError

ER_SCALE = 15 / 40  # radius of the ER over that of the dendrite; Breit & Queisser 2018


def cylinder_with_er(radius: Any, *, er_scale: Any = ER_SCALE, length: Any = 1.0) -> dict[str, Any]:
    """A piece of dendrite with the ER as a coaxial cylinder: areas in um^2, volumes in um^3; the ends are open.

        CalciumCompartment(**cylinder_with_er(0.5))

    Args:
        radius, length: um; numbers or arrays, one per site.
        er_scale: radius of the ER over `radius`, above 0 and below 1.

    Raises:
        ModelError: a radius or length that is not above 0, or no room for the cytosol.
    """
    _check("cylinder_with_er", radius=radius, length=length)
    inner = _inner("cylinder_with_er", radius, er_scale)
    return {
        "membrane_area": 2 * np.pi * radius * length, "er_area": 2 * np.pi * inner * length,
        "cytosol_volume": np.pi * (radius**2 - inner**2) * length, "er_volume": np.pi * inner**2 * length,
    }


def sphere_with_er(radius: Any, *, er_scale: Any = ER_SCALE) -> dict[str, Any]:
    """A soma or the head of a spine with the ER as a concentric sphere; arguments and result as above."""
    _check("sphere_with_er", radius=radius)
    inner = _inner("sphere_with_er", radius, er_scale)
    return {
        "membrane_area": 4 * np.pi * radius**2, "er_area": 4 * np.pi * inner**2,
        "cytosol_volume": 4 / 3 * np.pi * (radius**3 - inner**3), "er_volume": 4 / 3 * np.pi * inner**3,
    }


def _check(place, **lengths):
    for name, value in lengths.items():
        wrong = np.asarray(value)[~(np.asarray(value) > 0)]
        if wrong.size:
            raise ModelError(f"{place}: {name} {wrong.flat[0]} um must be above 0")


def _inner(place, radius, er_scale):
    scale = np.asarray(er_scale)
    wrong = scale[~((scale > 0) & (scale < 1))]
    if wrong.size:
        raise ModelError(f"{place}: er_scale {wrong.flat[0]} must be above 0 and below 1")
    return er_scale * radius
