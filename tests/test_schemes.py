"""A step of a Markov scheme: of second order, positive and conservative, whatever the rates."""

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from scipy.linalg import expm

from gpusyn.numerics.schemes import elimination_lines, step_lines

RATES = st.floats(0.0, 1e4).map(lambda rate: rate if rate > 1e-6 else 0.0)


@examples(st.integers(2, 6).flatmap(lambda n: st.tuples(
    st.lists(st.lists(RATES, min_size=n, max_size=n), min_size=n, max_size=n),
    st.lists(st.floats(0.01, 1.0), min_size=n, max_size=n))), st.floats(1e-3, 1e3))
def test_eliminations_solve_backward_euler_and_steps_keep_the_sum(scheme, dt):
    rates, start = np.array(scheme[0]), np.array(scheme[1]) / sum(scheme[1])
    solution, new = solved(rates, start, dt, elimination_lines), solved(rates, start, dt, step_lines)
    n = len(start)
    generator = (rates * (1 - np.eye(n))).T
    generator -= np.diag(generator.sum(axis=0))
    assert solution == pytest.approx(np.linalg.solve(np.eye(n) - dt * generator, start), rel=1e-6, abs=1e-9)
    for found in (solution, new):
        assert found.sum() == pytest.approx(1, abs=1e-14)
        assert (found >= 0).all()


def solved(rates, start, dt, lines_of):
    """What `lines_of` makes of the scheme whose rate from i to j is rates[i, j]."""
    names = [f"s{k}" for k in range(len(start))]
    scope = {"dt": dt, **dict(zip(names, start, strict=True))}
    links = {}
    for i, j in zip(*np.nonzero(rates), strict=True):
        if i != j:
            links[names[i], names[j]] = f"k_{i}_{j}"
            scope[f"k_{i}_{j}"] = rates[i, j]
    lines, new = lines_of(names, links, "dt", "m_")
    exec("\n".join(lines), scope | {"maximum": max}, scope)
    return np.array([scope[new[name]] for name in names])


RATES_OF_THREE = np.array([[0, 2.0, 0], [0.5, 0, 1.0], [0.1, 0.3, 0]])


@pytest.mark.parametrize(("lines_of", "order"), [(elimination_lines, 1), (step_lines, 2)])
def test_small_steps_follow_the_matrix_exponential(lines_of, order):
    generator = RATES_OF_THREE.T - np.diag(RATES_OF_THREE.sum(axis=1))
    start = np.array([0.6, 0.3, 0.1])
    exact = expm(generator) @ start
    errors = []
    for n in (200, 400):
        occupancy = start
        for _ in range(n):
            occupancy = solved(RATES_OF_THREE, occupancy, 1 / n, lines_of)
        errors.append(np.abs(occupancy - exact).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.03)


def test_a_step_of_any_length_stays_at_the_steady_state():
    steady = solved(RATES_OF_THREE, np.array([0.2, 0.3, 0.5]), 1e12, elimination_lines)
    for dt in (1e-3, 1.0, 1e3):
        assert solved(RATES_OF_THREE, steady, dt, step_lines) == pytest.approx(steady, rel=1e-11)


def test_a_state_that_is_left_at_once_keeps_what_backward_euler_leaves():
    rates = np.array([[0, 1e9], [1e-9, 0]])
    assert solved(rates, np.array([1.0, 0.0]), 1.0, step_lines) == pytest.approx([1e-9, 1.0 - 1e-9], rel=1e-8)


def test_a_state_that_nothing_enters_is_kept_as_an_exponential_would():
    """exp(-x) to 5 % of the whole up to x = 3, to 15 % above, never below 0 nor above backward Euler."""
    for x in np.geomspace(1e-3, 1e3, 200):
        kept = solved(np.array([[0, x], [0, 0]]), np.array([1.0, 0.0]), 1.0, step_lines)[0]
        assert 0 <= kept <= (1 + 1e-12) / (1 + x)
        assert kept == pytest.approx(np.exp(-x), abs=0.05 if x < 3 else 0.15)
