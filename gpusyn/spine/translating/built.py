"""The mechanism that what was read becomes."""
from __future__ import annotations

from typing import Any

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism
from gpusyn.spine.translating.source import UntranslatableError, names_in
from gpusyn.text_mechanism import mechanism_from_text

GIVENS = {"pre_v": ("mV", "presynaptic potential"), "pre_ca": ("uM", "presynaptic calcium"),
          "v": ("mV", "postsynaptic potential"), "ca": ("uM", "postsynaptic calcium")}
OWN = {"step": ("ms", "time step"), "weight": ("1", "strength; 0 where there is none")}


def built(owner: Any, integrator: str, slopes: dict[str, str], starts: dict[str, float], parameters: dict[str, float],
          current_density: str) -> type[Mechanism]:
    """The class of a mechanism, from equations as text.

    Args:
        slopes: d/dt of every state, 1/ms.
        starts: their first values.
        current_density: pA/um^2, outward > 0.

    Raises:
        UntranslatableError: the equations use what equations may not, or a name that means something else there.
    """
    taken = sorted({*slopes, *parameters} & {*GIVENS, "t", "dt"})
    if taken:
        raise UntranslatableError(f"self.{taken[0]} has the name of something else; call it otherwise")
    kind, used = type(owner).__name__, set().union(*map(names_in, [*slopes.values(), current_density]))
    table = {
        "name": kind, "meaning": f"{kind}, translated", "integrator": integrator,
        "states": {name: {"unit": "1", "meaning": "state", "initial": start} for name, start in starts.items()},
        "parameters": {name: {"default": value, "unit": OWN.get(name, ("1",))[0],
                              "meaning": OWN.get(name, ("", "parameter"))[1]}
                       for name, value in (parameters | {"weight": 1.0}).items()},
        "givens": {name: {"unit": unit, "meaning": meaning} for name, (unit, meaning) in GIVENS.items()
                   if name in used},
        "equations": {f"d{name}/dt": slope for name, slope in slopes.items()},
        "outputs": {"current_density": {"unit": "pA/um^2", "meaning": "current per area, outward > 0",
                                        "equation": current_density}},
    }
    try:
        return mechanism_from_text(table)
    except ModelError as error:
        raise UntranslatableError(str(error)) from error
