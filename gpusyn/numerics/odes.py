"""Integrators of ordinary differential equations, as lines of a fused program.

An integrator is a function of a `System`: it asks for derivatives at states of its choice and returns the variable of
the increment of each unknown. Unknowns beyond `system.n_state` are quadratures (amounts that the ledger counts): their
derivatives depend on the states, and nothing depends on them.
"""
from __future__ import annotations

from typing import Protocol


class System(Protocol):
    """What an integrator sees of a mechanism's equations. All names are variables of the fused program."""

    n_state: int
    n_quadrature: int
    dt: str

    def let(self, name: str, value: str) -> str:
        """Append ``name = value`` to the program; gives back the variable."""
        ...

    def derivatives(self, offsets: list[str] | None) -> list[str]:
        """Derivatives of all unknowns with the states moved by `offsets` (variables), or where they are."""
        ...

    def slope(self, i: int, j: int) -> str | None:
        """Partial derivative of derivative i by state j at the present state; None if it is zero."""
        ...

    def owner(self, i: int) -> int:
        """For a quadrature: the state whose equation it is a term of."""
        ...


def euler(system: System) -> list[str]:
    """Forward Euler, first order."""
    return [system.let(f"step_{i}", f"{system.dt} * {d}") for i, d in enumerate(system.derivatives(None))]


def exponential_euler(system: System) -> list[str]:
    """x += dt phi(dt f') f with phi(z) = (e^z - 1)/z: exact for each linear equation, second order for one state.

    A quadrature of g(x) takes in how x moves within the step: dt g + g' times the integral of x less its start, which
    is (dt phi(dt f') - dt) f / f'. The quadratures of an equation's terms then add up to its step.

    Source: the Rosenbrock-Euler method, Hochbruck & Ostermann (2010) Acta Numerica 19:209, with a diagonal slope.
    """
    n, derivatives = system.n_state, system.derivatives(None)
    slopes = [system.slope(i, i) for i in range(n)]
    factors = [
        system.dt if slope is None else system.let(f"phi_{i}", f"{system.dt} * exprel({system.dt} * {slope})")
        for i, slope in enumerate(slopes)
    ]
    steps = [system.let(f"step_{i}", f"{factors[i]} * {derivatives[i]}") for i in range(n)]
    return steps + [_quadrature(system, i, derivatives, slopes, factors) for i in range(n, len(derivatives))]


def _quadrature(system, i, derivatives, slopes, factors):
    """The integral over the step of derivative i, of which nothing depends."""
    j = system.owner(i)
    by_state, slope = system.slope(i, j), slopes[j]
    amount = f"{system.dt} * {derivatives[i]}"
    if by_state is not None and slope is None:
        amount += f" + 0.5 * {system.dt} * {system.dt} * {by_state} * {derivatives[j]}"
    elif by_state is not None:
        change = f"({factors[j]} - {system.dt}) / where({slope} == 0.0, 1.0, {slope})"
        amount += f" + {by_state} * {change} * {derivatives[j]}"
    return system.let(f"step_{i}", amount)


def heun(system: System) -> list[str]:
    """Heun's trapezoidal rule, second order."""
    first = system.derivatives(None)
    moved = [system.let(f"to_{i}", f"{system.dt} * {d}") for i, d in enumerate(first[: system.n_state])]
    second = system.derivatives(moved)
    return [
        system.let(f"step_{i}", f"0.5 * {system.dt} * ({a} + {b})")
        for i, (a, b) in enumerate(zip(first, second, strict=True))
    ]


def rk4(system: System) -> list[str]:
    """The classical Runge-Kutta method, fourth order."""
    stages = [system.derivatives(None)]
    for k, share in enumerate(("0.5 * ", "0.5 * ", ""), start=1):
        moved = [
            system.let(f"to_{k}_{i}", f"{share}{system.dt} * {d}")
            for i, d in enumerate(stages[-1][: system.n_state])
        ]
        stages.append(system.derivatives(moved))
    return [
        system.let(f"step_{i}", f"{system.dt} / 6.0 * ({a} + 2.0 * ({b} + {c}) + {d})")
        for i, (a, b, c, d) in enumerate(zip(*stages, strict=True))
    ]


def linearly_implicit(system: System) -> list[str]:
    """(I - dt J) step = dt f with the analytic Jacobian: linearly implicit Euler, first order, stable for stiff sets.

    Source: Hairer & Wanner (1996) Solving Ordinary Differential Equations II, section IV.7. The elimination is unrolled
    and does not pivot: the diagonal must dominate, as it does for decaying systems.
    """
    n, derivatives = system.n_state, system.derivatives(None)
    right = [system.let(f"b_{i}", f"{system.dt} * {d}") for i, d in enumerate(derivatives[:n])]
    steps, along = implicit_solution(system, system.dt, right)
    return steps + [system.let(f"step_{i}", f"{system.dt} * ({d}{along[i]})")
                    for i, d in enumerate(derivatives[n:], n)]


def implicit_solution(system: System, share: str, right: list[str]) -> tuple[list[str], dict[int, str]]:
    """The solution x of (I - share J) x = right, J the Jacobian of a system of which `derivatives` were asked.

    Returns:
        (x, along): the variables of x, and for each quadrature what is to be added to its derivative for x, as a text.
    """
    n, n_all = system.n_state, system.n_state + system.n_quadrature
    slopes = {(i, j): s for i in range(n_all) for j in range(n) if (s := system.slope(i, j)) is not None}
    matrix = {
        (i, j): system.let(f"m_{i}_{j}", ("1.0 " if i == j else "") + f"- {share} * {s}")
        for (i, j), s in slopes.items() if i < n
    }
    x = _solve(system, matrix, right)
    along = {i: "".join(f" + {s} * {x[j]}" for (row, j), s in slopes.items() if row == i) for i in range(n, n_all)}
    return x, along


def _solve(system, matrix, right):
    """Gaussian elimination without pivoting; `matrix` lists the entries that are not zero (a missing diagonal is 1)."""
    n, right = len(right), list(right)
    for k in range(n):
        for i in [i for i in range(k + 1, n) if (i, k) in matrix]:
            factor = system.let(f"l_{i}_{k}", f"{matrix[i, k]} / {matrix.get((k, k), '1.0')}")
            for j in [j for j in range(k + 1, n) if (k, j) in matrix]:
                old = matrix.get((i, j), "1.0" if i == j else "0.0")
                matrix[i, j] = system.let(f"m_{i}_{j}", f"{old} - {factor} * {matrix[k, j]}")
            right[i] = system.let(f"b_{i}", f"{right[i]} - {factor} * {right[k]}")
    steps = [""] * n
    for i in reversed(range(n)):
        terms = "".join(f" - {matrix[i, j]} * {steps[j]}" for j in range(i + 1, n) if (i, j) in matrix)
        steps[i] = system.let(f"step_{i}", f"({right[i]}{terms}) / {matrix.get((i, i), '1.0')}")
    return steps


INTEGRATORS = {
    "euler": euler, "exponential_euler": exponential_euler, "heun": heun, "rk4": rk4,
    "linearly_implicit": linearly_implicit,
}
