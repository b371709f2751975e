"""The differential equations of one mechanism, as its integrator sees them while a program is fused."""
from __future__ import annotations

from functools import cache

from gpusyn.fusing.chain import slope
from gpusyn.quantities import Output, State
from gpusyn.translate.derivative import differentiate
from gpusyn.translate.pointwise import Pointwise, read, read_source


class Equations:
    """Derivatives and slopes of `names`, states of `member`; fluxes into them follow as quadratures for the ledger."""

    def __init__(self, fusion, member, names, at):
        self.fusion, self.member, self.names, self.at = fusion, member, names, at
        self.n_state, self.dt = len(names), fusion.dt()
        mechanism = fusion.members[member]
        self.terms = [(n, q) for n, q in mechanism.quantities.items() if isinstance(q, Output) and q.into in names]
        self.n_quadrature = len(self.terms)
        self.present = at

    def let(self, name, value):
        """Append a line whose variable belongs to this mechanism."""
        wanted = f"{self.fusion.variable(self.member, self.names[0])}_{name}"
        return self.fusion.let(self.fusion.unused(wanted), value)

    def derivatives(self, offsets):
        """Variables of the derivatives, with the states moved by `offsets` if there are any."""
        at = self.present if offsets is None else self.moved(offsets)
        found = []
        for name in self.names:
            pointwise = self.fusion.equation(self.member, f"d_{name}")
            values = self.fusion.values_of(pointwise, self.member, at)
            variable = self.fusion.unused(f"d_{self.fusion.variable(self.member, name)}")
            found.append(self.fusion.let(variable, self.fusion.call(pointwise, values)))
        return found + [self.fusion.find(self.member, name, at) for name, _ in self.terms]

    def booked(self, steps, fresh) -> list[tuple[str, str]]:
        """Amounts for the ledger: (variable, account) of every flux.

        Adding a small step to a large concentration rounds it. What the rounding took or gave is booked with the first
        flux of each concentration, so that the accounts are of what really moved.
        """
        amounts, rounded = [], set()
        for (name, quantity), amount in zip(self.terms, steps[self.n_state:], strict=True):
            state = quantity.into
            if state not in rounded:
                rounded.add(state)
                amount = self.let(f"{name}_booked", f"{amount} + {self.rounding(name, state, steps, fresh)}")
            amounts.append((amount, self.fusion.path(self.member, name)))
        return amounts

    def rounding(self, flux, state, steps, fresh):
        """How much more of `flux` went into `state` than its share of the step says."""
        old, step = self.fusion.old.variables[self.member, state], steps[self.names.index(state)]
        gap = f"(({fresh[state]} - {old}) - {step})"
        partial = differentiate(self.fusion.equation(self.member, f"d_{state}"), flux)
        if partial is None:
            return gap
        values = self.fusion.values_of(partial, self.member, self.present)
        return f"{gap} / {self.fusion.call(partial, values)}"

    def moved(self, offsets):
        """The values with this mechanism's states moved; whatever was computed from them is computed anew."""
        at = type(self.at)({k: v for k, v in self.at.variables.items() if k in self.fusion.advancing})
        for name, offset in zip(self.names, offsets, strict=True):
            old = self.fusion.old.variables[self.member, name]
            at.variables[self.member, name] = self.let(f"moved_{name}", f"{old} + {offset}")
        return at

    def slope(self, i, j):
        """Partial derivative of unknown i's derivative by state j."""
        equation = f"d_{self.names[i]}" if i < self.n_state else self.terms[i - self.n_state][0]
        return slope(self.fusion, self.member, equation, (self.member, self.names[j]), self.present)

    def owner(self, i):
        """The state that flux i flows into."""
        return self.names.index(self.terms[i - self.n_state][1].into)


def gates_among_odes(mechanism) -> list[str]:
    """The gates that a mechanism's integrator steps together with its differential equations.

    Exponential Euler steps each gate by itself, exactly; so does any integrator where there are gates alone.
    """
    own = [q for q in mechanism.quantities.values() if isinstance(q, State)]
    if mechanism.integrator == "exponential_euler" or not any(f"d_{s.name}" in mechanism.functions for s in own):
        return []
    return [s.name for s in own if s.kind == "gate"]


def with_gates(fusion, member, at, fresh):
    """The values `at` with a member's advanced gates and occupancies instead of the old ones."""
    kinds = {s.name: s.kind for s in fusion.states(fusion.members[member])}
    advanced = {(member, n): v for n, v in fresh.items() if kinds[n] in ("gate", "occupancy")}
    if not advanced:
        return at
    return type(at)({k: v for k, v in at.variables.items() if k in fusion.advancing} | advanced)


@cache
def gate_derivative(cls, gate) -> Pointwise:
    """A gate's derivative, opening (1 - x) - closing x, as a function of what its rates depend on and of x."""
    rates = read(cls.functions[f"{gate}_rates"], f"{cls.__name__}_{gate}_rates")
    arguments, name = ", ".join(rates.parameters), f"{cls.__name__}_d_{gate}"
    parameters = ", ".join(dict.fromkeys([gate, *rates.parameters]))
    lines = [f"def {name}({parameters}):",
             f"    {gate}_opening, {gate}_closing = {rates.name}({arguments})",
             f"    return {gate}_opening * (1.0 - {gate}) - {gate}_closing * {gate}"]
    return read_source("\n".join(lines), name, {rates.name: rates})
