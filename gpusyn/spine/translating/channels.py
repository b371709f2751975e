"""A `ChannelModel` as a mechanism: its gates by what their kinetics say, its other states by what a step does."""
from __future__ import annotations

import ast
from typing import Any

import numpy as np

from gpusyn.mechanism import Mechanism
from gpusyn.spine.cable_eq.base import GatingVariable
from gpusyn.spine.translating.built import built
from gpusyn.spine.translating.reader import Reader
from gpusyn.spine.translating.source import UntranslatableError, expression, number
from gpusyn.spine.units import MS, PER_MS, PICOFARAD

VOLT, MILLIVOLT, UMOL = expression("v * 0.001"), expression("v"), expression("ca * 1e-15")


class ChannelReader(Reader):
    """Follows the methods of a channel, whose gates are `GatingVariable`s.

    Attributes:
        slopes: d/dt of each gate that `update_state` advances, 1/s.
    """

    def __init__(self, channel):
        super().__init__(channel, "update_state")
        self.gates = [name for name, value in vars(channel).items() if isinstance(value, GatingVariable)]
        self.slopes: dict[str, ast.expr] = {}

    def gate_of(self, node) -> str:
        """The gate that a node is, or ""."""
        return node.attr if self.is_own(node) and node.attr in self.gates else ""

    def statement(self, statement, env):
        """Also self.gate.update_sbdf2(self.kinetics, V, V0, dt)."""
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "update_sbdf2":
            gate, kinetics = self.gate_of(call.func.value), call.args[0]
            if gate and self.is_own(kinetics):
                given = [ast.Name(gate), self.value(call.args[1], env)]
                self.slopes[gate] = self.follow(kinetics.attr, given)[1]  # type: ignore[attr-defined]
                return
        super().statement(statement, env)

    def value(self, node, env):
        """Also self.gate.current and self.gate.exponent."""
        if isinstance(node, ast.Attribute) and (gate := self.gate_of(node.value)):
            if node.attr == "current":
                return ast.Name(gate)
            if node.attr == "exponent":
                return number(getattr(self.owner, gate).exponent)
        return super().value(node, env)


def mechanism_of_channel(channel: Any, settings: Any) -> type[Mechanism]:
    """The class of a mechanism that does what a channel does, at rest where `initialize_state` puts it.

    Raises:
        UntranslatableError: the channel does something that equations cannot.
    """
    channel.initialize_state(settings.Vrest, 1)
    reader = ChannelReader(channel)
    step = [MILLIVOLT, MILLIVOLT, number(settings.dt)]
    after = reader.follow("update_state", step)[0]
    current = reader.follow("compute_current", [VOLT, UMOL, number(settings.Cm)])[1]
    if current is None:
        raise UntranslatableError("compute_current returns nothing")
    slopes = {gate: f"{PER_MS!r} * ({ast.unparse(slope)})" for gate, slope in reader.slopes.items()}
    slopes |= {name: f"(({ast.unparse(after[f'self.{name}'])}) - {name}) / step" for name in reader.states}
    starts = {gate: first(getattr(channel, gate).current) for gate in reader.slopes}
    starts |= {name: first(getattr(channel, name)) for name in reader.states}
    integrator = "euler" if reader.states else "exponential_euler"
    return built(channel, integrator, slopes, starts, reader.parameters | {"step": settings.dt * MS},
                 f"{settings.Cm * PICOFARAD!r} * ({ast.unparse(current)})")


def first(values) -> float:
    """The number that an array of equal ones holds."""
    return float(np.ravel(values)[0])
