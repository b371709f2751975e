// W5, see the folder's __init__.py for the equations: SBDF2, ryanodine receptors by backward Euler.
//
// Each thread takes whole cables, one after the other through all steps, so that a cable stays in cache and no barrier
// is needed. Reactions run along the nodes and vectorise; the eliminations of the four quantities run side by side.
//
// Build with -Dreal=float or -Dreal=double.
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#define DT ((real)0.005)
#define N_SPREAD 4

// What a cable holds: ca, b, ca_er, ip3; the last values, the last rates, right-hand sides; four receptor states.
struct cable {
    real *u[N_SPREAD], *before[N_SPREAD], *rate[N_SPREAD], *right[N_SPREAD], *o1, *o2, *c1, *c2;
};

// (I - 2/3 dt L) with sealed ends, factorised: d[i] = right[i] scale[i] + lower[i] d[i-1], x[i] = d[i] + upper[i] x[i+1].
struct factors {
    real *scale, *lower, *upper;
};

static real *room(long long n) { return aligned_alloc(64, (size_t)((n * sizeof(real) + 63) / 64 * 64)); }

static struct factors factorise(long long n, double diffusion, double spacing)
{
    const double a = 2.0 / 3.0 * 0.005 * diffusion / (spacing * spacing);
    struct factors f = {room(n), room(n), room(n)};
    double upper = 0;
    for (long long i = 0; i < n; ++i) {
        const double below = i == n - 1 ? 2 * a : a, above = i == 0 ? 2 * a : a;
        const double scale = 1 / (1 + 2 * a - (i ? below * upper : 0));
        upper = above * scale;
        f.scale[i] = (real)scale;
        f.lower[i] = (real)(i ? below * scale : 0);
        f.upper[i] = (real)(i == n - 1 ? 0 : upper);
    }
    return f;
}

// Reactions of all nodes: receptors advance, and the right-hand sides are written. `now` and `last` weigh the rates.
static void react(long long n, const real *restrict ca, const real *restrict b, const real *restrict er,
                  const real *restrict ip3, struct cable c, real now, real last, real keep, real drop)
{
    const real R = (real)0.2, r = (real)0.075, volume = R * R - r * r;
    real *restrict o1 = c.o1, *restrict o2 = c.o2, *restrict c1 = c.c1, *restrict c2 = c.c2;
    real *restrict ca0 = c.before[0], *restrict b0 = c.before[1], *restrict er0 = c.before[2], *restrict p0 = c.before[3];
    real *restrict fca = c.rate[0], *restrict fb = c.rate[1], *restrict fer = c.rate[2], *restrict fp = c.rate[3];
    real *restrict rca = c.right[0], *restrict rb = c.right[1], *restrict rer = c.right[2], *restrict rp = c.right[3];
    const real k_b = 1 / (1 + DT * (real)0.3859), k_c = 1 / (1 + DT * (real)1e-4);
#pragma omp simd
    for (long long i = 0; i < n; ++i) {
        const real x = ca[i], y = er[i], p = ip3[i], square = x * x;
        const real a = DT * (real)1.5 * square * square, bp = DT * (real)1.5 * square * x;
        const real k_a = 1 / (1 + a), am = DT * (real)0.0288, cp = DT * (real)1.75e-3;
        const real bm = DT * (real)0.3859, cm = DT * (real)1e-4;
        const real open = (o1[i] + a * k_a * c1[i] + bm * k_b * o2[i] + cm * k_c * c2[i])
                          / (1 + am * k_a + bp * k_b + cp * k_c);
        const real open2 = (o2[i] + bp * open) * k_b;
        c1[i] = (c1[i] + am * open) * k_a;
        c2[i] = (c2[i] + cp * open) * k_c;
        o1[i] = open;
        o2[i] = open2;
        const real buffering = (real)0.019 * (160 - b[i]) - (real)0.027 * b[i] * x;
        const real outside = (real)4.497345e-6 * (1000 - x) - (real)8.5e-3 * square / ((real)0.0036 + square)
                             - (real)0.0375 * x / ((real)1.8 + x);
        const real active = (real)1.05 * x * p / ((x * p + (real)1.05 * p + (real)0.94 * x + (real)0.1365)
                                                  * (x + (real)0.0823));
        const real inside = ((real)0.042 * (open + open2) + (real)7.612e-3 * active * active * active
                             + (real)3.786353e-5) * (y - x) - (real)15.535 * x / (((real)0.18 + x) * y);
        const real dca = buffering + 2 * R / volume * outside + 2 * r / volume * inside;
        const real der = -2 / r * inside, dp = (real)0.04 - p;
        rca[i] = keep * x - drop * ca0[i] + now * dca - last * fca[i];
        rb[i] = keep * b[i] - drop * b0[i] + now * buffering - last * fb[i];
        rer[i] = keep * y - drop * er0[i] + now * der - last * fer[i];
        rp[i] = keep * p - drop * p0[i] + now * dp - last * fp[i];
        fca[i] = dca;
        fb[i] = buffering;
        fer[i] = der;
        fp[i] = dp;
    }
}

