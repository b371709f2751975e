"""The elementary functions of the CPU and CUDA targets: how accurate they are, what they do at the ends, and that they
become vector instructions."""

import subprocess
import sys

import numpy as np
import pytest

from gpusyn.backends import cuda_on_host
from gpusyn.kernel_files import inline_includes

numba = pytest.importorskip("numba")

from gpusyn.backends.numba_ops import elementary  # noqa: E402
from gpusyn.backends.numba_ops.compiled import FASTMATH, NoAliasCompiler  # noqa: E402

N = 200_000
SMOOTH = ("exp", "expm1", "log", "tanh", "sin", "cos")
REALS = (np.float32, np.float64)
BOUNDS = {  # ulp
    np.float32: {"exp": 1.5, "expm1": 2.0, "log": 1.0, "tanh": 2.0, "sin": 2.0, "cos": 2.0},
    np.float64: {"exp": 1.5, "expm1": 2.0, "log": 1.0, "tanh": 2.0, "sin": 2.0, "cos": 2.0},
}
wide_longdouble = pytest.mark.skipif(
    np.finfo(np.longdouble).nmant < 63, reason="numpy's longdouble is no wider than float64: nothing to compare with"
)


def compiled_afresh(function):
    """Compile as `inner` does, but without Numba's cache: cached code cannot be inspected."""
    return numba.njit(error_model="numpy", fastmath=FASTMATH, pipeline_class=NoAliasCompiler)(function)


def loop(function):
    """A compiled loop that applies a function to each element."""
    @compiled_afresh
    def over(x, y):
        for i in range(x.shape[0]):
            y[i] = function(x[i])

    return over


LOOPS = {name: loop(getattr(elementary, name)) for name in (*SMOOTH, "sqrt", "floor", "absolute")}


def computed(name, x):
    y = np.empty_like(x)
    LOOPS[name](x, y)
    return y


def precise(name, x):
    """Exact to far below an ulp of x's type."""
    with np.errstate(all="ignore"):
        return getattr(np, name)(x.astype(np.longdouble if x.dtype == np.float64 else np.float64))


def errors_in_ulp(y, reference):
    """Distance in units in the last place; 0 where both overflow or the result is flushed to zero as documented."""
    kind = np.finfo(y.dtype)
    with np.errstate(all="ignore"):
        rounded = reference.astype(y.dtype)
        unit = np.spacing(np.maximum(np.abs(rounded), kind.smallest_normal)).astype(np.longdouble)
        error = np.abs(y.astype(np.longdouble) - reference) / unit
    flushed = (y == 0) & (np.abs(reference) < kind.smallest_normal)
    agreed = (y == rounded) | (np.isnan(y) & np.isnan(rounded)) | flushed
    return np.where(agreed & ~(np.isfinite(y) & ~flushed), 0.0, error.astype(float))


def arguments(name, real, rng):
    """Arguments over the whole range of a function, dense where it is difficult."""
    kind, sign = np.finfo(real), rng.choice([-1, 1], N)
    logs = rng.uniform(np.log(float(kind.smallest_normal)), np.log(float(kind.max)), N)
    tiny = sign * np.exp(rng.uniform(-80, 1, N))
    low, high = (-90, 90) if real == np.float32 else (-712, 712)
    spread = {
        "exp": [rng.uniform(low, high, N), tiny],
        "expm1": [rng.uniform(-50, high, N), rng.uniform(-1.2, 1.2, N), tiny],
        "tanh": [rng.uniform(-25, 25, N), rng.uniform(-1.2, 1.2, N), tiny],
        "log": [np.exp(logs), rng.uniform(0.4, 2.5, N), 1 + sign * np.exp(rng.uniform(-17, -1, N)),
                float(kind.smallest_subnormal) * rng.integers(1, 2**22, N)],
    }
    quarters = rng.integers(-1_000_000, 1_000_000, N) * (np.pi / 2)
    angles = [rng.uniform(-8, 8, N), rng.uniform(-1.6e6, 1.6e6, N), quarters]
    return np.concatenate(spread.get(name, angles)).astype(real)


@wide_longdouble
@pytest.mark.parametrize("real", REALS)
@pytest.mark.parametrize("name", SMOOTH)
def test_errors_stay_below_the_stated_bound(name, real):
    x = arguments(name, real, np.random.default_rng(5))
    error = errors_in_ulp(computed(name, x), precise(name, x))
    worst = error.argmax()
    assert error[worst] <= BOUNDS[real][name], f"{name}({x[worst]!r}) is off by {error[worst]} ulp"


WITHOUT_FUSING = """
import numpy as np
from gpusyn.backends.numba_ops import compiled
compiled.FASTMATH = set()
import test_elementary as test
for real in test.REALS:
    for name in test.SMOOTH:
        test.test_errors_stay_below_the_stated_bound(name, real)
    test.test_powers_are_within_their_bound(real)
"""


