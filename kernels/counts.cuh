// Binomial and Poisson numbers: the same integers as gpusyn.numerics.counts draws.
//
// They follow from comparing doubles, so every rounding is fixed: products that an addition
// follows are never fused with it (`times`), and exp and log are written out below.
//
// Sources: Hoermann (1993) Insurance: Mathematics and Economics 12:39-45 (PTRS) and
// J. Stat. Comput. Simul. 46:101-110 (BTRS); logarithm: fdlibm, e_log.c.

#ifndef GPUSYN_COUNTS_CUH
#define GPUSYN_COUNTS_CUH

#include "philox.cuh"

// A product rounded by itself.
static __device__ __forceinline__ double times(double a, double b)
{
#ifdef __CUDACC__
    return __dmul_rn(a, b);
#else
    double product = a * b;
    asm("" : "+m"(product));   // opaque: what follows cannot be fused with it
    return product;
#endif
}

static __device__ __forceinline__ double bits_as_double(long long bits)
{
#ifdef __CUDACC__
    return __longlong_as_double(bits);
#else
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
#endif
}

static __device__ __forceinline__ long long double_as_bits(double value)
{
#ifdef __CUDACC__
    return __double_as_longlong(value);
#else
    long long bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
#endif
}

// e^x for -700 < x <= 0.
static __device__ inline double fixed_exp(double x)
{
    const double k = floor(times(x, 1.4426950408889634) + 0.5);
    const double r = (x - times(k, 0.693147180559663)) - times(k, 2.8235290563031577e-13);
    double q = 2.5100569275813683e-8;
    q = times(q, r) + 2.762032742826824e-7;
    q = times(q, r) + 2.75572680728901e-6;
    q = times(q, r) + 2.4801520792572694e-5;
    q = times(q, r) + 1.9841269863303223e-4;
    q = times(q, r) + 1.3888888917538296e-3;
    q = times(q, r) + 8.333333333330011e-3;
    q = times(q, r) + 4.166666666662348e-2;
    q = times(q, r) + 0.16666666666666669;
    q = times(q, r) + 0.5000000000000001;
    return (1.0 + (r + times(times(r, r), q))) * bits_as_double(((long long)k + 1023) << 52);
}

// log(2^k (1 + f)) for sqrt(1/2) <= 1 + f < sqrt(2).
static __device__ inline double log_of_parts(double k, double f)
{
    const double s = f / (2.0 + f), z = times(s, s), half_square = times(0.5 * f, f);
    double q = 1.479819860511658591e-1;
    q = times(q, z) + 1.531383769920937332e-1;
    q = times(q, z) + 1.818357216161805012e-1;
    q = times(q, z) + 2.222219843214978396e-1;
    q = times(q, z) + 2.857142874366239149e-1;
    q = times(q, z) + 3.999999999940941908e-1;
    q = times(q, z) + 6.666666666666735130e-1;
    const double correction = times(s, half_square + times(z, q)) + times(k, 2.8235290563031577e-13);
    return times(k, 0.693147180559663) - ((half_square - correction) - f);
}

// log x for normal x > 0.
static __device__ inline double fixed_log(double x)
{
    const long long sqrt_half = 0x3FE6A09E667F3BCDLL, one = 0x3FF0000000000000LL, fraction = 0xFFFFFFFFFFFFFLL;
    const long long bits = double_as_bits(x) + (one - sqrt_half);   // the exponent now counts from sqrt(1/2)
    return log_of_parts(double((bits >> 52) - 1023), bits_as_double((bits & fraction) + sqrt_half) - 1.0);
}

// log(1 - p) for 0 <= p <= 1/2.
static __device__ inline double log_complement(double p)
{
    return p > 1.0 - 0.7071067811865476 ? log_of_parts(-1.0, 1.0 - 2.0 * p) : log_of_parts(0.0, -p);
}

// log(k!) - ((k + 1/2) log(k + 1) - (k + 1) + log(2 pi)/2) for whole k >= 0.
static __device__ inline double stirling_rest(double k)
{
    const double first[10] = {
        0.08106146679532726, 0.0413406959554093, 0.027677925684998338, 0.020790672103765093, 0.016644691189821193,
        0.013876128823070748, 0.01189670994589177, 0.010411265261972096, 0.009255462182712733, 0.00833056343336287};
    if (k < 10) return first[int(k)];
    const double inverse = 1.0 / (k + 1.0), square = inverse * inverse;
    const double third = times(1.0 / 1260 - square / 1680, square);
    return (1.0 / 12 - times(1.0 / 360 - third, square)) * inverse;
}

// A counter and its key; each block of it gives two uniform numbers.
struct Counter {
    unsigned int c0, c1, c2, c3, k0, k1;

