// W1, see the folder's __init__.py for the equations. One parallel region spans all steps; a barrier ends each step.
//
// Build with -Dreal=float or -Dreal=double; -DGATES_BY_EXP steps the gates by exp instead of expm1.
#include "../vector_math.h"

#include <omp.h>

static inline real stepped_gate(real x, real concentration, real alpha, real beta, real dt)
{
    const real opening = alpha * concentration, rate = opening + beta, x_inf = opening / rate;
#ifdef GATES_BY_EXP
    return x_inf + (x - x_inf) * vector_exp(-dt * rate);
#else
    return x + (x - x_inf) * vector_expm1(-dt * rate);
#endif
}

// Steps neurons [0, n) once and returns how many spiked. No array overlaps another.
static long long step(
    long long n, real *restrict v, real *restrict u, real *restrict glutamate, real *restrict gaba,
    real *restrict a, real *restrict m, real *restrict g, const real *restrict drive, unsigned char *restrict spiked,
    real glutamate_kept, real gaba_kept)
{
    const real dt = (real)0.1;
    real n_spike = 0;
#pragma omp simd reduction(+ : n_spike)
    for (long long i = 0; i < n; ++i) {
        const real old_v = v[i], old_u = u[i];
        a[i] = stepped_gate(a[i], glutamate[i], (real)1.1, (real)0.19, dt);
        m[i] = stepped_gate(m[i], glutamate[i], (real)0.072, (real)0.0066, dt);
        g[i] = stepped_gate(g[i], gaba[i], (real)5.0, (real)0.18, dt);
        const real unblocked = 1 / (1 + vector_exp((real)-0.062 * old_v) * (real)(1.0 / 3.57));
        const real received = (real)0.1 * a[i] * old_v + (real)0.5 * m[i] * unblocked * old_v
                            + (real)0.3 * g[i] * (old_v + 80);
        const real new_v = old_v + dt * ((real)0.04 * old_v * old_v + 5 * old_v + 140 - old_u + drive[i] - received);
        const real new_u = old_u + dt * (real)0.02 * ((real)0.2 * old_v - old_u);
        const real spike = new_v >= 30 ? (real)1 : (real)0;
        v[i] = new_v >= 30 ? (real)-65 : new_v;
        u[i] = new_u + 8 * spike;
        glutamate[i] = glutamate[i] * glutamate_kept + spike;
        gaba[i] = gaba[i] * gaba_kept + (real)0.5 * spike;
        spiked[i] = new_v >= 30;
        n_spike += spike;
    }
    return (long long)n_spike;
}

// Runs `steps` steps of n neurons in `threads` threads; returns the number of spikes.
long long run(
    long long n, long long steps, int threads, real *v, real *u, real *glutamate, real *gaba,
    real *a, real *m, real *g, const real *drive, unsigned char *spiked)
{
    const real glutamate_kept = (real)__builtin_exp(-0.1 / 1.2), gaba_kept = (real)__builtin_exp(-0.1 / 3.0);
    long long n_spike = 0;
#pragma omp parallel num_threads(threads) reduction(+ : n_spike)
    {
        // Whole cache lines per thread.
        const long long part = (n / omp_get_num_threads() + 63) / 64 * 64;
        const long long low = part * omp_get_thread_num() < n ? part * omp_get_thread_num() : n;
        const long long high = omp_get_thread_num() + 1 == omp_get_num_threads() || low + part > n ? n : low + part;
        for (long long k = 0; k < steps; ++k) {
            n_spike += step(high - low, v + low, u + low, glutamate + low, gaba + low, a + low, m + low, g + low,
                            drive + low, spiked + low, glutamate_kept, gaba_kept);
#pragma omp barrier
        }
    }
    return n_spike;
}
