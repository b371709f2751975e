"""Random numbers made of words: their distributions, and that all backends draw the same."""

import re

import numpy as np
import pytest
from scipy import stats

from gpusyn.backends import cuda_on_host
from gpusyn.backends.cuda import load_nvrtc
from gpusyn.errors import BackendError
from gpusyn.kernel_files import inline_includes
from gpusyn.numerics import counts, draws
from gpusyn.numerics.philox import philox

N = 1_000_000
KEY = (20240607, 5)
REALS = (np.float32, np.float64)
MEANS = [0.01, 1.0, 9.99, 10.0, 30.0, 1000.0, 1e5]
TRIALS = [(1, 0.3), (5, 0.5), (20, 0.5), (40, 0.3), (1000, 0.005), (1000, 0.3), (10**6, 0.9), (3, 0.99), (10**9, 1e-9)]
EDGES_OF_MEANS = [0.0, -1.0, np.nan, 1e9, 1e14]
EDGES_OF_TRIALS = [(0, 0.5), (-3, 0.5), (3, 0.0), (3, 1.0), (3, 2.0), (3, np.nan), (10**14, 0.4), (7, 1 - 1e-16)]
PARITY = 5000
POWER_OF_TWO = r", 0d(?!0000)[0-9A-F]{3}0{13}"        # a constant of PTX with an empty mantissa


def words(n=N, stream=3):
    return philox(np.arange(n), stream, 0, 0, *KEY)


def within_five_sigma(value, expected, deviation, n=N):
    assert abs(value - expected) < 5 * deviation / np.sqrt(n)


@pytest.mark.parametrize("real", REALS)
def test_uniform_numbers_have_the_right_moments_and_distribution(real):
    u = draws.uniform(words()[0], real)
    assert u.dtype == real
    within_five_sigma(u.mean(dtype=float), 0.5, np.sqrt(1 / 12))
    within_five_sigma(u.astype(float).var(), 1 / 12, np.sqrt(1 / 180))
    assert stats.kstest(u, "uniform").pvalue > 1e-3


@pytest.mark.parametrize("real", REALS)
def test_uniform_numbers_never_reach_zero_or_one(real):
    u = draws.uniform(np.array([0, 2**32 - 1], np.uint32), real)
    half = 2.0**-24 if real == np.float32 else 2.0**-33
    np.testing.assert_array_equal(u, np.array([half, 1 - half], real))
    v = draws.uniform_float64(np.array([0, 2**32 - 1], np.uint32), np.array([0, 2**32 - 1], np.uint32))
    np.testing.assert_array_equal(v, [2.0**-53, 1 - 2.0**-53])


@pytest.mark.parametrize("real", REALS)
def test_normal_numbers_have_the_right_moments_and_distribution(real):
    w = words(stream=4)
    for z in draws.normal_pair(w[0], w[1], real):
        assert z.dtype == real
        z = z.astype(float)
        for power, expected, deviation in ((1, 0, 1), (2, 1, np.sqrt(2)), (3, 0, np.sqrt(15)), (4, 3, np.sqrt(96))):
            within_five_sigma((z**power).mean(), expected, deviation)
        assert stats.kstest(z, "norm").pvalue > 1e-3
    first, second = draws.normal_pair(w[0], w[1], np.float64)
    within_five_sigma((first * second).mean(), 0, 1)
    within_five_sigma((first**2 * second**2).mean(), 1, np.sqrt(8))


@pytest.mark.parametrize("p", [1e-3, 0.2, 0.5, 0.999])
def test_bernoulli_numbers_are_as_frequent_as_asked(p):
    within_five_sigma(draws.bernoulli(words(stream=6)[0], p).mean(), p, np.sqrt(p * (1 - p)))


def test_bernoulli_compares_with_a_whole_number_of_words():
    word = np.array([0, 1, 2**31, 2**32 - 1], np.uint32)
    for p in (0.0, -1.0, np.nan, 2.0**-33):
        assert not draws.bernoulli(word, p).any()
    for p in (1.0, 1.5):
        assert draws.bernoulli(word, p).all()
    np.testing.assert_array_equal(draws.bernoulli(word, 1.5 * 2.0**-32), [True, False, False, False])
    np.testing.assert_array_equal(draws.bernoulli(word, 0.5), [True, True, False, False])


