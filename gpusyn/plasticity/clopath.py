"""Plasticity that follows the postsynaptic potential, not only its spikes."""
from gpusyn.lang import clip, maximum
from gpusyn.mechanism import Mechanism, given, parameter, state

PAPER = "Clopath, Buesing, Vasilaki & Gerstner 2010, visual cortex, recalled, uncertain"


class ClopathRule(Mechanism):
    """Voltage rule: presynaptic spikes depress where the membrane was depolarised, and potentiate where it is now.

        presynaptic spike:  weight = weight - a_ltd [v_slow - theta_minus]+
        dweight/dt = a_ltp x [v - theta_plus]+ [v_fast - theta_minus]+
        dx/dt      = -x / tau_x,  x = x + 1 / tau_x at a presynaptic spike
        dv_slow/dt = (v - v_slow) / tau_slow,    dv_fast/dt = (v - v_fast) / tau_fast

    [u]+ is u where positive, else 0. `v` is the potential of the postsynaptic cell, at the end of the step before the
    plasticity; potentiation needs cells whose spikes have a shape above theta_plus (IzhikevichNeuron, HodgkinHuxley):
    an integrate-and-fire cell that is reset at -50 mV never potentiates. The amplitude of depression is constant, as in
    the paper's fits to slices; there it follows the mean depolarisation where networks need homeostasis.

    Source: Clopath, Buesing, Vasilaki & Gerstner (2010) Nat. Neurosci. 13:344, equations 1 to 4, constants of visual
    cortex as recalled (uncertain).
    """

    weight = state("1", "synaptic weight", initial=1.0)
    x = state("1/ms", "trace of the presynaptic spikes", at="pre", not_negative=True)
    v_slow = state("mV", "potential that depression sees", initial=-70.6, at="post")
    v_fast = state("mV", "potential that potentiation sees", initial=-70.6, at="post")
    v = given("mV", "potential of the postsynaptic cell", at="post")

    a_ltd = parameter(14e-5, "1/mV", "depression per spike and depolarisation", source=PAPER)
    a_ltp = parameter(8e-5, "1/mV**2", "potentiation per trace and depolarisations", source=PAPER)
    theta_minus = parameter(-70.6, "mV", "potential above which the past counts", source=PAPER)
    theta_plus = parameter(-45.3, "mV", "potential above which synapses potentiate", source=PAPER)
    tau_x = parameter(15.0, "ms", "decay of the presynaptic trace", source=PAPER, low=1e-3)
    tau_slow = parameter(10.0, "ms", "memory of depression", source=PAPER, low=1e-3)
    tau_fast = parameter(7.0, "ms", "memory of potentiation", source=PAPER, low=1e-3)
    weight_min = parameter(0.0, "1", "smallest weight", source="proposed")
    weight_max = parameter(float("inf"), "1", "largest weight", source="proposed: none")

    @staticmethod
    def d_x(x, tau_x):
        """First-order decay."""
        return -x / tau_x

    @staticmethod
    def d_v_slow(v, v_slow, tau_slow):
        """It follows the potential."""
        return (v - v_slow) / tau_slow

    @staticmethod
    def d_v_fast(v, v_fast, tau_fast):
        """It follows the potential, faster."""
        return (v - v_fast) / tau_fast

    @staticmethod
    def d_weight(x, v, v_fast, a_ltp, theta_plus, theta_minus):
        """Potentiation, 1/ms."""
        return a_ltp * x * maximum(v - theta_plus, 0.0) * maximum(v_fast - theta_minus, 0.0)

    @staticmethod
    def on_pre(x, v_slow, weight, a_ltd, theta_minus, tau_x, weight_min, weight_max):
        """Depression by what the potential has been."""
        lower = weight - a_ltd * maximum(v_slow - theta_minus, 0.0)
        return {"x": x + 1.0 / tau_x, "weight": clip(lower, weight_min, weight_max)}
