"""Integrators: order of convergence, exactness for linear equations, stability for stiff ones, and the ledger."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from single_item import Items

from gpusyn.mechanism import INTEGRATORS, Mechanism, given, output, parameter, state, total
from gpusyn.receptors import AMPAReceptor
from gpusyn.transmitters import MichaelisMentenUptake, Transmitter


class Cell(Mechanism):
    """A leaky cell whose equation is linear in its potential."""

    v = state("mV", "membrane potential", initial=-70.0)
    receptor_current = total("current", "pA", "sum of the outward currents")
    c_m = parameter(100.0, "pF", "capacitance")
    g_l = parameter(10.0, "nS", "leak conductance")

    @staticmethod
    def d_v(v, receptor_current, c_m, g_l):
        """Leak and receptors."""
        return (g_l * (-70.0 - v) - receptor_current) / c_m


class Conductance(Mechanism):
    """A constant conductance to 0 mV."""

    v = given("mV", "membrane potential")
    conductance = parameter(5.0, "nS", "conductance")

    @output("pA", "current, outward > 0")
    @staticmethod
    def current(v, conductance):
        """Ohm's law."""
        return conductance * v


class Predation(Mechanism):
    """Lotka and Volterra's predators and prey: two coupled nonlinear equations."""

    prey = state("1", "prey", initial=2.0)
    predators = state("1", "predators", initial=1.0)

    @staticmethod
    def d_prey(prey, predators):
        """Growth and loss."""
        return prey * (1.0 - predators)

    @staticmethod
    def d_predators(prey, predators):
        """Growth and loss."""
        return predators * (prey - 1.0)


class Logistic(Mechanism):
    """Growth with a limit: one nonlinear equation."""

    x = state("1", "x", initial=0.1)

    @staticmethod
    def d_x(x):
        """Growth."""
        return x * (1.0 - x)


def order(kind, name, integrator, reference, dt=0.05):
    """The observed order of convergence at t = 2 ms."""
    errors = []
    for step in (dt, dt / 2):
        items = Items(kind(integrator=integrator), dt=step)
        items.run(2.0)
        errors.append(abs(items[name][0] - reference))
    return np.log2(errors[0] / errors[1])


@pytest.mark.parametrize(("integrator", "expected"), [
    ("euler", 1), ("exponential_euler", 1), ("linearly_implicit", 1), ("heun", 2), ("rk4", 4),
])
def test_integrators_have_their_order_for_coupled_equations(integrator, expected):
    exact = solve_ivp(lambda t, y: [y[0] * (1 - y[1]), y[1] * (y[0] - 1)], (0, 2), [2, 1], rtol=1e-13, atol=1e-13)
    assert order(Predation, "prey", integrator, exact.y[0, -1]) == pytest.approx(expected, abs=0.25)


@pytest.mark.parametrize(("integrator", "expected"), [
    ("euler", 1), ("exponential_euler", 2), ("linearly_implicit", 1), ("heun", 2), ("rk4", 4),
])
def test_integrators_have_their_order_for_one_equation(integrator, expected):
    exact = 1 / (1 + 9 * np.exp(-2))
    assert order(Logistic, "x", integrator, exact) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("dt", [0.1, 5.0, 50.0])
def test_exponential_euler_is_exact_for_linear_equations_through_other_mechanisms(dt):
    # c dv/dt = -10 (v + 70) - 5 v - 5 v: the slope runs through the sum of two mechanisms' currents
    items = Items({"": Cell(), "a": Conductance(), "b": Conductance()}, dt=dt)
    items.run(50.0)
    assert items["v"] == pytest.approx(-35.0 - 35.0 * np.exp(-50.0 * 20 / 100), rel=1e-13)


def test_linearly_implicit_steps_are_stable_for_stiff_equations():
    class Buffered(Mechanism):
        """Calcium and a fast buffer: rates of 1e5/ms beside 0.1/ms."""

        integrator = "linearly_implicit"
        calcium = state("uM", "free calcium", initial=10.0)
        bound = state("uM", "bound calcium")

        @staticmethod
        def d_calcium(calcium, bound):
            """Pump, binding, unbinding."""
            return -0.1 * calcium - 1e3 * calcium * (100.0 - bound) + 1e3 * bound

        @staticmethod
        def d_bound(calcium, bound):
            """Binding, unbinding."""
            return 1e3 * calcium * (100.0 - bound) - 1e3 * bound

    items = Items(Buffered(), dt=0.5)
    free = items.run(5.0, record="calcium")
    assert np.isfinite(free).all()
    calcium, bound = items["calcium"][0], items["bound"][0]
    assert calcium == pytest.approx(bound / (100 - bound), rel=1e-3)  # fast equilibrium
    assert 9.8 < calcium + bound < 10.0


@pytest.mark.parametrize("integrator", INTEGRATORS)
def test_the_ledger_counts_what_the_integrator_moved(integrator):
    members = {"": Transmitter(initial_concentration=10.0, source=0.2, integrator=integrator),
               "transporter": MichaelisMentenUptake()}
    items = Items(members, dt=0.5)
    items.run(10.0)
    change = items.ledger["p.supplied"] - items.ledger["p.taken_up"]
    assert items["concentration"] - 10.0 == pytest.approx(change, rel=1e-12)


def test_a_gate_alone_is_exact_under_every_integrator():
    for integrator in INTEGRATORS:
        receptor = AMPAReceptor(integrator=integrator, r=0.0)
        items = Items({"ampa": receptor}, {"glutamate": 1.0, "v": 0.0}, dt=5.0)
        items.run(10.0)
        assert items["ampa.r"] == pytest.approx(2 / 3 * (1 - np.exp(-1.5)), rel=1e-13)
