"""Second messengers inside a cell: calcium, IP3 and cAMP, what feeds them, and the kinase that cAMP activates."""
from gpusyn.messengers.calcium import CalciumDynamics
from gpusyn.messengers.camp import ProteinKinaseA, cAMPDynamics
from gpusyn.messengers.ip3 import IP3Dynamics

__all__ = ["CalciumDynamics", "IP3Dynamics", "ProteinKinaseA", "cAMPDynamics"]