    __device__ __forceinline__ void uniforms(unsigned int block, double* u, double* v) const
    {
        const Words words = philox(c0, c1, c2, c3 + (block << 16), k0, k1);
        *u = uniform_double(words.x, words.y);
        *v = uniform_double(words.z, words.w);
    }
};

static __device__ __forceinline__ Counter counter_of(
    long long site, unsigned int stream, long long step, const unsigned int* seed)
{
    return {(unsigned int)site, stream, (unsigned int)step, (unsigned int)(step >> 32), seed[0], seed[1]};
}

static __device__ inline long long large_poisson(const Counter& counter, double mean)
{
    const double b = 0.931 + times(2.53, sqrt(mean)), a = times(0.02483, b) - 0.059;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2.0);
    for (unsigned int block = 0;; ++block) {
        double u, v;
        counter.uniforms(block, &u, &v);
        u -= 0.5;
        const double edge = 0.5 - fabs(u);
        const double k = floor(times(2.0 * a / edge + b, u) + mean + 0.43);
        if (edge >= 0.07 && v <= squeeze) return (long long)k;
        if (k < 0 || (edge < 0.013 && v > edge)) continue;
        const double left = fixed_log(times(v, inverse_alpha) / (a / times(edge, edge) + b));
        double right = ((k + 1.0) - mean) + times(k, fixed_log(mean / (k + 1.0)));
        right = right - times(0.5, fixed_log(k + 1.0)) - 0.9189385332046728 - stirling_rest(k);
        if (left <= right) return (long long)k;
    }
}

// A Poisson number; mean below 2^50; zero, negative and NaN give 0.
static __device__ inline long long poisson(const Counter& counter, double mean)
{
    if (!(mean > 0)) return 0;
    if (mean >= 10.0) return large_poisson(counter, mean);
    double u, v, probability = fixed_exp(-mean);
    counter.uniforms(0, &u, &v);
    long long k = 0;
    for (; u > probability && k < 60; ++k) {
        u = u - probability;
        probability = times(probability, mean / (double(k) + 1.0));
    }
    return k;
}

// log of P(k) / P(mode) of a binomial distribution.
static __device__ inline double log_binomial_ratio(double k, double n, double p)
{
    const double odds = p / (1.0 - p), m = floor(times(n + 1.0, p));
    double total = times(m + 0.5, fixed_log((m + 1.0) / times(odds, n - m + 1.0)));
    total = total + times(n + 1.0, fixed_log((n - m + 1.0) / (n - k + 1.0)));
    total = total + times(k + 0.5, fixed_log(times(odds, n - k + 1.0) / (k + 1.0)));
    return total + stirling_rest(m) + stirling_rest(n - m) - stirling_rest(k) - stirling_rest(n - k);
}

static __device__ inline long long large_binomial(const Counter& counter, double n, double p)
{
    const double deviation = sqrt(times(times(n, p), 1.0 - p));
    const double b = 1.15 + times(2.53, deviation), a = times(0.0248, b) - 0.0873 + times(0.01, p);
    const double centre = times(n, p) + 0.5, alpha = times(2.83 + 5.1 / b, deviation), squeeze = 0.92 - 4.2 / b;
    for (unsigned int block = 0;; ++block) {
        double u, v;
        counter.uniforms(block, &u, &v);
        u -= 0.5;
        const double edge = 0.5 - fabs(u);
        const double k = floor(times(2.0 * a / edge + b, u) + centre);
        if (edge >= 0.07 && v <= squeeze) return (long long)k;
        if (k < 0 || k > n) continue;
        const double left = fixed_log(times(v, alpha) / (a / times(edge, edge) + b));
        if (left <= log_binomial_ratio(k, n, p)) return (long long)k;
    }
}

static __device__ inline long long small_binomial(const Counter& counter, double n, double p)
{
    const double odds = p / (1.0 - p);
    double u, v, probability = fixed_exp(times(n, log_complement(p)));
    counter.uniforms(0, &u, &v);
    long long k = 0;
    for (; u > probability && k < 60 && double(k) < n; ++k) {
        u = u - probability;
        probability = times(probability, times((n - double(k)) / (double(k) + 1.0), odds));
    }
    return k;
}

// Successes among n < 2^50 trials of probability p; n < 1, p <= 0 and NaN give 0, p >= 1 gives n.
static __device__ inline long long binomial(const Counter& counter, long long n, double p)
{
    if (n < 1 || !(p > 0)) return 0;
    const double rare = p > 0.5 ? 1.0 - p : p, trials = double(n);
    if (rare <= 0) return n;
    const bool small = times(trials, rare) < 10.0;
    const long long count = small ? small_binomial(counter, trials, rare) : large_binomial(counter, trials, rare);
    return p > 0.5 ? n - count : count;
}

#endif
