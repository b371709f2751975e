// Spikes that no neuron fires.

// One thread per (point, four sites), which share the words of one draw.
extern "C" __global__ void poisson_spikes(
    const long long* clock, unsigned char* __restrict__ spikes, const real* __restrict__ probability,
    const unsigned int* __restrict__ seeds, index_t n_point, index_t n_site, index_t probability_point,
    index_t probability_site, index_t stream)
{
    const index_t n_quad = (n_site + 3) / 4, step = clock[0];
    for (index_t item = global_thread(); item < n_point * n_quad; item += global_threads()) {
        const index_t point = item / n_quad, quad = item % n_quad;
        const Words words = philox((unsigned int)(quad), (unsigned int)(stream), (unsigned int)(step),
                                   (unsigned int)(step >> 32), seeds[2 * point], seeds[2 * point + 1]);
        const unsigned int each[4] = {words.x, words.y, words.z, words.w};
        for (int k = 0; k < 4 && 4 * quad + k < n_site; ++k) {
            const index_t site = 4 * quad + k;
            const long long limit = success_limit(probability[point * probability_point + site * probability_site]);
            spikes[point * n_site + site] = (long long)(each[k]) < limit;
        }
    }
}

extern "C" __global__ void regular_spikes(
    const long long* clock, unsigned char* __restrict__ spikes, const long long* __restrict__ period,
    const long long* __restrict__ phase, index_t n_point, index_t n_site, index_t period_point, index_t period_site,
    index_t phase_point, index_t phase_site)
{
    for (index_t item = global_thread(); item < n_point * n_site; item += global_threads()) {
        const index_t point = item / n_site, site = item % n_site;
        const index_t every = period[point * period_point + site * period_site];
        const index_t since = clock[0] - phase[point * phase_point + site * phase_site] + 1;
        spikes[item] = every > 0 && since > 0 && since % every == 0;
    }
}

// One thread per site looks for this step among the marks of its cycle.
extern "C" __global__ void cyclic_spikes(
    const long long* clock, unsigned char* __restrict__ spikes, const long long* __restrict__ cycle,
    const long long* __restrict__ starts, const long long* __restrict__ marks, index_t n_point, index_t n_site,
    index_t site_stride)
{
    for (index_t site = global_thread(); site < n_site; site += global_threads()) {
        const index_t row = site * site_stride, now = clock[0] % cycle[row] + 1, end = starts[row + 1];
        index_t low = starts[row], high = end;
        while (low < high) {                            // first mark not before now
            const index_t middle = (low + high) / 2;
            if (marks[middle] < now) low = middle + 1;
            else high = middle;
        }
        const bool fires = low < end && marks[low] == now;
        for (index_t point = 0; point < n_point; ++point) spikes[point * n_site + site] = fires;
    }
}

// One thread per site looks for its own event among those of this step.
extern "C" __global__ void scheduled_spikes(
    const long long* clock, unsigned char* __restrict__ spikes, const long long* __restrict__ event_step,
    const int* __restrict__ event_site, index_t n_point, index_t n_site, index_t n_event)
{
    const index_t step = clock[0];
    for (index_t site = global_thread(); site < n_site; site += global_threads()) {
        index_t low = 0, high = n_event;
        while (low < high) {                            // first event not before (step, site)
            const index_t middle = (low + high) / 2;
            const bool before = event_step[middle] < step || (event_step[middle] == step && event_site[middle] < site);
            if (before) low = middle + 1;
            else high = middle;
        }
        const bool fires = low < n_event && event_step[low] == step && event_site[low] == site;
        for (index_t point = 0; point < n_point; ++point) spikes[point * n_site + site] = fires;
    }
}
