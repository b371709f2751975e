"""Transmitter in a cell's own clefts: one concentration per cell, and no diffusion."""
from typing import ClassVar

from gpusyn.lang import exp
from gpusyn.mechanism import Mechanism, given, output, parameter, state

UPSTREAM = "spiking-neural-networks 0.24"


class CleftTransmitter(Mechanism):
    """Transmitter that each spike of the cell releases into its cleft, and that is cleared at a constant rate.

        dC/dt = -clearance C;     a spike of the cell adds t_max

    Spikes add up, where spiking-neural-networks 0.24 ("approximate" kinetics) stops at t_max. A receptor sees it by
    name: ``AMPAReceptor(glutamate="cleft.concentration")`` if it is the population's member ``cleft``.

    Source: Destexhe, Mainen & Sejnowski (1994) Neural Comput. 6:14 for the idea of a pulse of transmitter; the
    defaults, 1 mM and 0.01/ms, are those of spiking-neural-networks 0.24 (verified). The preset Clements1992 has the
    time course measured at hippocampal synapses, 1.1 mM decaying in 1.2 ms: Clements, Lester, Tong, Jahr & Westbrook
    (1992) Science 258:1498 (recalled, uncertain).
    """

    presets: ClassVar = {"Clements1992": {"t_max": 1100.0, "clearance": 1 / 1.2}}

    concentration = state("uM", "concentration in the cleft", not_negative=True)

    t_max = parameter(1000.0, "uM", "concentration that one spike adds", source=UPSTREAM, low=0.0)
    clearance = parameter(0.01, "1/ms", "rate at which the cleft is cleared", source=UPSTREAM, low=0.0)

    @staticmethod
    def d_concentration(concentration, clearance):
        """First-order clearance, uM/ms."""
        return -clearance * concentration

    @staticmethod
    def on_spike(concentration, t_max):
        """Release."""
        return {"concentration": concentration + t_max}


class VoltageDrivenTransmitter(Mechanism):
    """Transmitter that follows the potential of the releasing cell at once.

        concentration = t_max / (1 + exp(-(v - v_p) / k_p))

    Source: Destexhe, Mainen & Sejnowski (1994) Neural Comput. 6:14 (verified, also as the "Destexhe" kinetics of
    spiking-neural-networks 0.24).
    """

    v = given("mV", "membrane potential of the releasing cell")

    t_max = parameter(1000.0, "uM", "concentration far above v_p", source="Destexhe et al. 1994", low=0.0)
    v_p = parameter(2.0, "mV", "potential of half the largest concentration", source="Destexhe et al. 1994")
    k_p = parameter(5.0, "mV", "steepness", source="Destexhe et al. 1994", low=1e-3)

    @output("uM", "concentration in the cleft")
    @staticmethod
    def concentration(v, t_max, v_p, k_p):
        """A sigmoid of the potential."""
        return t_max / (1.0 + exp(-(v - v_p) / k_p))
