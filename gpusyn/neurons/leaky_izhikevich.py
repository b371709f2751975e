"""Izhikevich's neuron with recovery as a conductance."""
from typing import ClassVar

from gpusyn.mechanism import parameter, state
from gpusyn.neurons.izhikevich import IzhikevichNeuron

UPSTREAM = "spiking-neural-networks 0.24"


class LeakyIzhikevichNeuron(IzhikevichNeuron):
    """Simple model of spiking neurons whose recovery variable is a conductance.

        c_m dv/dt   = 0.04 v^2 + 5 v + 140 - w (v - e_l) - receptor_current + injection
        tau_m dw/dt = a (b v - w)
        v >= v_th:    v = c,  w = w + d

    Below 0 mV the recovery variable tends to negative values, b v, where it drives the potential away from e_l.

    Source: spiking-neural-networks 0.24 (verified, with its defaults); after Izhikevich (2003) IEEE Trans. Neural Netw.
    14:1569.
    """

    presets: ClassVar = {}

    w = state("nS", "recovery variable", initial="w_init")

    b = parameter(0.2, "nS/mV", "sensitivity of recovery to the potential", source=UPSTREAM)
    d = parameter(8.0, "nS", "step of recovery at a spike", source=UPSTREAM)
    e_l = parameter(-65.0, "mV", "reversal potential of recovery", source=UPSTREAM, low=-200.0, high=200.0)
    tau_m = parameter(10.0, "ms", "time scale of recovery", source=UPSTREAM, low=1e-3)
    w_init = parameter(30.0, "nS", "recovery variable at the start", source=UPSTREAM)

    @staticmethod
    def d_v(v, w, receptor_current, injection, c_m, e_l):
        """Slope of the potential, mV/ms."""
        return (0.04 * v**2 + 5.0 * v + 140.0 - w * (v - e_l) - receptor_current + injection) / c_m

    @staticmethod
    def d_w(v, w, a, b, tau_m):
        """Slope of the recovery variable, nS/ms."""
        return a * (b * v - w) / tau_m
