"""The ryanodine receptor's four states: rest, activation by calcium, and the step of its scheme."""

import numpy as np
import pytest
from scipy.linalg import expm
from single_item import Items

from gpusyn.calcium import RyanodineReceptor

STATES = ("C1", "O1", "O2", "C2")


def receptor(calcium, dt=0.01, er_calcium=250.0, **initial):
    return Items({"ryr": RyanodineReceptor(**initial)}, {"ca": calcium, "ca_er": er_calcium}, dt=dt)


def fractions(items):
    return np.array([items[f"ryr.{state}"][0] for state in STATES])


def generator(calcium):
    """The scheme's matrix: d fractions/dt = generator @ fractions."""
    default = RyanodineReceptor().values
    names = RyanodineReceptor.transitions.__code__.co_varnames[1:7]
    matrix = np.zeros((4, 4))
    for (source, target), rate in RyanodineReceptor.transitions(calcium, *(default[n] for n in names)).items():
        i, j = STATES.index(source), STATES.index(target)
        matrix[j, i] += rate
        matrix[i, i] -= rate
    return matrix


def test_fractions_at_rest():
    assert fractions(receptor(0.05)) == pytest.approx([0.9940138, 3.235722e-4, 1.572163e-7, 5.662513e-3], rel=1e-6)


def test_flux_at_rest():
    values = RyanodineReceptor().values
    flux = RyanodineReceptor.flux_from_er(
        3.237294e-4, 0.05, 250.0, values["density"], values["unitary_flux"], values["ca_er_reference"]
    )
    assert flux == pytest.approx(3.39848e-3, rel=1e-5)


@pytest.mark.parametrize(("calcium", "open_fraction"), [
    (0.1, 0.00477), (0.2, 0.0338), (0.5, 0.0770), (1, 0.218), (5, 0.965),
])
def test_calcium_opens_the_receptor(calcium, open_fraction):
    _, o1, o2, _ = fractions(receptor(calcium))
    assert RyanodineReceptor.open_fraction(o1, o2) == pytest.approx(open_fraction, rel=2e-3)
    binding = 1 + 3.887 * calcium**3  # Breit & Queisser's closed form
    assert o1 + o2 == pytest.approx(binding / (binding + 17.5 + 1 / (52.08 * calcium**4)), rel=2e-4)


@pytest.mark.parametrize("dt", [0.005, 0.5, 1e4])
def test_a_step_weighs_both_ends_and_keeps_the_sum(dt):
    """Trapezoidal where a state is left slowly, backward Euler where it is left fast."""
    items = receptor(0.05, dt)
    items.inputs["ca"] = 2.0
    before = fractions(items)
    items.step()
    matrix = dt * generator(2.0)
    weight = np.clip(2 + 0.172 * np.diag(matrix), 1, None)
    during = np.linalg.solve(np.diag(weight) - matrix, weight * before)
    assert fractions(items) == pytest.approx(before + weight * (during - before), rel=1e-9, abs=1e-15)
    assert fractions(items).sum() == pytest.approx(1, abs=1e-15)
    assert (fractions(items) >= 0).all()


def test_steps_converge_to_the_matrix_exponential():
    def error(dt):
        items = receptor(0.05, dt)
        start = fractions(items)
        items.inputs["ca"] = 1.0
        items.run(2.0)
        return np.abs(fractions(items) - expm(2.0 * generator(1.0)) @ start).max()

    errors = [error(0.01), error(0.005)]
    assert errors[1] < 1e-5
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.05)


def test_the_receptor_may_start_in_one_state():
    assert fractions(receptor(0.05, scheme="C2")).tolist() == [0, 0, 0, 1]
    assert fractions(receptor(0.05, scheme={"C1": 0.75, "O1": 0.25})).tolist() == [0.75, 0.25, 0, 0]


def test_the_receptor_adapts():
    open_fraction = []
    items = receptor(0.05, 0.1)
    items.inputs["ca"] = 0.5
    for duration in (100.0, 2000.0):
        items.run(duration)
        _, o1, o2, _ = fractions(items)
        open_fraction.append(o1 + o2)
    assert open_fraction[0] > 4 * open_fraction[1] > 4 * 0.0770
