"""Diffusion against exact solutions: totals, spread, order of convergence, positivity and conservation."""
import numpy as np
import pytest
import scipy.linalg
from diffusion_runs import FieldRun, pulse

from gpusyn.numerics.diffusion import EDGES

SCHEMES = ("explicit", "exact")
STEPS = 2000            # 200 ms in steps of 0.1 ms


def axis_laplacian(n, edge):
    """The (n, n) second difference with an edge of each kind; cells outside are zero, the end cell, the other end."""
    matrix = np.zeros((n, n))
    for i in range(n):
        for j in (i - 1, i + 1):
            matrix[i, i] -= 1
            if 0 <= j < n or edge == "periodic":
                matrix[i, j % n] += 1
            elif edge == "reflecting":
                matrix[i, i] += 1
    return matrix


def exactly(initial, edges, share, loss=0.0):
    """exp of the dense lattice Laplacian, applied axis by axis; ``share`` is D T / h^2, ``loss`` is k T."""
    cells = np.array(initial, np.float64)
    for axis, edge in enumerate(edges):
        matrix = axis_laplacian(cells.shape[axis], edge)
        step = scipy.linalg.expm(share * matrix) if share <= 30 else exponential_of_modes(share, matrix)
        cells = np.moveaxis(np.tensordot(step, cells, (1, axis)), 0, axis)
    return cells * np.exp(-loss)


def exponential_of_modes(share, matrix):
    """exp(share * matrix) where expm, which squares repeatedly, multiplies its rounding by ``share``."""
    rates, modes = np.linalg.eigh(matrix)
    rates[abs(rates) < 1e-12] = 0
    return (modes * np.exp(share * rates)) @ modes.T


# A unit pulse in the centre of 11 x 11 sites, 200 ms, dt 0.1 ms, explicit; totals computed independently to six digits.

@pytest.mark.parametrize(("d", "k", "total"), [(0.05, 0.01, 0.055151), (0.1, 0.01, 0.014124), (0.05, 0.005, 0.150130)])
@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_a_pulse_between_absorbing_edges_leaves_the_known_total(backend, d, k, total):
    run = FieldRun(pulse(11, 11), backend, scheme="explicit", edges="absorbing", diffusion_coefficient=d, decay_rate=k)
    assert run.run(STEPS).total == pytest.approx(total, abs=1e-6)
    assert run.accounted() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("edge", ["reflecting", "periodic"])
@pytest.mark.parametrize("d", [0.0, 0.05, 0.1, 0.7])
@pytest.mark.parametrize(("scheme", "total"), [("explicit", 0.999**STEPS), ("exact", np.exp(-2.0))])
def test_without_flux_the_total_decays_as_it_should_for_any_coefficient(edge, d, scheme, total):
    run = FieldRun(pulse(11, 11), scheme=scheme, edges=edge, diffusion_coefficient=d, decay_rate=0.01).run(STEPS)
    assert total == pytest.approx({"explicit": 0.135200, "exact": 0.135335}[scheme], abs=5e-7)
    assert run.total == pytest.approx(total, rel=1e-12)
    assert run.decayed.sum() == pytest.approx(1 - total, rel=1e-12)
    assert run.escaped.sum() == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_pulse_in_free_space_spreads_by_4_d_t(scheme):
    run = FieldRun(pulse(101, 101), "numba", scheme=scheme, edges="absorbing", diffusion_coefficient=0.05).run(STEPS)
    y, x = np.indices((101, 101)) - 50
    assert ((y**2 + x**2) * run.cells).sum() / run.total == pytest.approx(40.0, rel=1e-9)
    assert run.total == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_mass_spreads_by_2_d_t_along_each_of_three_axes(scheme):
    run = FieldRun(pulse(41, 41, 41), "numba", scheme=scheme, edges="periodic", diffusion_coefficient=0.4, dt=0.25)
    cells = run.run(40).cells
    for axis in range(3):
        along = cells.sum(axis=tuple({0, 1, 2} - {axis}))
        assert (along * (np.arange(41) - 20.0) ** 2).sum() == pytest.approx(2 * 0.4 * 10, rel=1e-6)


# Convergence: the sine mode of the continuous equation, its discrete counterpart, and the Gaussian.

def sine_mode_error(n, dt, scheme, d=1.0, time=0.02):
    """Largest error of sin(pi x) sin(pi y) on the unit square, n cells between absorbing edges."""
    h = 1 / (n + 1)
    wave = np.sin(np.pi * h * np.arange(1, n + 1))
    mode = np.outer(wave, wave)
    run = FieldRun(mode, scheme=scheme, edges="absorbing", diffusion_coefficient=d, dt=dt, spacing=h)
    assert run.scheme.n_substep == 1
    return abs(run.run(round(time / dt)).cells - mode * np.exp(-2 * np.pi**2 * d * time)).max()


def test_both_schemes_are_of_second_order_in_space():
    exact = [sine_mode_error(n, 0.005, "exact") for n in (9, 19, 39)]
    explicit = [sine_mode_error(n, 0.05 / (n + 1) ** 2, "explicit") for n in (9, 19, 39)]     # dt as h^2
    for errors in (exact, explicit):
        orders = np.log2(np.divide(errors[:-1], errors[1:]))
        assert abs(orders - 2) == pytest.approx(0, abs=0.05)


