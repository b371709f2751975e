"""A constant current that holds a membrane at its resting potential."""
from __future__ import annotations

from typing import ClassVar

import numpy as np

from gpusyn.calcium.balance import resting_fluxes, value_at_rest
from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, option, output, parameter
from gpusyn.quantities import path_of


class RestingCurrent(Mechanism):
    """What channels that are not modelled carry at rest: a constant current density at which the potential rests.

        current_density = amplitude = - sum(current_density) - sum(current) / membrane_area,   at rest

    The sums are over the other mechanisms of the population with the potential at the resting potential of its
    `Cable`, gates steady and calcium at rest, at every node and sweep point, whatever the cell starts from; injected
    currents do not count. Setting `amplitude` makes it a given one.

    Source: SPINE's constant current `Ext`, which is set likewise.
    """

    member: ClassVar[str] = "rest"

    amplitude = parameter(0.0, "pA/um^2", "current per area, outward > 0")
    balanced = option(True, "whether the amplitude is what holds the rest, instead of the given one", (True, False))

    def set(self, name, value):
        """Set a value; an amplitude that is given is taken as it is."""
        super().set(name, value)
        if name == "amplitude":
            super().set("balanced", False)

    def placed(self, model, part, name, values):
        """A parameter's values as the sites of a model have them: the amplitude of a balanced current follows."""
        if name != "amplitude" or not self.balanced:
            return values
        member = next(m for m, mechanism in part.members.items() if mechanism is self)
        swept = f"{part.name}.{member}.amplitude" in model.sweep.axes
        return values if swept else balanced_density(model, part, member)

    @output("pA/um^2", "current per area, outward > 0")
    @staticmethod
    def current_density(amplitude):
        """The same all the time."""
        return amplitude


def balanced_density(model, part, member: str) -> np.ndarray:
    """The current density of `member` with which the potential of a population rests, (1 or n_point, 1 or n_site).

    Raises:
        ModelError: no cable, or a second current that is balanced.
    """
    place = f"{part.name}.{member}"
    for other, mechanism in part.members.items():
        if other != member and isinstance(mechanism, RestingCurrent) and mechanism.balanced:
            raise ModelError(f"{place}: '{other}' is balanced too; give one of the two an amplitude")
    cables = [m for m, mechanism in part.members.items() if {"densities", "membrane_area"} <= set(mechanism.quantities)]
    if not cables:
        raise ModelError(f"{place}: there is no potential that it could hold at rest; add Cable()")
    zero = np.zeros((1, 1))

    def flows(output):
        found = resting_fluxes(
            part.name, part.members, model.inputs_of(part), output,
            lambda path: zero if path == f"{place}.amplitude" else value_at_rest(model, path))
        return sum(found.values(), zero)

    area = model.values(path_of(part.name, cables[0], "membrane_area"))
    return -flows("current_density") - flows("current") / area
