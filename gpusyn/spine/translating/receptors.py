"""A `ReceptorModel` as a mechanism.

A state s whose value after a step of dt is s' has the derivative (s' - s) / dt, which forward Euler turns back into s'.
"""
from __future__ import annotations

import ast
from typing import Any

from gpusyn.mechanism import Mechanism
from gpusyn.spine.translating.built import built
from gpusyn.spine.translating.reader import Reader
from gpusyn.spine.translating.source import UntranslatableError, expression, number
from gpusyn.spine.units import MS

AMPERE = 1e12  # A in pA
PRE = {"V": expression("pre_v * 0.001"), "C": expression("pre_ca")}
POST = {"V": expression("v * 0.001"), "C": expression("ca")}


def mechanism_of(receptor: Any, dt: float) -> type[Mechanism]:
    """The class of a mechanism that does what a receptor does; `dt` in s.

    Raises:
        UntranslatableError: the receptor does something that equations cannot.
    """
    receptor.initialize_state(1)
    reader = Reader(receptor, "update_state")
    after = reader.follow("update_state", [number(dt), PRE, POST])[0]
    flux = reader.follow("compute_flux", [PRE, POST])[1]
    if flux is None:
        raise UntranslatableError("compute_flux returns nothing")
    slopes = {name: f"(({ast.unparse(after[f'self.{name}'])}) - {name}) / step" for name in reader.states}
    starts = {name: float(getattr(receptor, name)) for name in reader.states}
    return built(receptor, "euler", slopes, starts, reader.parameters | {"step": dt * MS},
                 f"weight * {AMPERE!r} * ({ast.unparse(flux)})")