@wide_longdouble
def test_the_bounds_also_hold_without_fused_multiply_add(tmp_path, request):
    environment = {"PYTHONPATH": str(request.path.parent), "NUMBA_CACHE_DIR": str(tmp_path)}
    folder = request.path.parent.parent
    command = [sys.executable, "-c", WITHOUT_FUSING]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr


ENDS = {
    "exp": [(0, 1), (np.inf, np.inf), (-np.inf, 0), (89, np.inf), (-1000, 0)],
    "expm1": [(0, 0), (np.inf, np.inf), (-np.inf, -1), (-1000, -1)],
    "log": [(1, 0), (0, -np.inf), (-1, np.nan), (-np.inf, np.nan), (np.inf, np.inf)],
    "tanh": [(0, 0), (np.inf, 1), (-np.inf, -1), (1000, 1), (-1000, -1)],
    "sin": [(0, 0), (np.inf, np.nan), (-np.inf, np.nan), (2.0**50, np.nan)],
    "cos": [(0, 1), (np.inf, np.nan), (-np.inf, np.nan), (-(2.0**50), np.nan)],
    "sqrt": [(4, 2), (0, 0), (-1, np.nan), (np.inf, np.inf)],
    "floor": [(1.5, 1), (-1.5, -2), (3, 3), (np.inf, np.inf)],
    "absolute": [(-2, 2), (3, 3), (-np.inf, np.inf)],
}


@pytest.mark.parametrize("real", REALS)
@pytest.mark.parametrize("name", ENDS)
def test_ends_of_the_range_and_nan(name, real):
    x = np.array([*(x for x, _ in ENDS[name]), np.nan], real)
    expected = np.array([*(y for _, y in ENDS[name]), np.nan], real)
    if name == "exp" and real == np.float64:
        expected[3] = np.exp(89)
    np.testing.assert_allclose(computed(name, x), expected, rtol=1e-15)
    with_payload = np.array([0x7FC00155], np.uint32).view(np.float32).astype(real)
    assert np.isnan(computed(name, with_payload)).all()


@pytest.mark.parametrize("real", REALS)
def test_exp_is_finite_up_to_the_largest_number_and_flushes_below_the_smallest(real):
    kind = np.finfo(real)
    last = real(np.log(kind.max)) if real == np.float64 else np.float32(88.72283172607422)
    lowest = real(np.log(kind.smallest_normal.astype(np.longdouble)))
    x = np.array([last, np.nextafter(last, real(np.inf)), np.nextafter(lowest, real(0)), lowest - real(0.01)], real)
    y = computed("exp", x)
    assert np.isfinite(y[0])
    assert y[1] == np.inf
    assert y[2] >= kind.smallest_normal * (1 - 2 * kind.eps)
    assert y[3] == 0


@pytest.mark.parametrize("name", SMOOTH)
def test_a_plain_call_works_for_every_kind_of_number(name):
    word, expected = getattr(elementary, name), getattr(np, name)(2.0)
    assert word(2) == pytest.approx(expected, rel=1e-15)
    assert word(2.0) == pytest.approx(expected, rel=1e-15)
    assert word(np.float32(2)) == pytest.approx(expected, rel=2e-7)
    assert np.float32(word(np.float32(2))) == word(np.float32(2))


def test_selections_agree_with_numpy_also_for_nan():
    rng = np.random.default_rng(2)
    for a, b in rng.choice([np.nan, -1.0, 0.5, 2.0, np.inf], (200, 2)):
        np.testing.assert_equal(elementary.minimum(a, b), np.minimum(a, b))
        np.testing.assert_equal(elementary.maximum(a, b), np.maximum(a, b))
        np.testing.assert_equal(elementary.clip(a, -0.5, 1.0), np.clip(a, -0.5, 1.0))
        np.testing.assert_equal(elementary.at_least(a, 0.5), np.maximum(a, 0.5))
        np.testing.assert_equal(elementary.at_most(a, 0.5), np.minimum(a, 0.5))
        np.testing.assert_equal(elementary.where(a < b, a, b), a if a < b else b)


@pytest.mark.parametrize("real", REALS)
def test_powers_are_within_their_bound(real):
    rng = np.random.default_rng(3)
    high = 95 if real == np.float32 else 720
    size = np.concatenate([rng.uniform(-high, high, N), np.exp(rng.uniform(-12, np.log(high), N))])
    with np.errstate(over="ignore"):
        x = np.exp(rng.choice([-1, 1], 2 * N) * size).astype(real)  # also within 1e-5 of one, and subnormal
    x = x[(x > 0) & (x != 1) & np.isfinite(x)]
    p = (rng.uniform(-high, high, x.size) / np.log(x.astype(float))).astype(real)
    y = powers(x, p)
    reference = x.astype(np.longdouble) ** p.astype(np.longdouble)
    assert errors_in_ulp(y, reference).max() <= (1.0 if real == np.float32 else 2.0)


