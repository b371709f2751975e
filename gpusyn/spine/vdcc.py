"""The documents' function of the Goldman-Hodgkin-Katz flux, with the physics corrected."""
import numpy as np

from gpusyn.calcium.vdcc import ghk_influx
from gpusyn.spine.units import FLUX, MV, UM

PERMEABILITY = {"N": 3.8e-4, "T": 1.9e-4, "L": 5.7e-4}  # um^3/ms
TEMPERATURE = 310.0                                     # K


def GHK(neuron, V, cc):
    """Net influx of calcium through an open channel, umol/s; V in V, cc in umol/um^3."""
    inside, outside = np.asarray(cc) * UM, np.asarray(neuron.cytConstants["co"]) * UM
    return PERMEABILITY[neuron.model["VDCC_type"]] * ghk_influx(np.asarray(V) * MV, inside, outside, TEMPERATURE) / FLUX
