// Philox4x32-10: random words that are a function of a counter and a key, the same on every backend.
//
// key      seed low, seed high
// counter  site or synapse low; stream; step low; step high + 65536 * block
//
// A draw that needs more than four words takes blocks 1, 2 ... of its counter; the step leaves
// the upper half of the last counter word free. draws.cuh makes numbers of the words.
//
// Source: Salmon, Moraes, Dror & Shaw (2011) Parallel random numbers: as easy as 1, 2, 3, SC'11.

#ifndef GPUSYN_PHILOX_CUH
#define GPUSYN_PHILOX_CUH

#include "draws.cuh"

struct Words { unsigned int x, y, z, w; };

// Four words of the counter (c0, c1, c2, c3) under the key (k0, k1).
static __device__ __forceinline__ Words philox(
    unsigned int c0, unsigned int c1, unsigned int c2, unsigned int c3, unsigned int k0, unsigned int k1)
{
    for (int round = 0; round < 10; ++round) {
        const unsigned long long first = 0xD2511F53ULL * c0, second = 0xCD9E8D57ULL * c2;
        c0 = (unsigned int)(second >> 32) ^ c1 ^ k0;
        c1 = (unsigned int)second;
        c2 = (unsigned int)(first >> 32) ^ c3 ^ k1;
        c3 = (unsigned int)first;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return {c0, c1, c2, c3};
}

// Four words of a site (or synapse) in a step; `seed` points to the seed's two words.
static __device__ __forceinline__ Words philox(
    long long site, unsigned int stream, long long step, const unsigned int* seed)
{
    return philox((unsigned int)site, stream, (unsigned int)step, (unsigned int)(step >> 32), seed[0], seed[1]);
}

#endif
