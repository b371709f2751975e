"""Transmitters: what is released, where it spreads, and how it is removed."""
from gpusyn.transmitters.cleft import CleftTransmitter, VoltageDrivenTransmitter
from gpusyn.transmitters.transmitter import (
    DopamineNeurotransmitter,
    GABANeurotransmitter,
    GlutamateNeurotransmitter,
    Transmitter,
)
from gpusyn.transmitters.uptake import MichaelisMentenUptake

__all__ = [
    "CleftTransmitter",
    "DopamineNeurotransmitter",
    "GABANeurotransmitter",
    "GlutamateNeurotransmitter",
    "MichaelisMentenUptake",
    "Transmitter",
    "VoltageDrivenTransmitter",
]