@compiled_afresh
def _power_loop(x, p, y):
    for i in range(x.shape[0]):
        y[i] = elementary.power(x[i], p[i])


def powers(x, p):
    y = np.empty_like(x)
    _power_loop(x, p, y)
    return y


POWERS = [
    (0, 2, 0), (0, -1, np.inf), (0, 0, 1), (-1, 2, np.nan), (-1, 0, np.nan), (1, 300, 1), (2, 3, 8), (2, 2000, np.inf),
    (2, -2000, 0), (np.inf, 2, np.inf), (np.inf, -2, 0), (np.nan, 1, np.nan), (np.nan, 0, np.nan), (2, np.nan, np.nan),
    (2, 1e30, np.inf), (2, -1e30, 0), (0.5, 1e30, 0), (1, 1e30, 1), (np.inf, 0, 1),
]


@pytest.mark.parametrize("real", REALS)
def test_powers_at_the_ends(real):
    x, p, expected = np.array(POWERS, real).T.copy()
    np.testing.assert_allclose(powers(x, p), expected, rtol=4 * np.finfo(real).eps)


@pytest.mark.parametrize("real", REALS)
@pytest.mark.parametrize("name", [*LOOPS, "power"])
def test_loops_become_vector_instructions_without_calls(name, real):
    import llvmlite.binding

    if not llvmlite.binding.get_host_cpu_features().get("avx2"):
        pytest.skip("this processor has no AVX2")
    one = np.ones(8, real)
    if name == "power":
        powers(one, one)
    else:
        computed(name, one)
    compiled = _power_loop if name == "power" else LOOPS[name]
    signature = next(s for s in compiled.signatures if s[0].dtype == numba.from_dtype(np.dtype(real)))
    body = compiled.inspect_asm(signature).split("cpython")[0]
    wide = [line.split()[0] for line in body.splitlines() if "ymm" in line or "zmm" in line]
    arithmetic = [instruction for instruction in wide if not instruction.startswith(("vmov", "vbroadcast"))]
    assert arithmetic, f"{name} is not vectorised"
    assert "\tcall" not in body, f"{name} calls a function"


def test_fast_math_leaves_nan_infinity_and_the_order_of_sums_alone():
    assert FASTMATH <= {"contract", "nsz"}


WORDS_KERNEL = """
#include "elementary.cuh"
extern "C" __global__ void words(const long long* clock, const real* x, const real* p, real* out, long long n)
{
    for (long long i = threadIdx.x; i < n; i += blockDim.x) {
        const real results[] = {exp_(x[i]), expm1_(x[i]), log_(x[i]), tanh_(x[i]), sin_(x[i]), cos_(x[i]), sqrt_(x[i]),
                                floor_(x[i]), absolute_(x[i]), power_(x[i], p[i]), minimum_(x[i], p[i]),
                                maximum_(x[i], p[i]), clip_(x[i], real(-1), real(1)), where_(x[i] < p[i], x[i], p[i])};
        for (int k = 0; k < 14; ++k) out[k * n + i] = results[k];
    }
}
"""
TWO = ("power", "minimum", "maximum")


@pytest.mark.skipif(
    cuda_on_host.unavailable_reason() is not None, reason=str(cuda_on_host.unavailable_reason())
)
@pytest.mark.parametrize("real", REALS)
def test_cuda_words_mean_the_same(real):
    module = cuda_on_host.Module(inline_includes(WORDS_KERNEL, "words.cu"), np.dtype(real).name)
    x = np.array([-np.inf, -3.5, -1, -0.25, 0, 1e-3, 0.5, 1, 2, 30, 60, np.inf, np.nan, 0, 2, 1], real)
    p = np.array([1, 2, 2, np.nan, 2, 0.5, 0, -3, 2.5, 1, 0.1, -1, 0, 0, np.nan, 7], real)
    out = np.zeros((14, x.size), real)
    module.launch(module.kernel("words"), (1,), (4,), [np.zeros(1, np.int64), x, p, out, x.size])
    names = [*SMOOTH, "sqrt", "floor", "absolute", *TWO]
    for name, row in zip(names, out, strict=False):
        word = getattr(elementary, name)
        expected = [word(a, b) if name in TWO else word(a) for a, b in zip(x, p, strict=True)]
        np.testing.assert_allclose(row, expected, rtol=16 * np.finfo(real).eps, err_msg=name)
    np.testing.assert_array_equal(out[12], np.clip(x, -1, 1))
    np.testing.assert_array_equal(out[13], np.where(x < p, x, p))
