"""The words `binomial` and `poisson` and the draws they take: distributions, ends, and the same counts everywhere."""

import numpy as np
import pytest
from scipy import stats
from test_draws import chi_square_p, within_five_sigma, words

from gpusyn import lang
from gpusyn.backends import cuda_on_host
from gpusyn.kernel_files import inline_includes
from gpusyn.lang import binomial, poisson
from gpusyn.numerics import draws

REALS = (np.float32, np.float64)
TRIALS = [(1, 0.8), (5, 0.2), (10, 0.5), (30, 0.1), (30, 0.97), (1000, 0.3), (10**6, 2e-6)]
MEANS = [0.01, 0.5, 2.0, 9.99, 10.0, 50.0]
EDGES = [(0, 0.5), (-3, 0.5), (3, 0.0), (3, -1.0), (3, 1.0), (3, 2.0), (3, np.nan), (2.7, 0.5), (np.nan, 0.5),
         (2.0**33, 0.5), (np.inf, 0.5), (100, 1e-30), (7, 1 - 1e-7)]


def chances(real, n=1_000_000, stream=3):
    w = words(n, stream)
    return draws.chance(w[0], w[1], real)


CHANCES = chances(np.float32)


@pytest.mark.parametrize("real", REALS)
def test_chances_are_uniform_and_fine_near_zero(real):
    u = chances(real)
    assert u.dtype == real
    within_five_sigma(u.mean(dtype=float), 0.5, np.sqrt(1 / 12))
    assert stats.kstest(u.astype(float), "uniform").pvalue > 1e-3
    ends = draws.chance(np.array([0, 0, 2**32 - 1], np.uint32), np.array([0, 5, 2**32 - 1], np.uint32), real)
    np.testing.assert_array_equal(ends, np.array([2.0**-65, 5.5 * 2.0**-64, 1.0], real))


@pytest.mark.parametrize(("n", "p"), TRIALS)
def test_binomial_counts_have_the_right_moments_and_distribution(n, p):
    k = binomial(np.float32(n), np.float32(p), CHANCES).astype(float)
    p = float(np.float32(p))
    variance = n * p * (1 - p)
    within_five_sigma(k.mean(), n * p, np.sqrt(variance))
    within_five_sigma(k.var(), variance, np.sqrt(variance * (1 - 6 * p * (1 - p)) + 2 * variance**2))
    within_five_sigma((k == 0).mean(), (1 - p) ** n, np.sqrt((1 - p) ** n * (1 - (1 - p) ** n)) + 1e-12)
    assert chi_square_p(k.astype(int), lambda k: stats.binom.pmf(k, n, p)) > 1e-3


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_counts_have_the_right_moments_and_distribution(mean):
    k = poisson(np.float32(mean), CHANCES).astype(float)
    mean = float(np.float32(mean))
    within_five_sigma(k.mean(), mean, np.sqrt(mean))
    within_five_sigma(k.var(), mean, np.sqrt(mean * (1 + 2 * mean)))
    assert chi_square_p(k.astype(int), lambda k: stats.poisson.pmf(k, mean)) > 1e-3


@pytest.mark.parametrize("real", REALS)
def test_rare_events_are_as_frequent_as_asked(real):
    # 1 in 1e9 per draw: a uniform number of 23 bits would give none, or a hundred times too many
    u = draws.chance(np.arange(1000, dtype=np.uint32), np.zeros(1000, np.uint32), real)
    assert binomial(real(1), real(1e-9), u).sum() == poisson(real(1e-9), u).sum() == 5    # 0 ... 4 of 2^32 words


def test_impossible_counts_are_zero_and_certain_ones_all():
    counts = binomial(*np.array(EDGES).T, 0.3)
    assert counts[:7].tolist() == [0, 0, 0, 0, 3, 3, 0]
    assert counts[7] == binomial(2, 0.5, 0.3)
    assert np.isnan(counts[8:11]).all()
    assert counts[11:].tolist() == [0, 7]
    assert poisson(np.array([0.0, -1.0, np.nan]), 0.3).tolist() == [0, 0, 0]
    assert np.isnan(poisson(np.array([2.0**33, np.inf]), 0.3)).all()
    assert poisson(1e-20, 1.0) == binomial(5, 1e-20, 1.0) == 0


