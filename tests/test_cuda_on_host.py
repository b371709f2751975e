"""CUDA C kernels run on the CPU: what a kernel can do there, and what is said of one that is wrong."""

import re

import numpy as np
import pytest
from operations import guarded, guards_are_intact

from gpusyn.backends import cuda_on_host
from gpusyn.backends.compilation import CompilationError
from gpusyn.backends.cuda_on_host import Device, Module
from gpusyn.errors import BackendError
from gpusyn.kernel_files import inline_includes, kernel_names, kernel_source

pytestmark = pytest.mark.skipif(
    cuda_on_host.unavailable_reason() is not None, reason=str(cuda_on_host.unavailable_reason())
)

CLOCK = np.zeros(1, np.int64)
TOTALS = """
extern "C" __global__ void totals(const long long* clock, const real* __restrict__ x, real* sums, long long n,
                                  real scale)
{
    __shared__ real part[64];
    const long long i = (long long)(blockIdx.x) * blockDim.x + threadIdx.x;
    part[threadIdx.x] = i < n ? scale * x[i] : real(0);
    __syncthreads();
    for (unsigned half = 32; half > 0; half /= 2) {
        if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
        BARRIER
    }
    if (threadIdx.x == 0) sums[blockIdx.x] = part[0];
}
"""
COUNT = """
extern "C" __global__ void count(const long long* clock, const int* x, int* counts, unsigned long long* sum,
                                 int* lowest, unsigned int* bits, long long n)
{
    const long long i = (long long)(blockIdx.x) * blockDim.x + threadIdx.x;
    if (i >= n) return;
    atomicAdd(counts + x[i] % 3, 1);
    atomicAdd(sum, (unsigned long long)(x[i]));
    atomicMin(lowest, x[i]);
    atomicOr(bits, 1u << x[i] % 5);
}
"""
PLACES = """
extern "C" __global__ void places(const long long* clock, int* out)
{
    const int thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    const int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    out[block * blockDim.x * blockDim.y * blockDim.z + thread] += 1;
}
"""


def run(source, name, grid, block, args, precision="float32", descending=False):
    module = Module(source, precision, descending)
    module.launch(module.kernel(name), grid, block, [CLOCK, *args])


def totals(barrier, descending=False, precision="float64"):
    x, sums = np.arange(1000, dtype=precision), np.zeros(16, precision)
    run(TOTALS.replace("BARRIER", barrier), "totals", (16,), (64,), [x, sums, 1000, 0.5], precision, descending)
    return sums


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("descending", [False, True])
def test_threads_of_a_block_meet_at_barriers(precision, descending):
    expected = np.pad(np.arange(1000.0), (0, 24)).reshape(16, 64).sum(axis=1) / 2
    np.testing.assert_array_equal(totals("__syncthreads();", descending, precision), expected)


def test_a_forgotten_barrier_shows_in_the_order_of_threads():
    assert not np.array_equal(totals(""), totals("", descending=True))


def test_integer_atomics_count_every_thread():
    x = np.random.default_rng(0).integers(5, 1000, 777).astype(np.int32)
    counts, total = np.zeros(3, np.int32), np.zeros(1, np.uint64)
    lowest, bits = np.full(1, 9999, np.int32), np.zeros(1, np.uint32)
    run(COUNT, "count", (4,), (256,), [x, counts, total, lowest, bits, len(x)])
    assert counts.tolist() == np.bincount(x % 3).tolist()
    assert (total[0], lowest[0], bits[0]) == (x.sum(), x.min(), 31)


def test_every_thread_of_a_three_dimensional_launch_has_its_place():
    out = np.zeros(2 * 3 * 4 * 5 * 6 * 7, np.int32)
    run(PLACES, "places", (2, 3, 4), (5, 6, 7), [out])
    assert (out == 1).all()


def test_floating_point_atomics_do_not_compile():
    source = 'extern "C" __global__ void add(const long long* clock, real* x) { atomicAdd(x, real(1)); }'
    with pytest.raises(CompilationError, match="atomicAdd"):
        Module(source, "float32")


def test_a_compile_error_shows_the_line_of_the_file_it_is_in():
    source = '#include "common.cuh"\n\nextern "C" __global__ void broken(real* x)\n{\n    x[0] = undeclared;\n}\n'
    with pytest.raises(CompilationError) as raised:
        Module(inline_includes(source, "broken.cu"), "float32")
    assert "broken.cu, line 5:" in str(raised.value)
    assert ">    5 |     x[0] = undeclared;" in str(raised.value)
    assert "not declared" in raised.value.log


