"""Integrate-and-fire neurons with an adaptation current: leaky and exponential."""
from typing import ClassVar

from gpusyn.lang import exp, where
from gpusyn.mechanism import parameter, state
from gpusyn.neurons.integrate_and_fire import UPSTREAM, IntegrateAndFire


class AdaptiveLeakyIntegrateAndFire(IntegrateAndFire):
    """Leaky integrate-and-fire neuron whose adaptation current follows its potential and its spikes.

        c_m dv/dt   = g_l (e_l - v) - w - receptor_current + injection      (held while refractory)
        tau_w dw/dt = alpha (v - e_l) - w
        v >= v_th:    v = v_reset for t_ref,  w = w + beta

    The default c_m is 1000 pF: spiking-neural-networks 0.24 divides the potentials by c_m = 100 "pF" without the factor
    g_l = 10 nS; this value gives its spike counts with the equation as it should be.

    Source: Brette & Gerstner (2005) J. Neurophysiol. 94:3637 without the exponential; defaults as in
    spiking-neural-networks 0.24 (verified), c_m as said.
    """

    other_names: ClassVar = {"current_voltage": "v", "w_value": "w"}

    w = state("pA", "adaptation current", initial="w_init")

    e_l = parameter(-75.0, "mV", "reversal potential of the leak", source=UPSTREAM, low=-200.0, high=200.0)
    g_l = parameter(10.0, "nS", "leak conductance", source=UPSTREAM, low=1e-6)
    c_m = parameter(1000.0, "pF", "membrane capacitance", source=f"{UPSTREAM}: c_m g_l", low=1e-6)
    tau_w = parameter(10.0, "ms", "time constant of adaptation", source=f"{UPSTREAM}: tau_m", low=1e-3)
    alpha = parameter(6.0, "nS", "adaptation per potential", source=UPSTREAM)
    beta = parameter(10.0, "pA", "step of adaptation at a spike", source=UPSTREAM)
    w_init = parameter(0.0, "pA", "adaptation current at the start", source=UPSTREAM)

    @staticmethod
    def d_v(v, w, refractory, receptor_current, injection, e_l, g_l, c_m):
        """Slope of the potential, mV/ms; zero while refractory."""
        return where(refractory > 0.0, 0.0, (g_l * (e_l - v) - w - receptor_current + injection) / c_m)

    @staticmethod
    def d_w(v, w, e_l, alpha, tau_w):
        """Slope of the adaptation current, pA/ms."""
        return (alpha * (v - e_l) - w) / tau_w

    @staticmethod
    def on_spike(w, beta, v_reset, t_ref):
        """Reset of the potential, which is then held, and a step of adaptation."""
        return {"v": v_reset, "w": w + beta, "refractory": t_ref}


class AdaptiveExponentialIntegrateAndFire(AdaptiveLeakyIntegrateAndFire):
    """Exponential integrate-and-fire neuron with adaptation.

        c_m dv/dt   = g_l (e_l - v) + g_l slope exp((v - v_th) / slope) - w - receptor_current + injection
        tau_w dw/dt = alpha (v - e_l) - w
        v >= v_peak:  v = v_reset for t_ref,  w = w + beta

    The defaults put v_peak at v_th, where the exponential is not yet steep, as spiking-neural-networks 0.24 does; the
    preset BretteGerstner2005 is the paper's cell.

    Source: Brette & Gerstner (2005) J. Neurophysiol. 94:3637 (the preset's values recalled, uncertain); defaults as in
    spiking-neural-networks 0.24 (verified), c_m as in `AdaptiveLeakyIntegrateAndFire`.
    """

    presets: ClassVar = {
        "BretteGerstner2005": {
            "c_m": 281.0, "g_l": 30.0, "e_l": -70.6, "v_init": -70.6, "v_th": -50.4, "slope": 2.0, "v_peak": 20.0,
            "v_reset": -70.6, "tau_w": 144.0, "alpha": 4.0, "beta": 80.5, "t_ref": 0.0,
        },
    }

    slope = parameter(1.0, "mV", "sharpness of the threshold", source=UPSTREAM, low=1e-3)
    v_th = parameter(-55.0, "mV", "potential at which the exponential takes over", source=UPSTREAM)
    v_peak = parameter(-55.0, "mV", "peak of a spike", source=f"{UPSTREAM}: v_th", low=-200.0, high=200.0)

    @staticmethod
    def d_v(v, w, refractory, receptor_current, injection, e_l, g_l, c_m, slope, v_th):
        """Slope of the potential, mV/ms; zero while refractory."""
        leak = g_l * (e_l - v + slope * exp((v - v_th) / slope))
        return where(refractory > 0.0, 0.0, (leak - w - receptor_current + injection) / c_m)

    @staticmethod
    def spikes(v, v_peak):
        """A spike is over when the potential reaches its peak."""
        return v >= v_peak
