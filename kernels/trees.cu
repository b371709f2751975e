// Linear operations on trees: implicit and explicit diffusion between the nodes of cells.
//
// Values are (n_species, n_row, n_node), a row being a copy of the trees at a sweep point. Both kernels serve the
// species that are listed as spreading.
//
// A tree is taken as chains in levels (heavy paths, gpusyn/morphology/paths.py): node[position] goes chain by chain,
// parents before children, levels upwards. Within a chain elimination is s_j = up_(j+1) s_(j+1) + own_j r_j and
// substitution x_j = down_j x_(j-1) + s_j: both are chains of maps s -> a s + b, which compose. So a block takes a
// whole level, all its chains at once (a = 0 where one ends), four positions per thread, and composes the threads' maps
// in log2(threads) rounds in shared memory.
//
// One block per tree, species and row serves both ends: with one cable of 1000 nodes, 256 threads and a single tile, some
// 20 rounds of about 30 ns are all that is sequential; with 10^4 cables 8 blocks per multiprocessor hide these rounds,
// values are read and written in order (a thread per tree would stride over them), and factors and positions, the same
// for all copies, come from the first-level cache, since neighbouring blocks are rows of one species.

#include "common.cuh"

const int MOST_THREADS = 512;
const int ITEMS = 4;            // positions per thread and tile

struct Map { real a, b; };      // s -> a s + b

// The map of all threads before this one, applied to `carry`; `carry` becomes what leaves the last thread.
__device__ __forceinline__ real enter(Map mine, real& carry)
{
    __shared__ Map maps[2][MOST_THREADS];
    const int thread = int(threadIdx.x), n = int(blockDim.x);
    int now = 0;
    __syncthreads();            // of the tile before everything has been read
    maps[0][thread] = mine;
    for (int reach = 1; reach < n; reach *= 2) {
        __syncthreads();
        if (thread >= reach) {
            const Map before = maps[now][thread - reach];
            mine.b += mine.a * before.b;
            mine.a *= before.a;
        }
        now = 1 - now;
        maps[now][thread] = mine;
    }
    __syncthreads();
    const real start = carry;
    carry = maps[now][n - 1].a * start + maps[now][n - 1].b;
    return thread == 0 ? start : maps[now][thread - 1].a * start + maps[now][thread - 1].b;
}

// Solves in place (I + dt_share C^-1 K) x = values.
//
// factors (n_active, n_factor_row, 3, n_node), by position: own, up and down (gpusyn/numerics/tree_factors.py). above is
// -1 where the parent is the position before, else the node that a chain hangs on (a root's own, with factors of 0).
// side_slot is -1, or the slot of a node on which chains hang: their first positions are
// side_position[side_start[slot]] and on. Tree t has the levels from tree_level[t] on; level l the positions from
// level_start[l] on.
extern "C" __global__ void __launch_bounds__(MOST_THREADS) solve_trees(
    const long long* __restrict__ clock, real* values, const real* __restrict__ factors,
    const long long* __restrict__ species, const int* __restrict__ node, const int* __restrict__ above,
    const int* __restrict__ side_slot, const int* __restrict__ side_start, const int* __restrict__ side_position,
    const long long* __restrict__ tree_level, const long long* __restrict__ level_start, index_t n_active,
    index_t n_tree, index_t n_row, index_t n_node, index_t n_factor_row)
{
    const index_t tree = blockIdx.x % n_tree, row = blockIdx.x / n_tree % n_row, which = blockIdx.x / (n_tree * n_row);
    const real* own = factors + (which * n_factor_row + (n_factor_row > 1 ? row : 0)) * 3 * n_node;
    const real *up = own + n_node, *down = up + n_node;
    real* x = values + (species[which] * n_row + row) * n_node;
    const index_t tile = index_t(blockDim.x) * ITEMS, mine = index_t(threadIdx.x) * ITEMS;

    for (index_t level = tree_level[tree]; level < tree_level[tree + 1]; ++level) {
        const index_t first = level_start[level], end = level_start[level + 1];
        real carry = 0;
        for (index_t stop = end; stop > first; stop -= tile) {
            real a[ITEMS], b[ITEMS];
            Map whole = {real(1), real(0)};
            #pragma unroll
            for (int k = 0; k < ITEMS; ++k) {
                const index_t at = stop - 1 - mine - k;
                a[k] = 1;
                b[k] = 0;
                if (at < first) continue;
                real right = x[node[at]];
                const int slot = side_slot[at];
                if (slot >= 0) {
                    for (int side = side_start[slot]; side < side_start[slot + 1]; ++side)
                        right += up[side_position[side]] * x[node[side_position[side]]];
                }
                a[k] = at + 1 < end && above[at + 1] < 0 ? up[at + 1] : real(0);
                b[k] = own[at] * right;
                whole.b = a[k] * whole.b + b[k];
                whole.a *= a[k];
            }
            real s = enter(whole, carry);
            #pragma unroll
            for (int k = 0; k < ITEMS; ++k) {
                const index_t at = stop - 1 - mine - k;
                s = a[k] * s + b[k];
                if (at >= first) x[node[at]] = s;
            }
        }
        __syncthreads();
    }
    for (index_t level = tree_level[tree + 1] - 1; level >= tree_level[tree]; --level) {
        const index_t first = level_start[level], end = level_start[level + 1];
        real carry = 0;
        for (index_t start = first; start < end; start += tile) {
            real a[ITEMS], b[ITEMS];
            Map whole = {real(1), real(0)};
            #pragma unroll
            for (int k = 0; k < ITEMS; ++k) {
                const index_t at = start + mine + k;
                a[k] = 1;
                b[k] = 0;
                if (at >= end) continue;
                const int parent = above[at];
                a[k] = parent < 0 ? down[at] : real(0);
                b[k] = x[node[at]];
                if (parent >= 0) b[k] += down[at] * x[parent];
                whole.b = a[k] * whole.b + b[k];
                whole.a *= a[k];
            }
            real s = enter(whole, carry);
            #pragma unroll
            for (int k = 0; k < ITEMS; ++k) {
                const index_t at = start + mine + k;
                s = a[k] * s + b[k];
                if (at < end) x[node[at]] = s;
            }
        }
        __syncthreads();
    }
}

