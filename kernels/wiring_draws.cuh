// Draws of connections and sources: number k of a sequence takes word k % 4 of the counter k / 4.

#ifndef GPUSYN_WIRING_DRAWS_CUH
#define GPUSYN_WIRING_DRAWS_CUH

__device__ __forceinline__ long long draw_word(index_t quad, int k, index_t stream, index_t step,
                                               unsigned int key_low, unsigned int key_high)
{
    const Words words = philox((unsigned int)(quad), (unsigned int)(stream), (unsigned int)(step),
                               (unsigned int)(step >> 32), key_low, key_high);
    return k == 0 ? words.x : k == 1 ? words.y : k == 2 ? words.z : words.w;
}

// A word below this, of 2^32 equally likely ones, is a success.
__device__ __forceinline__ long long success_limit(real probability)
{
    return (long long)(double(probability) * 4294967296.0);
}

#endif