// Adds a source to the rates and right-hand side of one node.
static void inject(struct cable c, int which, long long node, real flux, real now)
{
    c.right[which][node] += now * flux;
    c.rate[which][node] += flux;
}

// Solves for all four quantities into the arrays of the values before last, which then hold the new ones.
static void solve(long long n, struct cable c, const struct factors *f)
{
    real d0 = 0, d1 = 0, d2 = 0, d3 = 0;
    real *restrict x0 = c.right[0], *restrict x1 = c.right[1], *restrict x2 = c.right[2], *restrict x3 = c.right[3];
    for (long long i = 0; i < n; ++i) {
        x0[i] = d0 = x0[i] * f[0].scale[i] + f[0].lower[i] * d0;
        x1[i] = d1 = x1[i] * f[1].scale[i] + f[1].lower[i] * d1;
        x2[i] = d2 = x2[i] * f[2].scale[i] + f[2].lower[i] * d2;
        x3[i] = d3 = x3[i] * f[3].scale[i] + f[3].lower[i] * d3;
    }
    d0 = d1 = d2 = d3 = 0;
    for (long long i = n - 1; i >= 0; --i) {
        c.before[0][i] = d0 = x0[i] + f[0].upper[i] * d0;
        c.before[1][i] = d1 = x1[i] + f[1].upper[i] * d1;
        c.before[2][i] = d2 = x2[i] + f[2].upper[i] * d2;
        c.before[3][i] = d3 = x3[i] + f[3].upper[i] * d3;
    }
}

static struct cable rest(long long n)
{
    struct cable c = {.o1 = room(n), .o2 = room(n), .c1 = room(n), .c2 = room(n)};
    const double ca = 0.05, start[N_SPREAD] = {ca, 160 * 0.019 / (0.019 + 0.027 * ca), 250, 0.04};
    const double a = 0.0288 / (1.5 * pow(ca, 4)), b = 1.5 * pow(ca, 3) / 0.3859, k = 1.75e-3 / 1e-4;
    for (int s = 0; s < N_SPREAD; ++s) {
        c.u[s] = room(n), c.before[s] = room(n), c.rate[s] = room(n), c.right[s] = room(n);
        for (long long i = 0; i < n; ++i) c.u[s][i] = c.before[s][i] = (real)start[s], c.rate[s][i] = 0;
    }
    for (long long i = 0; i < n; ++i) {
        c.o1[i] = (real)(1 / (1 + a + b + k));
        c.c1[i] = (real)(a / (1 + a + b + k)), c.o2[i] = (real)(b / (1 + a + b + k)), c.c2[i] = (real)(k / (1 + a + b + k));
    }
    return c;
}

static void release(struct cable c)
{
    for (int s = 0; s < N_SPREAD; ++s) free(c.u[s]), free(c.before[s]), free(c.rate[s]), free(c.right[s]);
    free(c.o1), free(c.o2), free(c.c1), free(c.c2);
}

static void advance(long long n, struct cable *c, const struct factors *f, long long step)
{
    const double t = step * 0.005, area = 2 * 0.2 / (0.04 - 0.005625);
    const real now = step ? (real)4 / 3 * DT : DT, last = step ? (real)2 / 3 * DT : 0;
    react(n, c->u[0], c->u[1], c->u[2], c->u[3], *c, now, last, step ? (real)4 / 3 : 1, step ? (real)1 / 3 : 0);
    inject(*c, 0, n / 2, (real)(t < 1 ? 2.5 * area * (1 - t) : 0), now);
    inject(*c, 3, n / 2, (real)(t < 200 ? 5.0 * area * (1 - t / 200) : 0), now);
    solve(n, *c, f);
    for (int s = 0; s < N_SPREAD; ++s) {
        real *swap = c->u[s];
        c->u[s] = c->before[s], c->before[s] = swap;
    }
}

// Runs `steps` steps of `n_cable` cables; `course` receives, of the first cable, ca at the probes in every step, and `er`
// ca_er at the second probe.
void run(long long n_cable, long long n, long long steps, int threads, double spacing, long long n_probe,
         const long long *probe, real *course, real *er)
{
    const double diffusion[N_SPREAD] = {0.22, 0.02, 0.22, 0.28};
    struct factors f[N_SPREAD];
    for (int s = 0; s < N_SPREAD; ++s) f[s] = factorise(n, diffusion[s], spacing);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (long long k = 0; k < n_cable; ++k) {
        struct cable c = rest(n);
        for (long long step = 0; step < steps; ++step) {
            if (k == 0) {
                for (long long q = 0; q < n_probe; ++q) course[step * n_probe + q] = c.u[0][probe[q]];
                er[step] = c.u[2][probe[1]];
            }
            advance(n, &c, f, step);
        }
        release(c);
    }
    for (int s = 0; s < N_SPREAD; ++s) free(f[s].scale), free(f[s].lower), free(f[s].upper);
}
