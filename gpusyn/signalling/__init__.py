"""What calcium, neuromodulators and neighbours' fields say to a cell and its plasticity, outside of any transmitter."""
from gpusyn.signalling.calcium_enzymes import Calcineurin, CaMKII
from gpusyn.signalling.ephaptic import EphapticCoupling
from gpusyn.signalling.neuromodulators import NeuromodulatorState

__all__ = ["CaMKII", "Calcineurin", "EphapticCoupling", "NeuromodulatorState"]
