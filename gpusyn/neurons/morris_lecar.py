"""Morris and Lecar's barnacle muscle fibre: instantaneous calcium, slow potassium."""
from typing import ClassVar

from gpusyn.lang import exp, tanh
from gpusyn.mechanism import gate, output, parameter
from gpusyn.neurons.neuron import Neuron

UPSTREAM = "spiking-neural-networks 0.24; as Rinzel & Ermentrout 1998"


class MorrisLecar(Neuron):
    """Two-variable oscillator that starts to fire at zero frequency (the default) or, preset "Hopf", at a finite one.

        c_m dv/dt = injection - receptor_current - calcium_current - potassium_current - leak_current
        calcium_current   = g_ca m_inf (v - e_ca),     m_inf = (1 + tanh((v - v1) / v2)) / 2
        potassium_current = g_k n (v - e_k),           n_inf = (1 + tanh((v - v3) / v4)) / 2
        leak_current      = g_l (v - e_l)
        dn/dt = phi cosh((v - v3) / (2 v4)) (n_inf - n);     n starts at n_inf

    The defaults are those of 100 um^2 of membrane, as in `HodgkinHuxley`. A spike is an upward crossing of v_th.

    Source: Morris & Lecar (1981) Biophys. J. 35:193; parameters of Rinzel & Ermentrout (1998) in Methods in Neuronal
    Modeling, 2nd ed., ch. 7, with c_m = 6.6 as in spiking-neural-networks 0.24 (verified). The presets are recalled,
    uncertain.
    """

    presets: ClassVar = {
        "saddle-node": {"c_m": 20.0},
        "Hopf": {"c_m": 20.0, "g_ca": 4.4, "v3": 2.0, "v4": 30.0, "phi": 0.04},
    }

    n = gate("activation of potassium")

    v_init = parameter(-70.0, "mV", "membrane potential at the start", source=UPSTREAM, low=-200.0, high=200.0)
    c_m = parameter(6.6, "pF", "membrane capacitance", source=UPSTREAM, low=1e-6)
    g_ca = parameter(4.0, "nS", "calcium conductance", source=UPSTREAM, low=0.0)
    e_ca = parameter(120.0, "mV", "reversal potential of calcium", source=UPSTREAM, low=-200.0, high=300.0)
    g_k = parameter(8.0, "nS", "potassium conductance", source=UPSTREAM, low=0.0)
    e_k = parameter(-84.0, "mV", "reversal potential of potassium", source=UPSTREAM, low=-200.0, high=200.0)
    g_l = parameter(2.0, "nS", "leak conductance", source=UPSTREAM, low=0.0)
    e_l = parameter(-60.0, "mV", "reversal potential of the leak", source=UPSTREAM, low=-200.0, high=200.0)
    v1 = parameter(-1.2, "mV", "half activation of calcium", source=UPSTREAM)
    v2 = parameter(18.0, "mV", "width of calcium's activation", source=UPSTREAM, low=1e-3)
    v3 = parameter(12.0, "mV", "half activation of potassium", source=UPSTREAM)
    v4 = parameter(17.4, "mV", "width of potassium's activation", source=UPSTREAM, low=1e-3)
    phi = parameter(0.067, "1/ms", "speed of potassium's activation at v3", source=UPSTREAM, low=0.0)
    v_th = parameter(25.0, "mV", "crossing that counts as a spike", source=UPSTREAM)
    gap_conductance = parameter(
        10.0, "nS", "conductance of a gap junction of unit weight onto this cell", source=UPSTREAM, low=0.0
    )

    @staticmethod
    def n_rates(v, v3, v4, phi):
        """Opening phi cosh(z) n_inf(2 z) and closing phi cosh(z) (1 - n_inf), z = (v - v3) / (2 v4).

        n_inf = (1 + tanh(2 z)) / 2 = e^(2z) / (2 cosh 2z), so that neither rate is a difference of like numbers.
        """
        z = (v - v3) / (2.0 * v4)
        speed = 0.5 * phi * (exp(z) + exp(-z))
        return speed / (1.0 + exp(-4.0 * z)), speed / (1.0 + exp(4.0 * z))

    @output("pA", "calcium current, outward > 0")
    @staticmethod
    def calcium_current(v, g_ca, e_ca, v1, v2):
        """Current through calcium channels, which follow the potential at once."""
        return g_ca * 0.5 * (1.0 + tanh((v - v1) / v2)) * (v - e_ca)

    @output("pA", "potassium current, outward > 0")
    @staticmethod
    def potassium_current(n, v, g_k, e_k):
        """Current through slow potassium channels."""
        return g_k * n * (v - e_k)

    @output("pA", "leak current, outward > 0")
    @staticmethod
    def leak_current(v, g_l, e_l):
        """Current through channels that are always open."""
        return g_l * (v - e_l)

    @staticmethod
    def d_v(calcium_current, potassium_current, leak_current, receptor_current, injection, c_m):
        """Slope of the potential, mV/ms."""
        return (injection - receptor_current - calcium_current - potassium_current - leak_current) / c_m

    @staticmethod
    def spikes(v, v_before, v_th):
        """The potential crosses the threshold upwards."""
        return (v >= v_th) & (v_before < v_th)