def test_more_likely_events_never_make_a_smaller_count():
    u = chances(np.float64, 1000)
    for few, many in ((poisson(1.0, u), poisson(1.5, u)), (binomial(20, 0.1, u), binomial(20, 0.15, u))):
        assert (many >= few).all()
        assert (many > few).any()


# ---- the same counts on the other targets ----

KERNEL = """
#include "inversion.cuh"
extern "C" __global__ void counted(const long long* clock, const unsigned int* w0, const unsigned int* w1,
                                   const real* n, const real* p, real* chances, real* binomials, real* poissons,
                                   long long size)
{
    for (long long i = blockIdx.x * blockDim.x + threadIdx.x; i < size; i += (long long)(gridDim.x) * blockDim.x) {
        chances[i] = chance(w0[i], w1[i], real(0));
        binomials[i] = binomial_(n[i], p[i], chances[i]);
        poissons[i] = poisson_(n[i] * p[i], chances[i]);
    }
}
"""


def cuda_counts(w0, w1, n, p):
    real = n.dtype
    module = cuda_on_host.Module(inline_includes(KERNEL, "counted.cu"), real.name)
    u, b, m = (np.zeros(n.size, real) for _ in range(3))
    module.launch(module.kernel("counted"), (2,), (64,), [np.zeros(1, np.int64), w0, w1, n, p, u, b, m, n.size])
    return u, b, m


def numba_counts(w0, w1, n, p):
    pytest.importorskip("numba")
    from gpusyn.backends.numba_ops import draws as compiled
    from gpusyn.backends.numba_ops import inversion
    from gpusyn.backends.numba_ops.compiled import inner

    @inner
    def fill(w0, w1, n, p, u, b, m):
        for i in range(u.shape[0]):
            u[i] = compiled.chance(w0[i], w1[i], n[i])
            b[i] = inversion.binomial(n[i], p[i], u[i])
            m[i] = inversion.poisson(n[i] * p[i], u[i])

    u, b, m = (np.zeros(n.size, n.dtype) for _ in range(3))
    fill(w0, w1, n, p, u, b, m)
    return u, b, m


def needs_host_compiler(function):
    reason = cuda_on_host.unavailable_reason()
    return pytest.param(function, marks=pytest.mark.skipif(reason is not None, reason=str(reason)))


@pytest.mark.parametrize("real", REALS)
@pytest.mark.parametrize("target", [numba_counts, needs_host_compiler(cuda_counts)])
def test_counts_equal_those_of_numpy(target, real):
    cases = [*TRIALS, *((m / 0.5, 0.5) for m in MEANS), *EDGES]
    n, p = (np.repeat(np.array(column, real), 3000) for column in zip(*cases, strict=True))
    w0, w1 = words(n.size, 2)[:2]
    w0[:2], w1[:2] = (0, 2**32 - 1), (0, 2**32 - 1)
    u, b, m = target(w0, w1, n, p)
    expected = draws.chance(w0, w1, real)
    np.testing.assert_array_equal(u, expected)
    np.testing.assert_array_equal(b, binomial(n, p, expected))
    np.testing.assert_array_equal(m, poisson(n * p, expected))
    assert b.dtype == binomial(n, p, expected).dtype == real


def test_counts_are_words_of_equations_with_no_slope():
    from gpusyn.translate.derivative import differentiate
    from gpusyn.translate.pointwise import read

    def released(n, p, draw):
        return lang_binomial(n, p, draw) + poisson(p, draw)

    lang_binomial = lang.binomial
    with pytest.raises(ValueError, match=r"'binomial' is a word of gpusyn\.lang"):
        read(released)

    def counted(n, p, draw):
        return binomial(n, p, draw) + poisson(p, draw)

    assert differentiate(read(counted), "p") is None
