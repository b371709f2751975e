// Binomial and Poisson numbers of one uniform number each: the words of equations, and the same
// integers as gpusyn.numerics.inversion gives.
//
// They follow from comparing doubles, so every rounding is fixed (counts.cuh).

#ifndef GPUSYN_INVERSION_CUH
#define GPUSYN_INVERSION_CUH

#include "counts.cuh"

// The count at which probabilities P(k + 1) = P(k) (a - b k) / (k + 1), added up from `start` outward, reach u.
static __device__ inline double search_count(double u, double start, double first, double a, double b)
{
    if (u <= first) return start;
    double rest = u - first, high = start, low = start, up = first, down = first;
    for (;;) {
        up = times(up, (a - times(b, high)) / (high + 1.0));
        high += 1.0;
        rest = rest - up;
        if (rest <= 0) return high;
        down = low > 0 ? times(down, low / (a - times(b, low - 1.0))) : 0.0;
        low = low > 0 ? low - 1.0 : 0.0;
        rest = rest - down;
        if (rest <= 0) return low;
        if (!(up + down >= 1e-18)) return high - 1.0;
    }
}

// log of the probability of m successes near the mode.
static __device__ inline double log_binomial(double m, double n, double p)
{
    const double q = 1.0 - p;
    double total = times(m + 0.5, fixed_log(times(n + 1.0, p) / (m + 1.0)));
    total = total + times(n - m + 0.5, fixed_log(times(n + 1.0, q) / (n - m + 1.0)));
    total = total - times(0.5, fixed_log(times(times(n + 1.0, p), q))) + (1.0 - 0.9189385332046728);
    return total + stirling_rest(n) - stirling_rest(m) - stirling_rest(n - m);
}

static __device__ inline double count_binomial(double n, double p, double chance)
{
    n = floor(n);
    if (!(n <= 0x1p31)) return nan("");
    if (!(n > 0 && p > 0)) return 0.0;
    const double rare = p > 0.5 ? 1.0 - p : p, odds = rare / (1.0 - rare);
    if (rare <= 0) return n;
    const bool small = times(n, rare) < 10.0;
    const double mode = small ? 0.0 : floor(times(n + 1.0, rare));
    const double log_first = small ? times(n, log_complement(rare)) : log_binomial(mode, n, rare);
    const double count = search_count(1.0 - chance, mode, fixed_exp(log_first), times(n, odds), odds);
    return p > 0.5 ? n - count : count;
}

static __device__ inline double count_poisson(double mean, double chance)
{
    if (!(mean > 0)) return 0.0;
    if (mean > 0x1p31) return nan("");
    if (mean < 10.0) return search_count(1.0 - chance, 0.0, fixed_exp(-mean), mean, 0.0);
    const double m = floor(mean);
    double log_first = times(m + 0.5, fixed_log(mean / (m + 1.0))) - times(0.5, fixed_log(mean));
    log_first = log_first + ((m + 1.0) - mean) - 0.9189385332046728 - stirling_rest(m);
    return search_count(1.0 - chance, m, fixed_exp(log_first), mean, 0.0);
}

// Successes among n trials of probability p, by a uniform number in (0, 1].
static __device__ __forceinline__ real binomial_(real n, real p, real chance)
{
    return real(count_binomial(double(n), double(p), double(chance)));
}

// A Poisson number by a uniform number in (0, 1].
static __device__ __forceinline__ real poisson_(real mean, real chance)
{
    return real(count_poisson(double(mean), double(chance)));
}

#endif
