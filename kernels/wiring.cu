// Wiring: what carries spikes and currents between sites. Contracts of all operations: gpusyn/backends/numpy_ops/wiring*.py.
//
// Deliveries run over targets: one block owns one row (or part) of targets and adds to nothing else, in ascending order
// of the sources, so results do not depend on scheduling and need no floating-point atomics.
//
//   push_spikes, list_spikes, flag_arrivals           wiring_spikes.cuh
//   deliver_offsets                                   wiring_offsets.cuh
//   deliver_sparse, deliver_uniform                   wiring_sparse.cuh, wiring_uniform.cuh
//   gap_offsets, gap_sparse, gap_rectified            wiring_gaps.cuh
//   poisson_spikes, regular_spikes                    wiring_sources.cuh
//   cyclic_spikes, scheduled_spikes                   wiring_sources.cuh

#include "common.cuh"
#include "philox.cuh"
#include "elementary.cuh"
#include "wiring_draws.cuh"
#include "wiring_blocks.cuh"
#include "wiring_spikes.cuh"
#include "wiring_offsets.cuh"
#include "wiring_sparse.cuh"
#include "wiring_uniform.cuh"
#include "wiring_gaps.cuh"
#include "wiring_sources.cuh"
