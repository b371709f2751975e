"""What connects sites: lattice neighbourhoods, lists of connections, all-to-all, gap junctions, delays, spike sources.

A connection set holds structure and weights, on the host. `calls` turns it into the operations of a time step.
"""
from gpusyn.wiring.conditions import connect_where
from gpusyn.wiring.delays import SpikeHistory
from gpusyn.wiring.gap_junctions import GapJunctions, Rectification
from gpusyn.wiring.laws import Constant, Exponential, Gaussian
from gpusyn.wiring.offsets import Neighbourhood
from gpusyn.wiring.owners import Owners
from gpusyn.wiring.sources import CyclicSpikes, PoissonSpikes, RegularSpikes, ScheduledSpikes
from gpusyn.wiring.sparse import SparseConnections
from gpusyn.wiring.uniform import AllToAll

__all__ = [
    "AllToAll",
    "Constant",
    "CyclicSpikes",
    "Exponential",
    "GapJunctions",
    "Gaussian",
    "Neighbourhood",
    "Owners",
    "PoissonSpikes",
    "Rectification",
    "RegularSpikes",
    "ScheduledSpikes",
    "SparseConnections",
    "SpikeHistory",
    "connect_where",
]
