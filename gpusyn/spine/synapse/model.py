"""What the program's older scripts import from `spine.synapse.model`."""
from gpusyn.spine.synapse.legacy import synapse

__all__ = ["synapse"]
