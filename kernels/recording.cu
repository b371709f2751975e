// Rows of recorded quantities into device rings. One thread writes one element.
//
// An operation with `every` acts only when the step is a multiple of it; row number step / every goes to ring slot
// (step / every) % n_ring. Arrays of quantities are (n_point, n_site).

#include "common.cuh"

__device__ __forceinline__ index_t ring_slot(index_t step, index_t every, index_t n_ring)
{
    return step / every % n_ring;
}

// ring (n_ring, n_point, n_taken): ring[slot, point, j] = source[point, sites[j]].
extern "C" __global__ void record_rows(
    const long long* __restrict__ clock, const real* __restrict__ source, const long long* __restrict__ sites,
    real* __restrict__ ring, long long every, long long n_ring, long long n_point, long long n_site, long long n_taken)
{
    if (clock[0] % every != 0) return;
    real* row = ring + ring_slot(clock[0], every, n_ring) * n_point * n_taken;
    for (index_t i = global_thread(); i < n_point * n_taken; i += global_threads()) {
        const index_t point = i / n_taken, taken = i - point * n_taken;
        row[i] = source[point * n_site + sites[taken]];
    }
}

// ring (n_ring, n_point, n_site): every site, so that the row is a copy.
extern "C" __global__ void record_all(
    const long long* __restrict__ clock, const real* __restrict__ source, real* __restrict__ ring, long long every,
    long long n_ring, long long n_point, long long n_site)
{
    if (clock[0] % every != 0) return;
    real* row = ring + ring_slot(clock[0], every, n_ring) * n_point * n_site;
    for (index_t i = global_thread(); i < n_point * n_site; i += global_threads()) row[i] = source[i];
}

// ring (n_ring, n_point, n_byte), every step: bit k of byte b is the flag of site 8 b + k; n_byte = ceil(n_site / 8).
extern "C" __global__ void record_spike_bits(
    const long long* __restrict__ clock, const unsigned char* __restrict__ spikes, unsigned char* __restrict__ ring,
    long long n_ring, long long n_point, long long n_site, long long n_byte)
{
    unsigned char* row = ring + clock[0] % n_ring * n_point * n_byte;
    for (index_t i = global_thread(); i < n_point * n_byte; i += global_threads()) {
        const index_t point = i / n_byte, first = (i - point * n_byte) * 8;
        const unsigned char* flags = spikes + point * n_site + first;
        unsigned int bits = 0;
        for (int k = 0; k < 8; ++k) {
            if (first + k < n_site && flags[k]) bits |= 1u << k;
        }
        row[i] = (unsigned char)(bits);
    }
}
