"""All operations of the topic wiring: compiled for the CPU, called by every worker of a crew."""
from gpusyn.backends.numba_ops.wiring_gaps import gap_offsets, gap_rectified, gap_sparse
from gpusyn.backends.numba_ops.wiring_offsets import VARIANTS, deliver_offsets, deliver_offsets_plain
from gpusyn.backends.numba_ops.wiring_sources import cyclic_spikes, poisson_spikes, regular_spikes, scheduled_spikes
from gpusyn.backends.numba_ops.wiring_sparse import deliver_sparse
from gpusyn.backends.numba_ops.wiring_spikes import flag_arrivals, list_spikes, push_spikes
from gpusyn.backends.numba_ops.wiring_uniform import deliver_uniform

__all__ = [
    "VARIANTS",
    "cyclic_spikes",
    "deliver_offsets",
    "deliver_offsets_plain",
    "deliver_sparse",
    "deliver_uniform",
    "flag_arrivals",
    "gap_offsets",
    "gap_rectified",
    "gap_sparse",
    "list_spikes",
    "poisson_spikes",
    "push_spikes",
    "regular_spikes",
    "scheduled_spikes",
]
