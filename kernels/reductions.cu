// Summaries of quantities over sites: mean, minimum, maximum, histogram, and the watch for impossible values.
//
// Sums are float64 and run in one order on every backend: a part is 1024 sites, padded with zeros, folded in halves
// (512, 256, ...); the parts of a point are added in 256 strands (part, part + 256, ...), folded in halves. So the mean
// has the same bits everywhere. Minimum and maximum pass over NaN.

#include "common.cuh"

const int PART_SITES = 1024;
const int STRANDS = 256;       // threads of a block in both reductions
const int SHARED_BINS = 1024;  // histograms up to this size are counted in shared memory first
const int REPORT_ROWS = 64;

struct Summary { double sum, smallest, largest; };

__device__ __forceinline__ Summary no_sites()
{
    const double infinity = __longlong_as_double(0x7ff0000000000000LL);
    return {0.0, infinity, -infinity};
}

__device__ __forceinline__ Summary joined(const Summary& a, const Summary& b)
{
    return {a.sum + b.sum, b.smallest < a.smallest ? b.smallest : a.smallest,
            b.largest > a.largest ? b.largest : a.largest};
}

__device__ __forceinline__ Summary of_site(double x)
{
    const Summary none = no_sites();
    return {x, x < none.smallest ? x : none.smallest, x > none.largest ? x : none.largest};
}

// Fold the block's summaries in halves; the first thread returns the total.
__device__ __forceinline__ Summary folded(Summary mine)
{
    __shared__ double sum[STRANDS], smallest[STRANDS], largest[STRANDS];
    const int thread = threadIdx.x;
    for (int half = STRANDS / 2; half > 0; half /= 2) {
        sum[thread] = mine.sum;
        smallest[thread] = mine.smallest;
        largest[thread] = mine.largest;
        __syncthreads();
        if (thread < half) mine = joined(mine, {sum[thread + half], smallest[thread + half], largest[thread + half]});
        __syncthreads();
    }
    return mine;
}

// partials (n_point, n_part, 3): sum, minimum and maximum of each part; n_part = ceil(n_site / 1024).
// One block of 256 threads per part of a point.
extern "C" __global__ void reduce_parts(
    const long long* __restrict__ clock, const real* __restrict__ source, double* __restrict__ partials,
    long long every, long long n_point, long long n_site, long long n_part)
{
    if (clock[0] % every != 0) return;
    const index_t point = blockIdx.x / n_part, part = blockIdx.x % n_part;
    const real* sites = source + point * n_site;
    Summary quarter[4];
    for (int k = 0; k < 4; ++k) {
        const index_t site = part * PART_SITES + k * STRANDS + threadIdx.x;
        quarter[k] = site < n_site ? of_site(sites[site]) : no_sites();
    }
    const Summary total = folded(joined(joined(quarter[0], quarter[2]), joined(quarter[1], quarter[3])));
    if (threadIdx.x == 0) {
        double* out = partials + blockIdx.x * 3ll;
        out[0] = total.sum;
        out[1] = total.smallest;
        out[2] = total.largest;
    }
}

// ring (n_ring, n_point, 3): mean, minimum, maximum. One block of 256 threads per point.
extern "C" __global__ void record_reductions(
    const long long* __restrict__ clock, const double* __restrict__ partials, double* __restrict__ ring,
    long long every, long long n_ring, long long n_point, long long n_site, long long n_part)
{
    if (clock[0] % every != 0) return;
    const index_t point = blockIdx.x;
    Summary strand = no_sites();
    for (index_t part = threadIdx.x; part < n_part; part += STRANDS) {
        const double* in = partials + (point * n_part + part) * 3;
        strand = joined(strand, {in[0], in[1], in[2]});
    }
    const Summary total = folded(strand);
    if (threadIdx.x == 0) {
        double* out = ring + (clock[0] / every % n_ring * n_point + point) * 3;
        out[0] = total.sum / double(n_site);
        out[1] = total.smallest;
        out[2] = total.largest;
    }
}

