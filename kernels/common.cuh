// What every kernel file shares. Needs no header of CUDA's.
//
// `real` (float or double) is defined before a kernel file is compiled: gpusyn puts
//     typedef float real;
// in front of it, according to the precision of the run.
//
// Arrays and their element types, as the host side passes them:
//     real quantities              real*              numpy float32 or float64
//     spike flags, packed bits     unsigned char*     uint8
//     indices, the clock           long long*         int64
//     offsets, narrow indices      int*               int32
//     seeds, counters              unsigned int*      uint32
//     ledger accumulators          double*            float64
// Every kernel takes `const long long* clock` first; clock[0] is the step.

#ifndef GPUSYN_COMMON_CUH
#define GPUSYN_COMMON_CUH

typedef long long index_t;

// Position of this thread in a one-dimensional launch, and the number of threads launched.
__device__ __forceinline__ index_t global_thread() { return index_t(blockIdx.x) * blockDim.x + threadIdx.x; }
__device__ __forceinline__ index_t global_threads() { return index_t(gridDim.x) * blockDim.x; }

// Position of this thread inside its block when the block is one- or two-dimensional.
__device__ __forceinline__ int block_thread() { return int(threadIdx.y * blockDim.x + threadIdx.x); }

// A NaN or an infinity has every exponent bit set. Bits are tested because a compiler
// that is allowed to assume finite numbers may remove `x != x`.
__device__ __forceinline__ bool is_finite(float x) { return (__float_as_uint(x) & 0x7f800000u) != 0x7f800000u; }
__device__ __forceinline__ bool is_finite(double x)
{
    const long long exponent = 0x7ff0000000000000LL;
    return (__double_as_longlong(x) & exponent) != exponent;
}

#endif
