"""Calcium: channels, pumps and buffers of the plasma membrane and the endoplasmic reticulum."""
from gpusyn.calcium.ryr import RyanodineReceptor

__all__ = ["RyanodineReceptor"]