def test_the_explicit_scheme_is_of_first_order_in_time():
    n, edges, initial = 21, ("absorbing", "reflecting"), np.random.default_rng(1).random((21, 21))
    truth = exactly(initial, edges, 2.0, 0.5)
    errors = []
    for steps in (40, 80, 160):
        run = FieldRun(initial, scheme="explicit", edges=edges, diffusion_coefficient=2.0, decay_rate=0.5, dt=1 / steps)
        assert run.scheme.n_substep == 1
        errors.append(abs(run.run(steps).cells - truth).max())
    assert n == len(truth)
    assert np.log2(np.divide(errors[:-1], errors[1:])) == pytest.approx([1, 1], abs=0.1)


@pytest.mark.parametrize("dt", [0.01, 1.0, 37.0])
def test_the_exact_scheme_keeps_lattice_modes_to_round_off(dt):
    n = 24
    mode = np.cos(np.pi / n * 3 * (np.arange(n) + 0.5))
    cells = 2 + np.outer(mode, mode)
    rate = 0.3 * 8 * np.sin(3 * np.pi / (2 * n)) ** 2
    run = FieldRun(cells, "numba", scheme="exact", diffusion_coefficient=0.3, dt=dt).run(5)
    assert run.cells == pytest.approx(2 + (cells - 2) * np.exp(-rate * 5 * dt), abs=2e-14)


def test_the_spread_of_a_pulse_approaches_the_gaussian_with_second_order():
    errors = []
    for refined in (1, 2, 4):
        n, h = 32 * refined + 1, 1 / refined
        run = FieldRun(pulse(n, n) / h**2, scheme="exact", diffusion_coefficient=1.0, dt=8.0, spacing=h).run(1)
        y, x = (np.indices((n, n)) - n // 2) * h
        errors.append(abs(run.cells - np.exp(-(x**2 + y**2) / 32) / (32 * np.pi)).max())
    # The walls are 4 standard deviations away: their images, 1e-6, are not in the Gaussian.
    assert np.log2(np.divide(errors[:-1], errors[1:])) == pytest.approx([2, 2], abs=0.25)


@pytest.mark.parametrize("edges", [(a, b) for a in EDGES for b in EDGES])
@pytest.mark.parametrize("share", [1e-3, 0.7, 30.0, 1e4])
def test_the_exact_scheme_is_the_matrix_exponential(edges, share):
    initial = np.random.default_rng(3).random((13, 29))
    run = FieldRun(initial, scheme="exact", edges=edges, diffusion_coefficient=share, decay_rate=0.5, dt=1.0).run(1)
    assert abs(run.cells - exactly(initial, edges, share, 0.5)).max() < 1e-12


# Positivity and conservation.

@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("edges", [*EDGES, ("reflecting", "absorbing", "periodic")])
@pytest.mark.parametrize("share", [0.05, 1 / 6, 3.0, 200.0])
def test_nothing_turns_negative(precision, scheme, edges, share):
    rng = np.random.default_rng(5)
    shape = (6, 7, 9)
    start = np.stack([pulse(*shape), pulse(*shape, at=(0, 0, 0)), rng.random(shape), rng.random(shape) > 0.9])
    run = FieldRun(start, "numba", precision, scheme, edges=edges, shape=shape, dt=1.0,
                   diffusion_coefficient=[share, share, share / 2, share], decay_rate=[0, 0.3, 0.1, 0])
    for _ in range(5):
        assert run.run(1).cells.min() >= 0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", [(17, 23), (5, 9, 12), (40,)])
@pytest.mark.parametrize("edge", ["reflecting", "periodic"])
@pytest.mark.parametrize("share", [0.1, 2.5, 400.0])
def test_mass_is_conserved_without_absorbing_edges(scheme, shape, edge, share):
    start = np.random.default_rng(7).random(shape)
    for backend in ("numpy", "numba"):
        run = FieldRun(start, backend, scheme=scheme, edges=edge, diffusion_coefficient=share, dt=1.0).run(5)
        assert run.total == pytest.approx(start.sum(), rel=1e-14)
        assert run.decayed.sum() == pytest.approx(0, abs=1e-14 * start.sum())       # rounding only
        assert run.escaped.sum() == 0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("backend", ["numpy", "numba", "cuda-on-host"])
@pytest.mark.parametrize("shape", [(6, 8, 10), (9, 11)])
@pytest.mark.parametrize("value", [0.1, 1.3, 1.99])
def test_a_uniform_field_stays_uniform_to_the_last_bit(scheme, backend, shape, value):
    start = np.full(shape, value, np.float32)
    run = FieldRun(start, backend, "float32", scheme, diffusion_coefficient=0.16, dt=1.0)
    assert (run.run(20).cells == start).all()


def test_edges_are_those_of_their_own_axis():
    """Mass escapes only along the absorbing axis, and crosses only the periodic one."""
    for scheme in SCHEMES:
        run = FieldRun(pulse(9, 1, 9, at=(4, 0, 0)), scheme=scheme, diffusion_coefficient=0.1,
                       edges=("absorbing", "reflecting", "periodic")).run(1)
        assert run.cells[4, 0, 8] == run.cells[4, 0, 1] > 0
        assert run.escaped.sum() < 1e-6
        run = FieldRun(pulse(9, 1, 9, at=(0, 0, 4)), scheme=scheme, diffusion_coefficient=0.1,
                       edges=("absorbing", "reflecting", "periodic")).run(1)
        assert run.escaped.sum() == pytest.approx(0.01, rel=0.02)
        assert run.cells[8, 0, 4] < 1e-12
