"""What `neuron.CableSettings` holds: channels, their parameters, and injected current."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from gpusyn.spine.cable_eq.factory import ChannelFactory

RESTING = math.nan


@dataclass
class ChannelParams:
    """Conductance (S/um^2), reversal potential and threshold (V) of a channel that a switch turns on."""

    g: float
    E: float
    Vt: float = -60e-3


class CableSettings:
    """The cable equation of a neuron.

    Attributes:
        Ext: injected current over capacitance, V/s, inward > 0, one number or one per node; or a function of the time
            in s that gives it. What holds the rest is there beside it.
        channels: `add_channel` adds to them.
        Na, K, leak: parameters of the channels that `neuron.currents` turns on; g_Ca (S/um^2) and K_Ca (uM) are those
            of the calcium channel. Where leak.E is not a number it is the resting potential.
    """

    def __init__(self, neuron: Any):
        self._neuron = neuron
        self.Ext: Any = 0.0
        self.channels: list = []
        self.Na, self.K = ChannelParams(500e-12, 50e-3), ChannelParams(50e-12, -90e-3)
        self.leak = ChannelParams(0.05e-12, RESTING)
        self.g_Ca, self.K_Ca = 30.96e-12, 10.0

    @property
    def Cm(self) -> float:
        """Capacitance of the neuron's settings, F/um^2."""
        return self._neuron.settings.Cm

    @property
    def Rm(self) -> float:
        """Axial resistivity of the neuron's settings, Ohm um."""
        return self._neuron.settings.Rm

    def add_channel(self, channel) -> None:
        """Add a channel: one of a `ChannelFactory`, a `ChannelModel`, or a mechanism of `gpusyn.membrane`."""
        self.channels.append(channel)

    def chosen(self) -> dict[str, Any]:
        """The channels by name: those that were added, and those that `neuron.currents` turns on."""
        make, found = ChannelFactory, {}
        if self._neuron.currents["I_Na"]:
            found["i_na"] = make.create_Na(self.Na.g, self.Na.E, self.Na.Vt)
        if self._neuron.currents["I_K"]:
            found["i_k"] = make.create_K(self.K.g, self.K.E, self.K.Vt)
        if self._neuron.currents["I_Ca"]:
            found["i_ca"] = make.create_Ca(self.g_Ca, self.K_Ca * 1e-15, self._neuron.cytConstants["co"])
        if self._neuron.currents["I_leak"]:
            rest = self._neuron.settings.Vrest if math.isnan(self.leak.E) else self.leak.E
            found["i_leak"] = make.create_leak(self.leak.g, rest)
        return found | {f"channel{k}": channel for k, channel in enumerate(self.channels)}
