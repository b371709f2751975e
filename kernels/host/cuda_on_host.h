// Runs CUDA C kernels on the CPU, unchanged, so that they can be tested without a GPU.
//
// A kernel file is compiled by g++ as C++20 behind this header. Blocks run one after
// another. The threads of a block run one after another too, each on until it returns
// or reaches __syncthreads(); there it is parked on its own stack (ucontext) and the
// next thread goes on. A kernel that never synchronises therefore is a plain loop.
// Nothing runs in parallel, so __shared__ can be a static variable (it keeps what the
// block before left in it, as real shared memory does) and atomics are plain updates.
//
// Threads and blocks can also run in descending order: a kernel whose result depends on
// the order has forgotten a __syncthreads() or lets blocks depend on each other.
//
// What this catches and a GPU would not: threads that return while others wait at a
// barrier, and threads of one block that wait at different barriers. What it leaves out
// on purpose, so that using it fails to compile: floating-point atomics, warp intrinsics.
//
// Arithmetic: gpusyn compiles with -ffp-contract=fast, and with -mfma where the processor
// has it, because NVRTC fuses multiply and add by default as well. Which products are
// fused is each compiler's choice: expect agreement to a few units in the last place.

#ifndef GPUSYN_CUDA_ON_HOST_H
#define GPUSYN_CUDA_ON_HOST_H

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

#include <bit>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

#define __global__
#define __host__
#define __device__
#define __constant__ static
#define __shared__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __syncthreads() cuda_on_host::wait_at_barrier(__LINE__)

struct uint3 { unsigned int x, y, z; };
struct dim3 { unsigned int x, y, z; };
struct uint2 { unsigned int x, y; };
struct uint4 { unsigned int x, y, z, w; };
static inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
static inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }

static uint3 threadIdx, blockIdx;
static dim3 blockDim, gridDim;

// ---- arithmetic that CUDA has and C++ has not, or has elsewhere ----

template <class A, class B>
static inline std::common_type_t<A, B> min(A a, B b)
{
    using C = std::common_type_t<A, B>;
    if constexpr (std::is_floating_point_v<C>) return std::fmin(C(a), C(b));
    else return C(b) < C(a) ? C(b) : C(a);
}

template <class A, class B>
static inline std::common_type_t<A, B> max(A a, B b)
{
    using C = std::common_type_t<A, B>;
    if constexpr (std::is_floating_point_v<C>) return std::fmax(C(a), C(b));
    else return C(a) < C(b) ? C(b) : C(a);
}

static inline int __float_as_int(float x) { return std::bit_cast<int>(x); }
static inline unsigned int __float_as_uint(float x) { return std::bit_cast<unsigned int>(x); }
static inline float __int_as_float(int x) { return std::bit_cast<float>(x); }
static inline float __uint_as_float(unsigned int x) { return std::bit_cast<float>(x); }
static inline long long __double_as_longlong(double x) { return std::bit_cast<long long>(x); }
static inline double __longlong_as_double(long long x) { return std::bit_cast<double>(x); }

static inline int __popc(unsigned int x) { return __builtin_popcount(x); }
static inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
static inline int __clz(int x) { return x ? __builtin_clz(unsigned(x)) : 32; }
static inline int __ffs(int x) { return __builtin_ffs(x); }
static inline unsigned int __umulhi(unsigned int a, unsigned int b) { return (unsigned long long)(a) * b >> 32; }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b)
{
    return (unsigned long long)((unsigned __int128)(a) * b >> 64);
}

static inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
static inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }
static inline float rsqrt(float x) { return 1.0f / std::sqrt(x); }
static inline float __fdividef(float x, float y) { return x / y; }
#define __expf(x) expf(x)
#define __logf(x) logf(x)

template <class T> static inline T __ldg(const T* address) { return *address; }
static inline void __threadfence() {}

// ---- integer atomics, with the overloads that CUDA has ----

#define GPUSYN_ATOMIC(name, type, updated) \
    static inline type name(type* address, type value) \
    { \
        const type old = *address; \
        *address = updated; \
        return old; \
    }
#define GPUSYN_ATOMICS(type) \
    GPUSYN_ATOMIC(atomicExch, type, value) \
    GPUSYN_ATOMIC(atomicMin, type, (value < old ? value : old)) \
    GPUSYN_ATOMIC(atomicMax, type, (value > old ? value : old)) \
    GPUSYN_ATOMIC(atomicAnd, type, old & value) \
    GPUSYN_ATOMIC(atomicOr, type, old | value) \
    GPUSYN_ATOMIC(atomicXor, type, old ^ value) \
    static inline type atomicCAS(type* address, type expected, type value) \
    { \
        const type old = *address; \
        if (old == expected) *address = value; \
        return old; \
    }
GPUSYN_ATOMICS(int)
GPUSYN_ATOMICS(unsigned int)
GPUSYN_ATOMICS(unsigned long long)
GPUSYN_ATOMIC(atomicAdd, int, old + value)
GPUSYN_ATOMIC(atomicAdd, unsigned int, old + value)
GPUSYN_ATOMIC(atomicAdd, unsigned long long, old + value)
GPUSYN_ATOMIC(atomicSub, int, old - value)
GPUSYN_ATOMIC(atomicSub, unsigned int, old - value)
GPUSYN_ATOMIC(atomicMin, long long, (value < old ? value : old))
GPUSYN_ATOMIC(atomicMax, long long, (value > old ? value : old))
#undef GPUSYN_ATOMICS
#undef GPUSYN_ATOMIC

#include "thread_block.h"

#endif