// Set the row of a histogram ring that is due to zero. One thread per bin.
extern "C" __global__ void clear_histogram(
    const long long* __restrict__ clock, unsigned int* __restrict__ ring, long long every, long long n_ring,
    long long n_point, long long n_bin)
{
    if (clock[0] % every != 0) return;
    unsigned int* row = ring + clock[0] / every % n_ring * n_point * n_bin;
    for (index_t i = global_thread(); i < n_point * n_bin; i += global_threads()) row[i] = 0;
}

// Bin of a value; values outside go to the end bins. -1 for NaN, which is not counted.
__device__ __forceinline__ index_t bin_of(double x, double low, double per_width, index_t n_bin)
{
    const double position = (x - low) * per_width;
    if (!(position >= 0.0)) return position < 0.0 ? 0 : -1;
    return position < double(n_bin) ? index_t(position) : n_bin - 1;
}

// ring (n_ring, n_point, n_bin): number of sites with low + b w <= x < low + (b + 1) w, w = (high - low) / n_bin, added
// to what clear_histogram left. Each point has as many blocks, which share its sites. Counts are whole numbers, so
// their order is free.
extern "C" __global__ void record_histogram(
    const long long* __restrict__ clock, const real* __restrict__ source, unsigned int* __restrict__ ring,
    long long every, long long n_ring, long long n_point, long long n_site, double low, double high, long long n_bin)
{
    __shared__ unsigned int counts[SHARED_BINS];
    if (clock[0] % every != 0) return;
    const index_t n_tile = gridDim.x / n_point, point = blockIdx.x / n_tile, tile = blockIdx.x % n_tile;
    const double per_width = double(n_bin) / (high - low);
    const real* sites = source + point * n_site;
    unsigned int* row = ring + (clock[0] / every % n_ring * n_point + point) * n_bin;
    const bool shared = n_bin <= SHARED_BINS;
    unsigned int* target = shared ? counts : row;

    for (index_t bin = threadIdx.x; shared && bin < n_bin; bin += blockDim.x) counts[bin] = 0;
    __syncthreads();
    for (index_t site = tile * blockDim.x + threadIdx.x; site < n_site; site += n_tile * blockDim.x) {
        const index_t bin = bin_of(double(sites[site]), low, per_width, n_bin);
        if (bin >= 0) atomicAdd(target + bin, 1u);
    }
    __syncthreads();
    for (index_t bin = threadIdx.x; shared && bin < n_bin; bin += blockDim.x) {
        if (counts[bin]) atomicAdd(row + bin, counts[bin]);
    }
}

// report (64, 3): step, quantity and item of the first impossible value in each of 64 ranges of items; -1 is none.
// Row r watches items [r w, (r + 1) w), w = ceil(n_point n_site / 64). A row that holds a report keeps it. Block
// columns stride over a row's items, block rows are the report's rows.
extern "C" __global__ void check_finite(
    const long long* __restrict__ clock, const real* __restrict__ source, long long* report, long long quantity_id,
    long long n_point, long long n_site, long long must_not_be_negative)
{
    const index_t n_item = n_point * n_site, width = (n_item + REPORT_ROWS - 1) / REPORT_ROWS;
    const index_t first = blockIdx.y * width, end = min(first + width, n_item);
    long long* row = report + blockIdx.y * 3;
    for (index_t item = first + global_thread(); item < end; item += global_threads()) {
        const real x = source[item];
        if (is_finite(x) && !(must_not_be_negative && x < real(0))) continue;
        const bool taken = (row[0] != -1 && row[0] != clock[0]) || (row[1] != -1 && row[1] != quantity_id);
        if (taken) return;
        // Threads of this launch write the same step and quantity, so their order is free; as an unsigned number -1 is
        // the largest, so the lowest item wins.
        row[0] = clock[0];
        row[1] = quantity_id;
        atomicMin((unsigned long long*)(row + 2), (unsigned long long)(item));
    }
}
