"""Channels of the cable equation, by the documents' names: conductances in S/um^2, potentials in V."""
from __future__ import annotations

from gpusyn.mechanism import Mechanism
from gpusyn.membrane import CalciumChannel, MembraneLeak, PotassiumChannel, SodiumChannel
from gpusyn.spine.units import MV, NANOSIEMENS


class ChannelFactory:
    """Makes channels for `NeuronModel.channels`; every one is a mechanism of `gpusyn.membrane`."""

    @staticmethod
    def create_Na(g=500e-12, E=0.05) -> Mechanism:
        """Sodium."""
        return SodiumChannel(conductance_density=g * NANOSIEMENS, reversal_potential=E * MV)

    @staticmethod
    def create_K(g=50e-12, E=-0.09) -> Mechanism:
        """Potassium."""
        return PotassiumChannel(conductance_density=g * NANOSIEMENS, reversal_potential=E * MV)

    @staticmethod
    def create_leak(g=0.05e-12, E=-0.072) -> Mechanism:
        """Leak."""
        return MembraneLeak(conductance_density=g * NANOSIEMENS, reversal_potential=E * MV)

    @staticmethod
    def create_Ca(g=30.96e-12) -> Mechanism:
        """Calcium, inactivated by calcium; its reversal potential follows the concentrations."""
        return CalciumChannel(conductance_density=g * NANOSIEMENS)

    @staticmethod
    def create_custom(channel: type[Mechanism] | Mechanism, **values) -> Mechanism:
        """A channel of your own: a mechanism with an output `current_density` (see `gpusyn.membrane`)."""
        return channel(**values) if isinstance(channel, type) else channel


CURRENTS = {"I_Na": ChannelFactory.create_Na, "I_K": ChannelFactory.create_K, "I_Ca": ChannelFactory.create_Ca,
            "I_leak": ChannelFactory.create_leak}
