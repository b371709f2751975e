"""Injected currents: what an electrode, or a background, puts into a cell; each gives `injection`, pA, inward > 0."""
from gpusyn.currents.deterministic import ConstantCurrent, PulseCurrent, RampCurrent, SineCurrent
from gpusyn.currents.noise import OrnsteinUhlenbeckCurrent, WhiteNoiseCurrent

__all__ = [
    "ConstantCurrent",
    "OrnsteinUhlenbeckCurrent",
    "PulseCurrent",
    "RampCurrent",
    "SineCurrent",
    "WhiteNoiseCurrent",
]
