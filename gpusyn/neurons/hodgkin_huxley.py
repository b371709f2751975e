"""Hodgkin and Huxley's axon: sodium, potassium and leak currents."""
from gpusyn.lang import exp, exprel
from gpusyn.mechanism import gate, output, parameter
from gpusyn.neurons.neuron import Neuron

PAPER = "Hodgkin & Huxley 1952, resting at -65 mV"


class HodgkinHuxley(Neuron):
    """Squid giant axon.

        c_m dv/dt = injection - receptor_current - sodium_current - potassium_current - leak_current
        sodium_current    = g_na m^3 h (v - e_na)
        potassium_current = g_k n^4 (v - e_k)
        leak_current      = g_l (v - e_l)
        dx/dt = alpha_x (1 - x) - beta_x x,   x = m, h, n;     they start at their steady state

    The defaults are those of 100 um^2 of membrane: there 1 pF, 1 nS and 1 pA are 1 uF/cm^2, 1 mS/cm^2 and 1 uA/cm^2. A
    spike is an upward crossing of v_th. At rates that are 0/0 (v = -40 and -55 mV) the limit is taken.

    Source: Hodgkin & Huxley (1952) J. Physiol. 117:500, potentials counted from a rest at -65 mV (verified). e_l =
    -55 mV is that of spiking-neural-networks 0.24 (verified); the paper's is -54.387 mV (recalled, uncertain).
    """

    m = gate("activation of sodium")
    h = gate("what inactivation leaves of sodium")
    n = gate("activation of potassium")

    c_m = parameter(1.0, "pF", "membrane capacitance", source=PAPER, low=1e-6)
    g_na = parameter(120.0, "nS", "sodium conductance", source=PAPER, low=0.0)
    e_na = parameter(50.0, "mV", "reversal potential of sodium", source=PAPER, low=-200.0, high=200.0)
    g_k = parameter(36.0, "nS", "potassium conductance", source=PAPER, low=0.0)
    e_k = parameter(-77.0, "mV", "reversal potential of potassium", source=PAPER, low=-200.0, high=200.0)
    g_l = parameter(0.3, "nS", "leak conductance", source=PAPER, low=0.0)
    e_l = parameter(
        -55.0, "mV", "reversal potential of the leak", source="spiking-neural-networks 0.24", low=-200.0, high=200.0
    )
    v_th = parameter(0.0, "mV", "crossing that counts as a spike", source="spiking-neural-networks 0.24")

    @staticmethod
    def m_rates(v):
        """alpha = 0.1 (v + 40) / (1 - exp(-(v + 40) / 10)), beta = 4 exp(-(v + 65) / 18)."""
        return 1.0 / exprel(-(v + 40.0) / 10.0), 4.0 * exp(-(v + 65.0) / 18.0)

    @staticmethod
    def h_rates(v):
        """alpha = 0.07 exp(-(v + 65) / 20), beta = 1 / (1 + exp(-(v + 35) / 10))."""
        return 0.07 * exp(-(v + 65.0) / 20.0), 1.0 / (1.0 + exp(-(v + 35.0) / 10.0))

    @staticmethod
    def n_rates(v):
        """alpha = 0.01 (v + 55) / (1 - exp(-(v + 55) / 10)), beta = 0.125 exp(-(v + 65) / 80)."""
        return 0.1 / exprel(-(v + 55.0) / 10.0), 0.125 * exp(-(v + 65.0) / 80.0)

    @output("pA", "sodium current, outward > 0")
    @staticmethod
    def sodium_current(m, h, v, g_na, e_na):
        """Current through transient sodium channels."""
        return g_na * m**3 * h * (v - e_na)

    @output("pA", "potassium current, outward > 0")
    @staticmethod
    def potassium_current(n, v, g_k, e_k):
        """Current through delayed-rectifier channels."""
        return g_k * n**4 * (v - e_k)

    @output("pA", "leak current, outward > 0")
    @staticmethod
    def leak_current(v, g_l, e_l):
        """Current through channels that are always open."""
        return g_l * (v - e_l)

    @staticmethod
    def d_v(sodium_current, potassium_current, leak_current, receptor_current, injection, c_m):
        """Slope of the potential, mV/ms."""
        return (injection - receptor_current - sodium_current - potassium_current - leak_current) / c_m

    @staticmethod
    def spikes(v, v_before, v_th):
        """The potential crosses the threshold upwards."""
        return (v >= v_th) & (v_before < v_th)
