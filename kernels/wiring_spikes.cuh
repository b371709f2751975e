// Spikes of past steps as bits in a ring, and the list of those that arrive now.
//
// Bit b of word w of row r is site r * row_length + 64 w + b; the last row may be shorter.

// One block per (point, row); one thread per eight flags. Bytes of a word lie lowest first, as on every GPU.
extern "C" __global__ void push_spikes(
    const long long* clock, const unsigned char* __restrict__ spikes, unsigned long long* __restrict__ bits,
    int* __restrict__ busy, index_t n_point, index_t n_site, index_t n_row, index_t row_length, index_t n_slot)
{
    __shared__ int n_spike;
    if (threadIdx.x == 0) n_spike = 0;
    __syncthreads();

    const index_t place = blockIdx.x, point = place / n_row, start = place % n_row * row_length;
    const index_t length = min(row_length, n_site - start), n_byte = (row_length + 63) / 64 * 8;
    const index_t slot_row = clock[0] % n_slot * n_point * n_row + place;
    unsigned char* bytes = reinterpret_cast<unsigned char*>(bits) + slot_row * n_byte;
    const unsigned char* flags = spikes + point * n_site + start;
    for (index_t k = threadIdx.x; k < n_byte; k += blockDim.x) {
        unsigned int byte = 0;
        for (index_t b = 0; b < 8 && 8 * k + b < length; ++b) byte |= (unsigned int)(flags[8 * k + b]) << b;
        bytes[k] = (unsigned char)(byte);
        if (byte) atomicAdd(&n_spike, __popc(byte));
    }
    __syncthreads();
    if (threadIdx.x == 0) busy[slot_row] = n_spike;
}

// One block per (point, row): it counts the spikes of the rows before its own, then writes its own behind them.
extern "C" __global__ void list_spikes(
    const long long* clock, const unsigned long long* __restrict__ bits, const int* __restrict__ busy,
    int* __restrict__ sites, long long* __restrict__ n_listed, index_t n_point, index_t n_site, index_t n_row,
    index_t row_length, index_t n_slot, index_t delay)
{
    const index_t place = blockIdx.x, point = place / n_row, row = place % n_row;
    const index_t slot = (clock[0] - delay + n_slot) % n_slot;
    const int* counts = busy + (slot * n_point + point) * n_row;
    if (counts[row] == 0 && row + 1 < n_row) return;    // the last row also writes the total

    index_t before = 0;
    for (index_t r = threadIdx.x; r < row; r += blockDim.x) before += counts[r];
    index_t n = index_t(block_sum(double(before)));
    const index_t n_word = (row_length + 63) / 64;
    const unsigned long long* words = bits + ((slot * n_point + point) * n_row + row) * n_word;
    for (index_t base = 0; base < n_word; base += blockDim.x) {
        const index_t w = base + threadIdx.x;
        unsigned long long word = w < n_word ? words[w] : 0;
        int total;
        index_t at = n + block_prefix(__popcll(word), total);
        for (int bit = 0; word; ++bit, word >>= 1)
            if (word & 1) sites[point * n_site + at++] = int(row * row_length + 64 * w + bit);
        n += total;
    }
    if (row + 1 == n_row && threadIdx.x == 0) n_listed[point] = n;
}

// One thread per site: the spikes of `delay` steps ago as flags again, in places first, first + 1, ... of rows of `width`.
extern "C" __global__ void flag_arrivals(
    const long long* clock, const unsigned long long* __restrict__ bits, unsigned char* __restrict__ flags,
    index_t n_point, index_t n_site, index_t n_row, index_t row_length, index_t n_slot, index_t delay, index_t first,
    index_t width)
{
    const index_t slot = (clock[0] - delay + n_slot) % n_slot, n_word = (row_length + 63) / 64;
    for (index_t i = global_thread(); i < n_point * n_site; i += global_threads()) {
        const index_t point = i / n_site, site = i - point * n_site, row = site / row_length, x = site % row_length;
        const unsigned long long word = bits[((slot * n_point + point) * n_row + row) * n_word + x / 64];
        flags[point * width + first + site] = (unsigned char)(word >> x % 64 & 1);
    }
}
