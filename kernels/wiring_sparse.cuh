// Delivery along lists of connections, stored by source. A block owns a part of the targets; its threads first find, for
// as many spikes as there are threads, which piece of each source's list lies in that part, then add the pieces one
// after another. Targets within a list differ, so no two threads add to one target at a time.

__device__ __forceinline__ index_t bisect(const int* indices, index_t low, index_t high, index_t target)
{
    while (low < high) {
        const index_t middle = (low + high) / 2;
        if (indices[middle] < target) low = middle + 1;
        else high = middle;
    }
    return low;
}

extern "C" __global__ void deliver_sparse(
    const long long* clock, const int* __restrict__ sites, const long long* __restrict__ n_listed,
    real* __restrict__ target, double* __restrict__ released, const real* __restrict__ amount,
    const long long* __restrict__ indptr, const int* __restrict__ indices, const real* __restrict__ weight,
    const real* __restrict__ source_scale, const real* __restrict__ target_scale, const real* __restrict__ probability,
    const unsigned int* __restrict__ seeds, index_t n_point, index_t n_source, index_t n_target, index_t n_part,
    index_t part_length, index_t amount_point, index_t amount_source, index_t source_stride, index_t target_stride,
    index_t weight_point, index_t weight_synapse, index_t probability_point, index_t probability_source,
    index_t probability_synapse, index_t stream, index_t releases, index_t counted)
{
    __shared__ index_t begins[256], ends[256];
    __shared__ real quanta[256];
    const index_t point = blockIdx.x / n_part, part = blockIdx.x % n_part, step = clock[0];
    const index_t first = part * part_length, last = min(first + part_length, n_target);
    const unsigned int key_low = releases ? seeds[2 * point] : 0, key_high = releases ? seeds[2 * point + 1] : 0;

    double sum = 0;
    for (index_t base = 0; base < n_listed[point]; base += blockDim.x) {
        const index_t n_here = min(index_t(blockDim.x), n_listed[point] - base);
        if (index_t(threadIdx.x) < n_here) {
            const index_t source = sites[point * n_source + base + threadIdx.x];
            const index_t low = indptr[source], high = indptr[source + 1];
            const index_t begin = bisect(indices, low, high, first);
            const real quantum = amount[point * amount_point + source * amount_source]
                * source_scale[source * source_stride];
            begins[threadIdx.x] = begin;
            ends[threadIdx.x] = quantum == 0 ? begin : bisect(indices, begin, high, last);
            quanta[threadIdx.x] = quantum;
        }
        __syncthreads();
        for (index_t spike = 0; spike < n_here; ++spike) {
            if (begins[spike] == ends[spike]) continue;                     // the same for all threads
            const index_t source = sites[point * n_source + base + spike];
            for (index_t s = begins[spike] + threadIdx.x; s < ends[spike]; s += blockDim.x) {
                if (releases && draw_word(s >> 2, int(s & 3), stream, step, key_low, key_high) >= success_limit(
                    probability[point * probability_point + source * probability_source + s * probability_synapse]))
                    continue;
                const index_t place = indices[s];
                const real added = weight[point * weight_point + s * weight_synapse]
                    * (quanta[spike] * target_scale[place * target_stride]);
                target[point * n_target + place] += added;
                sum += double(added);
            }
            __syncthreads();                            // the next list may name the same targets
        }
        __syncthreads();                                // before the shared arrays are written again
    }
    if (!counted) return;
    sum = block_sum(sum);
    if (threadIdx.x == 0) released[point * n_part + part] += sum;
}