def chi_square_p(values, probability):
    """p-value of counts against a distribution; rare values share a bin."""
    low, high = values.min(), values.max()
    observed, expected = np.bincount(values - low), probability(np.arange(low, high + 1)) * values.size
    common = expected > 10
    observed = np.append(observed[common], values.size - observed[common].sum())
    expected = np.append(expected[common], values.size - expected[common].sum())
    if expected[-1] < 10:
        observed, expected = (np.append(x[:-2], x[-2:].sum()) for x in (observed, expected))
    return stats.chi2.sf(((observed - expected) ** 2 / expected).sum(), expected.size - 1)


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_numbers_have_the_right_moments_and_distribution(mean):
    k = counts.poisson(np.arange(N), 7, 0, 0, *KEY, mean)
    within_five_sigma(k.mean(), mean, np.sqrt(mean))
    within_five_sigma(k.var(), mean, np.sqrt(mean * (1 + 2 * mean)))
    assert chi_square_p(k, lambda k: stats.poisson.pmf(k, mean)) > 1e-3


@pytest.mark.parametrize(("n", "p"), TRIALS)
def test_binomial_numbers_have_the_right_moments_and_distribution(n, p):
    k = counts.binomial(np.arange(N), 8, 0, 0, *KEY, n, p)
    variance = n * p * (1 - p)
    within_five_sigma(k.mean(), n * p, np.sqrt(variance))
    within_five_sigma(k.var(), variance, np.sqrt(variance * (1 - 6 * p * (1 - p)) + 2 * variance**2))
    assert chi_square_p(k, lambda k: stats.binom.pmf(k, n, p)) > 1e-3


def test_impossible_counts_are_zero_and_certain_ones_all():
    assert [int(counts.poisson(1, 2, 3, 0, *KEY, m)) for m in EDGES_OF_MEANS[:3]] == [0, 0, 0]
    assert [int(counts.binomial(1, 2, 3, 0, *KEY, n, p)) for n, p in EDGES_OF_TRIALS[:6]] == [0, 0, 0, 3, 3, 0]


def test_logarithms_and_exponentials_of_fixed_rounding_are_accurate():
    from gpusyn.numerics import fixed_rounding as fixed

    x = np.exp(np.random.default_rng(1).uniform(-600, 600, 100_000))
    np.testing.assert_allclose(fixed.fixed_log(x), np.log(x), rtol=4e-16)
    np.testing.assert_allclose(fixed.fixed_exp(-x[x < 700]), np.exp(-x[x < 700]), rtol=6e-16)
    p = np.append(np.exp(np.random.default_rng(2).uniform(-40, np.log(0.5), 100_000)), 0.5)
    np.testing.assert_allclose(fixed.log_complement(p), np.log1p(-p), rtol=5e-16)
    k = np.arange(200.0)
    factorials = (k + 0.5) * np.log(k + 1) - (k + 1) + 0.5 * np.log(2 * np.pi) + fixed.stirling_rest(k)
    np.testing.assert_allclose(factorials, [float(stats.poisson.logpmf(0, 0)) + log_factorial(int(i)) for i in k],
                               rtol=1e-14, atol=1e-12)


def log_factorial(k):
    from math import lgamma

    return lgamma(k + 1)


# ---- the same numbers on the other targets ----

KERNEL = """
#include "counts.cuh"
extern "C" __global__ void reals(const long long* clock, const unsigned int* word0, const unsigned int* word1,
                                 real* uniforms, real* normals, unsigned char* hits, double p, long long n)
{
    for (long long i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += (long long)(gridDim.x) * blockDim.x) {
        uniforms[i] = uniform(word0[i], real(0));
        normals[i] = normal(word0[i], word1[i], real(0));
        hits[i] = bernoulli(word0[i], p);
    }
}
extern "C" __global__ void counted(const long long* clock, const unsigned int* seed, long long* poissons,
                                   long long* binomials, double mean, long long trials, double p, long long n)
{
    for (long long i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += (long long)(gridDim.x) * blockDim.x) {
        const Counter counter = counter_of(i, 9u, clock[0], seed);
        poissons[i] = poisson(counter, mean);
        binomials[i] = binomial(counter, trials, p);
    }
}
"""


def cuda_reals(w0, w1, real, p):
    module = cuda_on_host.Module(inline_includes(KERNEL, "draws.cu"), np.dtype(real).name)
    u, z, hits = np.zeros(w0.size, real), np.zeros(w0.size, real), np.zeros(w0.size, np.uint8)
    module.launch(module.kernel("reals"), (2,), (64,), [np.zeros(1, np.int64), w0, w1, u, z, hits, p, w0.size])
    return u, z, hits