// What flows into a node from its neighbours but those before and after it.
__device__ __forceinline__ real sideways(
    int slot, real here, const real* u, const int* __restrict__ side_start, const int* __restrict__ side_other,
    const real* __restrict__ side_shares)
{
    real flow = 0;
    for (int side = side_start[slot]; side < side_start[slot + 1]; ++side)
        flow += side_shares[side] * (u[side_other[side]] - here);
    return flow;
}

// into = -C^-1 K values: what flows into every node from its neighbours. One thread per value; no sum is scattered.
//
// shares (n_active, n_factor_row, 2, n_node): conductance to the node before and to the node after, over the node's
// capacity, 0 where that is no neighbour. side_slot (n_node,) is -1, or the slot of a node with further neighbours:
// side_other[side_start[slot]] and on, with side_shares (n_active, n_factor_row, n_side).
extern "C" __global__ void spread_trees(
    const long long* __restrict__ clock, const real* __restrict__ values, real* __restrict__ into,
    const real* __restrict__ shares, const long long* __restrict__ species, const int* __restrict__ side_node,
    const int* __restrict__ side_slot, const int* __restrict__ side_start, const int* __restrict__ side_other,
    const real* __restrict__ side_shares, index_t n_active, index_t n_side, index_t n_row, index_t n_node,
    index_t n_factor_row)
{
    for (index_t place = global_thread(); place < n_active * n_row * n_node; place += global_threads()) {
        const index_t i = place % n_node, row = place / n_node % n_row, which = place / (n_node * n_row);
        const index_t factor_row = which * n_factor_row + (n_factor_row > 1 ? row : 0);
        const real* share = shares + factor_row * 2 * n_node;
        const real* u = values + (species[which] * n_row + row) * n_node;
        const real here = u[i];
        real flow = 0;
        if (i > 0) flow += share[i] * (u[i - 1] - here);
        if (i + 1 < n_node) flow += share[n_node + i] * (u[i + 1] - here);
        const int slot = side_slot[i];
        if (slot >= 0) flow += sideways(slot, here, u, side_start, side_other, side_shares + factor_row * n_side);
        into[(species[which] * n_row + row) * n_node + i] = flow;
    }
}

// At the nodes side_node (n_slot,): into = what flows from their neighbours but those before and after, which programs
// read themselves. One thread per value; other arguments as of spread_trees.
extern "C" __global__ void spread_sideways(
    const long long* __restrict__ clock, const real* __restrict__ values, real* __restrict__ into,
    const long long* __restrict__ species, const int* __restrict__ side_node, const int* __restrict__ side_start,
    const int* __restrict__ side_other, const real* __restrict__ side_shares, index_t n_active, index_t n_slot,
    index_t n_side, index_t n_row, index_t n_node, index_t n_factor_row)
{
    for (index_t place = global_thread(); place < n_active * n_row * n_slot; place += global_threads()) {
        const int slot = int(place % n_slot);
        const index_t row = place / n_slot % n_row, which = place / (n_slot * n_row);
        const index_t factor_row = which * n_factor_row + (n_factor_row > 1 ? row : 0);
        const index_t start = (species[which] * n_row + row) * n_node;
        const real* u = values + start;
        const int node = side_node[slot];
        into[start + node] = sideways(slot, u[node], u, side_start, side_other, side_shares + factor_row * n_side);
    }
}
