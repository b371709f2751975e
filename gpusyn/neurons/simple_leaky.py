"""The simplest integrate-and-fire neuron: a leak, a threshold, a reset."""
from gpusyn.mechanism import parameter
from gpusyn.neurons.integrate_and_fire import UPSTREAM
from gpusyn.neurons.neuron import Neuron


class SimpleLeakyIntegrateAndFire(Neuron):
    """Leaky integrate-and-fire neuron without refractory time.

        dv/dt = g (v - e) + injection_gain injection - receptor_current / c_m
        v >= v_th:    v = v_reset

    g is negative in a leak that pulls towards e. With the defaults, e lies above the threshold, so that the cell fires
    by itself.

    Source: spiking-neural-networks 0.24 (verified), which calls g "nS" though it is a rate, and adds the injected
    current without a factor.
    """

    integrator = "euler"

    v_init = parameter(-75.0, "mV", "membrane potential at the start", source=UPSTREAM, low=-200.0, high=200.0)
    g = parameter(-0.1, "1/ms", "rate of the leak, negative towards e", source=UPSTREAM)
    e = parameter(0.0, "mV", "potential that the leak pulls to", source=UPSTREAM, low=-200.0, high=200.0)
    v_th = parameter(-55.0, "mV", "threshold", source=UPSTREAM, low=-200.0, high=200.0)
    v_reset = parameter(-75.0, "mV", "potential after a spike", source=UPSTREAM, low=-200.0, high=200.0)
    injection_gain = parameter(1.0, "1/pF", "slope of the potential per injected current", source=UPSTREAM)
    c_m = parameter(100.0, "pF", "membrane capacitance, which receptors charge", source=UPSTREAM, low=1e-6)
    gap_conductance = parameter(
        10.0, "nS", "conductance of a gap junction of unit weight onto this cell", source=UPSTREAM, low=0.0
    )

    @staticmethod
    def d_v(v, receptor_current, injection, g, e, injection_gain, c_m):
        """Slope of the potential, mV/ms."""
        return g * (v - e) + injection_gain * injection - receptor_current / c_m

    @staticmethod
    def spikes(v, v_th):
        """The cell fires at its threshold."""
        return v >= v_th

    @staticmethod
    def on_spike(v_reset):
        """Reset."""
        return {"v": v_reset}
