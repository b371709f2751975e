"""A user's receptor or channel as a mechanism: its methods are read, not run, and become equations.

    source.py       methods as text
    reader.py       follows them symbolically
    built.py        from what was read to a mechanism
    receptors.py    ReceptorModel
    channels.py     ChannelModel
"""
from gpusyn.spine.translating.channels import mechanism_of_channel
from gpusyn.spine.translating.receptors import AMPERE, mechanism_of
from gpusyn.spine.translating.source import UntranslatableError

__all__ = ["AMPERE", "UntranslatableError", "mechanism_of", "mechanism_of_channel"]
