// Currents through gap junctions: one thread per cell, reading its neighbours.

__device__ __forceinline__ void write_current(real* current, real value, index_t adds)
{
    *current = adds ? *current + value : value;
}

extern "C" __global__ void gap_offsets(
    const long long* clock, const real* __restrict__ v, real* __restrict__ current, const real* __restrict__ strength,
    const real* __restrict__ weight, const int* __restrict__ offsets, const real* __restrict__ scale, index_t n_point,
    index_t nz, index_t ny, index_t nx, index_t n_offset, index_t periodic, index_t strength_point,
    index_t scale_stride, index_t adds)
{
    const index_t n_site = nz * ny * nx;
    for (index_t item = global_thread(); item < n_point * n_site; item += global_threads()) {
        const index_t point = item / n_site, site = item % n_site;
        const index_t z = site / (ny * nx), y = site / nx % ny, x = site % nx;
        const real here = v[item];
        real total = 0;
        for (index_t k = 0; k < n_offset; ++k) {
            const index_t other_z = wrapped(z - offsets[3 * k], nz, periodic & 4);
            const index_t other_y = wrapped(y - offsets[3 * k + 1], ny, periodic & 2);
            const index_t other_x = wrapped(x - offsets[3 * k + 2], nx, periodic & 1);
            if (other_z < 0 || other_y < 0 || other_x < 0) continue;
            total += weight[k] * (v[point * n_site + (other_z * ny + other_y) * nx + other_x] - here);
        }
        write_current(current + item, strength[point * strength_point] * scale[site * scale_stride] * total, adds);
    }
}

extern "C" __global__ void gap_sparse(
    const long long* clock, const real* __restrict__ v_source, const real* __restrict__ v_target,
    real* __restrict__ current, const real* __restrict__ strength, const long long* __restrict__ indptr,
    const int* __restrict__ indices, const real* __restrict__ weight, const int* __restrict__ numbers,
    const real* __restrict__ scale, index_t n_point, index_t n_source, index_t n_target, index_t strength_point,
    index_t weight_point, index_t weight_stride, index_t numbered, index_t scale_stride, index_t adds)
{
    for (index_t item = global_thread(); item < n_point * n_target; item += global_threads()) {
        const index_t point = item / n_target, site = item % n_target;
        const real here = v_target[item];
        real total = 0;
        for (index_t k = indptr[site]; k < indptr[site + 1]; ++k) {
            const index_t number = numbered ? numbers[k] : k;
            const real each = weight[point * weight_point + number * weight_stride];
            total += each * (v_source[point * n_source + indices[k]] - here);
        }
        write_current(current + item, strength[point * strength_point] * scale[site * scale_stride] * total, adds);
    }
}

// Fraction of a rectifying junction's conductance; shape is steepness, half, least, polarity.
__device__ __forceinline__ real opened(real difference, const real* shape)
{
    const real across = shape[3] != 0 ? shape[3] * difference : (difference < 0 ? -difference : difference);
    return shape[2] + (1 - shape[2]) * (1 + tanh_(shape[0] * (across - shape[1]) / 2)) / 2;
}

extern "C" __global__ void gap_rectified(
    const long long* clock, const real* __restrict__ v_source, const real* __restrict__ v_target,
    real* __restrict__ current, const real* __restrict__ strength, const long long* __restrict__ indptr,
    const int* __restrict__ indices, const real* __restrict__ weight, const int* __restrict__ numbers,
    const real* __restrict__ scale, const real* __restrict__ shape, index_t n_point, index_t n_source,
    index_t n_target, index_t strength_point, index_t weight_point, index_t weight_stride, index_t numbered,
    index_t scale_stride, index_t adds)
{
    for (index_t item = global_thread(); item < n_point * n_target; item += global_threads()) {
        const index_t point = item / n_target, site = item % n_target;
        const real here = v_target[item];
        real total = 0;
        for (index_t k = indptr[site]; k < indptr[site + 1]; ++k) {
            const index_t number = numbered ? numbers[k] : k;
            const real difference = v_source[point * n_source + indices[k]] - here;
            total += weight[point * weight_point + number * weight_stride] * opened(difference, shape) * difference;
        }
        write_current(current + item, strength[point * strength_point] * scale[site * scale_stride] * total, adds);
    }
}
