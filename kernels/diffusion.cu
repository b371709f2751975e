// Diffusion and first-order loss of concentrations on a lattice, dc/dt = D laplacian(c) - k c.
//
// Lattices are (n_plane, n_line, nx), the last axis fastest; n_batch of them (species and sweep points) lie one after
// the other. A lattice of two axes is (ny, 1, nx). Edges are 0 absorbing (zeros outside), 1 reflecting (no flux) or
// 2 periodic, per axis. Both kernels read one array and write another; the host lets the two change roles.
//
// Ledger: decayed and escaped, float64 (n_batch, n_plane * n_line), are added to where `counted` is not 0: escaped what
// left through absorbing edges, decayed all else that the cells of a block really lost, rounding included. It is booked
// in one entry per block; only the sum over a batch entry's rows is an amount.

#include "common.cuh"

enum { ABSORBING = 0, REFLECTING = 1, PERIODIC = 2 };

const int THREADS = 256;
const int PLANES = 8;          // planes that a thread marches through, with the plane before in a register

// Sum over the block; every thread gets it. Threads of a block are a power of two.
__device__ __forceinline__ double block_sum(double mine)
{
    __shared__ double sum[THREADS];
    const int thread = block_thread();
    __syncthreads();
    sum[thread] = mine;
    for (int half = int(blockDim.x * blockDim.y) / 2; half > 0; half /= 2) {
        __syncthreads();
        if (thread < half) sum[thread] += sum[thread + half];
    }
    __syncthreads();
    return sum[0];
}

// Books what a block's cells lost, and of it what left through absorbing edges.
__device__ __forceinline__ void book(double lost, double through_edges, double* decayed, double* escaped)
{
    lost = block_sum(lost);
    through_edges = block_sum(through_edges);
    if (block_thread() != 0) return;
    *escaped += through_edges;
    *decayed += lost - through_edges;
}

// Where the neighbour of cell `at` lies along an axis of n cells, `step` being +1 or -1; -1 if it is outside.
__device__ __forceinline__ index_t neighbour(index_t at, int step, index_t n, index_t edge)
{
    const index_t next = at + step;
    if (next >= 0 && next < n) return next;
    return edge == ABSORBING ? -1 : edge == REFLECTING ? at : next < 0 ? n - 1 : 0;
}

__device__ __forceinline__ real cell(const real* cells, index_t at, index_t stride)
{
    return at < 0 ? real(0) : cells[at * stride];
}

// One explicit substep: scratch = c + coupling * (neighbours - number of neighbours * c) - loss * c, per batch entry.
//
// A block takes PLANES planes and blockDim.y lines, whole rows of them; a thread marches along the planes, so that of
// the seven cells only one comes from far away. n_substep is not read: the host launches once per substep.
extern "C" __global__ void __launch_bounds__(THREADS) diffuse_explicit(
    const long long* __restrict__ clock, const real* __restrict__ field, real* __restrict__ scratch,
    const real* __restrict__ coupling, const real* __restrict__ loss, double* __restrict__ decayed,
    double* __restrict__ escaped, long long n_batch, long long n_plane, long long n_line, long long nx,
    long long edge_plane, long long edge_line, long long edge_x, long long n_substep, long long counted)
{
    const index_t tiles = (n_line + blockDim.y - 1) / blockDim.y, stacks = (n_plane + PLANES - 1) / PLANES;
    const index_t tile = blockIdx.x % tiles, stack = blockIdx.x / tiles % stacks, batch = blockIdx.x / (tiles * stacks);
    const index_t first_line = tile * blockDim.y, first_plane = stack * PLANES;
    const index_t line = first_line + threadIdx.y, plane_size = n_line * nx;
    const real* lattice = field + batch * n_plane * plane_size;
    real* target = scratch + batch * n_plane * plane_size;
    const real share = coupling[batch], lost_share = loss[batch];
    const bool flat = n_line == 1 && edge_line != ABSORBING;
    const index_t left_line = neighbour(line, -1, n_line, edge_line), right_line = neighbour(line, 1, n_line, edge_line);
    const int missing_lines = (left_line < 0) + (right_line < 0);

    double lost = 0, through_edges = 0;
    for (index_t x = threadIdx.x; line < n_line && x < nx; x += blockDim.x) {
        const index_t west_x = neighbour(x, -1, nx, edge_x), east_x = neighbour(x, 1, nx, edge_x);
        const int missing = missing_lines + (west_x < 0) + (east_x < 0);
        const real* column = lattice + line * nx + x;
        real before = cell(column, neighbour(first_plane, -1, n_plane, edge_plane), plane_size);
        real c = column[first_plane * plane_size];
        #pragma unroll
        for (int k = 0; k < PLANES; ++k) {
            const index_t plane = first_plane + k;
            if (plane >= n_plane) break;
            const index_t after_plane = neighbour(plane, 1, n_plane, edge_plane);
            const real after = cell(column, after_plane, plane_size);
            const real* cells = lattice + plane * plane_size;
            const real* row = cells + line * nx;
            const real sideways = cell(row, west_x, 1) + cell(row, east_x, 1);
            real bend;
            if (flat) {
                bend = (sideways + (before + after)) - real(4) * c;
            } else {
                const real* at_x = cells + x;
                bend = (sideways + (cell(at_x, left_line, nx) + cell(at_x, right_line, nx))) - real(4) * c;
                bend += (before + after) - real(2) * c;
            }
            const real next = c + (share * bend - lost_share * c);
            target[plane * plane_size + line * nx + x] = next;
            if (counted) {
                const int absorbed = edge_plane == ABSORBING ? (plane == 0) + (plane == n_plane - 1) : 0;
                lost += double(c - next);
                if (missing + absorbed) through_edges += double(share) * double(c) * (missing + absorbed);
            }
            before = c;
            c = after;
        }
    }
    if (!counted) return;
    const index_t entry = (batch * n_plane + first_plane) * n_line + first_line;
    book(lost, through_edges, decayed + entry, escaped + entry);
}

