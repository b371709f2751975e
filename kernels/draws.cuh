// Random numbers made of random words (philox.cuh): the rules of gpusyn.numerics.draws.
//
// The precision is that of the last argument, whose value does not matter:
//     const real noise = normal(words.x, words.y, real(0));

#ifndef GPUSYN_DRAWS_CUH
#define GPUSYN_DRAWS_CUH

#ifdef GPUSYN_HOST
#include <math.h>
#endif

// Uniform in (0, 1): odd multiples of 2^-24 in float, of 2^-33 in double.
static __device__ __forceinline__ float uniform(unsigned int word, float)
{
    return float(((word >> 9) << 1) | 1u) * 0x1p-24f;
}
static __device__ __forceinline__ double uniform(unsigned int word, double)
{
    return double(word) * 0x1p-32 + 0x1p-33;
}

// Uniform in (0, 1] with every digit of the type also near 0: what rare events need.
static __device__ __forceinline__ float chance(unsigned int word0, unsigned int word1, float)
{
    return float(((unsigned long long)word0 << 32) | word1) * 0x1p-64f + 0x1p-65f;
}
static __device__ __forceinline__ double chance(unsigned int word0, unsigned int word1, double)
{
    return double(((unsigned long long)word0 << 32) | word1) * 0x1p-64 + 0x1p-65;
}

// Uniform in (0, 1): odd multiples of 2^-53, from 32 bits of the first word and 20 of the second.
static __device__ __forceinline__ double uniform_double(unsigned int word0, unsigned int word1)
{
    const unsigned long long bits = ((unsigned long long)word0 << 21) | ((word1 >> 12) << 1) | 1u;
    return double((long long)bits) * 0x1p-53;
}

// Two independent standard normal numbers, Box and Muller (1958); abs(value) < 6.8.
static __device__ __forceinline__ void normal_pair(
    unsigned int word0, unsigned int word1, float* first, float* second)
{
    const float u = float(word0) * 0x1p-32f + 0x1p-33f, w = float(int(word1)) * 0x1p-32f + 0x1p-33f;
    const float radius = sqrtf(-2.0f * logf(u)), angle = 6.283185307179586f * w;
    *first = radius * cosf(angle);
    *second = radius * sinf(angle);
}
static __device__ __forceinline__ void normal_pair(
    unsigned int word0, unsigned int word1, double* first, double* second)
{
    const double u = double(word0) * 0x1p-32 + 0x1p-33, w = double(int(word1)) * 0x1p-32 + 0x1p-33;
    const double radius = sqrt(-2.0 * log(u)), angle = 6.283185307179586 * w;
    *first = radius * cos(angle);
    *second = radius * sin(angle);
}

// A standard normal number: the first of normal_pair.
static __device__ __forceinline__ float normal(unsigned int word0, unsigned int word1, float)
{
    float first, second;
    normal_pair(word0, word1, &first, &second);
    return first;
}
static __device__ __forceinline__ double normal(unsigned int word0, unsigned int word1, double)
{
    double first, second;
    normal_pair(word0, word1, &first, &second);
    return first;
}

// True with probability p, to 2^-32; p >= 1 is always, NaN never true.
static __device__ __forceinline__ bool bernoulli(unsigned int word, double p)
{
    return double(word) < floor(p * 4294967296.0);
}

#endif
