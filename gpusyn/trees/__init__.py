"""Populations whose sites are the nodes of trees: what spreads along them, and how it is stepped."""
from gpusyn.trees.adaptive import Adaptive
from gpusyn.trees.part import SCHEMES, Trees

__all__ = ["SCHEMES", "Adaptive", "Trees"]
