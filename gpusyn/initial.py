"""Initial states: numbers, parameters' values, arrays per site, what `start_<state>` says, and steady states.

An equation ``start_<state>`` gives where a state starts unless an instance says otherwise; gates and Markov schemes
that start at their steady state see the others started, and the states that a class names in `rests` where they are
declared to start: what an instance or a site starts from instead is a stimulus, which gates have not seen yet.
"""
from __future__ import annotations

import numpy as np

from gpusyn.backends.numpy_ import compile_python
from gpusyn.fuse import Fusion, Values
from gpusyn.numerics import gates
from gpusyn.numerics.schemes import elimination_lines
from gpusyn.quantities import Scheme, State
from gpusyn.translate.pointwise import read

LONG_AGO = "1.0e30"  # ms: one backward-Euler step of this length is the steady state to round-off, however slow


def initial_states(name, members, inputs, values) -> dict[str, np.ndarray]:
    """The states of a population at time 0, by dotted name: float64 arrays that broadcast to (n_point, n_item).

    What is alike for all sites is held once, so that a million neurons cost nothing here.

    Args:
        members, inputs: as for `Fusion`.
        values: function from a dotted name (parameter or input) to an array that broadcasts to (n_point, n_item).
    """
    fusion = Fusion(name, members, inputs)
    states = {}
    for member, mechanism in members.items():
        for quantity in fusion.states(mechanism):
            start = given_start(mechanism, quantity, lambda p, m=member: values(fusion.path(m, p)))
            states[fusion.path(member, quantity.name)] = np.atleast_2d(np.asarray(start, np.float64))
    program = steady_program(fusion)
    if program.updates:
        held = states | {"t": np.zeros((1, 1))}
        known = [held[a.path] if a.path in held else values(a.path) for a in program.arguments]
        with np.errstate(all="ignore"):
            results = compile_python(program)(*known)
        states |= {path: result for (_, path), result in zip(program.updates, results, strict=True)}
    return states


def given_start(mechanism, quantity: State, parameter_values):
    """The number or array that a state starts from; zero where it will be made steady."""
    if quantity.kind == "occupancy":
        return _occupancy(mechanism, quantity.name)
    start = mechanism.initial.get(quantity.name, quantity.initial)
    if isinstance(start, str):
        return 0.0 if start == "steady" and quantity.kind == "gate" else parameter_values(start)
    return np.asarray(start, np.float64).reshape(1, -1)


def _occupancy(mechanism, name):
    scheme = next(q for q in mechanism.quantities.values() if isinstance(q, Scheme) and name in q.states)
    start = mechanism.initial.get(scheme.name, scheme.initial)
    if start == "steady":
        return 1.0 / len(scheme.states)
    if isinstance(start, str):
        return float(start == name)
    return start.get(name, 0.0)


def steady_program(fusion: Fusion):
    """The program that starts states where their equations say, and then gates and schemes at their steady state."""
    at, started = Values(dict(fusion.old.variables)), Values(dict(fusion.old.variables))
    for member, mechanism in fusion.members.items():
        for quantity in fusion.states(mechanism):
            if f"start_{quantity.name}" in type(mechanism).functions and quantity.name not in mechanism.initial:
                variable = _start(fusion, member, quantity)
                at.variables[member, quantity.name] = started.variables[member, quantity.name] = variable
            elif quantity.name in getattr(mechanism, "rests", ()):
                started.variables[member, quantity.name] = fusion.find(member, str(quantity.initial), fusion.old)
    for member, mechanism in fusion.members.items():
        for quantity in mechanism.quantities.values():
            if not isinstance(quantity, State | Scheme):
                continue
            start = mechanism.initial.get(quantity.name, quantity.initial)
            if not (isinstance(start, str) and start == "steady"):
                continue
            if isinstance(quantity, Scheme):
                at.variables |= {(member, s): v for s, v in _steady_scheme(fusion, member, quantity, started).items()}
            else:
                at.variables[member, quantity.name] = _steady_gate(fusion, member, quantity, started)
    return fusion.program(at, None)


def _start(fusion, member, quantity):
    equation = fusion.equation(member, f"start_{quantity.name}")
    values = fusion.values_of(equation, member, fusion.old)
    return fusion.let(f"{fusion.variable(member, quantity.name)}_start", fusion.call(equation, values))


def _steady_gate(fusion, member, quantity, started):
    rates = fusion.equation(member, f"{quantity.name}_rates")
    variable = fusion.variable(member, quantity.name)
    names = [f"{variable}_opening", f"{variable}_closing"]
    both = fusion.unpack(names, rates, fusion.values_of(rates, member, started))
    return fusion.let(f"{variable}_steady", fusion.call(read(gates.steady), both))


def _steady_scheme(fusion, member, scheme, started):
    return fusion.advance_scheme(
        member, scheme, started, lambda states, rates, prefix: elimination_lines(states, rates, LONG_AGO, prefix)
    )
