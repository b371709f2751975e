// W2, see the folder's __init__.py for the equations. One parallel region spans all steps; one barrier ends each step.
//
// Each thread owns a range of rows. It steps their neurons, waits, and then adds the spikes of its own rows and of the
// two rows on either side to the currents of its own rows alone, so that no two threads write the same site and every
// sum runs in the order of the sources. Spike flags alternate between two arrays: the next step may overwrite one
// while a neighbour still reads the other.
//
// Build with -Dreal=float or -Dreal=double.
#include <omp.h>
#include <stdint.h>
#include <string.h>

#define RADIUS 2
#define REACH (2 * RADIUS + 1)

// Steps sites [0, n) once, without arrivals, and returns how many spiked. No array overlaps another.
static long long step_neurons(
    long long n, real *restrict v, real *restrict u, real *restrict i, const real *restrict drive,
    unsigned char *restrict spiked, real kept)
{
    const real dt = (real)0.1;
    real n_spike = 0;
#pragma omp simd reduction(+ : n_spike)
    for (long long k = 0; k < n; ++k) {
        const real old_v = v[k], old_u = u[k], current = i[k] * kept;
        const real new_v = old_v + dt * ((real)0.04 * old_v * old_v + 5 * old_v + 140 - old_u + drive[k] + current);
        const real new_u = old_u + dt * (real)0.02 * ((real)0.2 * old_v - old_u);
        const real spike = new_v >= 30 ? (real)1 : (real)0;
        v[k] = new_v >= 30 ? (real)-65 : new_v;
        u[k] = new_u + 8 * spike;
        i[k] = current;
        spiked[k] = new_v >= 30;
        n_spike += spike;
    }
    return (long long)n_spike;
}

// Adds one spike at (y, x) to the currents of those targets that lie in rows [low, high).
static void add_spike(long long y, long long x, long long low, long long high, long long nx,
                      const real *weight, real sign, real *i)
{
    const long long first = y - RADIUS > low ? y - RADIUS : low, last = y + RADIUS < high - 1 ? y + RADIUS : high - 1;
    const long long left = x > RADIUS ? x - RADIUS : 0, right = x + RADIUS < nx - 1 ? x + RADIUS : nx - 1;
    for (long long row = first; row <= last; ++row)
        for (long long column = left; column <= right; ++column)
            i[row * nx + column] += sign * weight[(row - y + RADIUS) * REACH + column - x + RADIUS];
}

// Adds all spikes that reach rows [low, high); eight quiet sites are passed over at once.
static void add_arrivals(long long low, long long high, long long ny, long long nx, const unsigned char *spiked,
                         const real *weight, const real *sign, real *i)
{
    const long long first = low > RADIUS ? low - RADIUS : 0, end = high + RADIUS < ny ? high + RADIUS : ny;
    long long site = first * nx;
    while (site < end * nx) {
        uint64_t eight = 1;
        if (site + 8 <= end * nx) memcpy(&eight, spiked + site, 8);
        if (eight == 0) {
            site += 8;
            continue;
        }
        const long long stop = site + 8 < end * nx ? site + 8 : end * nx;
        for (; site < stop; ++site)
            if (spiked[site]) add_spike(site / nx, site % nx, low, high, nx, weight, sign[site], i);
    }
}

// Runs `steps` steps of a lattice of ny rows and nx columns in `threads` threads; returns the number of spikes.
// `weight` holds (2 RADIUS + 1)^2 values by offset, the middle one zero; `spiked` holds two lattices of flags.
long long run(
    long long ny, long long nx, long long steps, int threads, real *v, real *u, real *i, const real *drive,
    const real *sign, const real *weight, unsigned char *spiked)
{
    const real kept = (real)__builtin_exp(-0.1 / 5.0);
    long long n_spike = 0;
#pragma omp parallel num_threads(threads) reduction(+ : n_spike)
    {
        const long long low = ny * omp_get_thread_num() / omp_get_num_threads();
        const long long high = ny * (omp_get_thread_num() + 1) / omp_get_num_threads();
        const long long start = low * nx;
        for (long long k = 0; k < steps; ++k) {
            unsigned char *flags = spiked + (k % 2) * ny * nx;
            n_spike += step_neurons((high - low) * nx, v + start, u + start, i + start, drive + start, flags + start, kept);
#pragma omp barrier
            add_arrivals(low, high, ny, nx, flags, weight, sign, i);
        }
    }
    return n_spike;
}