def numba_reals(w0, w1, real, p):
    pytest.importorskip("numba")
    from gpusyn.backends.numba_ops import draws as compiled
    from gpusyn.backends.numba_ops.compiled import inner

    @inner
    def fill(w0, w1, u, z, hits, p):
        for i in range(u.shape[0]):
            u[i] = compiled.uniform(w0[i], u.dtype.type(0))
            z[i] = compiled.normal(w0[i], w1[i], u.dtype.type(0))
            hits[i] = compiled.bernoulli(w0[i], p)

    u, z, hits = np.zeros(w0.size, real), np.zeros(w0.size, real), np.zeros(w0.size, np.uint8)
    fill(w0, w1, u, z, hits, p)
    return u, z, hits


def cuda_counts(step, mean, n, p):
    module = cuda_on_host.Module(inline_includes(KERNEL, "draws.cu"), "float32")
    poissons, binomials = np.zeros(PARITY, np.int64), np.zeros(PARITY, np.int64)
    arguments = [np.array([step]), np.array(KEY, np.uint32), poissons, binomials, mean, n, p, PARITY]
    module.launch(module.kernel("counted"), (2,), (64,), arguments)
    return poissons, binomials


def numba_counts(step, mean, n, p):
    pytest.importorskip("numba")
    poissons, binomials = np.zeros(PARITY, np.int64), np.zeros(PARITY, np.int64)
    _numba_counter()(0, 1, step, poissons, binomials, mean, n, p, *KEY)
    return poissons, binomials


def _numba_counter():
    from gpusyn.backends.numba_ops import counts as compiled
    from gpusyn.backends.numba_ops.compiled import operation

    if not hasattr(_numba_counter, "compiled"):
        @operation
        def fill(worker, n_worker, step, poissons, binomials, mean, n, p, k0, k1):
            for i in range(poissons.shape[0]):
                poissons[i] = compiled.poisson(i, 9, step, step >> 32, k0, k1, mean)
                binomials[i] = compiled.binomial(i, 9, step, step >> 32, k0, k1, n, p)

        _numba_counter.compiled = fill
    return _numba_counter.compiled


def needs_host_compiler(function):
    reason = cuda_on_host.unavailable_reason()
    return pytest.param(function, marks=pytest.mark.skipif(reason is not None, reason=str(reason)))


@pytest.mark.parametrize("real", REALS)
@pytest.mark.parametrize("target", [numba_reals, needs_host_compiler(cuda_reals)])
def test_reals_agree_with_numpy(target, real):
    w0, w1 = (np.concatenate([w, [0, 0, 2**32 - 1, 2**32 - 1]]).astype(np.uint32) for w in words(100_000, 2)[:2])
    u, z, hits = target(w0, w1, real, 0.3)
    np.testing.assert_array_equal(u, draws.uniform(w0, real))
    np.testing.assert_array_equal(hits, draws.bernoulli(w0, 0.3))
    np.testing.assert_allclose(z, draws.normal(w0, w1, real), rtol=0, atol=4e-6 if real == np.float32 else 1e-14)


@pytest.mark.parametrize("target", [numba_counts, needs_host_compiler(cuda_counts)])
def test_counts_equal_those_of_numpy(target):
    step, sites = 0x300000001, np.arange(PARITY)
    at = (sites, 9, 1, 3, *KEY)
    cases = [(m, *TRIALS[i % len(TRIALS)]) for i, m in enumerate(MEANS + EDGES_OF_MEANS)]
    cases += [(MEANS[i % len(MEANS)], *case) for i, case in enumerate(TRIALS + EDGES_OF_TRIALS)]
    for mean, n, p in cases:
        poissons, binomials = target(step, mean, n, p)
        np.testing.assert_array_equal(poissons, counts.poisson(*at, mean), err_msg=f"mean {mean}")
        np.testing.assert_array_equal(binomials, counts.binomial(*at, n, p), err_msg=f"{n} trials of {p}")


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_cuda_never_fuses_where_rounding_decides_a_count(precision):
    from gpusyn.backends.nvrtc import compile_source

    try:
        nvrtc = load_nvrtc()
    except BackendError as error:
        pytest.skip(str(error))
    source = inline_includes(KERNEL, "draws.cu")
    ptx = compile_source(nvrtc, source, precision, "compute_90").decode()
    counted = ptx[ptx.index(".entry counted"):]
    counted = counted[: counted.index("\n}")]
    assert "mul.rn.f64" in counted
    fused = [line for line in counted.splitlines() if "fma.rn.f64" in line]
    # Products with a power of two are exact: fused or not, the sum is the same.
    assert [line for line in fused if not re.search(rf"%fd\d+, %fd\d+{POWER_OF_TWO},", line)] == []
    assert compile_source(nvrtc, source, precision, "sm_90").startswith(b"\x7fELF")
