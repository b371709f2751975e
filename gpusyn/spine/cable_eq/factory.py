"""Channels by name, with the program's arguments: S/um^2, V, umol/um^3."""
from __future__ import annotations

from typing import Any

from gpusyn.mechanism import Mechanism
from gpusyn.membrane import CalciumChannel, MembraneLeak, PotassiumChannel, SodiumChannel
from gpusyn.spine.units import MV, NANOSIEMENS, UM


class ChannelFactory:
    """Makes channels for `neuron.CableSettings.add_channel`: mechanisms of `gpusyn.membrane`, or custom ones."""

    @staticmethod
    def create_Na(g_max=500e-12, E_rev=50e-3, Vt=-60e-3) -> Mechanism:
        """Sodium."""
        return SodiumChannel(conductance_density=g_max * NANOSIEMENS, reversal_potential=E_rev * MV, threshold=Vt * MV)

    @staticmethod
    def create_K(g_max=50e-12, E_rev=-90e-3, Vt=-60e-3) -> Mechanism:
        """Potassium."""
        return PotassiumChannel(conductance_density=g_max * NANOSIEMENS, reversal_potential=E_rev * MV,
                                threshold=Vt * MV)

    @staticmethod
    def create_leak(g_max=0.05e-12, V_rest=-70e-3) -> Mechanism:
        """Leak."""
        return MembraneLeak(conductance_density=g_max * NANOSIEMENS, reversal_potential=V_rest * MV)

    @staticmethod
    def create_Ca(g_max=30.96e-12, K_Ca=140e-18, co=1e-12) -> Mechanism:
        """Calcium, inactivated by calcium; its reversal potential follows the concentrations.

        Outside there is as much calcium as elsewhere in the documents, 1 mM; the program has 2 uM here.
        """
        return CalciumChannel(conductance_density=g_max * NANOSIEMENS, half_inactivation=K_Ca * UM, ca_outside=co * UM)

    @staticmethod
    def create_custom(channel_class: Any, **values) -> Any:
        """A channel of your own: a `ChannelModel`, or a mechanism with an output `current_density`."""
        return channel_class(**values)
