"""Transmitters: what is released, where it spreads, and how it is removed."""
from gpusyn.transmitters.cleft import CleftTransmitter, VoltageDrivenTransmitter
from gpusyn.transmitters.fast import AcetylcholineNeurotransmitter, GABANeurotransmitter, GlutamateNeurotransmitter
from gpusyn.transmitters.monoamines import (
    DopamineNeurotransmitter,
    NoradrenalineNeurotransmitter,
    SerotoninNeurotransmitter,
)
from gpusyn.transmitters.slow import DSerine, Glycine, SubstanceP
from gpusyn.transmitters.transmitter import Transmitter
from gpusyn.transmitters.transporters import (
    Acetylcholinesterase,
    DopamineTransporter,
    GABATransporter,
    GlutamateTransporter,
    NoradrenalineTransporter,
    SerotoninTransporter,
    Transporter,
)
from gpusyn.transmitters.uptake import FirstOrderUptake, MichaelisMentenUptake

__all__ = [
    "AcetylcholineNeurotransmitter",
    "Acetylcholinesterase",
    "CleftTransmitter",
    "DSerine",
    "DopamineNeurotransmitter",
    "DopamineTransporter",
    "FirstOrderUptake",
    "GABANeurotransmitter",
    "GABATransporter",
    "GlutamateNeurotransmitter",
    "GlutamateTransporter",
    "Glycine",
    "MichaelisMentenUptake",
    "NoradrenalineNeurotransmitter",
    "NoradrenalineTransporter",
    "SerotoninNeurotransmitter",
    "SerotoninTransporter",
    "SubstanceP",
    "Transmitter",
    "Transporter",
    "VoltageDrivenTransmitter",
]
