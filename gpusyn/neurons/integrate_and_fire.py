"""Integrate-and-fire neurons without adaptation: leaky and quadratic."""
from gpusyn.lang import where
from gpusyn.mechanism import countdown, parameter
from gpusyn.neurons.neuron import Neuron

UPSTREAM = "spiking-neural-networks 0.24"


class IntegrateAndFire(Neuron):
    """Base of the integrate-and-fire neurons: threshold, reset and refractory time; it has no equation for v."""

    integrator = "euler"

    refractory = countdown("time until the cell can be driven again")

    v_init = parameter(-75.0, "mV", "membrane potential at the start", source=UPSTREAM, low=-200.0, high=200.0)
    v_th = parameter(-55.0, "mV", "threshold", source=UPSTREAM, low=-200.0, high=200.0)
    v_reset = parameter(-75.0, "mV", "potential after a spike", source=UPSTREAM, low=-200.0, high=200.0)
    t_ref = parameter(10.0, "ms", "refractory time, during which the potential is held", source=UPSTREAM, low=0.0)
    c_m = parameter(100.0, "pF", "membrane capacitance", source=UPSTREAM, low=1e-6)

    @staticmethod
    def spikes(v, v_th):
        """The cell fires at its threshold."""
        return v >= v_th

    @staticmethod
    def on_spike(v_reset, t_ref):
        """Reset of the potential, which is then held."""
        return {"v": v_reset, "refractory": t_ref}


class LeakyIntegrateAndFire(IntegrateAndFire):
    """Leaky integrate-and-fire neuron with a refractory time.

        tau_m dv/dt = e_l - v + injection / g_l - tau_m receptor_current / c_m      (held while refractory)
        v >= v_th:    v = v_reset for t_ref

    With tau_m = c_m / g_l, as in the defaults, this is c_m dv/dt = g_l (e_l - v) + injection - receptor_current.

    Source: Gerstner, Kistler, Naud & Paninski (2014) Neuronal Dynamics, ch. 1 (recalled, uncertain as to the page);
    defaults as in spiking-neural-networks 0.24 (verified).
    """

    e_l = parameter(-75.0, "mV", "reversal potential of the leak", source=UPSTREAM, low=-200.0, high=200.0)
    g_l = parameter(10.0, "nS", "leak conductance", source=UPSTREAM, low=1e-6)
    tau_m = parameter(10.0, "ms", "membrane time constant", source=UPSTREAM, low=1e-3)

    @staticmethod
    def d_v(v, refractory, receptor_current, injection, e_l, g_l, tau_m, c_m):
        """Slope of the potential, mV/ms; zero while refractory."""
        driven = (e_l - v + injection / g_l) / tau_m - receptor_current / c_m
        return where(refractory > 0.0, 0.0, driven)


class QuadraticIntegrateAndFire(IntegrateAndFire):
    """Quadratic integrate-and-fire neuron with a refractory time.

        tau_m dv/dt = alpha (v - v_reset) (v - v_c) + r_m injection - tau_m receptor_current / c_m   (held in t_ref)
        v >= v_th:    v = v_reset for t_ref

    Source: Latham, Richmond, Nelson & Nirenberg (2000) J. Neurophysiol. 83:808 (recalled, uncertain); defaults as in
    spiking-neural-networks 0.24 (verified), whose resting potential is v_reset.
    """

    v_c = parameter(-60.0, "mV", "potential from which the cell fires by itself", source=UPSTREAM)
    alpha = parameter(1.0, "1/mV", "curvature of the slope", source=UPSTREAM, low=0.0)
    r_m = parameter(1.0, "Gohm", "potential per injected current", source=UPSTREAM, low=0.0)
    tau_m = parameter(100.0, "ms", "membrane time constant", source=UPSTREAM, low=1e-3)

    @staticmethod
    def d_v(v, refractory, receptor_current, injection, v_reset, v_c, alpha, r_m, tau_m, c_m):
        """Slope of the potential, mV/ms; zero while refractory."""
        driven = (alpha * (v - v_reset) * (v - v_c) + r_m * injection) / tau_m - receptor_current / c_m
        return where(refractory > 0.0, 0.0, driven)
