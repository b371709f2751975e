"""What the documents have in `spine.synapse.temporal`: courses in time, and what only has one."""
from gpusyn.spine.synapse.base import TemporalPattern
from gpusyn.spine.synapse.patterns import (
    ConstantPattern,
    CustomPattern,
    ExponentialDecayPattern,
    LinearDecayPattern,
    TrainPattern,
)
from gpusyn.spine.synapse.synapses import DirectCalciumRelease, IP3InfluxSynapse

__all__ = [
    "ConstantPattern", "CustomPattern", "DirectCalciumRelease", "ExponentialDecayPattern", "IP3InfluxSynapse",
    "LinearDecayPattern", "TemporalPattern", "TrainPattern",
]
