"""Philox words are those that its authors publish, and the same on every backend."""

import numpy as np
import pytest
from scipy import stats

from gpusyn.backends import cuda_on_host
from gpusyn.kernel_files import inline_includes
from gpusyn.numerics.philox import philox, seed_words, step_words, stream_of

# Random123's kat_vectors, lines "philox4x32 10": counter, key, words.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
     (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
]
KERNEL = """
#include "philox.cuh"
extern "C" __global__ void words(const long long* clock, const unsigned int* counters, unsigned int* out, long long n)
{
    for (long long i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += (long long)(gridDim.x) * blockDim.x) {
        const unsigned int* c = counters + 6 * i;
        const Words w = philox(c[0], c[1], c[2], c[3], c[4], c[5]);
        out[4 * i] = w.x; out[4 * i + 1] = w.y; out[4 * i + 2] = w.z; out[4 * i + 3] = w.w;
    }
}
extern "C" __global__ void site_words(const long long* clock, const unsigned int* seed, unsigned int* out)
{
    const Words w = philox(0x700000003LL, 5u, clock[0], seed);
    out[0] = w.x; out[1] = w.y; out[2] = w.z; out[3] = w.w;
}
"""


def numpy_words(counters):
    return np.stack(philox(*counters.T), axis=1)


def numba_words(counters):
    pytest.importorskip("numba")
    from gpusyn.backends.numba_ops.philox import philox as compiled

    return np.array([compiled(*row) for row in counters], np.uint32)


def module():
    if reason := cuda_on_host.unavailable_reason():
        pytest.skip(reason)
    return cuda_on_host.Module(inline_includes(KERNEL, "words.cu"), "float32")


def cuda_words(counters):
    compiled = module()
    out = np.zeros((len(counters), 4), np.uint32)
    arrays = [np.zeros(1, np.int64), np.ascontiguousarray(counters), out, len(counters)]
    compiled.launch(compiled.kernel("words"), (2,), (32,), arrays)
    return out


@pytest.mark.parametrize("words", [numpy_words, numba_words, cuda_words])
@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_known_answers(words, counter, key, expected):
    assert tuple(words(np.array([[*counter, *key]], np.uint32))[0]) == expected


@pytest.mark.parametrize("words", [numba_words, cuda_words])
def test_backends_give_the_same_words(words):
    counters = np.random.default_rng(1).integers(0, 2**32, (2000, 6), dtype=np.uint32)
    np.testing.assert_array_equal(words(counters), numpy_words(counters))


def test_a_cuda_site_counts_as_documented():
    compiled, seed, out = module(), np.array([11, 12], np.uint32), np.zeros(4, np.uint32)
    step = 0x900000007
    compiled.launch(compiled.kernel("site_words"), (1,), (1,), [np.array([step]), seed, out])
    assert tuple(out) == tuple(philox(3, 5, *step_words(step), *seed_words(11 + (12 << 32))))


def test_words_of_broadcast_counters_are_those_of_each():
    sites, seeds = np.arange(5), np.array([[1, 2], [3, 4]], np.uint32)
    together = philox(sites[None, :], 9, 3, 0, seeds[:, :1], seeds[:, 1:])
    assert together[0].shape == (2, 5)
    assert together[2][1, 4] == philox(4, 9, 3, 0, 3, 4)[2]


@pytest.mark.parametrize("place", range(6))
def test_bits_of_neighbouring_counters_are_independent(place):
    counters = np.zeros((65536, 6), np.uint32)
    counters[:, place] = np.arange(65536)
    words = numpy_words(counters)
    bits = np.unpackbits(words.view(np.uint8)).reshape(65536, 128)
    ones = bits.sum(axis=0, dtype=np.int64)
    assert np.abs(ones - 32768).max() < 5 * 128                          # 5 sigma
    changed = (bits[1:] ^ bits[:-1]).sum(axis=0, dtype=np.int64)
    assert np.abs(changed - 32767.5).max() < 5 * 128
    assert stats.kstest(words[:, 0] / 2**32, "uniform").pvalue > 1e-3


def test_a_numba_loop_over_sites_is_vectorised():
    numba = pytest.importorskip("numba")
    import llvmlite.binding

    from gpusyn.backends.numba_ops.philox import philox as compiled

    @numba.njit(error_model="numpy")          # not cached: cached code cannot be inspected
    def fill(out, stream, step):
        for i in range(out.shape[0]):
            out[i] = compiled(i, stream, step, 0, 1, 2)[0]

    out = np.zeros(64, np.uint32)
    fill(out, 7, 3)
    np.testing.assert_array_equal(out, philox(np.arange(64), 7, 3, 0, 1, 2)[0])
    if not llvmlite.binding.get_host_cpu_features().get("avx2"):
        pytest.skip("this processor has no AVX2")
    assert "vpmuludq" in next(iter(fill.inspect_asm().values()))


def test_streams_are_stable_and_differ():
    assert stream_of("cortex.ampa.release") == stream_of("cortex.ampa.release")
    paths = [f"population_{i}.mechanism_{k}" for i in range(50) for k in range(50)]
    assert len({stream_of(path) for path in paths}) == len(paths)
    assert all(0 <= stream_of(path) < 2**32 for path in paths)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_that_does_not_fit_the_key_is_refused(seed):
    with pytest.raises(ValueError, match="from 0 to 2"):
        seed_words(seed)


@pytest.mark.parametrize("step", [-1, 2**48])
def test_a_step_that_would_meet_another_block_is_refused(step):
    with pytest.raises(ValueError, match="from 0 to 2"):
        step_words(step)
