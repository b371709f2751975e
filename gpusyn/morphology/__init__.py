"""Morphologies: the shapes of cells as arrays per node, conservative finite volumes on them, files, made-up cells."""
from gpusyn.morphology.cell import Morphology
from gpusyn.morphology.endoplasmic import Reticulum, reticulum
from gpusyn.morphology.forest import Forest
from gpusyn.morphology.formats import read_morphology
from gpusyn.morphology.generating import gen_beam, gen_branch, gen_tree
from gpusyn.morphology.paths import Paths
from gpusyn.morphology.radii import constant, rall, taper
from gpusyn.morphology.swc import read_swc
from gpusyn.morphology.swc_writing import write_swc

__all__ = [
    "Forest", "Morphology", "Paths", "Reticulum", "constant", "gen_beam", "gen_branch", "gen_tree", "rall",
    "read_morphology", "read_swc", "reticulum", "taper", "write_swc",
]
