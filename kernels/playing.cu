// Values from a table, linear between its times.

#include "common.cuh"

// The last place of a table whose time has come, 0 if none has.
__device__ __forceinline__ index_t last_before(const double* __restrict__ times, index_t n_time, double time)
{
    index_t low = 0, high = n_time;
    while (low < high) {
        const index_t middle = (low + high) / 2;
        if (times[middle] <= time) low = middle + 1;
        else high = middle;
    }
    return low > 0 ? low - 1 : 0;
}

// into (n_point, n_site) = the table's row at the start of the step; values (n_time, n_column), n_column 1 or n_site.
// One thread per value; all threads of a step take the same path through the bisection.
extern "C" __global__ void play_table(
    const long long* __restrict__ clock, const double* __restrict__ times, const real* __restrict__ values,
    real* __restrict__ into, double dt, double early, index_t n_point, index_t n_site, index_t n_time, index_t n_column)
{
    const double time = double(clock[0]) * dt;
    const index_t row = last_before(times, n_time, time + early);
    const index_t following = row + 1 < n_time ? row + 1 : row;
    const double span = times[following] - times[row];
    double share = span > 0 ? (time - times[row]) / span : 0.0;
    share = share < 0 ? 0.0 : share > 1 ? 1.0 : share;
    for (index_t item = global_thread(); item < n_point * n_site; item += global_threads()) {
        const index_t column = n_column == 1 ? 0 : item % n_site;
        const real before = values[row * n_column + column], after = values[following * n_column + column];
        into[item] = before + real(share) * (after - before);
    }
}
