"""Channels and the cable equation, by the program's names."""
from gpusyn.spine.cable_eq.base import ChannelModel, GatingVariable
from gpusyn.spine.cable_eq.factory import ChannelFactory
from gpusyn.spine.cable_eq.settings import CableSettings, ChannelParams

__all__ = ["CableSettings", "ChannelFactory", "ChannelModel", "ChannelParams", "GatingVariable"]
