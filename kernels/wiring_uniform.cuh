// Delivery from every site to every site with one weight: a sum over the spikes. One block per (point, part of targets).

extern "C" __global__ void deliver_uniform(
    const long long* clock, const int* __restrict__ sites, const long long* __restrict__ n_listed,
    const unsigned long long* __restrict__ bits, real* __restrict__ target, double* __restrict__ released,
    const real* __restrict__ amount, const real* __restrict__ weight, const real* __restrict__ source_scale,
    const real* __restrict__ target_scale, const real* __restrict__ probability,
    const unsigned int* __restrict__ seeds, index_t n_point, index_t n_source, index_t n_target, index_t n_part,
    index_t part_length, index_t row_length, index_t n_slot, index_t delay, index_t amount_point,
    index_t amount_source, index_t source_stride, index_t target_stride, index_t weight_point,
    index_t probability_point, index_t probability_source, index_t stream, index_t self_excluded, index_t releases,
    index_t counted)
{
    const index_t point = blockIdx.x / n_part, part = blockIdx.x % n_part, step = clock[0], n = n_listed[point];
    if (n == 0) return;
    const index_t first = part * part_length, last = min(first + part_length, n_target), n_quad = (n_target + 3) / 4;
    const index_t n_row = (n_source + row_length - 1) / row_length, n_word = (row_length + 63) / 64;
    const index_t first_row = ((step - delay + n_slot) % n_slot * n_point + point) * n_row;
    const int* listed = sites + point * n_source;
    const real* amounts = amount + point * amount_point;

    double total = 0;
    if (amount_source == 0 && source_stride == 0) {
        total = double(n) * double(amounts[0] * source_scale[0]);
    } else if (!releases) {
        for (index_t k = threadIdx.x; k < n; k += blockDim.x)
            total += double(amounts[listed[k] * amount_source] * source_scale[listed[k] * source_stride]);
        total = block_sum(total);
    }

    double sum = 0;
    for (index_t site = first + threadIdx.x; site < last; site += blockDim.x) {
        double received = total;
        if (releases) {
            received = 0;
            for (index_t k = 0; k < n; ++k) {
                const index_t source = listed[k];
                if (self_excluded && source == site) continue;
                const long long limit = success_limit(
                    probability[point * probability_point + source * probability_source]);
                if (draw_word(source * n_quad + site / 4, int(site % 4), stream, step, seeds[2 * point],
                              seeds[2 * point + 1]) < limit)
                    received += double(amounts[source * amount_source] * source_scale[source * source_stride]);
            }
        } else if (self_excluded && site < n_source) {
            const index_t column = site % row_length;
            const unsigned long long word = bits[(first_row + site / row_length) * n_word + (column >> 6)];
            if (word >> (column & 63) & 1)
                received -= double(amounts[site * amount_source] * source_scale[site * source_stride]);
        }
        const real added = real(double(weight[point * weight_point])
                                * (received * double(target_scale[site * target_stride])));
        target[point * n_target + site] += added;
        sum += double(added);
    }
    if (!counted) return;
    sum = block_sum(sum);
    if (threadIdx.x == 0) released[point * n_part + part] += sum;
}