// One exact step along one axis: out = (1 - loss) * propagator * field. A batch entry is (n_outer, n_axis, n_inner).
//
// table (n_table, width, width), leak (n_table, width) and reference (n_table,) describe the propagator of one axis; a
// cell i reads the width cells from start = i - width / 2 on, kept inside the axis, with the weights of row i - start.
// Wrapped, it reads across the ends with the middle row. leak is what leaves through absorbing ends. Where reference is
// 1 the sum runs over differences to the cell itself: a uniform field then stays uniform to the last bit.
//
// One block per row of nx cells.
extern "C" __global__ void __launch_bounds__(THREADS) propagate_axis(
    const long long* __restrict__ clock, const real* __restrict__ field, real* __restrict__ out,
    const real* __restrict__ table, const real* __restrict__ leak, const real* __restrict__ reference,
    const long long* __restrict__ table_of_batch, const real* __restrict__ loss, double* __restrict__ decayed,
    double* __restrict__ escaped, long long n_batch, long long n_outer, long long n_axis, long long n_inner,
    long long nx, long long width, long long wrapped, long long counted)
{
    const index_t n_site = n_outer * n_axis * n_inner, n_row = n_site / nx;
    const index_t batch = blockIdx.x / n_row, row = blockIdx.x % n_row, radius = width / 2;
    const real* lattice = field + batch * n_site;
    const real* weights = table + table_of_batch[batch] * width * width;
    const real* leaks = leak + table_of_batch[batch] * width;
    const real own_share = reference[table_of_batch[batch]], lost_share = loss[batch];

    double lost = 0, through_edges = 0;
    for (index_t x = threadIdx.x; x < nx; x += blockDim.x) {
        const index_t site = row * nx + x, i = site / n_inner % n_axis;
        const real* axis = lattice + site - i * n_inner;
        index_t from = i - radius;
        if (!wrapped) from = max(index_t(0), min(from, n_axis - width));
        const index_t kind = wrapped ? radius : i - from;
        const real* weight = weights + kind * width;
        const real c = lattice[site], own = own_share * c;
        if (from < 0) from += n_axis;
        real arriving = 0;
        for (index_t k = 0, j = from; k < width; ++k) {
            arriving += weight[k] * (axis[j * n_inner] - own);
            if (++j == n_axis) j = 0;
        }
        real next = own + (arriving - leaks[kind] * own);
        next -= lost_share * next;
        out[batch * n_site + site] = next;
        if (counted) {
            lost += double(c - next);
            through_edges += double(leaks[kind]) * double(c);
        }
    }
    if (!counted) return;
    book(lost, through_edges, decayed + blockIdx.x, escaped + blockIdx.x);
}