EARLY_RETURN = """extern "C" __global__ void wrong(const long long* clock) {
    if (threadIdx.x < 3) return;
    __syncthreads();
}"""
TWO_BARRIERS = """extern "C" __global__ void wrong(const long long* clock) {
    if (threadIdx.x < 3) __syncthreads();
    else
        __syncthreads();
}"""


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (EARLY_RETURN, r"3 of 8 threads of block \(0, 0, 0\) returned while the others wait .* in line 3"),
        (TWO_BARRIERS, r"threads 0 and 3 of block \(0, 0, 0\) wait at different barriers, lines 2 and 4"),
    ],
)
def test_a_barrier_that_not_all_threads_reach_is_an_error(source, complaint):
    module = Module(source, "float32")
    for _ in range(2):  # the first failure leaves nothing behind
        with pytest.raises(BackendError, match=complaint):
            module.launch(module.kernel("wrong"), (2,), (8,), [CLOCK])


@pytest.mark.parametrize(
    ("position", "value", "complaint"),
    [
        (1, np.zeros(4, np.float64), r"totals\(x\): the array holds float64; the kernel reads float32"),
        (1, np.zeros((4, 4), np.float32)[:, ::2], r"totals\(x\): the array of shape \(4, 2\) is not C-contiguous"),
        (2, 3.0, r"totals\(sums\): 3.0 is not an array; an array of float32 is asked for"),
        (3, 2.5, r"totals\(n\): 2.5 is not a whole number; int64 is asked for"),
        (3, np.zeros(2), r"totals\(n\): a number \(int64\) is asked for, not ndarray"),
    ],
)
def test_an_argument_that_does_not_fit_is_named(position, value, complaint):
    module = Module(TOTALS.replace("BARRIER", "__syncthreads();"), "float32")
    args = [CLOCK, np.zeros(4, np.float32), np.zeros(4, np.float32), 4, 0.5]
    args[position] = value
    with pytest.raises(TypeError, match=complaint):
        module.prepare(module.kernel("totals"), (1,), (64,), args)


def test_a_missing_argument_is_an_error_that_lists_the_parameters():
    module = Module(PLACES, "float32")
    with pytest.raises(TypeError, match=r"places takes 2 arguments \(clock, out\), not 1"):
        module.prepare(module.kernel("places"), (1,), (1,), [CLOCK])


def test_an_unknown_kernel_is_an_error_with_a_suggestion():
    with pytest.raises(KeyError, match="no kernel 'place' in this source; did you mean 'places'"):
        Module(PLACES, "float32").kernel("place")


@pytest.mark.parametrize(("grid", "block"), [((0,), (1,)), ((1,), (2048,)), ((1, 70000), (1,)), ((1,), (64, 64))])
def test_a_launch_that_cuda_would_refuse_is_refused(grid, block):
    module = Module(PLACES, "float32")
    with pytest.raises(ValueError, match="places: "):
        module.prepare(module.kernel("places"), grid, block, [CLOCK, np.zeros(1, np.int32)])


def test_an_unknown_precision_is_an_error():
    with pytest.raises(ValueError, match="precision 'float16' is not one of float32, float64"):
        Module(PLACES, "float16")


def test_no_compiler_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setattr(cuda_on_host, "host_compiler", lambda: None)
    monkeypatch.setenv("CXX", "nonesuch-g++")
    with pytest.raises(BackendError, match=r"no C\+\+ compiler: nonesuch-g\+\+ is not on the path"):
        Device()


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", kernel_names())
def test_every_kernel_file_compiles_for_the_cpu(name, precision):
    source = kernel_source(name)
    module = Module(source, precision)
    names = re.findall(r"__global__ void (?:__launch_bounds__\(\w+\) )?(\w+)\(", source)
    assert len(names) == source.count('extern "C" __global__')
    assert [module.kernel(kernel).name for kernel in names] == names


def test_a_write_outside_an_array_is_seen_by_its_guards():
    out = guarded(np.zeros(3, np.int32))
    assert guards_are_intact(out)
    run(PLACES, "places", (1,), (4,), [out])
    assert not guards_are_intact(out)
