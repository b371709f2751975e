// Delivery to lattice neighbours: no index arrays; a target looks back along each offset.

// A coordinate brought back onto a periodic axis; -1 where an open axis has no such place.
__device__ __forceinline__ index_t wrapped(index_t place, index_t size, bool periodic)
{
    if (place >= 0 && place < size) return place;
    if (!periodic) return -1;
    return place < 0 ? place + size : place - size;
}

// One block per (point, row of targets), one thread per column. Offsets ascend, so going back through them meets the
// sources in ascending order.
extern "C" __global__ void deliver_offsets(
    const long long* clock, const unsigned long long* __restrict__ bits, const int* __restrict__ busy,
    real* __restrict__ target, double* __restrict__ released, const real* __restrict__ amount,
    const real* __restrict__ weight, const int* __restrict__ offsets, const int* __restrict__ runs,
    const real* __restrict__ source_scale, const real* __restrict__ target_scale, const real* __restrict__ probability,
    const long long* __restrict__ existence, const unsigned int* __restrict__ seeds, index_t n_point, index_t nz,
    index_t ny, index_t nx, index_t n_offset, index_t n_run, index_t n_slot, index_t delay, index_t periodic,
    index_t amount_point, index_t amount_source, index_t source_stride, index_t target_stride, index_t weight_point,
    index_t weight_offset, index_t weight_source, index_t probability_point, index_t probability_source,
    index_t probability_offset, index_t stream, index_t structure_low, index_t structure_high,
    index_t structure_stream, index_t releases, index_t thinned, index_t counted)
{
    const index_t n_row = nz * ny, point = blockIdx.x / n_row, row = blockIdx.x % n_row;
    const index_t z = row / ny, y = row % ny, n_word = (nx + 63) / 64, n_quad = (n_offset + 3) / 4;
    const index_t step = clock[0], first_row = ((step - delay + n_slot) % n_slot * n_point + point) * n_row;
    const unsigned int key_low = releases ? seeds[2 * point] : 0, key_high = releases ? seeds[2 * point + 1] : 0;

    double sum = 0;
    for (index_t x = threadIdx.x; x < nx; x += blockDim.x) {
        const index_t place = row * nx + x;
        const real scale = target_scale[place * target_stride];
        real value = 0, level = target[point * n_row * nx + place];
        bool touched = false;
        for (index_t run = n_run - 1; run >= 0; --run) {
            const int* about = runs + 5 * run;
            const index_t source_z = wrapped(z - about[0], nz, periodic & 4);
            const index_t source_y = wrapped(y - about[1], ny, periodic & 2);
            if (source_z < 0 || source_y < 0) continue;
            const index_t source_row = source_z * ny + source_y;
            if (busy[first_row + source_row] == 0) continue;
            const unsigned long long* words = bits + (first_row + source_row) * n_word;
            for (int i = about[3] - 1; i >= 0; --i) {
                const index_t column = wrapped(x - about[4] - i, nx, periodic & 1);
                if (column < 0 || !(words[column >> 6] >> (column & 63) & 1)) continue;
                const index_t source = source_row * nx + column, k = about[2] + i, quad = source * n_quad + k / 4;
                const real quantum = amount[point * amount_point + source * amount_source]
                    * source_scale[source * source_stride];
                if (quantum == 0) continue;
                if (thinned && draw_word(quad, k % 4, structure_stream, 0, (unsigned int)(structure_low),
                                         (unsigned int)(structure_high)) >= existence[k]) continue;
                if (releases && draw_word(quad, k % 4, stream, step, key_low, key_high) >= success_limit(
                    probability[point * probability_point + source * probability_source + k * probability_offset]))
                    continue;
                value = weight[point * weight_point + k * weight_offset + source * weight_source] * (quantum * scale);
                level += value;
                sum += double(value);
                touched = true;
            }
        }
        if (touched) target[point * n_row * nx + place] = level;
    }
    if (!counted) return;
    sum = block_sum(sum);
    if (threadIdx.x == 0) released[point * n_row + row] += sum;
}
