// W6, see the folder's __init__.py for the equation. Grids are padded by one cell of zeros at the front and back of
// every axis, so that no cell is special. One parallel region spans all steps; a barrier ends each step.
//
// Build with -Dreal=float or -Dreal=double.
#include <omp.h>

// One line of n cells; `neighbours` holds the lines before and after it along the other axes.
static void step_line(long long n, const real *restrict c, const real *restrict *neighbours, int n_neighbour,
                      real *restrict out, real centre, real alpha)
{
    const real *restrict a = neighbours[0], *restrict b = neighbours[1];
    if (n_neighbour == 2) {
#pragma omp simd
        for (long long x = 0; x < n; ++x) out[x] = centre * c[x] + alpha * (c[x - 1] + c[x + 1] + a[x] + b[x]);
        return;
    }
    const real *restrict d = neighbours[2], *restrict e = neighbours[3];
#pragma omp simd
    for (long long x = 0; x < n; ++x)
        out[x] = centre * c[x] + alpha * (c[x - 1] + c[x + 1] + a[x] + b[x] + d[x] + e[x]);
}

// Runs `steps` steps of nz planes of ny lines of nx cells; nz = 1 is two-dimensional. `c` and `other` are padded
// (nz + 2, ny + 2, nx + 2), or (ny + 2, nx + 2) if nz = 1. The result lies in `c` after an even number of steps.
void run(long long nz, long long ny, long long nx, long long steps, int threads, real *c, real *other,
         double centre, double alpha)
{
    const long long line = nx + 2, plane = nz > 1 ? (ny + 2) * line : 0, n_line = nz * ny;
#pragma omp parallel num_threads(threads)
    for (long long k = 0; k < steps; ++k) {
        const real *from = k % 2 ? other : c;
        real *to = k % 2 ? c : other;
#pragma omp for schedule(static)
        for (long long row = 0; row < n_line; ++row) {
            const long long z = row / ny, y = row % ny;
            const long long start = (nz > 1 ? z + 1 : 0) * plane + (y + 1) * line + 1;
            const real *around[4] = {from + start - line, from + start + line, from + start - plane, from + start + plane};
            step_line(nx, from + start, around, nz > 1 ? 4 : 2, to + start, (real)centre, (real)alpha);
        }
    }
}
