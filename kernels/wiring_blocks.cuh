// What the threads of one block do together; every launch that uses these has a power of two of threads, at most 256.

#ifndef GPUSYN_WIRING_BLOCKS_CUH
#define GPUSYN_WIRING_BLOCKS_CUH

// Sum over the threads of a block, in a fixed order; every thread gets it.
__device__ __forceinline__ double block_sum(double value)
{
    __shared__ double sums[256];
    sums[threadIdx.x] = value;
    __syncthreads();
    for (unsigned int half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
        __syncthreads();
    }
    const double sum = sums[0];
    __syncthreads();                                    // sums may be used again
    return sum;
}

// Sum of `value` over the threads before this one; `total` becomes the sum over all.
__device__ __forceinline__ int block_prefix(int value, int& total)
{
    __shared__ int sums[256];
    sums[threadIdx.x] = value;
    __syncthreads();
    for (unsigned int reach = 1; reach < blockDim.x; reach *= 2) {
        const int before = threadIdx.x >= reach ? sums[threadIdx.x - reach] : 0;
        __syncthreads();
        sums[threadIdx.x] += before;
        __syncthreads();
    }
    total = sums[blockDim.x - 1];
    const int before = sums[threadIdx.x] - value;
    __syncthreads();
    return before;
}

#endif
