// The frame into which generated programs are poured: results of several values, whole powers, sums over a block.

#ifndef GPUSYN_POPULATION_CUH
#define GPUSYN_POPULATION_CUH

// Several results of one equation.
template <int n> struct Values { real at[n]; };

// x^n by repeated squaring, for whole n of either sign.
template <int n> __device__ __forceinline__ real whole_power(const real x)
{
    if constexpr (n < 0) return real(1) / whole_power<-n>(x);
    else if constexpr (n == 0) return real(1);
    else if constexpr (n == 1) return x;
    else {
        const real half = whole_power<n / 2>(x);
        if constexpr (n % 2 == 0) return half * half;
        else return half * half * x;
    }
}

// Add the sum of `amount` over the block's threads to `*account`, always in the same order: a tree over 256 places.
// Every thread of the block must come here.
__device__ __forceinline__ void add_block_sum(const double amount, double* account)
{
    __shared__ double partial[256];
    const int thread = threadIdx.x;
    partial[thread] = amount;
    __syncthreads();
    for (int width = 128; width > 0; width /= 2) {
        if (thread < width) partial[thread] += partial[thread + width];
        __syncthreads();
    }
    if (thread == 0) *account += partial[0];
    __syncthreads();   // `partial` is used again for the next amount
}

// Add the number of threads of the block whose item fired to `*count`. Whole numbers: any order gives the same sum.
__device__ __forceinline__ void count_fired(const bool fired, long long* count)
{
    if (fired) atomicAdd(reinterpret_cast<unsigned long long*>(count), 1ull);
}

#endif
