"""A step of a Markov scheme: backward Euler by elimination, whatever the rates."""

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from scipy.linalg import expm

from gpusyn.numerics.schemes import elimination_lines

RATES = st.floats(0.0, 1e4).map(lambda rate: rate if rate > 1e-6 else 0.0)


@examples(st.integers(2, 6).flatmap(lambda n: st.tuples(
    st.lists(st.lists(RATES, min_size=n, max_size=n), min_size=n, max_size=n),
    st.lists(st.floats(0.01, 1.0), min_size=n, max_size=n))), st.floats(1e-3, 1e3))
def test_scheme_steps_solve_backward_euler_and_keep_the_sum(scheme, dt):
    rates, start = np.array(scheme[0]), np.array(scheme[1]) / sum(scheme[1])
    new = scheme_step(rates, start, dt)
    n = len(start)
    generator = (rates * (1 - np.eye(n))).T
    generator -= np.diag(generator.sum(axis=0))
    assert new.sum() == pytest.approx(1, abs=1e-14)
    assert (new >= 0).all()
    assert new == pytest.approx(np.linalg.solve(np.eye(n) - dt * generator, start), rel=1e-6, abs=1e-9)


def scheme_step(rates, start, dt):
    """One step of the scheme whose rate from i to j is rates[i, j]."""
    names = [f"s{k}" for k in range(len(start))]
    scope = {"dt": dt, **dict(zip(names, start, strict=True))}
    links = {}
    for i, j in zip(*np.nonzero(rates), strict=True):
        if i != j:
            links[names[i], names[j]] = f"k_{i}_{j}"
            scope[f"k_{i}_{j}"] = rates[i, j]
    lines, new = elimination_lines(names, links, "dt", "m_")
    exec("\n".join(lines), scope)
    return np.array([scope[new[name]] for name in names])


def test_small_scheme_steps_follow_the_matrix_exponential():
    rates = np.array([[0, 2.0, 0], [0.5, 0, 1.0], [0.1, 0.3, 0]])
    generator = rates.T - np.diag(rates.sum(axis=1))
    exact = expm(generator) @ [1.0, 0.0, 0.0]
    errors = []
    for n in (200, 400):
        occupancy = np.array([1.0, 0.0, 0.0])
        for _ in range(n):
            occupancy = scheme_step(rates, occupancy, 1 / n)
        errors.append(np.abs(occupancy - exact).max())
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.02)
